"""The environment's rules: what the code reads against what is there, and what must never be in git."""

import os
import re
from collections.abc import Iterator, Mapping

from opskit.core.finding import Checked, Finding, Severity
from opskit.env.files import EnvFile, env_files, is_fixture
from opskit.env.hygiene import contract_findings, git_findings
from opskit.env.keys import key_findings
from opskit.env.leaks import leak_findings
from opskit.env.lines import help_for, line_findings, needed_by
from opskit.env.names import is_database, is_own, is_secret, vendor_key
from opskit.env.values import is_placeholder
from opskit.env.variables import Variable, variables, wanted
from opskit.survey.survey import Survey

FILE = re.compile(r"[^\s]*\.(?:json|pem|key|txt|p12|crt|ya?ml|toml|ini|pickle|db|env)", re.I)
ASKS = re.compile(rb"\.get\(|\bgetenv\(")
NODE_LOADERS = (b"dotenv", b'"next"', b'"vite"')


def check(survey: Survey, everything: bool = False, environ: Mapping[str, str] | None = None) -> Checked:
    """`environ` is the process environment [default: os.environ], which wins over every file."""
    known = variables(survey, everything)
    by_name = {v.name: v for v in known}
    files = env_files(survey)
    node = any(survey.tree.holding(survey.tree.ending("package.json"), *NODE_LOADERS))
    findings = [
        *missing(survey, known, files, os.environ if environ is None else environ),
        *(f for file in files for f in (*line_findings(file, by_name, node), *key_findings(file))),
        *code_findings(known, files), *unused(survey, files, by_name), *git_findings(survey, files, known),
        *contract_findings(survey, known), *leak_findings(survey.tree),
    ]
    return Checked(tuple(findings), {"variables": [v.fact() for v in known]})


def missing(survey: Survey, known: tuple[Variable, ...], files: tuple[EnvFile, ...], environ: Mapping[str, str]) -> Iterator[Finding]:
    """E001: read without a fallback, and set nowhere that the reader would see."""
    root = {key for f in files if not f.folder and f.stage == "dev" for key in f.source.values} | set(environ)
    local = {f.folder: set(f.source.values) for f in files if f.folder}
    services = {s.name: s for s in survey.services}
    for v in known:
        if not wanted(v) or v.bound or v.name in root or all(is_fixture(r.place.path) for r in v.unguarded):
            continue
        lacking = [n for n in v.running if v.name not in services[n].env and not _beside(services[n].path, services[n].cwd, v.name, local)]
        if not lacking and (v.running or all(_above(r.place.path, v.name, local) for r in v.unguarded)):
            continue
        read = next((r for r in v.unguarded if lacking and r.place.path in services[lacking[0]].closure), v.unguarded[0])
        harm = 80 if is_database(v.name) else 76 if is_own(v.name) else 66 if vendor_key(v.name) else 55
        yield Finding(
            "OPS-E001", _urgency(survey, v, lacking), f"{v.name} is not set, and {needed_by(v)}", read.place, help=help_for(v.name),
            harm=harm, also=tuple(r.place for r in v.reads if r != read),
            data={"name": v.name, "services": lacking, "provider": v.provider},
        )


def _urgency(survey: Survey, v: Variable, lacking: list[str]) -> Severity:
    """What only asks (`os.environ.get("X")`) goes on with None, which may be meant; for a key, a secret or the database it is not."""
    if not lacking:
        return "note"
    known = is_database(v.name) or is_secret(v.name) or vendor_key(v.name)
    asked = all(ASKS.search((survey.tree.read(r.place.path) or b"")[r.place.start:r.place.end]) for r in v.unguarded)
    return "warning" if asked and not known else "error"


def _beside(path: str, cwd: str, name: str, local: dict[str, set[str]]) -> bool:
    """Whether a dotenv file in the service's own folders sets it."""
    return any(name in local.get(folder, ()) for folder in (path.rpartition("/")[0], cwd.strip("./")))


def _above(path: str, name: str, local: dict[str, set[str]]) -> bool:
    """Whether a dotenv file beside a file, or in a folder around it, sets it: for code that no service is known to load."""
    folders = path.split("/")[:-1]
    return any(name in local.get("/".join(folders[:depth]), ()) for depth in range(len(folders), 0, -1))


def code_findings(known: tuple[Variable, ...], files: tuple[EnvFile, ...]) -> Iterator[Finding]:
    """E010 and E011: secrets that the code makes up when nobody sets them."""
    stays = {key for f in files for key, value in f.source.values.items() if value and not is_placeholder(value, True)}
    for v in known:
        if v.regenerated:
            unset = "" if v.name not in stays else " where it is not set"
            yield Finding("OPS-E011", "note" if unset or not v.services else "error" if v.running else "warning",
                          f"{v.name} is made anew at each start{unset}: sessions signed before are lost", v.regenerated[0].place,
                          help="opskit env init writes one that stays; then read it without a fallback", harm=82,
                          also=tuple(r.place for r in v.regenerated[1:]), data={"name": v.name})
        told = [r for r in v.reads if r.default and not (FILE.fullmatch(r.default) or is_fixture(r.place.path))] if v.secret else []
        if told:
            yield Finding("OPS-E010", _weight(v), f"{v.name} falls back to a value that stands in the code",
                          told[0].place, help=f"remove the fallback; {help_for(v.name)}", harm=79 if is_own(v.name) else 40,
                          also=tuple(r.place for r in told[1:]), data={"name": v.name, "secret": True})


def _weight(v: Variable) -> Severity:
    """A signing secret that everybody knows is forged sessions; a placeholder in a bought key's place only fails late."""
    if is_own(v.name):
        return "error"
    return "note" if all(is_placeholder(d, is_secret(v.name)) for d in v.defaults) else "warning"


def unused(survey: Survey, files: tuple[EnvFile, ...], known: dict[str, Variable]) -> Iterator[Finding]:
    """E016: keys that nothing names. Libraries read their vendor's variables by themselves, so those are never called unused."""
    asked = {entry.key: (file, entry) for file in files for entry in file.source.bindings
             if not (entry.key in known or vendor_key(entry.key) or entry.key.startswith("DOTENV_")) and len(entry.key) > 2}
    paths = {f.path for f in files}
    for path in survey.tree.files:
        if not asked:
            return
        data = b"" if path in paths or path.rpartition("/")[2].startswith(".env") else survey.tree.read(path) or b""
        for name in [n for n in asked if _names(data, n.encode("utf-8", "surrogateescape"))]:
            del asked[name]
    for name, (file, entry) in asked.items():
        yield Finding("OPS-E016", "note", f"{name} is read by nothing in the tree", file.source.place(entry.key_span),
                      help="remove the line if nothing outside the tree wants it", harm=10, data={"name": name, "secret": True})


def _names(data: bytes, name: bytes) -> bool:
    """Whether a file names it, not only a longer one that ends or begins so."""
    return name in data and re.search(rb"(?<![A-Za-z0-9_])" + re.escape(name) + rb"(?![A-Za-z0-9_])", data) is not None
