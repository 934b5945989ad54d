"""Lines that will fail when they run: names that are used and never bound, and files that do not parse."""

import ast
import builtins
import symtable
import sys
from collections.abc import Iterable, Iterator

from opskit.core.place import Place
from opskit.survey.facts import Fault
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module

ALWAYS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__", "__path__", "__builtins__",
                                     "__annotations__", "__cached__", "__class__", "__qualname__", "__module__", "__dict__", "WindowsError",
                                     "__conditional_annotations__", "__classdict__", "__debug__"}
UNNAMED = frozenset({"", "lambda", "listcomp", "genexpr", "setcomp", "dictcomp"})
# a file that makes names while it runs cannot be judged by its text
SILENCED = (b"globals()", b"locals()", b"__builtins__", b"builtins.", b"exec(", b"gettext.install", b"version_info", b"get_ipython")


def faults_of(index: Index, paths: Iterable[str]) -> tuple[Fault, ...]:
    """Sorted by place; one a name and file, at its first use."""
    return tuple(sorted((fault for path in paths for fault in index.kept(path, faults_of_file)), key=lambda f: f.place))


def faults_of_file(_: Index, module: Module) -> tuple[Fault, ...]:
    source = module.source
    if source.tree is None:
        start = source.lines.offset(source.error_line, 0) if 0 < source.error_line <= len(source.lines) else 0
        reason = f"{source.error} (Python {sys.version_info.major}.{sys.version_info.minor})"
        return (Fault(source.lines.place(source.path, start, start) if source.error_line else Place(source.path), reason),)
    if any(word in source.data for word in SILENCED) or any(a.name == "*" for i in module.all(ast.ImportFrom) for a in i.names):
        return ()
    try:
        table = symtable.symtable(source.data.decode(source.encoding), source.path, "exec")
    except (SyntaxError, ValueError, RecursionError) as error:
        return (Fault(source.lines.place(source.path, 0, 0), f"does not compile: {getattr(error, 'msg', error)}"),)
    tables = list(_all(table))
    bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()} | ALWAYS
    bound |= {s.get_name() for t in tables for s in t.get_symbols() if s.is_declared_global() and (s.is_assigned() or s.is_imported())}
    missing = {(t.get_name() if t is not table else "", s.get_name()) for t in tables for s in t.get_symbols()
               if s.is_referenced() and (s.is_global() or t is table) and not s.is_free() and s.get_name() not in bound}
    return tuple(_placed(module, missing))


def _all(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    if str(table.get_type()).rsplit(".", 1)[-1].lower() in ("annotation", "type alias", "type parameters", "type variable"):
        return
    yield table
    for child in table.get_children():
        yield from _all(child)


def _placed(module: Module, missing: set[tuple[str, str]]) -> Iterator[Fault]:
    wanted, told = {name for _, name in missing}, set()
    loads = [n for n in module.all(ast.Name) if n.id in wanted and isinstance(n.ctx, ast.Load)]
    for node in sorted(loads, key=lambda n: (n.lineno, n.col_offset)):
        if node.id in told or _excused(module, node) or not _in_scope(module, node, missing):
            continue
        told.add(node.id)
        line = "imported" if node.id in sys.stdlib_module_names else "imported or assigned"
        yield Fault(module.place(node), f"`{node.id}` is used here and never {line}")


def _in_scope(module: Module, node: ast.Name, missing: set[tuple[str, str]]) -> bool:
    """The name is unbound in this use's own scope or one inside it that has no name of its own (a comprehension, a lambda)."""
    scopes = {a.name for a in module.above(node) if isinstance(a, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)} | UNNAMED
    return any((scope, node.id) in missing for scope in scopes) and not module.lookup(node.id, node)[1]


def _excused(module: Module, node: ast.Name) -> bool:
    """Asked for on purpose (`except NameError`), or an annotation that is never evaluated (PEP 563)."""
    child: ast.AST = node
    lazy = b"import annotations" in module.source.data
    for above in module.above(node):
        if isinstance(above, ast.Try) and child in above.body and any(
                "NameError" in ast.dump(h.type) or "'Exception'" in ast.dump(h.type) if h.type else True for h in above.handlers):
            return True
        if lazy and ((isinstance(above, ast.arg | ast.AnnAssign) and child is above.annotation)
                     or (isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef) and child is above.returns)):
            return True
        child = above
    return False
