"""Who calls a function, so that its parameters have values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.survey.node.modules import Module
from opskit.survey.node.outline import called_as
from opskit.survey.node.program import Program

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    module: Module
    node: "Node"
    arguments: "list[Node]"


class Callers:
    """Calls of a function by its name, in its own file first, then in the files that import that one. `several` is set once
    calls of different files had to be told apart."""

    def __init__(self, program: Program, within: frozenset[str] = frozenset()) -> None:
        """`within`: the files that run, where only their calls count."""
        self.program, self.within = program, within
        self.several = False
        self._known: dict[tuple[str, int], list[Caller]] = {}

    def of(self, module: Module, function: "Node") -> list[Caller]:
        key = (module.source.path, function.start_byte)
        if key not in self._known:
            name = called_as(module, function)
            found = self._search(module, name) if name else []
            self._known[key] = [c for c in found if not _inside(c, module, function) and self._runs(c)]
        self.several |= len({c.module.source.path for c in self._known[key]}) > 1
        return self._known[key]

    def _runs(self, caller: Caller) -> bool:
        return not self.within or caller.module.source.path in self.within

    def everywhere(self, module: Module, name: str) -> list[Caller]:
        """Calls in the function's own file and in every file that imports it by that name."""
        found = _calls(module, name)
        for other in self.program.importers(module.source.path):
            far = self.program.imported(other, name)
            if far is not None and far[0] is module:
                found += _calls(other, name)
            else:
                found += [caller for caller in _calls(other, name) if self._through(caller, module)]
        return found

    def _through(self, caller: Caller, module: Module) -> bool:
        """`config.need(...)` where `config` is the whole module."""
        callee = caller.node.child_by_field_name("function")
        held = callee.child_by_field_name("object") if callee is not None and callee.type == "member_expression" else None
        far = self.program.imported(caller.module, caller.module.source.text(held)) if held is not None else None
        return far is not None and far[0] is module and far[1] in ("*", "default")

    def _search(self, module: Module, name: str) -> list[Caller]:
        found = _calls(module, name)
        if not found:
            for other in self.program.importers(module.source.path):
                found += _calls(other, name)
        return found


def _inside(caller: Caller, module: Module, function: "Node") -> bool:
    """A function's call of itself tells nothing of how it is first called."""
    return caller.module is module and function.start_byte <= caller.node.start_byte and caller.node.end_byte <= function.end_byte


def _calls(module: Module, name: str) -> list[Caller]:
    found = []
    for node in module.source.found("call_expression", "new_expression"):
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if callee is not None and callee.type in ("member_expression", "identifier"):
            last = callee.child_by_field_name("property") if callee.type == "member_expression" else callee
            if module.source.text(last) == name:
                arguments = node.child_by_field_name("arguments")
                found.append(
                    Caller(module, node, [a for a in arguments.named_children if a.type != "comment"] if arguments is not None else [])
                )
    return found
