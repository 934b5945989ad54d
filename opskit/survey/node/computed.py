"""Reads of the environment whose name is not written in the brackets: a constant, a list looped over, a function's parameter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.survey.node.callers import Callers
from opskit.survey.node.environment import NAME, bare, environment
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import called_as
from opskit.survey.node.program import Program, exported
from opskit.survey.node.usage import Usage, literal, usage

if TYPE_CHECKING:
    from tree_sitter import Node

LOOPS = frozenset(("forEach", "filter", "map", "every", "some", "find", "reduce", "flatMap"))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A name with the node that spells it, in whichever module that stands."""

    name: str
    module: Module
    node: "Node"
    usage: Usage
    via: str


def subscripts(module: Module) -> "list[tuple[Node, Node, str]]":
    """(whole, index, via) of `process.env[index]` with an index that is no literal."""
    found = []
    for node in module.source.found("subscript_expression"):
        index = bare(node.child_by_field_name("index"))
        if index is not None and module.source.string(index) is None and (via := environment(module, node.child_by_field_name("object"))):
            found.append((node, index, via))
    return found


def computed(program: Program, module: Module) -> tuple[list[Asked], list["Node"]]:
    """What computed names come to, and the places where that cannot be told."""
    found: list[Asked] = []
    dark: list[Node] = []
    for node, index, via in subscripts(module):
        if _is_write(node):
            continue
        seen = _spelled(program, module, node, index, via) if index.type == "identifier" else []
        found += seen
        if not seen:
            dark.append(node)
    return found, dark


def _is_write(node: "Node") -> bool:
    parent = node.parent
    return parent is not None and parent.type == "assignment_expression" and parent.child_by_field_name("left") == node


def _spelled(program: Program, module: Module, node: "Node", index: "Node", via: str) -> list[Asked]:
    name = module.source.text(index)
    declared = module.names.find(name, index)
    if declared is None:
        looped = _loop(module, node, name)
        return _listed(program, module, looped, via) if looped is not None else []
    if declared.kind == "const" and not declared.key:
        text = literal(module, declared.value)
        spelled = bare(declared.value)
        return [Asked(text, module, spelled, usage(module, node), via)] if text and NAME.match(text) and spelled is not None else []
    if declared.kind == "parameter" and len(declared.key) == 1:
        if (array := _iterated(declared.scope)) is not None:
            return _listed(program, module, array, via)
        return _wrapped(program, module, declared.scope, int(declared.key[0]), usage(module, node), via)
    return []


def _loop(module: Module, node: "Node", name: str) -> "Node | None":
    """The list of `for (const name of list)` around a node."""
    parent = node.parent
    while parent is not None:
        if parent.type == "for_in_statement" and module.source.text(parent.child_by_field_name("left")) == name:
            return parent.child_by_field_name("right")
        parent = parent.parent
    return None


def _iterated(function: "Node") -> "Node | None":
    """The list whose elements a callback is handed one by one."""
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    if callee is None or callee.type != "member_expression":
        return None
    method = callee.child_by_field_name("property")
    return callee.child_by_field_name("object") if method is not None and (method.text or b"").decode() in LOOPS else None


def _listed(program: Program, module: Module, node: "Node", via: str) -> list[Asked]:
    """The names of an array literal, also one that a constant holds: a list of what must be there."""
    array = bare(node)
    if array is not None and array.type == "identifier":
        name = module.source.text(array)
        if far := program.imported(module, name):
            module, array = far[0], bare(exported(*far))
        elif declared := module.names.find(name, array):
            array = bare(declared.value)
    if array is None or array.type != "array":
        return []
    spelled = [(text, item) for item in array.named_children if (text := module.source.string(item)) and NAME.match(text)]
    return [Asked(text, module, item, Usage(), via) for text, item in spelled]


def _wrapped(program: Program, module: Module, function: "Node", index: int, inside: Usage, via: str) -> list[Asked]:
    """The names that callers hand to a function that reads the environment for them; a further argument is the fallback."""
    name = called_as(module, function)
    if not name:
        return []
    found = []
    for caller in Callers(program).everywhere(module, name):
        given = caller.arguments[index] if index < len(caller.arguments) else None
        text = caller.module.source.string(bare(given))
        if given is None or not text or not NAME.match(text):
            continue
        outside = usage(caller.module, caller.node)
        extra = caller.arguments[index + 1] if index + 1 < len(caller.arguments) else None
        default = literal(caller.module, extra) if extra is not None and extra.type != "object" else None
        required = inside.required and outside.required and (extra is None or extra.type == "object")
        kind = outside.type if outside.type != "str" else inside.type
        found.append(Asked(text, caller.module, given, Usage(required, default or outside.default or inside.default, kind), via))
    return found
