"""`opskit webhooks probe`: the bench set up from the platform, run, told."""

from dataclasses import replace
from typing import NamedTuple

from opskit.cli.pipeline import Examined, exit_code, report_of
from opskit.cli.session import Session
from opskit.cli.webhooks_asking import guard, known_secrets, receiver_at, secret_for
from opskit.cli.webhooks_told import probe_facts, probe_findings, probe_table
from opskit.core.errors import LiveError, OpskitError
from opskit.core.finding import Checked
from opskit.stripe.webhooks.probe.bench import Bench, Result
from opskit.stripe.webhooks.probe.observer import Observer
from opskit.stripe.webhooks.probe.run import probe
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.samples import KINDS, Samples
from opskit.stripe.webhooks.transport import Sender, Shape, fit

SLACK = 10.0
SHAPES: dict[str, Shape] = {"http": "http", "lambda": "lambda"}


class Wanted(NamedTuple):
    """How the operator wants it."""

    observe: str
    given: tuple[str, ...]
    kinds: tuple[str, ...]
    limit: float
    shape: str
    variable: str | None


def run(session: Session, url: str, wanted: Wanted, yes: bool) -> int:
    """0: a right receiver. 1: it has faults. 3: nobody is there."""
    if wanted.shape not in SHAPES:
        raise OpskitError(f"--shape {wanted.shape} is neither http nor lambda", code="OPS-X003", help="opskit webhooks probe --help")
    receiver = receiver_at(session, fit(url))
    secret = secret_for(known_secrets(session), wanted.variable, receiver)
    guard(session, url, "Send genuine and forged events to", yes)
    bench = Bench(
        Sender(url, wanted.limit + SLACK, SHAPES[wanted.shape]), secret.secret, Samples(given=_given(wanted.given)),
        Observer(wanted.observe) if wanted.observe else None, wanted.limit, kinds=_kinds(wanted.kinds, receiver), now=session.world.now)
    session.say(f"probing {url} with {secret.name} of {secret.source} ...")
    results = probe(bench, lambda result: session.say(f"  {result.outcome:<8} {result.case}: {result.got}", slow=True))
    if (failure := bench.exchanges[0].answer.failure) == "nobody listens there":
        raise LiveError(f"{url}: {failure}", code="OPS-H030", help="start the receiver: opskit up")
    facts = {"cases": probe_facts(results)}
    examined = Examined(Checked(probe_findings(results, url, receiver), facts), {})
    report = report_of(session, examined, whole=True, tables=probe_table(results), notes=_notes(results))
    session.give(replace(report, judged=False, files=0))
    return exit_code(examined)


def _kinds(asked: tuple[str, ...], receiver: Receiver | None) -> tuple[str, ...]:
    """Those that were asked for, else those that the code handles, else the usual ones."""
    handled = tuple(h.type for h in receiver.events if not h.type.endswith("*")) if receiver is not None else ()
    return asked or handled or KINDS


def _given(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals or not path.startswith("data.object."):
            raise OpskitError(f"--set {pair[:60]} is no PATH=VALUE", code="OPS-X003", help="e.g. --set data.object.metadata.user_id=7")
        found[path] = value
    return found


def _notes(results: tuple[Result, ...]) -> tuple[str, ...]:
    faults = sum(r.outcome == "fault" for r in results)
    notes = [f"{len(results)} cases, {faults} of them with a fault"]
    notes += [f"not seen: {r.case}: {r.told}" for r in results if r.outcome == "not seen"]
    return (*notes, *(f"note: {r.case}: {r.told}" for r in results if r.outcome == "note"))

