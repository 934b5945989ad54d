"""Which functions run when a file is started: module level, callbacks, and what those call by name.

Decided by names: a call `f(...)`, `x.m(...)` or `new C(...)` in running code makes the functions of that name run, in its own
file and, for what is imported, in the file it comes from. A function that nothing running names does not run.
"""

from typing import TYPE_CHECKING

from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.outline import FUNCTIONS, MODULE, Outline
from opskit.survey.node.program import Program, exported

if TYPE_CHECKING:
    from tree_sitter import Node

SUITES = frozenset(("describe", "it", "test", "before", "after", "beforeEach", "afterEach", "beforeAll", "afterAll"))
STARTED_ALONE = ("require.main", "import.meta.main", "import.meta.url", "process.argv[1]")


class Running:
    """What runs when `entry` is started: `functions` maps a path to the first bytes of functions (MODULE included)."""

    def __init__(self, program: Program, entry: Module) -> None:
        self.program, self.entry = program, entry.source.path
        self.functions: dict[str, set[int]] = {}
        self._waiting: list[tuple[str, int]] = []
        self._methods: dict[str, bool] = {}
        self._run(self.entry, MODULE)
        while self._waiting:
            self._visit(*self._waiting.pop())

    def holds(self, path: str, function: int) -> bool:
        return function in self.functions.get(path, ())

    def _run(self, path: str, function: int) -> None:
        if function not in self.functions.setdefault(path, set()):
            self.functions[path].add(function)
            self._waiting.append((path, function))

    def _visit(self, path: str, function: int) -> None:
        outline = self.program.outline(path)
        if outline is None:
            return
        if function == MODULE:
            for bound in outline.module.bound:
                if target := resolve(self.program.tree, path, bound.specifier):
                    self._run(target, MODULE)
                    self._replay(target)
        for inner, callee in outline.inline.get(function, ()):
            if callee not in SUITES and not self._alone(path, inner):
                self._run(path, inner.start_byte)
        for call in outline.called.get(function, ()):
            if not self._alone(path, call):
                self._called(outline, path, call)

    def _replay(self, path: str) -> None:
        """Methods named before their file was known to run."""
        outline = self.program.outline(path)
        for name in self._methods if outline else ():
            for function in outline.named.get(name, ()) if outline else ():
                self._run(path, function.start_byte)

    def _alone(self, path: str, node: "Node") -> bool:
        """Inside `if (require.main === module)` of a file that is only imported."""
        if path == self.entry:
            return False
        module = self.program.module(path)
        parent = node.parent
        while parent is not None and module is not None:
            if parent.type == "if_statement":
                condition = module.source.text(parent.child_by_field_name("condition"))
                if any(word in condition for word in STARTED_ALONE):
                    return True
            parent = parent.parent
        return False

    def _called(self, outline: Outline, path: str, call: "Node") -> None:
        source = outline.module.source
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        if callee is None:
            return
        if callee.type == "identifier":
            self._named(outline, path, source.text(callee))
        elif callee.type == "member_expression":
            self._method(source.text(callee.child_by_field_name("property")))
            if callee.child_by_field_name("object").type == "identifier":  # type: ignore[union-attr]
                self._named(outline, path, source.text(callee.child_by_field_name("object")), whole=True)
        elif callee.type == "call_expression" and source.text(callee.child_by_field_name("function")) == "require":
            self._required(outline, path, callee)
        arguments = call.child_by_field_name("arguments")
        for argument in arguments.named_children if arguments is not None else []:
            if argument.type == "identifier":
                self._named(outline, path, source.text(argument))

    def _required(self, outline: Outline, path: str, call: "Node") -> None:
        bound = next((b for b in outline.module.bound if b.node == call), None)
        target = resolve(self.program.tree, path, bound.specifier) if bound else ""
        if target:
            self._far(target, "*", "")

    def _named(self, outline: Outline, path: str, name: str, whole: bool = False) -> None:
        for function in () if whole else outline.named.get(name, ()):
            self._run(path, function.start_byte)
        if far := self.program.imported(outline.module, name):
            self._far(far[0].source.path, far[1], name)

    def _far(self, path: str, exported: str, local: str) -> None:
        outline = self.program.outline(path)
        if outline is None:
            return
        for function in _exports(outline, exported, local):
            self._run(path, function.start_byte)

    def _method(self, name: str) -> None:
        if self._methods.get(name):
            return
        self._methods[name] = True
        for path in list(self.functions):
            outline = self.program.outline(path)
            for function in outline.named.get(name, ()) if outline else ():
                self._run(path, function.start_byte)


def _exports(outline: Outline, name: str, local: str) -> "list[Node]":
    """Functions behind an exported name; of a default export or a whole module its own function or class."""
    found = list(outline.named.get(name, ())) or (list(outline.named.get(local, ())) if name in ("*", "default") else [])
    node = exported(outline.module, name)
    if node is not None and node.type in FUNCTIONS:
        found.append(node)
    if node is not None and node.type == "identifier":
        found += outline.named.get(outline.module.source.text(node), ())
    return found
