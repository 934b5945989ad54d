"""What Stripe really sends: each must be taken with 2xx, soon."""

from collections.abc import Iterator
from dataclasses import replace

from opskit.core.secret import Secret
from opskit.stripe.webhooks.probe.bench import FORMS, Bench, Result, fault, taken
from opskit.stripe.webhooks.probe.faults import FAULTS
from opskit.stripe.webhooks.samples import AFTER, BEFORE, Event
from opskit.stripe.webhooks.transport import Answer

GRANT = "checkout.session.completed"
UNHEARD = ("billing.alert.triggered", "opskit.unheard_of")
STRANGER = Secret("whsec_" + "0" * 32)
WIDE = {"name": "Zoë Ørsted-Łuka 東京 \u2028 🎉", "note": 'a "quoted" \\ back/slash <b>&amp;</b>', "tier": "builder", "user_id": "wide"}
WHY = {
    301: "redirects", 302: "redirects", 307: "redirects", 308: "redirects", 404: "has no such address", 405: "takes no POST there",
    401: "wants a login of Stripe", 403: "forbids it (a CSRF check, a firewall, a login)", 413: "calls it too large",
    415: "refuses its content type",
}


def first(bench: Bench) -> Iterator[Result]:
    """A plain event. A receiver that refuses it is asked in which form it would have taken it."""
    event = bench.event(GRANT, "first")
    answer = bench.genuine("a valid event", event)
    if answer.good:
        yield Result("a valid event", "2xx", answer.told, "ok")
        return
    for name, form in FORMS if 400 <= answer.status < 600 else ():
        bench.write = form
        if bench.genuine("a valid event", bench.event(GRANT, "first")).good:
            told = f"takes an event only as {name} writes it: the signature is checked on a body that was parsed and written again"
            yield fault("a valid event", "2xx", answer.told, "OPS-H031", told)
            return
    yield fault("a valid event", "2xx", answer.told, "OPS-H030", f"{FAULTS['OPS-H030']}: it {_why(answer)}")


def _why(answer: Answer) -> str:
    if answer.status in (301, 302, 307, 308):
        return f"redirects to {answer.location[:80] or 'elsewhere'}; Stripe follows no redirect"
    if answer.status in WHY:
        return WHY[answer.status]
    if answer.failure:
        return f"gives no answer ({answer.failure})"
    return f"answers {answer.status}" + ("" if answer.status >= 500 else ", so that its secret is another one, or its check is wrong")


def rest(bench: Bench) -> Iterator[Result]:
    """Everything else that must be taken, once a plain event was."""
    yield from _letters(bench)
    yield _pieces(bench)
    if bench.sender.shape == "lambda":
        answer = bench.genuine("a body in base64", bench.event(GRANT, "encoded"), encoded=True)
        yield taken("a body in base64", answer, "OPS-H049")
    yield from _rolled(bench)
    yield from _ahead(bench)
    for kind in UNHEARD:
        case = f"an event of type {kind}"
        yield taken(case, bench.genuine(case, bench.event(kind, "unheard")), "OPS-H038")
    yield from _versions(bench)
    yield _bare(bench)


def _letters(bench: Bench) -> Iterator[Result]:
    case = "letters beyond ASCII"
    answer = bench.genuine(case, bench.event(GRANT, "wide", metadata=WIDE))
    yield taken(case, answer, "OPS-H031")


def _pieces(bench: Bench) -> Result:
    case = "a body that comes in two pieces"
    answer = bench.genuine(case, bench.event(GRANT, "pieces"), pause=bench.pause)
    return taken(case, answer, "OPS-H045")


def _rolled(bench: Bench) -> Iterator[Result]:
    """While a secret is rolled Stripe signs with both; which comes first is nowhere promised."""
    orders = {"two signatures, ours second": (STRANGER, bench.secret), "two signatures, ours first": (bench.secret, STRANGER)}
    for case, secrets in orders.items():
        answer = bench.genuine(case, bench.event(GRANT, "rolled"), signed_with=secrets)
        yield taken(case, answer, "OPS-H034")


def _ahead(bench: Bench) -> Iterator[Result]:
    case = "signed 30 s in the future"
    answer = bench.genuine(case, bench.event(GRANT, "ahead"), shift=30)
    yield taken(case, answer, "OPS-H035")
    case = "signed an hour in the future"
    answer = bench.genuine(case, bench.event(GRANT, "hour"), shift=3600)
    told = "taken, as Stripe's own libraries do" if answer.good else "refused, stricter than Stripe's libraries"
    yield Result(case, "either", answer.told, "note", told)


def _versions(bench: Bench) -> Iterator[Result]:
    """Each type in the shape of both API versions: the endpoint's version decides what comes, not the code's. What follows is
    written in the one that the receiver takes."""
    for kind in bench.kinds:
        answers = {}
        for version in (BEFORE, AFTER):
            case = f"{kind} in the shape of {version}"
            answers[version] = bench.genuine(case, bench.event(kind, f"v{version[:4]}", version=version))
        both = not any(answer.good for answer in answers.values())
        if answers[BEFORE].good and not answers[AFTER].good:
            bench.samples = replace(bench.samples, version=BEFORE)
        for version, answer in answers.items():
            case = f"{kind} in the shape of {version}"
            yield taken(case, answer, "OPS-H040" if both else "OPS-H039")


def _bare(bench: Bench) -> Result:
    """What a Payment Link or the Dashboard makes: nobody's metadata in it."""
    case = "a session without metadata and customer"
    answer = bench.genuine(case, bare_session(bench))
    return taken(case, answer, "OPS-H040")


def bare_session(bench: Bench) -> Event:
    return bench.event(GRANT, "bare", metadata={}, customer=None, customer_email=None, customer_details=None, subscription=None,
                       mode="payment")
