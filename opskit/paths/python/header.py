"""Where a file's constant stands, under which names: the import of os, what is bound already, the line before its first use."""

import ast
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.paths.python.scope import Binding, Scopes
from opskit.paths.python.share import TOLD, meant
from opskit.source.python import BOM, PythonSource

IMPORTS = ast.Import | ast.ImportFrom


class Refused(Exception):
    """The file, or one literal of it, is left alone: the message is the reason."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The byte offset of a line's start at which statements of the module may be put, and the place in its body."""

    offset: int
    index: int
    after_import: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where new lines go. `import_at` is None where the module is imported already, under `os`."""

    os: str
    constants_at: Anchor
    import_at: Anchor | None


def lay_out(source: PythonSource, scopes: Scopes, uses: Sequence[ast.AST]) -> Layout:
    """`uses` are the nodes that will name the constants. Raises Refused where no line is safe."""
    body = scopes.tree.body
    first = min(body.index(scopes.statement(use)) for use in uses)
    alias, imported = _module(scopes, uses)
    start = _opening(body)
    at = _ready(scopes, body, start, first)
    if imported is not None and imported < first:
        with suppress(Refused):
            return Layout(alias, _anchor(source, body, max(at, imported + 1), max(start, imported + 1)), None)
    constants = _anchor(source, body, at, start)
    early = start if start < at and isinstance(body[start], IMPORTS) else at
    try:
        return Layout(alias, constants, _anchor(source, body, early, early, True))
    except Refused:
        return Layout(alias, constants, constants)


def _opening(body: list[ast.stmt]) -> int:
    """Behind the docstring and what is imported from the future."""
    at = 1 if ast.get_docstring(ast.Module(body[:1], []), clean=False) is not None else 0
    while at < len(body) and isinstance(node := body[at], ast.ImportFrom) and node.module == "__future__":
        at += 1
    return at


def _ready(scopes: Scopes, body: list[ast.stmt], start: int, first: int) -> int:
    """Behind the leading imports, what fills the environment from a file, and imports of everything, yet before the first use."""
    at = start
    while at < first and (isinstance(body[at], IMPORTS) or _guarded(body[at])):
        at += 1
    for index in range(at, first):
        node = body[index]
        if _fills(node) or node in scopes.stars:
            at = index + 1
    return at


def _guarded(node: ast.stmt) -> bool:
    return isinstance(node, ast.Try) and all(isinstance(each, IMPORTS) for each in node.body)


def _fills(node: ast.stmt) -> bool:
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return (called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else "") == "load_dotenv"


def _anchor(source: PythonSource, body: list[ast.stmt], at: int, lowest: int, importing: bool = False) -> Anchor:
    """The line start before `body[at]`, moved up while a semicolon joins it to what stands before."""
    while at > 0 and body[at - 1].end_lineno == _first_line(body[at]):
        at -= 1
        if at < lowest:
            raise Refused("a semicolon joins the lines that the constant must stand between")
    follows = bool(at) and not importing and (isinstance(body[at - 1], IMPORTS) or _guarded(body[at - 1]) or _fills(body[at - 1]))
    line = (body[at - 1].end_lineno or 0) + 1 if follows else _first_line(body[at])
    offset = source.lines.offset(line, 0)
    if line == 1 and source.data.startswith(BOM):
        offset += len(BOM)
    return Anchor(offset, at, follows)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _module(scopes: Scopes, uses: Iterable[ast.AST]) -> tuple[str, int | None]:
    """The name that means the module os at every use, and where in the body it is imported, None where it is not."""
    uses = list(uses)
    for name in (*sorted({b.name for each in scopes.bindings.values() for b in each if b.module == "os"}, key="os".__ne__), "os"):
        bound = scopes.of_module(name)
        clear = all(b.module == "os" for b in bound) and not any(scopes.shadowed(name, use) for use in uses)
        if clear and (name == "os" or bound):
            return name, _imported(scopes, bound)
    return free(scopes, ("_os", "_os_module"), uses), None


def _imported(scopes: Scopes, bound: list[Binding]) -> int | None:
    body = scopes.tree.body
    places = [body.index(b.node) for b in bound if b.node in body]
    return min(places) if places else None


def free(scopes: Scopes, names: Iterable[str], uses: Sequence[ast.AST]) -> str:
    """The first of `names` that means nothing yet wherever it will be read. Raises Refused."""
    for name in names:
        if not scopes.of_module(name) and name not in scopes.unbound and not any(scopes.shadowed(name, use) for use in uses):
            return name
    raise Refused("every name that the constant could have is taken")


def held(scopes: Scopes, variable: str, uses: Sequence[ast.AST]) -> str:
    """The name of a constant that the module has already for this variable, `NAME = os.getenv("VARIABLE", ...)` above all uses; else ""."""
    for statement in scopes.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute() as read, args=[ast.Constant(value=told), _])):
                known = told == variable and ast.unparse(read).endswith((".getenv", ".environ.get"))
                if known and serves(scopes, name, statement, uses):
                    return name
    return ""


def imported(tree: Tree, source: PythonSource, scopes: Scopes, variable: str, uses: Sequence[ast.AST]) -> str:
    """The name under which the module imports such a constant from a module that an earlier run made; else ""."""
    for statement in scopes.tree.body:
        for alias in statement.names if isinstance(statement, ast.ImportFrom) else ():
            name = alias.asname or alias.name
            if alias.name == variable and _is_shared(tree, source.path, statement) and serves(scopes, name, statement, uses):
                return name
    return ""


def _is_shared(tree: Tree, path: str, statement: ast.stmt) -> bool:
    data = tree.read(meant(path, statement)) if isinstance(statement, ast.ImportFrom) and statement.module else None
    return data is not None and data.startswith(TOLD.encode())


def serves(scopes: Scopes, name: str, statement: ast.stmt, uses: Iterable[ast.AST]) -> bool:
    """Whether what `statement` gives the name is what every one of `uses` would read: bound once, above, not shadowed."""
    body = scopes.tree.body
    return len(scopes.of_module(name)) == 1 and not any(
        scopes.shadowed(name, use) or body.index(statement) >= body.index(scopes.statement(use)) for use in uses
    )


def names_for(variable: str, crowded: bool, exported: bool) -> tuple[str, ...]:
    """Names to try. `crowded`: a star import may bring its own; `exported`: other files take every public name of this one."""
    plain = (variable, f"ENV_{variable}", f"ENV_{variable}_2", f"ENV_{variable}_3")
    return tuple(f"_{name}" for name in plain) if exported else plain[1:] if crowded else plain
