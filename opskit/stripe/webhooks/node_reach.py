"""JavaScript: from a route to the code that answers it, and on to the functions that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opskit.survey.facts import Route
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import FUNCTIONS, called_as
from opskit.survey.node.program import Program, exported

if TYPE_CHECKING:
    from opskit.source.javascript import Node

DEEPEST, MOST = 5, 120
HANDLERS = ("handler", "default", "POST", "*")
LITERALS = ("object", "array", "new_expression")


@dataclass(slots=True)
class Reach:
    """Stretches of code in the order they are reached, the entry first; literal tables that they name among them."""

    parts: "list[tuple[Module, Node]]" = field(default_factory=list)

    def found(self, *kinds: str) -> "Iterator[tuple[Module, Node]]":
        """Nodes of these kinds, each once though parts may lie within parts."""
        seen = set[tuple[str, int, int]]()
        for module, part in self.parts:
            for kind in kinds:
                for node in module.source.within(kind, part):
                    key = (module.source.path, node.start_byte, node.end_byte)
                    if key not in seen:
                        seen.add(key)
                        yield module, node

    @property
    def text(self) -> str:
        return "\n".join(module.source.text(part) for module, part in self.parts)

    def holds(self, module: Module, node: "Node") -> bool:
        return any(m is module and p.start_byte <= node.start_byte and node.end_byte <= p.end_byte for m, p in self.parts)


def entries(program: Program, route: Route) -> "list[tuple[Module, Node]]":
    """What answers a route: the arguments behind its path, the branch that compares it, or what the file exports."""
    module = program.module(route.place.path)
    if module is None or module.source.root is None:
        return []
    if route.place.end <= route.place.start:
        return whole(module)
    for node in module.source.found("string", "template_string"):
        if (node.start_byte, node.end_byte) == (route.place.start, route.place.end):
            return [(module, n) for n in _behind(node)]
    return [(module, n) for n in module.source.found(*FUNCTIONS) if n.start_byte == route.place.start][:1] or whole(module)


def whole(module: Module) -> "list[tuple[Module, Node]]":
    """The handler that a file of one function exports; where it is wrapped in something, the file."""
    for name in HANDLERS:
        node = bare(exported(module, name))
        if node is not None and node.type == "identifier" and (declared := module.names.find(module.source.text(node), node)):
            node = bare(declared.value)
        if node is not None and node.type in FUNCTIONS:
            return [(module, node)]
    return [(module, module.source.root)] if module.source.root is not None else []


def _behind(literal: "Node") -> "list[Node]":
    """`app.post("/x", a, b)`, `.route("/x").post(a)`, `if (url === "/x") {...}`, `case "/x": ...`, `{ url: "/x", handler }`."""
    node: Node | None = literal
    while node is not None and node.parent is not None:
        parent = node.parent
        if parent.type == "arguments":
            rest = [child for child in parent.named_children if child.start_byte > node.start_byte]
            return rest or [_outermost(parent)]
        if parent.type == "if_statement":
            body = parent.child_by_field_name("consequence")
            return [body] if body is not None else []
        if parent.type in ("switch_case", "pair") or parent.type in FUNCTIONS:
            return [parent.parent if parent.type == "pair" and parent.parent is not None else parent]
        node = parent
    return []


def _outermost(node: "Node") -> "Node":
    """The whole chain of calls."""
    while node.parent is not None and node.parent.type in ("call_expression", "member_expression", "arguments"):
        node = node.parent
    return node


def reach(program: Program, start: "list[tuple[Module, Node]]") -> Reach:
    found, seen = Reach(), {(m.source.path, n.start_byte, n.end_byte) for m, n in start}
    waiting = [(module, node, 0) for module, node in start]
    while waiting and len(found.parts) < MOST:
        module, node, depth = waiting.pop(0)
        found.parts.append((module, node))
        for there, inner in _named(program, module, node) if depth < DEEPEST else ():
            key = (there.source.path, inner.start_byte, inner.end_byte)
            if key not in seen:
                seen.add(key)
                waiting.append((there, inner, depth + 1))
    return found


def _named(program: Program, module: Module, part: "Node") -> "Iterator[tuple[Module, Node]]":
    text = module.source.text
    if part.type in ("identifier", "member_expression") and (own := meant(program, module, part)) is not None:
        yield own
    for call in module.source.within("call_expression", part):
        function = call.child_by_field_name("function")
        if function is not None and (own := meant(program, module, function)) is not None:
            yield own
        arguments = call.child_by_field_name("arguments")
        for given in arguments.named_children if arguments is not None else []:
            if given.type == "identifier" and (own := meant(program, module, given)) is not None:
                yield own
    for name in set(re.findall(r"[A-Za-z_$][\w$]*", text(part))):
        declared = module.names.find(name, part)
        value = bare(declared.value) if declared is not None and declared.kind in ("const", "let", "var") and not declared.key else None
        if value is not None and value.type in LITERALS and not _inside(value, part):
            yield module, value


def meant(program: Program, module: Module, node: "Node") -> "tuple[Module, Node] | None":
    """The platform's function that a callee names: of this file, of an imported one, a method of this class."""
    text = module.source.text
    if node.type == "identifier":
        if far := program.imported(module, text(node)):
            return _function(far[0], bare(exported(*far)))
        declared = module.names.find(text(node), node)
        return _function(module, bare(declared.value)) if declared is not None else None
    if node.type != "member_expression":
        return None
    holder, name = node.child_by_field_name("object"), text(node.child_by_field_name("property"))
    if holder is not None and holder.type == "identifier" and (far := program.imported(module, text(holder))):
        return _function(far[0], bare(exported(far[0], name))) or _method(far[0], name)
    if holder is not None and holder.type == "this":
        return _method(module, name)
    return None


def _method(module: Module, name: str) -> "tuple[Module, Node] | None":
    found = [n for n in module.source.found("method_definition") if called_as(module, n) == name]
    return (module, found[0]) if len(found) == 1 else None


def _function(module: Module, node: "Node | None") -> "tuple[Module, Node] | None":
    if node is not None and node.type == "identifier":
        declared = module.names.find(module.source.text(node), node)
        node = bare(declared.value) if declared is not None else None
    return (module, node) if node is not None and node.type in FUNCTIONS else None


def _inside(node: "Node", part: "Node") -> bool:
    return part.start_byte <= node.start_byte and node.end_byte <= part.end_byte
