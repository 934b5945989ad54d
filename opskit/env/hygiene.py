"""What git makes of the environment's files, and whether the contract is whole."""

from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.env.contract import absent
from opskit.env.files import CONTRACT, EnvFile, contract, is_fixture, is_ignored, tracked_files
from opskit.env.names import is_secret, vendor_key
from opskit.env.values import is_placeholder
from opskit.env.variables import Variable
from opskit.source.dotenv import is_template, is_values_file
from opskit.survey.survey import Survey

MUST = ((".env", ".env"), (".env.local", ".env.*"), (".env.production", ".env.*"), (".opskit/state", ".opskit/"))


def lacking_lines(tree: Tree) -> list[str]:
    """Lines that .gitignore lacks, in the order to append them; templates stay in git."""
    open_to_git = [(path, ".env" if path.endswith("/.env") else ".env.*") for path in exposed(tree)]
    lines = list(dict.fromkeys(line for path, line in (*MUST, *open_to_git) if not is_ignored(tree, path)))
    templates = [CONTRACT, *(p for p in tree.files if "/" not in p and p.startswith(".env.") and is_template(p) and p != CONTRACT)]
    hidden = [p for p in templates if ".env.*" in lines or is_ignored(tree, p)]
    return lines + [f"!{p}" for p in hidden]


def exposed(tree: Tree) -> list[str]:
    """Files with values that the next `git add .` would take."""
    followed = tracked_files(tree)
    return [path for path in tree.files if is_values_file(path) and not is_fixture(path) and path not in followed]


def git_findings(survey: Survey, files: tuple[EnvFile, ...], known: tuple[Variable, ...]) -> Iterator[Finding]:
    """E012 and E013."""
    followed = tracked_files(survey.tree)
    for file in files:
        if file.path in followed:
            secrets = _secrets(file)
            what = f" and holds {len(secrets)} secret{'s' * (len(secrets) != 1)}" if secrets else ""
            yield Finding(
                "OPS-E012", "error" if secrets else "note", f"{file.path} is tracked by git{what}", Place(file.path),
                help=f"git rm --cached {file.path}; then rotate what it held: the history keeps it",
                harm=92 if secrets else 15, data={"secrets": secrets},
            )
    if lines := [line for line in lacking_lines(survey.tree) if line.startswith(".env") or line == f"!{CONTRACT}"]:
        there = exposed(survey.tree)
        if there or known:
            told = f".gitignore does not keep {', '.join(there) or '.env and its kin'} out of git"
            if not lines[0].startswith(".env"):
                told = f".gitignore keeps {CONTRACT}, the contract, out of git"
            yield Finding("OPS-E013", "error" if there else "warning", told, Place(".gitignore"), help="opskit fix env", fix="safe",
                          harm=73 if there else 42, data={"lines": lacking_lines(survey.tree)})


def _secrets(file: EnvFile) -> list[str]:
    return [e.key for e in file.source.bindings
            if e.value and (is_secret(e.key) or vendor_key(e.key)) and not is_placeholder(e.value, secret=True)]


def contract_findings(survey: Survey, known: tuple[Variable, ...]) -> Iterator[Finding]:
    """E017: variables that the contract does not name."""
    names = [v.name for v in absent(survey.tree, known)]
    if not names:
        return
    needed = sum(v.name in names and v.required and bool(v.running) for v in known)
    there = contract(survey.tree) is not None
    told = f"{CONTRACT} lacks {len(names)} of the variables that the code reads"
    if not there:
        told = f"no {CONTRACT} tells which {len(names)} variables the code reads"
    yield Finding("OPS-E017", "warning" if needed else "note", told, Place(CONTRACT), help="opskit env example", fix="safe", harm=38,
                  data={"names": names})
