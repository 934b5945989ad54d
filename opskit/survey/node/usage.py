"""What a read's surroundings tell of it: its fallback, its type, whether its absence is an error."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.survey.node.environment import asked, bare, outer
from opskit.survey.node.modules import Module

if TYPE_CHECKING:
    from tree_sitter import Node

CASTS = {
    "Number": "int",
    "parseInt": "int",
    "Number.parseInt": "int",
    "parseFloat": "float",
    "Number.parseFloat": "float",
    "Boolean": "bool",
    "JSON.parse": "json",
    "BigInt": "int",
    "URL": "url",
}
TRUTHS = frozenset(("true", "false", "1", "0", "yes", "no", "on", "off"))
COMPARISONS = frozenset(("==", "===", "!=", "!==", "in"))


@dataclass(frozen=True, slots=True)
class Usage:
    """`default` is the literal fallback as text; `required` that there is neither a fallback nor a test for absence."""

    required: bool = True
    default: str | None = None
    type: str = "str"


def usage(module: Module, node: "Node") -> Usage:
    """How the value of a read at `node` is used."""
    node, default, falls_back, kind = outer(node), None, False, "str"
    while (parent := node.parent) is not None:
        if parent.type == "binary_expression":
            operator = module.source.text(parent.child_by_field_name("operator"))
            if operator not in ("||", "??"):
                return _compared(module, parent, node, operator, Usage(not falls_back, default, kind))
            right = parent.child_by_field_name("right")
            if right is not None and right != node:
                falls_back, default = True, literal(module, right)
                kind = _kind_of(module, right, kind)
        elif cast := _cast(module, parent, node):
            kind = cast
        elif parent.type not in ("parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"):
            break
        node = parent
    return _judged(module, node, Usage(not falls_back, default, kind))


def literal(module: Module, node: "Node | None") -> str | None:
    """A literal as text (`3000`, `true`, a string's value, a constant's), None where it is none."""
    node = bare(node)
    if node is None:
        return None
    if node.type in ("number", "true", "false"):
        return module.source.text(node)
    if node.type == "identifier" and (found := module.names.find(module.source.text(node), node)):
        return literal(module, found.value) if found.kind == "const" and not found.key else None
    return module.source.string(node)


def _kind_of(module: Module, right: "Node", kind: str) -> str:
    right = bare(right) or right
    if kind == "str" and right.type in ("number", "true", "false"):
        return "int" if right.type == "number" and "." not in module.source.text(right) else "float" if right.type == "number" else "bool"
    return kind


def _cast(module: Module, parent: "Node", node: "Node") -> str:
    """The type that the enclosing call or operator turns the value into, "" where it is none of those."""
    if parent.type == "arguments" and parent.named_children and parent.named_children[0] == node and parent.parent is not None:
        callee = parent.parent.child_by_field_name("function") or parent.parent.child_by_field_name("constructor")
        return CASTS.get(module.source.text(callee), "")
    if parent.type in ("call_expression", "new_expression") and node.type == "arguments":
        return CASTS.get(module.source.text(parent.child_by_field_name("function") or parent.child_by_field_name("constructor")), "")
    if parent.type == "unary_expression":
        operator = module.source.text(parent.child_by_field_name("operator"))
        return {"+": "int", "!": ""}.get(operator, "")
    return ""


def _compared(module: Module, parent: "Node", node: "Node", operator: str, so_far: Usage) -> Usage:
    left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
    other = right if left == node else left
    if operator in COMPARISONS:
        if operator != "in" and not _told(module, other):
            return so_far
        text = (literal(module, other) or "").lower()
        kind = "bool" if text in TRUTHS and module.source.string(bare(other)) is not None and text in ("true", "false") else so_far.type
        return Usage(_guards(parent) if so_far.required else False, so_far.default, kind)
    if operator == "&&":
        return Usage(False, so_far.default, so_far.type)
    return so_far


def _told(module: Module, node: "Node | None") -> bool:
    """A value that the code spells, or a constant by its name; what only comes at run time (a request's key) matches
    nothing without the variable."""
    node = bare(node)
    if node is None or node.type in ("null", "undefined") or literal(module, node) is not None:
        return True
    return bool(re.fullmatch(r"[A-Z]\w*(\.\w+)*", module.source.text(node)))


def _judged(module: Module, node: "Node", so_far: Usage) -> Usage:
    parent = node.parent
    if parent is None or not so_far.required:
        return so_far
    if parent.type == "augmented_assignment_expression" and parent.child_by_field_name("left") == node:
        right = parent.child_by_field_name("right")
        return Usage(False, literal(module, right), _kind_of(module, right, so_far.type) if right else so_far.type)
    if parent.type == "ternary_expression" and parent.child_by_field_name("condition") == node:
        return Usage(False, _other_branch(module, parent, node), so_far.type)
    if parent.type == "unary_expression" and module.source.text(parent.child_by_field_name("operator")) == "!":
        return Usage(_guards(parent), None, so_far.type)
    if parent.type in ("if_statement", "while_statement"):
        return Usage(False, None, so_far.type)
    if parent.type == "member_expression":
        return _method(module, parent, so_far)
    return so_far


def _other_branch(module: Module, parent: "Node", node: "Node") -> str | None:
    """The fallback of `X ? X : "default"`; a ternary that only asks whether X is set has none."""
    name = asked(module, bare(node) or node)
    kept = module.source.text(parent.child_by_field_name("consequence"))
    return literal(module, parent.child_by_field_name("alternative")) if name and name[0] in kept else None


def _method(module: Module, parent: "Node", so_far: Usage) -> Usage:
    name = module.source.text(parent.child_by_field_name("property"))
    chained = "?." in module.source.text(parent)
    kind = "list" if name == "split" else so_far.type
    if name in ("required", "default") or (so_far.type == "str" and name.startswith("as")):
        return so_far
    return Usage(so_far.required and not chained, so_far.default, kind)


def _guards(node: "Node") -> bool:
    """Whether a test for absence ends the program: `if (!X) throw ...`, `if (!X) process.exit(1)`."""
    node = outer(node)
    while node.parent is not None and node.parent.type in ("binary_expression", "parenthesized_expression", "unary_expression"):
        node = node.parent
    statement = node.parent
    if statement is None or statement.type != "if_statement":
        return False
    body = statement.child_by_field_name("consequence")
    return body is not None and bool(re.search(rb"\bthrow\b|process\.exit", body.text or b""))
