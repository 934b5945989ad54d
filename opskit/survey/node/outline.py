"""One module's functions and calls, and which function each stands in."""

from typing import TYPE_CHECKING

from opskit.survey.node.modules import Module

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = ("function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function_declaration")
MODULE = -1


class Outline:
    """One module's functions and calls, each with the function around it (its first byte, MODULE at module level)."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.functions = module.source.found(*FUNCTIONS)
        self.calls = module.source.found("call_expression", "new_expression")
        self.named: dict[str, list[Node]] = {}
        for function in self.functions:
            self.named.setdefault(called_as(module, function), []).append(function)
        self.around = _around(self.functions, [*self.functions, *self.calls])
        self.called: dict[int, list[Node]] = {}
        for call in self.calls:
            self.called.setdefault(self.around[call.id], []).append(call)
        self.inline: dict[int, list[tuple[Node, str]]] = {}
        for function in self.functions:
            if handed := _handed_to(module, function):
                self.inline.setdefault(self.around[function.id], []).append((function, handed))


def _around(functions: "list[Node]", nodes: "list[Node]") -> dict[int, int]:
    """For each node's id the first byte of the innermost function that holds it, by one sweep over the file."""
    found, open_now, waiting = {}, [], list(functions)
    for node in sorted(nodes, key=lambda n: (n.start_byte, -n.end_byte)):
        while (
            waiting
            and waiting[0].start_byte <= node.start_byte
            and (waiting[0].start_byte, -waiting[0].end_byte) < (node.start_byte, -node.end_byte)
        ):
            open_now.append(waiting.pop(0))
        while open_now and open_now[-1].end_byte < node.end_byte:
            open_now.pop()
        found[node.id] = open_now[-1].start_byte if open_now else MODULE
    return found


def _handed_to(module: Module, function: "Node") -> str:
    """What runs a function where it stands: the callee's name it is an argument of, "()" for one called at once."""
    parent = function.parent
    while parent is not None and parent.type in ("parenthesized_expression", "unary_expression", "await_expression"):
        parent = parent.parent
    if parent is None:
        return ""
    if parent.type == "call_expression":
        return "()"
    if parent.type == "arguments" and parent.parent is not None:
        callee = parent.parent.child_by_field_name("function") or parent.parent.child_by_field_name("constructor")
        return module.source.text(callee).rpartition("\n")[2][-60:] or "?"
    return (
        "?"
        if parent.type == "pair"
        and parent.parent is not None
        and parent.parent.parent is not None
        and parent.parent.parent.type == "arguments"
        else ""
    )


def called_as(module: Module, function: "Node") -> str:
    """The name that calls of a function use; for a constructor its class's name."""
    text = module.source.text
    if function.type == "method_definition" and text(function.child_by_field_name("name")) == "constructor":
        holder = function.parent
        while holder is not None and holder.type not in ("class_declaration", "class"):
            holder = holder.parent
        function = holder or function
    if (name := function.child_by_field_name("name")) is not None:
        return text(name)
    parent = function.parent
    if parent is None:
        return ""
    if parent.type == "variable_declarator":
        return text(parent.child_by_field_name("name"))
    if parent.type == "pair":
        return text(parent.child_by_field_name("key"))
    if parent.type == "assignment_expression":
        return text(parent.child_by_field_name("left")).rpartition(".")[2]
    if parent.type in ("field_definition", "public_field_definition"):
        return text(parent.child_by_field_name("property") or parent.child_by_field_name("name"))
    return ""
