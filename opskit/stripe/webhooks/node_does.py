"""JavaScript: what a branch does about an event: work, a log line, or nothing."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from opskit.stripe.webhooks.node_reach import meant
from opskit.stripe.webhooks.receiver import Does
from opskit.survey.node.modules import Module
from opskit.survey.node.program import Program

if TYPE_CHECKING:
    from opskit.source.javascript import Node

DEEPEST = 4
LOGS = re.compile(r"(console|[\w.]*\blog(ger)?|winston|pino|Sentry)(\.\w+)?\Z", re.I)
ANSWERS = re.compile(r"(res|response|reply|ctx|context|NextResponse|Response|c)\.\w+(\(.*\)\.\w+)*\Z", re.S)
READS = re.compile(
    r"(String|Number|Boolean|Date|parseInt|parseFloat|BigInt|Array|Set|Map|Error|Response|Buffer\.\w+|JSON\.\w+|Math\.\w+|Object\.\w+|Date\.now|"
    r"Array\.\w+|Number\.\w+|"
    r".*\.(toString|toISOString|toLocale\w*|toFixed|toLowerCase|toUpperCase|trim|split|join|slice|substring|get|has|keys|values|entries|map|"
    r"filter|find|some|every|includes|startsWith|endsWith|replace|concat|at|retrieve|list|listLineItems|getTime|valueOf))\Z", re.S)


def does(program: Program, module: Module, body: "Iterable[Node]", depth: int = 0) -> Does:
    """The most that any part of a branch does. What is not known to be harmless counts as work."""
    said: Does = "nothing"
    for part in body:
        if _writes(module, part):
            return "work"
        for call in (*module.source.within("call_expression", part), *module.source.within("new_expression", part)):
            here = _called(program, module, call, depth)
            if here == "work":
                return "work"
            said = here if here == "log" else said
    return said


def _writes(module: Module, part: "Node") -> bool:
    source = module.source
    for node in (*source.within("assignment_expression", part), *source.within("augmented_assignment_expression", part)):
        left = node.child_by_field_name("left")
        if left is not None and left.type in ("member_expression", "subscript_expression") and not ANSWERS.match(source.text(left)):
            return True
    return bool(re.search(r"\bthrow\b", source.text(part)))


def _called(program: Program, module: Module, call: "Node", depth: int) -> Does:
    function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    if function is None:
        return "work"
    text = re.sub(r"\s+", "", module.source.text(function)).replace("?.", ".")
    if LOGS.match(text):
        return "log"
    own = meant(program, module, function)
    if own is not None:
        body = own[1].child_by_field_name("body")
        return does(program, own[0], [body] if body is not None else [], depth + 1) if depth < DEEPEST else "work"
    return "nothing" if READS.match(text) or ANSWERS.match(text) else "work"
