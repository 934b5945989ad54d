"""JavaScript: the event types that a receiver asks for: `switch`, comparison, membership, a table of functions, a prefix."""

from typing import TYPE_CHECKING

from opskit.stripe.webhooks.events import event_types, is_event, is_prefix
from opskit.stripe.webhooks.node_does import does
from opskit.stripe.webhooks.node_reach import Reach, meant
from opskit.stripe.webhooks.receiver import Does, Handled, Mark
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import FUNCTIONS
from opskit.survey.node.program import Program

if TYPE_CHECKING:
    from opskit.source.javascript import Node


def handled(program: Program, reached: Reach) -> tuple[tuple[Handled, ...], tuple[Mark, ...]]:
    """Each type once, the most that is done about it; types that Stripe does not have are marked."""
    found: dict[str, Handled] = {}
    marks = dict[str, Mark]()
    for module, node in reached.found("string", "template_string"):
        text = module.source.string(node) or ""
        prefix = is_prefix(text)
        if "." not in text or not (prefix or is_event(text)):
            continue
        done = _done(program, module, node, prefix)
        if done is None:
            continue
        place = module.source.place(node)
        if not prefix and text not in event_types():
            marks.setdefault(text, Mark("unknown type", place, text))
            continue
        name = f"{text}*" if prefix else text
        before = found.get(name)
        if before is None or (before.does != "work" and done == "work"):
            found[name] = Handled(name, before.place if before else place, done)
    return tuple(sorted(found.values(), key=lambda h: h.place)), tuple(marks.values())


def _done(program: Program, module: Module, node: "Node", prefix: bool) -> Does | None:
    """What follows where the string is the event's type, None where the string is something else."""
    parent = node.parent
    if parent is None:
        return None
    if prefix:
        call = parent.parent
        asks = call is not None and module.source.text(call.child_by_field_name("function")).endswith(".startsWith")
        return _branch(program, module, call) if call is not None and asks else None
    if parent.type == "switch_case" and parent.child_by_field_name("value") == node:
        return does(program, module, _body(parent))
    if parent.type == "binary_expression":
        operator = module.source.text(parent.child_by_field_name("operator"))
        return _branch(program, module, parent) if operator in ("===", "==") else "work" if operator in ("!==", "!=") else None
    if parent.type == "pair" and parent.child_by_field_name("key") == node:
        return _value(program, module, parent.child_by_field_name("value"))
    if parent.type == "array":
        return _listed(program, module, parent)
    return None


def _body(case: "Node") -> "list[Node]":
    """A case's statements; of an empty one those that it falls through to."""
    while case is not None:
        value = case.child_by_field_name("value")
        body = [child for child in case.named_children if child != value and child.type != "comment"]
        if body or case.next_named_sibling is None:
            return body
        case = case.next_named_sibling
    return []


def _branch(program: Program, module: Module, test: "Node") -> Does:
    """What the `if` around a test does when it holds; of a test that is turned round the rest of the function is meant."""
    node: Node | None = test
    while node is not None and node.parent is not None:
        parent = node.parent
        if parent.type == "unary_expression":
            return "work"
        if parent.type == "if_statement":
            body = parent.child_by_field_name("consequence")
            inside = parent.child_by_field_name("condition") == node
            return does(program, module, [body]) if inside and body is not None else "work"
        if parent.type in FUNCTIONS or parent.type.endswith("statement"):
            return "work"
        node = parent
    return "work"


def _value(program: Program, module: Module, value: "Node | None") -> Does | None:
    """A table's entry counts where it is something to call."""
    if value is None:
        return None
    own = (module, value) if value.type in FUNCTIONS else meant(program, module, value)
    if own is None:
        return "work" if value.type in ("member_expression", "identifier", "call_expression") else None
    body = own[1].child_by_field_name("body")
    return does(program, own[0], [body] if body is not None else [])


def _listed(program: Program, module: Module, array: "Node") -> Does | None:
    """`["a", "b"].includes(type)`, `new Set([...]).has(type)`, by a name too; not what registers an endpoint."""
    holder = array.parent
    while holder is not None and holder.type in ("arguments", "new_expression", "parenthesized_expression", "as_expression"):
        holder = holder.parent
    if holder is None:
        return None
    if holder.type == "member_expression" and module.source.text(holder.child_by_field_name("property")) in ("includes", "has", "indexOf"):
        return _branch(program, module, holder.parent) if holder.parent is not None else None
    if holder.type != "variable_declarator":
        return None
    name = module.source.text(holder.child_by_field_name("name"))
    for call in module.source.found("call_expression"):
        if module.source.text(call.child_by_field_name("function")) in (f"{name}.includes", f"{name}.has"):
            return _branch(program, module, call)
    return None
