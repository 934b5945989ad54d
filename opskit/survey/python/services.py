"""Python's services: what runs, with routes, closure, imports, dangers and faults of everything that starting it loads."""

import ast
import re
from dataclasses import replace
from posixpath import dirname

from opskit.core.finding import Unresolved
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.facts import Service
from opskit.survey.python.closure import closure_of, told_by
from opskit.survey.python.dangers import dangers_of
from opskit.survey.python.faults import faults_of
from opskit.survey.python.imports import own_files
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.names import name_of
from opskit.survey.python.openings import APPLICATIONS
from opskit.survey.python.routes import routes_of
from opskit.survey.python.servers import servers, starters_of
from opskit.survey.python.workers import workers


def python_services(tree: Tree) -> tuple[Service, ...]:
    """Servers and endless workers that Python files show by themselves, sorted by path."""
    index = index_of(tree)
    found = [Service("", s.path, "server", "python", *_command(index, s.path), binds=s.binds) for s in servers(index)]
    found += [Service("", path, "worker", "python", *_command(index, path)) for path in workers(index, [s.path for s in found])]
    found = [service for service in found if not _tested(service.path)]
    return tuple(described(tree, service) for service in sorted(found, key=lambda s: s.path))


def described(tree: Tree, service: Service) -> Service:
    """The service with all that its files tell."""
    index = index_of(tree)
    closure = closure_of(index, service.path, service.cwd)
    files = closure.files
    starting = (path for path, started in starters_of(index).items() if started == service.path and path not in files)
    return replace(service, closure=(*files, *starting), imports=closure.imports, routes=routes_of(index, files),
                   dangers=dangers_of(index, files, service.cwd), faults=faults_of(index, files))


def python_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """Files that do not parse, and binds whose number cannot be told."""
    index = index_of(tree)
    errors = ((path, *index.error(path)) for path in index.paths)
    found = [Unresolved(Place(path, line), error) for path, error, line in errors if error]
    for server in servers(index):
        found += [Unresolved(b.place, "a port whose number cannot be told without running it") for b in server.binds if b.port is None]
    return tuple(found)


def _tested(path: str) -> bool:
    """A test's own throw-away server is nobody's service."""
    *folders, name = path.split("/")
    return name == "conftest.py" or (bool({"tests", "test", "testing"} & set(folders)) and bool(re.match(r"test_|.*_test\.py$", name)))


def _command(index: Index, path: str) -> tuple[tuple[str, ...], str]:
    """`python FILE` from the root; `python -m` from where its imports resolve, when its own folder does not do."""
    base = _base(index, path)
    inside = path[len(base) + 1 :] if base else path
    dotted = inside.removesuffix(".py").replace("/", ".")
    if base is None or not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", dotted) or index.kept(path, told_by).search_paths:
        return ("python", path), "."
    return ("python", "-m", dotted.removesuffix(".__main__")), base or "."


def _base(index: Index, path: str) -> str | None:
    """The folder that must be on `sys.path` besides the script's own, None where that one does."""
    folder = dirname(path)
    for want in index.kept(path, told_by).wanted:
        if want.optional or want.typing_only:
            continue
        if want.level:
            while folder and f"{folder}/__init__.py" in index.tree.known:
                folder = dirname(folder)
            return folder if folder != dirname(path) else dirname(folder)
        found = next(own_files(index, want, path), "")
        stem = want.dotted.replace(".", "/")
        if found and stem and not found.startswith(f"{folder}/{stem}" if folder else stem):
            return found[: found.index(stem)].rstrip("/") if stem in found else None
    return None


def idle_applications(tree: Tree) -> tuple[Unresolved, ...]:
    """Web applications at a file's top that nothing in sight starts."""
    index, found = index_of(tree), []
    for module in index.modules(b"FastAPI(", b"Flask(", b"Starlette(", b"Quart(", b"Sanic("):
        for (scope, name), bounds in module.bindings.items():
            for bound in bounds:
                if scope is None and isinstance(bound.node, ast.Call) and name_of(index, module, bound.node.func) in APPLICATIONS:
                    found.append(Unresolved(module.place(bound.node), f"the application `{name}` is started by nothing in sight"))
    return tuple(sorted(found, key=lambda unclear: unclear.place.path))
