"""Expressions with what their names stand for in one case: a launcher's table, row by row.

`values` asks what an expression is whatever happens; a launcher that starts five services in one loop has no such value. A Cell is an
expression together with one row's names, and here it is followed to the literal, the list or the path that it comes to.
"""

import ast
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from opskit.core.place import Place
from opskit.survey.python.index import Index
from opskit.survey.python.module import Bound, Module, argument
from opskit.survey.python.names import OWN, name_of
from opskit.survey.python.values import Evaluation

ROOT = "/@"  # stands for the platform's root in a path that the program works out from its own place
UNKNOWN = "$UNKNOWN"
DEEPEST = 24
SAME = frozenset(("str", "int", "os.path.abspath", "os.path.realpath", "os.path.normpath", "pathlib.Path", "pathlib.PurePath", "os.fspath",
                  "list", "tuple", "sorted", "reversed", "os.path.expanduser", "shlex.quote", "set", "iter"))
UNCHANGED = frozenset(("resolve", "absolute", "as_posix", "strip", "rstrip", "lstrip", "expanduser", "copy", "lower", "__str__"))
CHANGED = frozenset(("replace", "removesuffix", "removeprefix"))


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """`names` are the parameters and loop variables of the function it stands in; `parts` the elements of a pair that only a loop makes."""

    module: Module
    node: ast.AST
    names: Mapping[str, "Cell"] = field(default_factory=dict)
    parts: tuple["Cell", ...] = ()

    def at(self, node: ast.AST) -> "Cell":
        return Cell(self.module, node, self.names)


@dataclass(frozen=True, slots=True)
class Text:
    """`spots` are the literals that it is made of, each with its text."""

    text: str
    spots: tuple[tuple[str, Place], ...] = ()
    known: bool = True

    def __add__(self, other: "Text") -> "Text":
        return Text(self.text + other.text, self.spots + other.spots, self.known and other.known)


class Cells:
    """Follows cells of one platform."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._asked: set[tuple[ast.AST, int]] = set()  # expressions being followed now: one that leads back to itself comes to nothing

    def settled(self, cell: Cell, depth: int = 0) -> Cell:
        """The literal, call or operation that a name, an attribute or a key stands for; the cell itself where it cannot be told."""
        step, key = getattr(self, f"_follow_{type(cell.node).__name__.lower()}", None), (cell.node, _case(cell))
        if step is None or cell.parts or depth > DEEPEST or key in self._asked:
            return cell
        self._asked.add(key)
        try:
            found: Cell | None = step(cell, depth)
            return cell if found is None else self.settled(found, depth + 1)
        finally:
            self._asked.discard(key)

    def _follow_name(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.Name)
        if (given := cell.names.get(cell.node.id)) is not None:
            return given
        scope, bounds = cell.module.lookup(cell.node.id, cell.node)
        if bounds:
            return self._bound(cell.module, bounds, {} if scope is None else cell.names, depth)
        dotted, level, attribute = cell.module.imports.get(cell.node.id, ("", 0, ""))
        path = self.index.file_of(dotted, level, cell.module.path) if attribute else ""
        return self._top(path, attribute, depth) if path else None

    def _top(self, path: str, name: str, depth: int) -> Cell | None:
        there = self.index.module(path)
        return self._bound(there, there.bindings.get((None, name), []), {}, depth)

    def _bound(self, module: Module, bounds: list[Bound], names: Mapping[str, Cell], depth: int) -> Cell | None:
        """Of several values the first that is more than None or an empty list."""
        values = [b.node for b in bounds if b.how == "value"]
        for node in ([v for v in values if not _says_nothing(v)] or values)[:1]:
            return Cell(module, node, names)
        for bound in bounds:
            whole = self.settled(Cell(module, bound.node, names), depth + 1) if bound.how == "unpack" else None
            if whole is not None and isinstance(whole.node, ast.Tuple | ast.List) and bound.index < len(whole.node.elts):
                return whole.at(whole.node.elts[bound.index])
        return None

    def _follow_attribute(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.Attribute)
        module, name = cell.module, cell.node.attr
        if isinstance(cell.node.value, ast.Name) and cell.node.value.id in ("self", "cls") and (owner := module.enclosing_class(cell.node)):
            bounds = module.bindings.get((owner, f"self.{name}")) or module.bindings.get((owner, name)) or []
            return self._bound(module, bounds, {}, depth)
        base = self.settled(cell.at(cell.node.value), depth + 1)
        if isinstance(base.node, ast.Call):
            return self._field(base, name)
        path, own, local = name_of(self.index, module, cell.node.value).partition(OWN)
        return self._top(path, name, depth) if own and not local else None

    def _field(self, made: Cell, name: str) -> Cell | None:
        """A field of what a class of the platform's own makes: dataclasses, named tuples, `__init__`."""
        assert isinstance(made.node, ast.Call)
        path, own, local = name_of(self.index, made.module, made.node.func).partition(OWN)
        there = self.index.module(path) if own else None
        owner = there.classes.get(local.removesuffix("()")) if there else None
        if owner is None or there is None:
            return None
        fields = [line for line in owner.body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)]
        begin = next((f for f in owner.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"), None)
        order = [a.arg for a in begin.args.args[1:]] if begin else [f.target.id for f in fields if isinstance(f.target, ast.Name)]
        given = argument(made.node, order.index(name) if name in order else -1, name)
        if given is not None:
            return made.at(given)
        default = next((f.value for f in fields if isinstance(f.target, ast.Name) and f.target.id == name and f.value is not None), None)
        return Cell(there, default) if default is not None else None

    def _follow_subscript(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.Subscript)
        base = self.settled(cell.at(cell.node.value), depth + 1)
        return self.under(base, self.text(cell.at(cell.node.slice)))

    def under(self, table: Cell, key: Text | None) -> Cell | None:
        """What stands under a key of a dict, or at a place of a list."""
        if key is None or not key.known:
            return None
        if table.parts or isinstance(table.node, ast.Tuple | ast.List):
            row = list(table.parts) or [table.at(e) for e in getattr(table.node, "elts", ())]
            position = int(key.text) if key.text.lstrip("-").isdigit() else len(row)
            return row[position] if -len(row) <= position < len(row) else None
        return next((value for name, value in self.entries(table) if name.text == key.text), None)

    def entries(self, table: Cell) -> Iterator[tuple[Text, Cell]]:
        """The keys of a dict literal or `dict(...)` that can be told, with what stands there."""
        if isinstance(table.node, ast.Dict):
            for key, value in zip(table.node.keys, table.node.values, strict=True):
                if key is None:
                    yield from self.entries(self.settled(table.at(value)))
                elif (name := self.text(table.at(key))) is not None:
                    yield name, table.at(value)
        elif isinstance(table.node, ast.Call) and name_of(self.index, table.module, table.node.func) == "dict":
            yield from ((Text(k.arg), table.at(k.value)) for k in table.node.keywords if k.arg)

    def _follow_call(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.Call)
        call = cell.node
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("get", "pop") and call.args:
            base = self.settled(cell.at(call.func.value), depth + 1)
            if isinstance(base.node, ast.Dict):
                found = self.under(base, self.text(cell.at(call.args[0])))
                return found or (cell.at(call.args[1]) if len(call.args) > 1 else None)
        name = name_of(self.index, cell.module, call.func)
        if name in SAME and len(call.args) == 1 and not call.keywords:
            return cell.at(call.args[0])
        path, own, local = name.partition(OWN)
        there = self.index.module(path) if own else None
        function = there.functions.get(local) if there else None
        held = call.func.value if isinstance(call.func, ast.Attribute) else None
        if function is None and isinstance(call.func, ast.Attribute) and isinstance(held, ast.Name) and held.id == "self":
            there, functions = cell.module, cell.module.by_name.get(call.func.attr, [])
            function = functions[0] if len(functions) == 1 else None
        returned = there.returns.get(function, []) if there and function is not None else []
        return Cell(there, returned[-1]) if there and returned else None

    def _follow_ifexp(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.IfExp)
        return cell.at(cell.node.body)

    def _follow_boolop(self, cell: Cell, depth: int) -> Cell | None:
        assert isinstance(cell.node, ast.BoolOp)
        told = (value for value in cell.node.values if self.text(cell.at(value)) is not None)
        return cell.at(next(told, cell.node.values[-1]))

    def _follow_await(self, cell: Cell, depth: int) -> Cell | None:
        return cell.at(cell.node.value)  # type: ignore[attr-defined]

    def text(self, cell: Cell) -> Text | None:
        """The text of a word, numbers as they print; a path from the program's own place begins with ROOT."""
        known = self.settled(cell)
        key = (known.node, -1 - _case(known))
        if known.parts or key in self._asked or len(self._asked) > 2 * DEEPEST:
            return None
        self._asked.add(key)
        try:
            return self._text(known, known.node)
        finally:
            self._asked.discard(key)

    def _text(self, known: Cell, node: ast.AST) -> Text | None:
        if isinstance(node, ast.Constant):
            return self._constant(known, node)
        if isinstance(node, ast.JoinedStr):
            found = Text("")
            for part in node.values:
                inner = self.text(known.at(part.value if isinstance(part, ast.FormattedValue) else part))
                found += inner or Text(UNKNOWN, known=False)
            return found
        if isinstance(node, ast.Name):
            return Text(f"{ROOT}/{known.module.path}") if node.id == "__file__" else None
        if isinstance(node, ast.BinOp):
            return self._operation(known, node)
        if isinstance(node, ast.Attribute):
            return self._part(known, node)
        if isinstance(node, ast.Subscript):
            return self._ancestor(known, node)
        return self._called(known, node) if isinstance(node, ast.Call) else None

    def _constant(self, cell: Cell, node: ast.Constant) -> Text | None:
        if isinstance(node.value, bool) or not isinstance(node.value, str | int):
            return None
        return Text(str(node.value), ((str(node.value), cell.module.place(node)),) if hasattr(node, "lineno") else ())

    def _operation(self, cell: Cell, node: ast.BinOp) -> Text | None:
        left, right = self.text(cell.at(node.left)), self.text(cell.at(node.right))
        if isinstance(node.op, ast.Div) and right is not None:
            return Text(posixpath.join(left.text if left else "", right.text), right.spots, right.known)
        if isinstance(node.op, ast.Add) and left is not None and right is not None:
            both = left.text.isdigit() and right.text.isdigit() and not isinstance(node.left, ast.JoinedStr)
            return Text(str(int(left.text) + int(right.text))) if both else left + right
        return None

    def _part(self, cell: Cell, node: ast.Attribute) -> Text | None:
        if name_of(self.index, cell.module, node) == "sys.executable":
            return Text("python")
        if node.attr == "parent" and (inner := self.text(cell.at(node.value))) is not None:
            return _above(inner)
        return self._evaluated(cell)

    def _ancestor(self, cell: Cell, node: ast.Subscript) -> Text | None:
        """`Path(__file__).parents[1]`."""
        if not (isinstance(node.value, ast.Attribute) and node.value.attr == "parents" and isinstance(node.slice, ast.Constant)):
            return self._evaluated(cell)
        found = self.text(cell.at(node.value.value))
        for _ in range(int(node.slice.value) + 1 if isinstance(node.slice.value, int) else 0):
            found = _above(found) if found else None
        return found

    def _called(self, cell: Cell, node: ast.Call) -> Text | None:
        name = name_of(self.index, cell.module, node.func)
        if name == "os.path.dirname" and node.args:
            inner = self.text(cell.at(node.args[0]))
            return _above(inner) if inner else None
        if name in ("os.path.join", "pathlib.Path"):
            parts = [self.text(cell.at(a)) or Text("") for a in node.args]
            return Text(posixpath.join(*(p.text for p in parts)) if parts else "", sum((p.spots for p in parts), ())) if parts else None
        if name in ("os.getcwd", "pathlib.Path.cwd"):
            return Text("")
        if isinstance(node.func, ast.Attribute):
            inner = self.text(cell.at(node.func.value)) if node.func.attr in UNCHANGED | CHANGED else None
            if inner is not None and node.func.attr in UNCHANGED:
                return inner
            words = [self.text(cell.at(a)) for a in node.args]
            if inner is not None and words and all(w is not None for w in words):
                changed = getattr(inner.text, node.func.attr)(*(w.text for w in words if w))
                return Text(changed, inner.spots, inner.known)
        return self._evaluated(cell)

    def _evaluated(self, cell: Cell) -> Text | None:
        """What the whole program decides: environment variables with a fallback, settings."""
        if any(isinstance(n, ast.Name) and n.id in cell.names for n in ast.walk(cell.node)):
            return None
        known = Evaluation(self.index, cell.module)(cell.node)
        if known is None or isinstance(known.value, bool) or not isinstance(known.value, str | int):
            return None
        return Text(str(known.value), ((str(known.value), known.place),) if known.place else ())


def _case(cell: Cell) -> int:
    return id(cell.names) if cell.names else 0


def _says_nothing(value: ast.AST) -> bool:
    return (isinstance(value, ast.Constant) and value.value is None) or (isinstance(value, ast.List) and not value.elts)


def _above(path: Text) -> Text:
    return Text(posixpath.dirname(path.text) if path.text != ROOT else ROOT, path.spots, path.known)
