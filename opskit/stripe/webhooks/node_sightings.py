"""JavaScript: the platform's receivers of Stripe's webhooks: express-like routes, functions of Netlify and Vercel, Next.js."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.stripe.webhooks.node_events import handled
from opskit.stripe.webhooks.node_marks import marks, secret_of
from opskit.stripe.webhooks.node_reach import Reach, entries, reach, whole
from opskit.stripe.webhooks.receiver import Check, Receiver
from opskit.survey.facts import Route, Service
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import FUNCTIONS
from opskit.survey.node.program import Program, exported
from opskit.survey.survey import Survey

if TYPE_CHECKING:
    from opskit.source.javascript import Node

CLUES = (b"stripe", b"Stripe", b"STRIPE")
VERIFIES = re.compile(r"\.(constructEvent(Async)?|verifyHeader(Async)?|parseEventNotification|parseThinEvent)\Z")
HEADER = re.compile(r"""['"`]stripe-signature['"`]""", re.I)
BY_HAND = re.compile(r"createHmac|subtle\.(verify|sign)|timingSafeEqual")
REMEMBERS = re.compile(r"\b(\w*[eE]vent|evt)\.id\b|\bevent_?[iI]d\b")
VERSION = re.compile(r"""apiVersion\s*:\s*['"]([^'"]+)['"]""")
VERCEL = re.compile(r"(?:^|/)(api/.+)\.[cm]?[jt]sx?\Z")
SEVERAL = 2


def node_receivers(survey: Survey) -> list[Receiver]:
    program = Program(survey.tree)
    clued = set(survey.tree.holding(program.scripts, *CLUES))
    found: dict[tuple[Place, str], Receiver] = {}
    reached: list[Reach] = []
    for service in survey.services if clued else ():
        if service.language != "node" or not clued & set(service.closure or (service.path,)):
            continue
        for route in service.routes:
            if route.method in ("GET", "HEAD", "OPTIONS") or (route.place, route.route) in found:
                continue
            seen = reach(program, entries(program, route))
            if (receiver := _receiver(program, service, route, seen)) is not None:
                found[route.place, route.route] = receiver
                reached.append(seen)
    return [*_once(found.values()), *_unreached(program, clued, reached)]


def _once(receivers: Iterable[Receiver]) -> list[Receiver]:
    """One file's handler answers at every address that leads to it; the first is told."""
    kept: dict[Place, Receiver] = {}
    for receiver in receivers:
        kept.setdefault(receiver.place, receiver)
    return list(kept.values())


def _receiver(program: Program, service: Service | None, route: Route, seen: Reach) -> Receiver | None:
    calls = list(verifications(seen))
    events, strange = handled(program, seen)
    text = seen.text
    check: Check = "library" if calls else "by hand" if HEADER.search(text) and BY_HAND.search(text) else "none"
    named = "stripe" in route.route.lower() and "hook" in route.route.lower()
    if not (calls or HEADER.search(text) or (named and (events or strange)) or len(events) >= SEVERAL):
        return None
    module, call = calls[0] if calls else (None, None)
    return Receiver(
        service.name if service is not None else "", route.method, route.route, route.place, check, events,
        (*strange, *marks(program, service, route, seen, calls)),
        module.source.place(call) if module is not None and call is not None else None,
        secret_of(program, module, call)[0] if module is not None and call is not None else "", _version(seen), _remembers(text),
    )


def verifications(seen: Reach) -> "Iterator[tuple[Module, Node]]":
    for module, call in seen.found("call_expression"):
        if VERIFIES.search(module.source.text(call.child_by_field_name("function"))):
            yield module, call


def _remembers(text: str) -> bool:
    """Whether the code takes up an event's id outside of a log line, or asks Stripe for the state anew."""
    return ".retrieve(" in text or any(
        REMEMBERS.search(line) and not re.search(r"console\.|\blog(ger)?\b", line) for line in text.splitlines())


def _version(seen: Reach) -> str:
    for module in {m.source.path: m for m, _ in seen.parts}.values():
        if found := VERSION.search(module.source.data.decode("utf-8", "replace")):
            return found[1]
    return ""


def _unreached(program: Program, clued: set[str], reached: list[Reach]) -> Iterator[Receiver]:
    """Vercel's functions, which no service declares, and code that verifies events and that no route calls."""
    for path in sorted(clued):
        module = program.module(path)
        for call in module.source.found("call_expression") if module is not None else ():
            if module is None or not VERIFIES.search(module.source.text(call.child_by_field_name("function"))):
                continue
            if any(seen.holds(module, call) for seen in reached):
                continue
            address = VERCEL.search(path) if exported(module, "default") is not None or exported(module, "*") is not None else None
            start = whole(module) if address else [(module, _around(module, call))]
            route = Route("*" if address else "", f"/{address[1]}".removesuffix("/index") if address else "", module.source.place(call))
            seen = reach(program, start)
            reached.append(seen)
            if (receiver := _receiver(program, None, route, seen)) is not None:
                yield receiver


def _around(module: Module, call: "Node") -> "Node":
    """The outermost function around a call."""
    found = [f for f in module.source.found(*FUNCTIONS) if f.start_byte <= call.start_byte and call.end_byte <= f.end_byte]
    return found[0] if found else call
