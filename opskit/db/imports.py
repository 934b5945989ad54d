"""Connections that stand at a module's top: the service dies at its start when the database is not up yet."""

import ast
from collections.abc import Iterator, Sequence

from opskit.core.finding import Finding
from opskit.source.python import PythonSource
from opskit.survey.python.index import source_of
from opskit.survey.survey import Survey

DRIVERS = frozenset(("psycopg2", "psycopg", "pg8000", "asyncpg"))


def find_early_connections(survey: Survey, everything: bool = False) -> Iterator[Finding]:
    """Python only; inside a function, a `try` or an `if __name__` block it is somebody's own decision."""
    tree = survey.tree
    loaded = {path for service in survey.running(everything) for path in (service.path, *service.closure)}
    for path in tree.holding(tree.ending(".py"), b"psycopg", b"pg8000", b"asyncpg"):
        source = source_of(tree, path)
        if source is None or source.tree is None:
            continue
        for call in _early(source):
            many = (
                f"; {sum(path in (s.path, *s.closure) for s in survey.running(everything))} services load this file"
                if path in loaded
                else ""
            )
            yield Finding(
                "OPS-D009",
                "warning",
                f"connects to the database while it is imported{many}",
                source.place(call),
                help="connect inside a function, on first use, and catch OperationalError there",
                harm=35,
            )


def _early(source: PythonSource) -> Iterator[ast.Call]:
    assert source.tree is not None
    names = _connects(source.nodes)
    for statement in source.tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr | ast.With):
            for node in _outside_functions(statement):
                if isinstance(node, ast.Call) and _dotted(node.func) in names:
                    yield node


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _outside_functions(child)


def _connects(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """The names under which this module can call a driver's connect."""
    found = set[str]()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {f"{alias.asname or alias.name}.connect" for alias in node.names if alias.name in DRIVERS}
        elif isinstance(node, ast.ImportFrom) and node.module in DRIVERS:
            found |= {alias.asname or alias.name for alias in node.names if alias.name == "connect"}
    return frozenset(found)


def _dotted(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value)}.{name}"
    return ""
