"""Packages that are imported and not declared, declared and not importable, or declared in ways that cannot hold together."""

import re
from collections.abc import Iterator
from typing import Any

from packaging.utils import canonicalize_name

from opskit.core.finding import Checked, Finding, Fix
from opskit.core.place import Place
from opskit.deps.manifests import Manifests, Shelf
from opskit.deps.names import Providers, provided
from opskit.deps.sightings import Need, Sighted, look
from opskit.deps.versions import together
from opskit.source.requirements import Requirement
from opskit.survey.survey import Survey

# packages that run from a command line, by a setting or as another package's driver, and so are never imported
UNIMPORTED = re.compile(r"""gunicorn|uvicorn|hypercorn|daphne|waitress|gevent|eventlet|uvloop|httptools|watchdog|watchfiles|pip|setuptools|wheel|pip-tools
    |pytest.*|coverage|tox|nox|black|ruff|flake8.*|pylint.*|mypy|isort|bandit|pre-commit|types-.*|.*-stubs|psycopg2?(-.*)?|asyncpg|aiosqlite|mysqlclient|pymysql
    |python-multipart|email-validator|itsdangerous|jinja2|openpyxl|xlrd|lxml|pyarrow|tzdata|cryptography|brotli|flower|supervisor|honcho|alembic|ansible.*
    |.*-cli|mkdocs.*|sphinx.*|jupyter.*|ipykernel|notebook|debugpy|whitenoise|django-.*|opentelemetry-.*|torchvision|torchaudio|accelerate|sentencepiece
    |protobuf|certifi|urllib3|typing-extensions|importlib-metadata|six|backports.*""", re.X)


def check(survey: Survey, everything: bool = False) -> Checked:
    """Imports of the enabled services against their nearest manifests; `everything` takes the disabled ones too."""
    seen = look(survey, everything)
    findings = [*_undeclared(seen), *_unmanaged(seen)]
    for shelf in seen.used:
        findings += [*_unreadable(shelf), *_unpinned(shelf), *_unused(survey, seen.manifests, shelf)]
    findings += _conflicts(seen.used)
    once = {(f.code, f.place, f.message): f for f in findings}
    return Checked(tuple(once.values()), {"packages": _facts(seen, findings)}, seen.unresolved)


def _undeclared(seen: Sighted) -> Iterator[Finding]:
    for need in seen.needs:
        if need.status in ("missing", "along") and need.shelf is not None:
            yield _missing(need, need.shelf)


def _missing(need: Need, shelf: Shelf) -> Finding:
    first, target = need.imports[0], shelf.main.path
    label = need.providers.distributions[0] if need.providers.distributions else first.name
    data: dict[str, Any] = {"import": first.dotted, "distributions": list(need.providers.distributions), "manifest": target,
                            "services": list(need.services), "certain": need.providers.certain}
    also = tuple(i.place for i in need.imports[1:])
    if need.optional:
        return Finding("OPS-K007", "note", f"{first.dotted} is imported if it is there, and {target} does not declare it", first.place,
                       f"add {label} to {target} if the platform should have it", "none", harm=5, also=also, data=data)
    if need.status == "along":
        return Finding("OPS-K001", "warning", f"{first.dotted} is imported and comes only along with {need.carrier}", first.place,
                       f"run `opskit deps fix` to add {label} to {target}", _trusted(need.providers), harm=25, also=also, data=data)
    if not need.providers.certain:
        return Finding("OPS-K001", "warning", f"{first.dotted} is imported, not declared, and no package is known for certain to provide it", first.place,
                       _doubtful(need.providers, first.name, target), "none" if first.name.isupper() else "review", harm=45, also=also, data=data)
    return Finding("OPS-K001", "error", f"{first.dotted} is imported and {target} does not declare it", first.place,
                   f"run `opskit deps fix` to add {label} to {target}", "safe", harm=62, also=also, data=data)


def _trusted(known: Providers) -> Fix:
    return "safe" if known.certain else "review"


def _doubtful(known: Providers, name: str, target: str) -> str:
    if known.how == "guess":
        return f"if it is a file of yours, it is missing; if it is a package, look at pypi.org/project/{known.distributions[0]} before you add it to {target}"
    return f"{' or '.join(known.distributions)} provides `{name}`: look which you mean, then add it to {target} (or `opskit deps fix --review`)"


def _unmanaged(seen: Sighted) -> Iterator[Finding]:
    needs = [n for n in seen.needs if n.status == "unmanaged" and not n.optional]
    if not needs:
        return
    sure = [n for n in needs if n.providers.certain]
    first = min((n.imports[0] for n in needs), key=lambda i: i.place)
    names = ", ".join(n.name for n in needs[:6]) + (f" and {len(needs) - 6} more" if len(needs) > 6 else "")
    yield Finding("OPS-K002", "error", f"no manifest declares what the services import: {names}", first.place,
                  "run `opskit deps fix` to write requirements.txt", "safe" if sure else "review", harm=65,
                  data={"packages": [{"import": n.imports[0].dotted, "distributions": list(n.providers.distributions), "certain": n.providers.certain}
                                     for n in needs]})


def _unreadable(shelf: Shelf) -> Iterator[Finding]:
    for declaration in (*shelf.declarations, *shelf.constraints):
        if declaration.error:
            yield Finding("OPS-K004", "error", f"{declaration.path} {declaration.error}", Place(declaration.path), "mend it by hand", harm=60)
        for one in declaration.requirements:
            if one.error:
                yield Finding("OPS-K004", "error", f"not a requirement: {one.error}", one.place, _spelling(one), "review" if mended(one.text) else "none", harm=60,
                              data={"text": one.text})
    for include in shelf.missing:
        yield Finding("OPS-K004", "error", f"takes in {include.path}, which is not there", include.place, "correct the path, or drop the line", harm=60)


def mended(text: str) -> str:
    """`flask = 3.0` as it was meant, "" where that cannot be told."""
    found = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[\w, -]+\])?)\s*(?:=|===?\s+=|:)\s*v?(\d[\w.*+!-]*)", text.strip())
    return f"{found[1]}=={found[2]}" if found else ""


def _spelling(one: Requirement) -> str:
    meant = mended(one.text)
    return f"write {meant} (or `opskit deps fix --review`)" if meant else "write it as `name`, `name==1.2` or `name @ URL` (PEP 508)"


def _unpinned(shelf: Shelf) -> Iterator[Finding]:
    main = shelf.main
    loose = [r for r in main.requirements if r.name and not r.specifier and not r.location and not r.group]
    if loose and len(loose) < sum(bool(r.name) for r in main.requirements) + 1 and main.path.endswith(".txt"):
        names = ", ".join(r.spelled for r in loose[:5]) + (" ..." if len(loose) > 5 else "")
        yield Finding("OPS-K005", "note", f"no version for {names}: tomorrow's install may differ from today's", loose[0].place,
                      "write the versions that work: `.opskit/venv/bin/python -m pip freeze`, or `uv pip freeze`", harm=8,
                      data={"packages": [r.name for r in loose]})


def _conflicts(shelves: tuple[Shelf, ...]) -> Iterator[Finding]:
    declared: dict[str, list[Requirement]] = {}
    for shelf in shelves:
        for one in (*shelf.requirements, *(r for d in shelf.constraints for r in d.requirements)):
            if one.name and one.specifier and not one.marker and not one.group:
                declared.setdefault(one.name, []).append(one)
    for name, several in sorted(declared.items()):
        unique = list({r.place: r for r in several}.values())
        if not together(r.specifier for r in unique):
            first, *rest = sorted(unique, key=lambda r: r.place)
            told = ", ".join(f"{r.specifier} at {r.place.path}" for r in rest if r.specifier != first.specifier)
            yield Finding("OPS-K005", "warning", f"{name}{first.specifier} cannot be installed beside {told}", first.place,
                          "agree on one; until then `opskit deps install` takes the highest and says so", label="one environment holds one version",
                          harm=40, also=tuple(r.place for r in rest), data={"package": name, "specifiers": sorted({r.specifier for r in unique})})


def _unused(survey: Survey, manifests: Manifests, shelf: Shelf) -> Iterator[Finding]:
    """Declared, its import names known, and none of them imported by any Python file under the manifest's folder."""
    for declaration in shelf.declarations:
        for one in declaration.requirements if not declaration.generated else ():
            names = provided(one.name)
            if not names or one.group or manifests.local(one, shelf.folder) is not None or UNIMPORTED.fullmatch(one.name):
                continue
            if not _imported(survey, shelf.folder, names):
                yield Finding("OPS-K006", "note", f"{one.spelled} is declared and nothing here imports it", one.place, "drop the line if no command uses it",
                              harm=3, data={"package": one.name})


def _imported(survey: Survey, folder: str, names: frozenset[str]) -> bool:
    words = b"|".join(re.escape(n.partition(".")[0].encode()) for n in sorted(names))
    line = re.compile(rb"(?:^|[;:\s,(])(?:import|from)\s+(?:[\w., ]+,\s*)?(?:%b)\b|import_module\(\s*[\"'](?:%b)\b" % (words, words), re.M)
    under = f"{folder}/" if folder else ""
    return any(line.search(survey.tree.read(path) or b"") for path in survey.tree.ending(".py", ".pyw", ".ipynb") if path.startswith(under))


def _facts(seen: Sighted, findings: list[Finding]) -> list[dict[str, Any]]:
    """facts.packages: what is needed with its status, then what is declared and not needed."""
    told = [{"package": n.name, "ecosystem": "pypi", "manifest": n.shelf.main.path if n.shelf else None,
             "importers": sorted({i.place.path for i in n.imports}), "status": "optional" if n.optional and n.status != "declared" else n.status}
            for n in seen.needs]
    unused = {f.data["package"] for f in findings if f.code == "OPS-K006"}
    needed = {(canonicalize_name(d), n.shelf.folder) for n in seen.needs if n.shelf for d in (n.name, *n.providers.distributions)}
    for shelf in seen.used:
        told += [{"package": name, "ecosystem": "pypi", "manifest": shelf.main.path, "importers": [], "status": "unused" if name in unused else "declared"}
                 for name in sorted(shelf.names) if (name, shelf.folder) not in needed]
    return told
