"""From receivers and stripe.yaml to findings. Pure."""

from collections.abc import Iterator

from opskit.core.finding import Checked, Finding, Severity, Unresolved
from opskit.stripe.catalogue import FILE, Catalogue
from opskit.stripe.reading import read_catalogue
from opskit.stripe.webhooks.agreement import endpoint_findings, receiver_of, shared_secrets
from opskit.stripe.webhooks.receiver import Kind, Mark, Receiver
from opskit.stripe.webhooks.samples import AFTER
from opskit.stripe.webhooks.sightings import receivers
from opskit.survey.survey import Survey

UNTOLD = "receives Stripe's events, and which of them it handles cannot be told without running it"
AS_TEXT = "receives Stripe's events in a language that is read as text: what it does about them is not judged"
GRANTS = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded", "invoice.paid", "invoice.payment_succeeded",
                    "payment_intent.succeeded", "customer.subscription.created", "customer.subscription.deleted"})
# a mark's kind -> code, severity, harm, message, help
SPOKEN: dict[Kind, tuple[str, Severity, int, str, str]] = {
    "rewritten": ("OPS-H002", "error", 82, "{at} checks the signature on a body that {text} made, which is never the one that was signed",
                  "hand the bytes over as they came: request.data, await request.body(), express.raw(), event.body"),
    "parsed before": ("OPS-H003", "error", 82, "the body of {at} is parsed before its signature is checked, so that every event is refused",
                      "put the webhook's route with express.raw({{ type: 'application/json' }}) before the parser"),
    "unchecked": ("OPS-H004", "error", 85, "{at} takes events unchecked: {text}", "refuse with 400 whenever the check cannot be made"),
    "literal secret": ("OPS-H005", "warning", 60, "the secret of {at} stands in the code", "read it from the environment"),
    "blank secret": ("OPS-H005", "error", 84, "{at} falls back to an empty secret, with which everybody can sign",
                     "fail at the start without it"),
    "swallowed": ("OPS-H010", "warning", 62, "{at} catches whatever fails in {text}() and answers 2xx: Stripe never sends that event again",
                  "let it fail with 500; Stripe sends the event again"),
    "unknown type": ("OPS-H018", "warning", 58, "{at} waits for `{text}`, which Stripe does not send",
                     "docs.stripe.com/api/events/types lists them"),
    "base64": ("OPS-H016", "note", 12, "{at} does not look at isBase64Encoded: a body that comes in base64 is refused",
               "event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body"),
}


def check(survey: Survey, everything: bool = False) -> Checked:
    """`everything` judges disabled services too, and code that no service loads."""
    seen = receivers(survey, everything)
    read = survey.tree.parsed(FILE, read_catalogue)
    catalogue = read[0] if read is not None else Catalogue()
    stray = {r.service: _stray(survey, r, seen) for r in seen if r.check == "none"}
    found = [f for r in seen for f in (*_receiver(r, everything, stray.get(r.service)), *_moved(r, catalogue))]
    routed = [r for r in seen if r.route]
    unplaced = any(r.confidence == "low" and not r.route for r in seen)
    found += [*endpoint_findings(survey, catalogue, routed, unplaced), *shared_secrets(catalogue, routed)]
    untold = [Unresolved(r.place, UNTOLD) for r in seen if r.route and not r.events and not r.marked("unknown type")]
    untold += [Unresolved(r.place, AS_TEXT) for r in seen if r.confidence == "low" and r.events]
    return Checked(tuple(found), {"webhooks": [r.fact() for r in seen]}, tuple(untold))


def _stray(survey: Survey, r: Receiver, seen: tuple[Receiver, ...]) -> Receiver | None:
    """A check in the same service that no route was seen to lead to: a middleware, perhaps."""
    service = survey.named(r.service)
    return next((u for u in seen if not u.route and service is not None and u.place.path in (service.path, *service.closure)), None)


def _receiver(r: Receiver, everything: bool, stray: Receiver | None) -> Iterator[Finding]:
    if not r.route and r.confidence != "low":
        yield Finding("OPS-H015", "note", "this code handles Stripe's events, and no service that is known loads it", r.place,
                      help="route the webhook to it, or remove it", harm=10)
        if not everything:
            return
    if r.check == "none":
        yield _unchecked(r, stray)
    for kind, (code, severity, harm, message, help) in SPOKEN.items():
        for mark in r.marked(kind):
            yield Finding(code, severity, message.format(at=at(r), text=_said(mark)), mark.place, help=help.format(), harm=harm,
                          data={"secret": True} if kind == "literal secret" else {})
    yield from _refusals(r)
    yield from _logged(r)
    if r.check != "none" and not r.remembers and any(h.does == "work" for h in r.events):
        yield Finding("OPS-H011", "note", f"{at(r)} keeps no ids of events: a duplicate may be worked on again", r.place,
                      help="store its id under a unique index in the transaction of the work; or fetch the state anew each time", harm=18)


def _unchecked(r: Receiver, stray: Receiver | None) -> Finding:
    told = f"; a check stands at {stray.place}, and no way to it was seen" if stray is not None else ""
    as_text = r.confidence == "low"
    told += ", as far as the file's text tells" if as_text else ""
    return Finding("OPS-H001", "warning" if stray or as_text else "error",
                   f"{at(r)} takes Stripe's events without checking their signature{told}", r.place,
                   harm=55 if stray else 74 if as_text else 92,
                   label="" if stray else "whoever knows the address grants himself what it sells",
                   help="stripe.Webhook.construct_event / stripe.webhooks.constructEvent on the raw body, with the endpoint's secret")


def at(r: Receiver) -> str:
    return f"{r.service}'s {r.route}" if r.service and r.route else r.route or "this code"


def _said(mark: Mark) -> str:
    if mark.kind != "unchecked" or mark.text.startswith("after"):
        return mark.text
    return f"it checks only `if {mark.text.removeprefix('(').removesuffix(')')}`"


def _refusals(r: Receiver) -> Iterator[Finding]:
    for mark in r.marked("not refused"):
        goes_on = mark.text == "goes on"
        what = "goes on after" if goes_on else "answers 2xx to"
        yield Finding("OPS-H014", "error" if goes_on else "warning", f"{at(r)} {what} a signature that does not fit", mark.place,
                      help="answer 400 and stop", harm=80 if goes_on else 50)


def _logged(r: Receiver) -> Iterator[Finding]:
    """Events with nothing but a log line; the code's own words for what is bought come first."""
    for handled in r.events:
        if handled.does == "work":
            continue
        grants = handled.type in GRANTS
        what = "a log line" if handled.does == "log" else "nothing"
        told = ": buyers pay, and nothing is done about it" if grants and not handled.type.endswith("deleted") else ""
        yield Finding("OPS-H006", "error" if grants else "warning", f"{at(r)} handles {handled.type} by {what} alone{told}", handled.place,
                      help="do the work here, or do not subscribe to the event", harm=88 if grants else 45, data={"event": handled.type})


def _moved(r: Receiver, catalogue: Catalogue) -> Iterator[Finding]:
    """Fields of old shapes: an error where stripe.yaml asks for a new version, else a note."""
    marks = r.marked("moved field") if r.route else ()
    if not marks:
        return
    asked = next((e.api_version for e in catalogue.endpoints if receiver_of(e.url, [r]) and e.api_version), "")
    new = asked >= AFTER
    told = f"stripe.yaml asks for {asked}" if new else "an endpoint made today gets a newer version"
    fields = ", ".join(dict.fromkeys(m.text for m in marks))
    yield Finding("OPS-H012", "error" if new else "warning" if not asked else "note",
                  f"{at(r)} reads {fields}, gone since API version {AFTER[:10]}; {told}", marks[0].place, harm=70 if new else 52,
                  help="items.data[].current_period_end, parent.subscription_details.subscription; or an older api_version in stripe.yaml",
                  also=tuple(m.place for m in marks[1:]), data={"fields": [m.text for m in marks], "api_version": asked or None})
