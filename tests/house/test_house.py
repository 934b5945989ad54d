"""The house keeps its own rules: floors, no sideways import, no circle, owners of heavy libraries, sizes."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.house.architecture import FLOORS, OWNERS, PACKAGE, ROOMS, imports, modules, part

MODULES = modules()
ONE_SYSTEM = {"fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty", "winreg", "_winapi"}
HEAVY = ("stripe", "libcst", "psycopg", "httpx", "ruamel", "fastapi", "pglast", "tree_sitter", "rich", "psutil", "dotenv", "pathspec", "asyncio")


@pytest.mark.parametrize("path", [p for p in MODULES if "/" in p])
def test_imports_run_down_and_never_sideways(path):
    here = path.split("/")[0]
    for name in imports(path, MODULES[path]):
        there = part(name)
        if there in FLOORS and there != here:
            assert FLOORS[there] < FLOORS[here], f"{path} imports {name}"
            assert not (here in ROOMS and there in ROOMS), f"{path} imports the room {there}"


@pytest.mark.parametrize("path", MODULES)
def test_a_heavy_library_is_imported_only_by_its_owner(path):
    for name in imports(path, MODULES[path]):
        library = name.split(".")[0]
        if library in OWNERS:
            assert path.split("/")[0] in OWNERS[library], f"{path} imports {library}"


def test_no_module_is_in_a_circle():
    known = {"opskit." + p.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): p for p in MODULES}
    graph = {m: {n for n in imports(p, MODULES[p]) if n in known and n != m} for m, p in known.items()}
    packages = {m for m, p in known.items() if p.endswith("__init__.py")}
    TopologicalSorter({m: needs - packages for m, needs in graph.items()}).prepare()


@pytest.mark.parametrize("path", MODULES)
def test_files_and_functions_stay_small(path):
    assert (PACKAGE / path).read_text().count("\n") <= 300
    for node in ast.walk(MODULES[path]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{path}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", MODULES)
def test_what_only_one_system_has_is_imported_where_it_is_used(path):
    tops = [n for n in MODULES[path].body if isinstance(n, ast.Import | ast.ImportFrom)]
    named = {name.split(".")[0] for n in tops for name in ([a.name for a in n.names] if isinstance(n, ast.Import) else [n.module or ""])}
    assert not named & ONE_SYSTEM


@pytest.mark.parametrize("path", MODULES)
def test_names_say_what_a_module_holds(path):
    assert not {"utils", "util", "helpers", "common", "manager", "misc"} & set(path.removesuffix(".py").split("/"))


@pytest.mark.parametrize("path", MODULES)
def test_every_module_says_why_it_is_there(path):
    assert ast.get_docstring(MODULES[path])


def loaded(*arguments):
    """Modules in memory after one command line, in a fresh interpreter."""
    code = "import sys; from opskit.cli.door import enter; enter(sys.argv[1:]); print('\\n' + '\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    return set(done.stderr.split("\n"))


def test_help_loads_no_room_and_nothing_heavy():
    found = loaded("--help")
    assert not found & set(HEAVY)
    assert {part(m) for m in found if m.startswith("opskit.")} <= {"cli", "core", "__main__"}


def test_version_loads_no_typer():
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "opskit", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("opskit ") and "typer" not in done.stderr


@pytest.mark.parametrize(("command", "own"), [
    ("ports", {"ports"}), ("env", {"env"}), ("db", {"db"}), ("deps", {"deps"}), ("status", {"services"}), ("webhooks", {"stripe"}), ("up", {"services", "env", "db"}),
])
def test_a_command_s_help_loads_no_other_room(command, own):
    found = loaded(command, "--help")
    assert {part(m) for m in found if m.startswith("opskit.")} & ROOMS <= own
    assert not found & {"psycopg", "pglast", "tree_sitter", "fastapi", "libcst", "stripe"}
