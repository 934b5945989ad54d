"""The whole probe, in the order that leaves each case the least to be spoilt by."""

from collections.abc import Callable, Iterator

from opskit.stripe.webhooks.probe.bench import Bench, Result
from opskit.stripe.webhooks.probe.forged import forgeries, garbage, leaks
from opskit.stripe.webhooks.probe.genuine import first, rest
from opskit.stripe.webhooks.probe.repeated import reordered, repeated, retried, slowness


def probe(bench: Bench, tell: Callable[[Result], None] = lambda result: None) -> tuple[Result, ...]:
    """Every case with its result. A receiver that takes no valid event in any form is asked only whether
    it takes forged ones."""
    found = []
    for result in _all(bench):
        found.append(result)
        tell(result)
    return tuple(found)


def _all(bench: Bench) -> Iterator[Result]:
    opened = list(first(bench))
    yield from opened
    if any(result.code == "OPS-H030" for result in opened):
        if bench.exchanges[0].answer.status:
            yield from forgeries(bench)
            yield from leaks(bench)
        return
    yield from rest(bench)
    yield from forgeries(bench)
    yield from garbage(bench)
    yield from repeated(bench)
    yield from reordered(bench)
    yield from retried(bench)
    yield slowness(bench)
    yield from leaks(bench)
