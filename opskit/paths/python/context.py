"""What a literal stands in: its form, and whether that form allows a rewrite. Syntax only; which root it hangs on is no matter here."""

import ast
from dataclasses import dataclass

from opskit.core.finding import Fix
from opskit.paths.facts import Form
from opskit.paths.python.callee import (
    ASKS,
    COMPARES,
    ENVIRONMENT,
    EXPRESSIONS,
    JOINS,
    OPENS,
    PATHS,
    PROCESS,
    SENSITIVE,
    SHELL,
    TOLD,
    WINDOWS,
    Callees,
)
from opskit.source.python import PythonSource

TEXT_KEYWORDS = frozenset("help description usage epilog title text message msg label placeholder prog doc docstring".split())
HOLDERS = (ast.List, ast.Tuple, ast.Set, ast.Starred, ast.IfExp, ast.BoolOp, ast.keyword, ast.Await, ast.NamedExpr, ast.Dict)


@dataclass(frozen=True, slots=True)
class Context:
    """`region` is the outermost expression that the literal's text is the head of: itself, a `+` chain, a `%`, a `.format(...)`."""

    form: Form
    region: ast.AST
    fix: Fix = "safe"
    reason: str = ""
    variable: str = ""


def left(form: Form, region: ast.AST, reason: str) -> Context:
    return Context(form, region, "none", reason)


class Contexts:
    """Judges the literals of one file."""

    def __init__(self, source: PythonSource, callees: Callees) -> None:
        self.source, self.parents, self.callees = source, source.parents, callees

    def of(self, node: ast.AST) -> Context:
        region, form = self._region(node)
        refused = self._refused(node, region) or self._around(region)
        if refused:
            return refused
        stands = self._form(region)
        if form == "format" or isinstance(node, ast.JoinedStr):
            return Context("f-string" if form != "format" else form, region, stands.fix, stands.reason, stands.variable)
        return stands if form is None or stands.fix == "none" else Context(form, region)

    def _region(self, node: ast.AST) -> tuple[ast.AST, Form | None]:
        """Up through what only adds to the literal's end."""
        form: Form | None = None
        while True:
            parent = self.parents.get(node)
            match parent:
                case ast.BinOp(op=ast.Add(), left=head) if head is node:
                    form = form or "concat"
                case ast.BinOp(op=ast.Mod(), left=head) if head is node and form is None:
                    form = "format"
                case ast.Attribute(attr="format") if form is None and _called(self.parents, parent):
                    form, parent = "format", self.parents[parent]
                case _:
                    return node, form
            node = parent

    def _refused(self, node: ast.AST, region: ast.AST) -> Context | None:
        """What stands directly around the literal and reads its text."""
        parent = self.parents.get(region)
        match parent:
            case ast.Expr():
                return left("docstring", region, "a string that no code reads")
            case ast.BinOp(op=ast.Add()):
                return left("concat", region, "it follows other text")
            case ast.BinOp(op=ast.Mod() | ast.Mult()):
                return left("text", region, "it is put into other text")
            case ast.Attribute(attr=name):
                return left("text", region, f"its text is taken apart by .{name}")
            case ast.Subscript(slice=inner, value=of) if inner is region and not _is_type(self.callees.dotted(of)):
                return left("dict-key", region, "it is a key")
            case ast.Subscript(value=inner) if inner is region:
                return left("text", region, "its text is sliced")
            case ast.Dict(keys=keys) if any(k is region for k in keys):
                return left("dict-key", region, "it is a key")
            case ast.Set():
                return left("comparison", region, "it is looked up as text")
            case ast.FormattedValue():
                return left("f-string", region, "it stands inside an f-string's expression")
        return None

    def _around(self, region: ast.AST) -> Context | None:
        """What stands further out: annotations, patterns, messages, comparisons of whole lists, f-strings."""
        child, parent, near = region, self.parents.get(region), True
        while parent is not None and not isinstance(parent, ast.stmt | ast.ExceptHandler | ast.match_case):
            if isinstance(parent, ast.FormattedValue):
                return left("f-string", region, "it stands inside an f-string's expression")
            if isinstance(parent, ast.pattern):
                return left("match", region, "a pattern must be a constant")
            if isinstance(parent, ast.Subscript) and parent.slice is child and _is_type(self.callees.dotted(parent.value)):
                return left("annotation", region, "a type must be a constant")
            if isinstance(parent, ast.arg):
                return left("annotation", region, "an annotation")
            if near and isinstance(parent, ast.Compare):
                if child is region and self._is_on_the_search_path(parent):
                    return Context("sys-path", region)
                return left("comparison", region, "it is compared as text")
            if isinstance(parent, ast.Call) and (refused := self._told(parent, child, region, near)):
                return refused
            near = near and isinstance(parent, HOLDERS)
            child, parent = parent, self.parents.get(parent)
        return self._statement(parent, child, region)

    def _is_on_the_search_path(self, compare: ast.Compare) -> bool:
        """`X not in sys.path`: the same text is put there, so that both sides change alike."""
        alone = len(compare.ops) == 1 and isinstance(compare.ops[0], ast.In | ast.NotIn)
        return alone and self.callees.dotted(compare.comparators[0]) == "sys.path"

    def _statement(self, parent: ast.AST | None, child: ast.AST, region: ast.AST) -> Context | None:
        match parent:
            case ast.Assert() if not self._is_asked_for(region):
                return left("comparison", region, "an assertion")
            case ast.Raise():
                return left("message", region, "a message")
            case ast.AnnAssign(annotation=hint) if hint is child:
                return left("annotation", region, "an annotation")
            case ast.FunctionDef(returns=hint) | ast.AsyncFunctionDef(returns=hint) if hint is child:
                return left("annotation", region, "an annotation")
            case ast.match_case(guard=guard) if guard is not child:
                return left("match", region, "a pattern must be a constant")
            case ast.Delete() | ast.Import() | ast.ImportFrom():
                return left("text", region, "not an expression")
        return None

    def _is_asked_for(self, region: ast.AST) -> bool:
        """`assert os.path.isdir("C:/...")`: of the file, not of its name."""
        call = self.parents[region]
        return isinstance(call, ast.Call) and self.callees.dotted(call.func) in OPENS | ASKS

    def _told(self, call: ast.Call, child: ast.AST, region: ast.AST, near: bool) -> Context | None:
        """A call that reads its argument as text, or tells it to a person. `near` holds for the call that takes the literal itself."""
        name = self.callees.dotted(call.func)
        last = name.rpartition(".")[2]
        if child is call.func:
            return None
        if last.startswith("assert") or "parametrize" in name or name == "pytest.param":
            return left("argument", region, "a test's subject")
        if name.startswith(WINDOWS):
            return left("argument", region, "a subject of a library for Windows paths")
        if not near:
            return None
        if last in TOLD:
            return left("message", region, "a message")
        if isinstance(child, ast.keyword) and child.arg in TEXT_KEYWORDS:
            return left("message", region, "a text for a person")
        if name.startswith(EXPRESSIONS):
            return left("regex", region, f"{name} reads it as a pattern")
        if last in COMPARES and isinstance(call.func, ast.Attribute):
            return left("comparison", region, f".{last}() reads it as text")
        if name in SHELL or (name in PROCESS and _by_shell(call) and call.args[:1] == [child]):
            return left("command", region, "a command line of a shell")
        return None

    def _form(self, region: ast.AST) -> Context:
        child, parent = region, self.parents[region]
        while isinstance(parent, ast.IfExp | ast.NamedExpr | ast.Await | ast.Starred | ast.BoolOp):
            if isinstance(parent, ast.BoolOp) and (variable := self._read(parent.values[0])) and parent.values[0] is not child:
                return Context("env-fallback", region, "none", f"it is what {variable} falls back to", variable)
            child, parent = parent, self.parents[parent]
        match parent:
            case ast.Call():
                return self._argument(parent, child, region)
            case ast.keyword():
                return self._keyword(parent, region)
            case ast.arguments():
                return Context("default", region)
            case ast.Dict():
                return Context("dict-value", region)
            case ast.List() | ast.Tuple():
                return Context("list-element", region)
            case ast.ClassDef():
                return Context("class-attribute", region)
            case ast.Assign() | ast.AnnAssign():
                inside = isinstance(self.parents[parent], ast.ClassDef)
                return Context("class-attribute" if inside else "assignment", region)
        return Context("argument", region)

    def _argument(self, call: ast.Call, child: ast.AST, region: ast.AST) -> Context:
        name = self.callees.dotted(call.func)
        if name in ENVIRONMENT and call.args and child is not call.args[0]:
            return self._fallback(call, region)
        first = call.args[:1] == [child]
        if name in PATHS:
            return Context("path-call", region)
        if name in JOINS and first:
            return Context("join", region)
        if name in ("sys.path.insert", "sys.path.append", "site.addsitedir"):
            return Context("sys-path", region)
        return Context("open" if name in OPENS and first else "argument", region)

    def _keyword(self, keyword: ast.keyword, region: ast.AST) -> Context:
        call = self.parents[keyword]
        if isinstance(call, ast.Call):
            name = self.callees.dotted(call.func)
            if name in ENVIRONMENT or (keyword.arg == "default" and call.args and _variable(call.args[0])):
                return self._fallback(call, region)
        return Context("keyword", region)

    def _fallback(self, call: ast.Call, region: ast.AST) -> Context:
        variable = _variable(call.args[0]) if call.args else ""
        return Context("env-fallback", region, "none", f"it is what {variable or 'a variable'} falls back to", variable)

    def _read(self, node: ast.AST) -> str:
        """The variable that an expression reads from the environment."""
        if isinstance(node, ast.Call) and self.callees.dotted(node.func) in ENVIRONMENT and node.args:
            return _variable(node.args[0])
        if isinstance(node, ast.Subscript) and self.callees.dotted(node.value) == "os.environ":
            return _variable(node.slice)
        return ""


def _variable(node: ast.AST) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and value.isupper() and value.isidentifier() else ""


def _called(parents: dict[ast.AST, ast.AST], node: ast.AST) -> bool:
    call = parents.get(node)
    return isinstance(call, ast.Call) and call.func is node


def _by_shell(call: ast.Call) -> bool:
    return any(k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value) for k in call.keywords)


def _is_type(name: str) -> bool:
    return name.rpartition(".")[2] in ("Literal", "Annotated", "Optional", "Union", "List", "Dict")


__all__ = ["SENSITIVE", "Context", "Contexts", "left"]
