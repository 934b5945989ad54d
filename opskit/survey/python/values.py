"""What value an expression has, as far as the files tell without running them, and which literal decides it."""

import ast
from dataclasses import dataclass, replace

from opskit.survey.python.index import Index
from opskit.survey.python.known import Known, noted
from opskit.survey.python.literals import entry, items
from opskit.survey.python.module import FUNCTIONS, Bound, Function, Module, argument, default_of
from opskit.survey.python.names import DEEPEST, OWN, name_of, starred
from opskit.survey.python.options import option, parsed_argument
from opskit.survey.python.settings_class import variable_of

CASTS = frozenset({"int", "str", "float", "bool", "os.path.expandvars", "pathlib.Path", "str.strip"})
ENVIRON_CALLS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.environ.copy().get",
                           "decouple.config", "starlette.config.Config()"})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluates expressions of one module; others through the index."""

    index: Index
    module: Module
    depth: int = 0

    def __call__(self, node: ast.AST | None) -> Known | None:
        if node is None or self.depth > DEEPEST or node in self.index.asked:
            return None
        deeper = replace(self, depth=self.depth + 1)
        method = getattr(deeper, f"_{type(node).__name__.lower()}", None)
        if method is None:
            return None
        self.index.asked.add(node)
        try:
            found: Known | None = method(node)
            return found
        finally:
            self.index.asked.discard(node)

    def elsewhere(self, path: str) -> "Evaluation":
        return replace(self, module=self.index.module(path))

    def _constant(self, node: ast.Constant) -> Known:
        return Known(node.value, self.module.place(node))

    def _name(self, node: ast.Name) -> Known | None:
        scope, bounds = self.module.lookup(node.id, node)
        if bounds:
            return noted(self._first(bounds, node.id, scope), node.id)
        if node.id in self.module.imports:
            dotted, level, attribute = self.module.imports[node.id]
            path = self.index.file_of(dotted, level, self.module.path)
            if path and attribute:
                return self.elsewhere(path).exported(attribute)
        return self._from_star(node.id)

    def _from_star(self, name: str) -> Known | None:
        path = starred(self.index, self.module, name)
        return self.elsewhere(path).exported(name) if path else None

    def exported(self, name: str) -> Known | None:
        """The value of a module's own top-level name."""
        if bounds := self.module.bindings.get((None, name)):
            return noted(self._first(bounds, name, None), name)
        if name in self.module.imports and self.depth < DEEPEST:
            dotted, level, attribute = self.module.imports[name]
            if (path := self.index.file_of(dotted, level, self.module.path)) and attribute and path != self.module.path:
                return replace(self.elsewhere(path), depth=self.depth + 1).exported(attribute)
        return self._from_star(name)

    def _first(self, bounds: list[Bound], name: str, scope: ast.AST | None) -> Known | None:
        """Of several bindings the first with a value decides, and the confidence falls."""
        found = [k for k in (self._bound(b, name, scope) for b in bounds) if k is not None]
        valued = [k for k in found if k.value is not None]
        if not found:
            return None
        best = valued[0] if valued else found[0]
        variable = best.variable or next((k.variable for k in found if k.variable), "")
        if len({str(k.value) for k in valued}) > 1 or len(found) < len(bounds):
            return replace(best, variable=variable, confidence="medium", sole=False)
        return replace(best, variable=variable)

    def _bound(self, bound: Bound, name: str, scope: ast.AST | None) -> Known | None:
        if bound.how == "value":
            return self(bound.node)
        if bound.how == "param" and isinstance(bound.node, FUNCTIONS):
            return self._parameter(bound.node, name)
        if bound.how == "unpack" and isinstance(known := items(self, bound.node), list) and bound.index < len(known):
            return self(known[bound.index])
        if bound.how == "loop":
            return self._softened(self._looped(bound.node))
        return None

    def _softened(self, known: Known | None) -> Known | None:
        return replace(known, confidence="medium", sole=False) if known is not None else None

    def _looped(self, node: ast.AST) -> Known | None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
            return self(node.args[0]) if len(node.args) > 1 else None
        found = items(self, node)
        return self(found[0]) if found else None

    def _parameter(self, function: Function, name: str) -> Known | None:
        if (told := option(self, function, name)) is not None:
            return told
        given = [k for call in self._calls_of(function) if (k := self(self._given(call, function, name))) is not None]
        default = self(default_of(function, name))
        if given and len({str(k.value) for k in given}) == 1 and (default is None or len(given) == len(self._calls_of(function))):
            return given[0]
        if given:
            return replace(given[0], confidence="medium", sole=False)
        return default

    def _calls_of(self, function: Function) -> list[ast.Call]:
        owner = self.module.enclosing_class(function)
        found = []
        for call in self.module.all(ast.Call):
            target = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
            if target == function.name or (owner is not None and function.name == "__init__" and target == owner.name):
                found.append(call)
        return found

    def _given(self, call: ast.Call, function: Function, name: str) -> ast.expr | None:
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        if names[:1] in (["self"], ["cls"]):
            names = names[1:]
        return argument(call, names.index(name) if name in names else -1, name)

    def _call(self, node: ast.Call) -> Known | None:
        name = name_of(self.index, self.module, node.func)
        if name in CASTS and node.args:
            return self(node.args[0])
        if name in ENVIRON_CALLS or name.startswith(("environs.Env()", "environ.Env()")):
            return self._environment(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop", "setdefault", "getint") and node.args:
            default = self(argument(node, 1, "default", "fallback"))
            held = entry(self, node.func.value, node.args[0])
            return held or self._softened(default)
        if name in ("max", "min", "next", "dataclasses.field", "pydantic.Field", "attr.ib", "attrs.field") and node.args[:1]:
            return self(node.args[0])
        if node.keywords and name.endswith(("field", "Field", "ib")):
            return self(argument(node, -1, "default"))
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "rstrip", "lower", "upper"):
            return self(node.func.value)
        return self._returned(name)

    def _returned(self, name: str) -> Known | None:
        path, own, local = name.partition(OWN)
        if not own or (function := self.index.module(path).functions.get(local)) is None:
            return None
        there = self.elsewhere(path)
        for line in ast.walk(function):
            if isinstance(line, ast.Return) and line.value is not None and (known := there(line.value)) is not None:
                return self._softened(known)
        return None

    def _environment(self, node: ast.Call) -> Known | None:
        variable = self(node.args[0]) if node.args else self(argument(node, -1, "key", "var", "name"))
        default = self(argument(node, 1, "default")) or Known()
        return replace(default, variable=variable.text if variable else "")

    def _subscript(self, node: ast.Subscript) -> Known | None:
        if name_of(self.index, self.module, node.value) in ("os.environ", "os.environ.copy()"):
            variable = self(node.slice)
            return Known(variable=variable.text) if variable else None
        return entry(self, node.value, node.slice)

    def _attribute(self, node: ast.Attribute) -> Known | None:
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and (owner := self.module.enclosing_class(node)):
            bounds = self.module.bindings.get((owner, f"self.{node.attr}")) or []
            return noted(self._first(bounds, node.attr, owner), node.attr) if bounds else self._setting(self.module, owner, node.attr)
        base = name_of(self.index, self.module, node.value)
        path, own, local = base.partition(OWN)
        if own and not local:
            return self.elsewhere(path).exported(node.attr)
        if own and (owner := self.index.module(path).classes.get(local.removesuffix("()"))) is not None:
            return self._setting(self.index.module(path), owner, node.attr)
        if base.endswith((".parse_args()", ".parse_known_args()")) or isinstance(node.value, ast.Name):
            return parsed_argument(self, node.attr)
        return None

    def _setting(self, module: Module, owner: ast.ClassDef, name: str) -> Known | None:
        """A class attribute's value, behind its variable where the class is one of pydantic's settings."""
        known, variable = self._field(module, owner, name), variable_of(replace(self, module=module), owner, name)
        return replace(known or Known(), variable=variable) if variable else known

    def _field(self, module: Module, owner: ast.ClassDef, name: str, depth: int = 0) -> Known | None:
        """A class attribute's value: settings, dataclasses, `self.x` of `__init__`; a parent's where it has none."""
        there = replace(self, module=module)
        for key in (name, f"self.{name}"):
            if bounds := module.bindings.get((owner, key)):
                return noted(there._first(bounds, name, owner), name)
        for parent in owner.bases:
            path, own, local = name_of(self.index, module, parent).partition(OWN)
            if own and depth < DEEPEST and (above := self.index.module(path).classes.get(local)) is not None:
                return self._field(self.index.module(path), above, name, depth + 1)
        return None

    def _boolop(self, node: ast.BoolOp) -> Known | None:
        found = [k for k in map(self, node.values) if k is not None]
        if not isinstance(node.op, ast.Or) or not found:
            return None
        valued = next((k for k in found if k.value not in (None, "")), found[-1])
        return replace(valued, variable=next((k.variable for k in found if k.variable), ""), flags=sum((k.flags for k in found), ()),
                       sole=valued.sole and all(k is valued or k.value in (None, "") for k in found))

    def _ifexp(self, node: ast.IfExp) -> Known | None:
        found = [k for k in (self(node.body), self(node.orelse)) if k is not None]
        if not found:
            return None
        valued = next((k for k in found if k.value is not None), found[0])
        variable = next((k.variable for k in found if k.variable), "")
        return replace(valued, variable=variable, confidence="high" if variable else "medium", sole=valued.sole and len(found) == 1)

    def _binop(self, node: ast.BinOp) -> Known | None:
        left, right = self(node.left), self(node.right)
        if left is None or right is None or not isinstance(node.op, ast.Add):
            return None
        if isinstance(left.value, str) and isinstance(right.value, str):
            return Known(left.value + right.value, None, "", left.via + right.via, "high", False)
        if left.number is not None and right.number is not None:
            return Known(left.number + right.number, None, left.variable, left.via + right.via, "medium", False)
        return None

    def _joinedstr(self, node: ast.JoinedStr) -> Known | None:
        parts = [self(v.value if isinstance(v, ast.FormattedValue) else v) for v in node.values]
        if any(p is None or p.value is None for p in parts):
            return None
        return Known("".join(str(p.value) for p in parts if p), None, "", sum((p.via for p in parts if p), ()), "high", False)

    def _namedexpr(self, node: ast.NamedExpr) -> Known | None:
        return self(node.value)

    def _unaryop(self, node: ast.UnaryOp) -> Known | None:
        known = self(node.operand)
        if isinstance(node.op, ast.USub) and known is not None and isinstance(known.value, int):
            return Known(-known.value, None, sole=False)
        return None
