"""What is wrong with manifests in themselves: lines that cannot be read, versions that cannot hold, packages nobody imports."""

import re
from collections.abc import Iterator, Sequence

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.deps.manifests import Manifests, Shelf
from opskit.deps.names import provided
from opskit.deps.versions import together
from opskit.source.requirements import Requirement
from opskit.survey.survey import Survey

# packages that run from a command line, by a setting or as another package's driver, and so are never imported
UNIMPORTED = re.compile(
    r"""gunicorn|uvicorn|hypercorn|daphne|waitress|gevent|eventlet|uvloop|httptools|watchdog|watchfiles|pip|setuptools|wheel|pip-tools
    |pytest.*|coverage|tox|nox|black|ruff|flake8.*|pylint.*|mypy|isort|bandit|pre-commit|types-.*|.*-stubs|psycopg2?(-.*)?|asyncpg|aiosqlite|mysqlclient|pymysql
    |python-multipart|email-validator|itsdangerous|jinja2|openpyxl|xlrd|lxml|pyarrow|tzdata|cryptography|brotli|flower|supervisor|honcho|alembic|ansible.*
    |.*-cli|mkdocs.*|sphinx.*|jupyter.*|ipykernel|notebook|debugpy|whitenoise|django-.*|opentelemetry-.*|torchvision|torchaudio|accelerate|sentencepiece
    |protobuf|certifi|urllib3|typing-extensions|importlib-metadata|six|backports.*""",
    re.X,
)


FROZEN = 8
IMPORTED = re.compile(rb"""\b(?:import|from|import_module\(|__import__\()[ \t]*["']?([\w., \t]+)""")


def unreadable(shelf: Shelf) -> Iterator[Finding]:
    for declaration in (*shelf.declarations, *shelf.constraints):
        if declaration.error:
            yield Finding(
                "OPS-K004", "error", f"{declaration.path} {declaration.error}", Place(declaration.path), "mend it by hand", harm=60
            )
        for one in declaration.requirements:
            if one.error:
                yield Finding(
                    "OPS-K004",
                    "error",
                    f"not a requirement: {one.error}",
                    one.place,
                    _spelling(one),
                    "review" if mended(one.text) else "none",
                    harm=60,
                    data={"text": one.text},
                )
    for include in shelf.missing:
        yield Finding(
            "OPS-K004",
            "error",
            f"takes in {include.path}, which is not there",
            include.place,
            "correct the path, or drop the line",
            harm=60,
        )


def mended(text: str) -> str:
    """`flask = 3.0` as it was meant, "" where that cannot be told."""
    found = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[\w, -]+\])?)\s*(?:=|===?\s+=|:)\s*v?(\d[\w.*+!-]*)", text.strip())
    return f"{found[1]}=={found[2]}" if found else ""


def _spelling(one: Requirement) -> str:
    meant = mended(one.text)
    return f"write {meant} (or `opskit deps fix --review`)" if meant else "write it as `name`, `name==1.2` or `name @ URL` (PEP 508)"


def unpinned(shelf: Shelf) -> Iterator[Finding]:
    main = shelf.main
    loose = [r for r in main.requirements if r.name and not r.specifier and not r.location and not r.group]
    if loose and main.path.endswith(".txt"):
        names = ", ".join(r.spelled for r in loose[:5]) + (" ..." if len(loose) > 5 else "")
        yield Finding(
            "OPS-K005",
            "note",
            f"no version for {names}: tomorrow's install may differ from today's",
            loose[0].place,
            "write the versions that work: `.opskit/venv/bin/python -m pip freeze`, or `uv pip freeze`",
            harm=8,
            data={"packages": [r.name for r in loose]},
        )


def conflicts(shelves: tuple[Shelf, ...]) -> Iterator[Finding]:
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
            yield Finding(
                "OPS-K005",
                "warning",
                f"{name}{first.specifier} cannot be installed beside {told}",
                first.place,
                "agree on one; until then `opskit deps install` takes the highest and says so",
                label="one environment holds one version",
                harm=40,
                also=tuple(r.place for r in rest),
                data={"package": name, "specifiers": sorted({r.specifier for r in unique})},
            )


def unused(survey: Survey, manifests: Manifests, shelf: Shelf) -> Iterator[Finding]:
    """Declared, its import names known, and none of them imported by any Python file under the manifest's folder."""
    for declaration in shelf.declarations:
        for one in declaration.requirements if not (declaration.generated or is_frozen(declaration.requirements)) else ():
            names = provided(one.name)
            if not names or one.group or manifests.local(one, shelf.folder) is not None or UNIMPORTED.fullmatch(one.name):
                continue
            if not _imported(survey, shelf.folder, names):
                yield Finding(
                    "OPS-K006",
                    "note",
                    f"{one.spelled} is declared and nothing here imports it",
                    one.place,
                    "drop the line if no command uses it",
                    harm=3,
                    data={"package": one.name},
                )


def is_frozen(requirements: Sequence[Requirement]) -> bool:
    """Whether a list reads like what `pip freeze` prints: all pinned, sorted whatever their case (pip.pypa.io/en/stable/cli/pip_freeze).
    Such a list holds what the imports bring along, and says nothing of what is used."""
    names = [one.spelled.lower() for one in requirements if not one.location]
    return len(names) >= FROZEN and names == sorted(names) and all(one.specifier.startswith("==") or one.location for one in requirements)


def _imported(survey: Survey, folder: str, names: frozenset[str]) -> bool:
    tops, under = {name.partition(".")[0] for name in names}, f"{folder}/" if folder else ""
    return any(tops & named for path, named in survey.tree.computed(_named).items() if path.startswith(under))


def _named(tree: Tree) -> dict[str, frozenset[str]]:
    """Every word after `import` or `from` in Python files and notebooks, by file: rather too many than one too few."""
    found = {}
    for path in tree.ending(".py", ".pyw", ".ipynb"):
        parts = (part for line in IMPORTED.findall(tree.read(path) or b"") for part in line.split(b","))
        found[path] = frozenset(part.split()[0].partition(b".")[0].decode("ascii", "ignore") for part in parts if part.strip())
    return found
