"""Deliveries that come again, at once, late and out of order: nothing may be granted twice, or again after it was taken away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from opskit.stripe.webhooks.probe.bench import Bench, Exchange, Result, fault
from opskit.stripe.webhooks.probe.genuine import GRANT
from opskit.stripe.webhooks.samples import Event
from opskit.stripe.webhooks.transport import Answer

AT_ONCE = 4
TWICE = 1.6
BLIND = "give --observe a URL or a command that prints what was granted"
UNMOVED = "the observer saw no event take effect (--set may name a buyer whom the receiver knows)"
LEVEL = "the observer's text does not grow with what is granted"
RACE = "looks whether it has had the event, then works: two at once both find nothing"
BACK = "lets an older event undo a newer one: cancelled buyers come back"


def repeated(bench: Bench) -> Iterator[Result]:
    """The same event again, signed anew as Stripe does, then several at once."""
    kinds = dict.fromkeys((GRANT, *bench.kinds)) if bench.observe else (GRANT,)
    before = bench.observe() if bench.observe else b""
    for kind in kinds:
        event = bench.event(kind, "twice1")
        bench.genuine("a duplicate", event)
        once = bench.observe() if bench.observe else b""
        if once != before or bench.observe is None:
            break
    answer = bench.genuine("a duplicate", event)
    yield _twice(bench, answer, before, once)
    yield from _at_once(bench, bench.event(kind, "twice2"), len(once) - len(before))


def _twice(bench: Bench, answer: Answer, before: bytes, once: bytes) -> Result:
    case = "the same event again"
    if not answer.good:
        return fault(case, "2xx", answer.told, "OPS-H042")
    if bench.observe is None:
        return Result(case, "2xx, done once", answer.told, "not seen", BLIND)
    if once == before:
        return Result(case, "2xx, done once", answer.told, "not seen", UNMOVED)
    if bench.observe() != once:
        return fault(case, "2xx, done once", f"{answer.told}, done twice", "OPS-H041")
    return Result(case, "2xx, done once", f"{answer.told}, done once", "ok")


def _at_once(bench: Bench, event: Event, single: int) -> Iterator[Result]:
    """Seen by how much the observer's text grows: one event's worth, or several."""
    case, due = f"the same event {AT_ONCE} times at once", "done once"
    before = bench.observe() if bench.observe else b""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: bench.genuine(case, event), range(AT_ONCE)))
    got = ", ".join(sorted({a.told for a in answers}))
    if not any(a.good for a in answers):
        yield fault(case, due, got, "OPS-H042", "refuses every one of them")
    elif bench.observe is None or single <= 0:
        yield Result(case, due, got, "not seen", BLIND if bench.observe is None else LEVEL)
    elif len(bench.observe()) - len(before) > TWICE * single:
        yield fault(case, due, f"{got}, done several times", "OPS-H041", RACE)
    else:
        yield Result(case, due, got, "ok")


def reordered(bench: Bench) -> Iterator[Result]:
    """Bought, cancelled, and then an update that is older than the cancellation."""
    case, due, mark, start = "an older event after a newer one", "2xx, no effect", "order", bench.time - 60
    steps = ((GRANT, 0), ("customer.subscription.updated", 1), ("customer.subscription.deleted", 30), ("customer.subscription.updated", 10))
    states, answers = [bench.observe() if bench.observe else b""], list[Answer]()
    for kind, after in steps:
        answers.append(bench.genuine(case, bench.event(kind, mark, start + after)))
        states.append(bench.observe() if bench.observe else b"")
    got = answers[-1].told
    bad = [a for a in answers if not a.good]
    if bad and any(e.answer.status >= 500 and e.genuine and kind in e.case for e in bench.exchanges for kind, _ in steps):
        yield Result(case, due, bad[0].told, "not seen", "it fails on these events in any order")
    elif bad:
        yield fault(case, due, bad[0].told, "OPS-H043")
    elif bench.observe is None:
        yield Result(case, due, got, "not seen", BLIND)
    elif states[2] == states[3]:
        yield Result(case, due, got, "not seen", "the observer saw the cancellation take no effect")
    elif states[4] != states[3]:
        yield fault(case, due, f"{got}, took effect", "OPS-H043", BACK)
    else:
        yield Result(case, due, got, "ok")


def retried(bench: Bench) -> Iterator[Result]:
    """Every event that was answered with 5xx comes again. A receiver that now says 2xx had noted it as done before it was."""
    case, due, seen = "again after a 5xx", "5xx again, or done now", False
    for failed in _failures(bench):
        seen = True
        before = bench.observe() if bench.observe else b""
        answer = bench.genuine(case, _again(failed))
        if answer.good and (bench.observe is None or bench.observe() == before):
            told = f"failed on `{failed.case}`, then called the same event done: what it sold is lost"
            yield fault(case, due, f"{failed.answer.told}, then {answer.told}", "OPS-H048", told)
            return
    yield Result(case, due, "failed again", "ok") if seen else Result(case, due, "it never failed", "not seen", "no event made it fail")


def _failures(bench: Bench) -> list[Exchange]:
    found: dict[str, Exchange] = {}
    for exchange in bench.exchanges:
        if exchange.genuine and exchange.answer.status >= 500:
            found.setdefault(exchange.event, exchange)
    return list(found.values())[:5]


def _again(failed: Exchange) -> Event:
    import json

    event: Event = json.loads(failed.body)
    return event


def slowness(bench: Bench) -> Result:
    """Stripe gives up on an answer that takes long and sends the event again."""
    slowest = max((e for e in bench.exchanges if e.genuine), key=lambda e: e.answer.seconds, default=None)
    seconds = slowest.answer.seconds if slowest else 0.0
    case, due, got = "how soon it answers", f"within {bench.limit:g} s", f"{seconds:.1f} s at most"
    if slowest is not None and seconds > bench.limit:
        return fault(case, due, got, "OPS-H044", f"took {seconds:.1f} s over `{slowest.case}`: answer first, work afterwards")
    return Result(case, due, got, "ok")
