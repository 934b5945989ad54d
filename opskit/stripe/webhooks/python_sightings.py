"""Python: the platform's receivers of Stripe's webhooks, whatever the framework."""

import ast
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.stripe.webhooks.python_does import LOGS
from opskit.stripe.webhooks.python_events import handled
from opskit.stripe.webhooks.python_marks import marks, secret_of
from opskit.stripe.webhooks.python_reach import Known, Reach, entry_of, reach
from opskit.stripe.webhooks.receiver import Check, Receiver
from opskit.survey.facts import Route
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.module import Module
from opskit.survey.python.routes import routes_of
from opskit.survey.python.values import Evaluation
from opskit.survey.survey import Survey

CLUES = (b"stripe", b"Stripe", b"STRIPE")
TELLING = (b"construct_event", b"verify_header", b"parse_event_notification", b"tripe-Signature", b"tripe-signature", b"STRIPE_SIGNATURE",
           b"stripe_signature", b"checkout.session.", b"payment_intent.", b"invoice.", b"customer.", b"charge.", b"price.", b"product.")
VERIFIES = frozenset({"construct_event", "verify_header", "parse_event_notification", "parse_thin_event"})
HEADERS = frozenset({"stripe-signature", "http_stripe_signature", "stripe_signature"})
TESTS = re.compile(r"(^|/)(tests?|testing|fixtures)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
SEVERAL = 2


def python_receivers(survey: Survey) -> list[Receiver]:
    index = index_of(survey.tree)
    clued = set(survey.tree.holding(index.paths, *CLUES))
    told = set(survey.tree.holding(clued, *TELLING))
    found: dict[Place, Receiver] = {}
    reached: set[int] = set()
    known = Known()
    for name, route in _routes(survey, index, clued):
        if route.method in ("GET", "HEAD", "OPTIONS", "WEBSOCKET") or route.place in found:
            continue
        entry = entry_of(index, route)
        seen = reach(index, *entry, known) if entry is not None else None
        if seen is None or not any(module.path in told for module, _ in (*seen.functions, *seen.tables)):
            continue
        if (receiver := _receiver(index, name, route, seen)) is not None:
            found[route.place] = receiver
            reached |= {id(function) for _, function in seen.functions}
    return [*found.values(), *_unreached(index, clued, reached)]


def _routes(survey: Survey, index: Index, clued: set[str]) -> Iterator[tuple[str, Route]]:
    """Each with its service's name. Django's tables of URLs are named in settings, as texts that no import shows."""
    for service in survey.services if clued else ():
        if service.language == "python" and clued & set(service.closure or (service.path,)):
            yield from ((service.name, route) for route in service.routes)
    for path in survey.tree.holding(index.paths, b"urlpatterns") if clued else ():
        yield from (("", route) for route in routes_of(index, [path]))


def _receiver(index: Index, service: str, route: Route, seen: Reach) -> Receiver | None:
    calls = list(verifications(seen))
    events, strange = handled(index, seen)
    check: Check = "library" if calls else "by hand" if _by_hand(seen) else "none"
    named = "stripe" in route.route.lower() and "hook" in route.route.lower()
    if not (calls or _asks_header(seen) or (named and (events or strange)) or len(events) >= SEVERAL):
        return None
    module, call = calls[0] if calls else (None, None)
    return Receiver(
        service, route.method, route.route, route.place, check, events, (*strange, *marks(index, seen, calls)),
        module.place(call) if module is not None and call is not None else None,
        secret_of(index, module, call)[0] if module is not None and call is not None else "", _version(index, seen), _remembers(seen),
    )


def verifications(seen: Reach) -> Iterator[tuple[Module, ast.Call]]:
    for module, node in seen.nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in VERIFIES:
            yield module, node


def _by_hand(seen: Reach) -> bool:
    named = {n.attr if isinstance(n, ast.Attribute) else n.id for _, n in seen.nodes() if isinstance(n, ast.Attribute | ast.Name)}
    return bool({"compare_digest", "hexdigest"} & named) and _asks_header(seen)


def _asks_header(seen: Reach) -> bool:
    return any(isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.lower() in HEADERS for _, n in seen.nodes()) or any(
        isinstance(n, ast.arg) and n.arg == "stripe_signature" for _, n in seen.nodes())


def _remembers(seen: Reach) -> bool:
    """Whether the code takes up an event's id outside of a log line, or asks Stripe for the state anew."""
    for module, node in seen.nodes():
        name = node.value.id if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Name) else ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            name = node.func.value.id if isinstance(node.func.value, ast.Name) and _is_id(node.args[0]) else ""
        elif isinstance(node, ast.Attribute):
            name = name if node.attr == "id" else ""
        elif isinstance(node, ast.Subscript):
            name = name if _is_id(node.slice) else ""
        if name.lower().endswith(("event", "evt")) and not _logged(module, node):
            return True
    named = (n.id if isinstance(n, ast.Name) else n.attr if isinstance(n, ast.Attribute) else "" for _, n in seen.nodes())
    return bool({"event_id", "evt_id", "stripe_event_id", "retrieve"} & set(named))


def _is_id(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "id"


def _logged(module: Module, node: ast.AST) -> bool:
    calls = (a for a in module.above(node) if isinstance(a, ast.Call))
    return any((c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", "")) in LOGS for c in calls)


def _version(index: Index, seen: Reach) -> str:
    """`stripe.api_version = "..."` or `StripeClient(..., stripe_version="...")` in the files of the receiver."""
    for module in {m.path: m for m, _ in seen.functions}.values():
        for node in module.all(ast.Assign):
            if any(isinstance(t, ast.Attribute) and t.attr == "api_version" for t in node.targets):
                known = Evaluation(index, module)(node.value)
                return known.text if known is not None else ""
        for call in module.all(ast.Call):
            if given := next((k.value for k in call.keywords if k.arg == "stripe_version"), None):
                known = Evaluation(index, module)(given)
                return known.text if known is not None else ""
    return ""


def _unreached(index: Index, clued: set[str], reached: set[int]) -> Iterator[Receiver]:
    """Code that verifies events and that no route calls."""
    for path in sorted(p for p in clued if not TESTS.search(p)):
        module = index.module(path)
        for call in module.all(ast.Call):
            around = module.function(call)
            named = isinstance(call.func, ast.Attribute) and call.func.attr == "construct_event"
            if around is None or not named or any(id(scope) in reached for scope in module.scopes(call)):
                continue
            reached.add(id(around))
            seen = reach(index, module, around)
            events, strange = handled(index, seen)
            calls = list(verifications(seen))
            yield Receiver("", "", "", module.place(call), "library", events, (*strange, *marks(index, seen, calls)), module.place(call),
                           secret_of(index, module, call)[0], _version(index, seen), _remembers(seen))
