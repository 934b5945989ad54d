"""JavaScript: what about a receiver's code makes it refuse what is right, take what is wrong, or lose what it took."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from opskit.stripe.webhooks.node_does import does
from opskit.stripe.webhooks.node_parsers import parsed_before
from opskit.stripe.webhooks.node_reach import Reach
from opskit.stripe.webhooks.receiver import Mark
from opskit.survey.facts import Route, Service
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import FUNCTIONS, called_as
from opskit.survey.node.program import Program
from opskit.survey.node.values import Evaluator

if TYPE_CHECKING:
    from opskit.source.javascript import Node

WRITES = re.compile(r"JSON\.stringify\s*\(|\.json\s*\(\s*\)|JSON\.parse\s*\(")
TAKES = re.compile(r"JSON\.parse\s*\(|=\s*(await\s+)?(req|request|event|ctx\.request)\.(body|json\(\))")
ANSWERS = re.compile(
    r"\b(return|throw)\b|\b(res|response|reply|ctx)\s*\.\s*(status|send|json|writeHead|sendStatus|code|end)\b|process\.exit|ctx\.status")
FINE = re.compile(r"(statusCode|status)\s*:\s*2\d\d|(status|sendStatus|writeHead|code)\s*\(\s*2\d\d")
MOVED = {"current_period_end": "sub", "current_period_start": "sub", "subscription": "invoice", "payment_intent": "invoice",
         "charge": "invoice"}
Calls = list[tuple[Module, "Node"]]


def marks(program: Program, service: Service | None, route: Route, seen: Reach, calls: "Calls") -> tuple[Mark, ...]:
    found: list[Mark] = []
    for module, call in calls:
        found += _verification(program, seen, module, call)
        found += parsed_before(program, service, route, seen, module, call)
    if service is not None and service.kind == "function":
        found += _encoded(seen, calls)
    return tuple(dict.fromkeys((*found, *_moved(seen), *_swallowed(program, seen, calls))))


def argument(call: "Node", position: int) -> "Node | None":
    arguments = call.child_by_field_name("arguments")
    given = [n for n in arguments.named_children if n.type != "comment"] if arguments is not None else []
    return given[position] if position < len(given) else None


def secret_of(program: Program, module: Module, call: "Node") -> tuple[str, str | None]:
    """(variable, value as far as the files tell it) of a verification's secret."""
    known = Evaluator(program).value(module, argument(call, 2))
    return (known.variable, known.text) if known is not None else ("", None)


def _verification(program: Program, seen: Reach, module: Module, call: "Node") -> Iterator[Mark]:
    place, (variable, value) = module.source.place(call), secret_of(program, module, call)
    if value is not None and not value.strip():
        yield Mark("blank secret", place, variable)
    elif value is not None and not variable:
        yield Mark("literal secret", place)
    if (how := _rewritten(module, argument(call, 0))) is not None:
        yield Mark("rewritten", place, how)
    yield from _around(module, call)


def _around(module: Module, call: "Node") -> Iterator[Mark]:
    """The conditions and the `try` that a check stands in."""
    text, node = module.source.text, call
    while node.parent is not None and node.parent.type not in FUNCTIONS:
        parent = node.parent
        if parent.type == "if_statement" and parent.child_by_field_name("consequence") == node:
            condition, other = text(parent.child_by_field_name("condition")), parent.child_by_field_name("alternative")
            elsewhere = text(other) if other is not None else ""
            before = "" if ANSWERS.search(elsewhere) else _before(module, parent)
            if "secret" in condition.lower() and (TAKES.search(elsewhere) or TAKES.search(before)):
                yield Mark("unchecked", module.source.place(parent.child_by_field_name("condition") or parent), condition[:60])
        elif parent.type == "ternary_expression" and "secret" in text(parent.child_by_field_name("condition")).lower():
            if TAKES.search(f"= {text(parent.child_by_field_name('alternative'))}"):
                yield Mark("unchecked", module.source.place(parent), text(parent.child_by_field_name("condition"))[:60])
        elif parent.type == "try_statement" and (handler := parent.child_by_field_name("handler")) is not None:
            body = text(handler.child_by_field_name("body"))
            if TAKES.search(body):
                yield Mark("unchecked", module.source.place(handler), "after a failed check the event is taken from the body")
            elif not ANSWERS.search(body):
                yield Mark("not refused", module.source.place(handler), "goes on")
            elif FINE.search(body):
                yield Mark("not refused", module.source.place(handler), "answers 2xx")
        node = parent


def _before(module: Module, statement: "Node") -> str:
    """The text of what stands before a statement in its block."""
    holder = statement.parent
    if holder is None:
        return ""
    return "\n".join(module.source.text(child) for child in holder.named_children if child.end_byte <= statement.start_byte)


def _rewritten(module: Module, node: "Node | None", depth: int = 0) -> str | None:
    node = bare(node)
    if node is None or depth > 4:
        return None
    if (found := WRITES.search(module.source.text(node))) and node.type not in FUNCTIONS:
        return re.sub(r"[\s(]", "", found[0]) + "()" if "(" not in found[0].rstrip("(") else found[0]
    if node.type == "identifier":
        declared = module.names.find(module.source.text(node), node)
        if declared is not None and declared.value is not None and declared.kind in ("const", "let", "var") and not declared.key:
            return _rewritten(module, declared.value, depth + 1)
    return None


def _encoded(seen: Reach, calls: "Calls") -> Iterator[Mark]:
    """A function's `event.body` is base64 where its gateway says so; only `isBase64Encoded` tells."""
    for module, call in calls:
        first = argument(call, 0)
        if first is not None and re.search(r"\bevent\.body\Z", module.source.text(first)) and "isBase64Encoded" not in seen.text:
            yield Mark("base64", module.source.place(first))


def _moved(seen: Reach) -> Iterator[Mark]:
    """Fields that API version 2025-03-31.basil took away from where the code reads them."""
    for module, node in seen.found("member_expression"):
        name = module.source.text(node.child_by_field_name("property"))
        holder = module.source.text(node.child_by_field_name("object"))
        if name in MOVED and re.fullmatch(r"[\w$]+", holder) and holder.lower().startswith(MOVED[name]):
            yield Mark("moved field", module.source.place(node), f"{holder}.{name}")


def _swallowed(program: Program, seen: Reach, calls: "Calls") -> Iterator[Mark]:
    """A `try` over a whole function whose `catch` only logs: Stripe is told 2xx and never sends the event again."""
    for module, function in seen.parts:
        body = function.child_by_field_name("body") if function.type in FUNCTIONS else None
        for tried in (n for n in body.named_children if n.type == "try_statement") if body is not None else ():
            inner, handler = tried.child_by_field_name("body"), tried.child_by_field_name("handler")
            caught = handler.child_by_field_name("body") if handler is not None else None
            if inner is None or handler is None or caught is None or _holds(inner, calls):
                continue
            text = module.source.text(caught)
            told = re.search(r"\bthrow\b|[Ss]tatus|\breturn\s+(?!;)\S", text) and not FINE.search(text)
            if does(program, module, [caught]) != "work" and not told and does(program, module, [inner]) == "work":
                yield Mark("swallowed", module.source.place(handler), called_as(module, function))


def _holds(node: "Node", calls: "Calls") -> bool:
    return any(node.start_byte <= call.start_byte and call.end_byte <= node.end_byte for _, call in calls)
