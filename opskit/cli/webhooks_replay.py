"""`opskit webhooks replay`: which events, shown, agreed to, sent one by one."""

from pathlib import Path
from typing import NamedTuple

from opskit.cli.session import Session
from opskit.cli.webhooks_asking import guard, known_secrets, receiver_at, secret_for
from opskit.cli.webhooks_status import client_for
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.core.place import Place
from opskit.core.state import state_folder
from opskit.report.model import Report, Table
from opskit.stripe.webhooks.replay import Ledger, Sent, events_of, listed, ordered, replay, since
from opskit.stripe.webhooks.samples import Event
from opskit.stripe.webhooks.transport import Sender, fit

INTERRUPTED = 130


class Selected(NamedTuple):
    """Which events, and how."""

    ids: tuple[str, ...]
    since: str | None
    kinds: tuple[str, ...]
    file: Path | None
    go_on: bool
    dry_run: bool
    base: str | None
    variable: str | None


def run(session: Session, selected: Selected, to: str, yes: bool) -> int:
    """0: all were taken. 1: some were not. 130: stopped between two, all that were sent are told."""
    secret = secret_for(known_secrets(session), selected.variable, receiver_at(session, fit(to)))
    ledger = Ledger(state_folder(session.root, "webhooks") / "replay.jsonl")
    events = _events(session, selected)
    done = ledger.done(to) if selected.go_on else frozenset()
    waiting = tuple(event for event in events if event["id"] not in done)
    if selected.dry_run or not waiting:
        left_out = (f"{len(events) - len(waiting)} were taken before",) * (len(events) != len(waiting))
        session.give(Report(session.command, Checked(facts={"events": [_fact(event) for event in waiting]}), judged=False,
                            tables=_table([(e["id"], e["type"], "") for e in waiting]), notes=(f"{len(waiting)} to send", *left_out)))
        return 0
    guard(session, to, f"Send {len(waiting)} event{'s' * (len(waiting) != 1)} to", yes)
    sent, stopped = list[Sent](), False
    try:
        for each in replay(waiting, Sender(to), secret.secret, ledger, session.world.now):
            sent.append(each)
            session.say(f"  {each.answer.told:<4} {each.event['type']} {each.event['id']}", slow=True)
    except KeyboardInterrupt:
        stopped = True
    _tell(session, sent, waiting, to)
    return INTERRUPTED if stopped else int(any(not each.answer.good for each in sent))


def _tell(session: Session, sent: list[Sent], waiting: tuple[Event, ...], to: str) -> None:
    refused = [each for each in sent if not each.answer.good]
    findings = (_refused(refused, len(sent), to),) if refused else ()
    facts = {"events": [{**_fact(each.event), "status": each.answer.status, "seconds": round(each.answer.seconds, 3)} for each in sent]}
    left = len(waiting) - len(sent)
    notes = [f"{len(sent) - len(refused)} of {len(waiting)} taken"]
    notes += [f"stopped: {left} not sent; --continue goes on with them"] * bool(left)
    rows = [(each.event["id"], each.event["type"], each.answer.told) for each in sent]
    session.give(Report(session.command, Checked(findings, facts), tables=_table(rows), whole=True, judged=False,
                        notes=tuple(notes)))


def _refused(refused: list[Sent], total: int, to: str) -> Finding:
    first = refused[0]
    told = f"{len(refused)} of {total} events were not taken, the first {first.event['id']} ({first.event['type']}: {first.answer.told})"
    return Finding("OPS-H024", "error", told, Place(to), help="see the receiver's log; opskit webhooks probe",
                   data={"events": [each.event["id"] for each in refused]})


def _events(session: Session, selected: Selected) -> tuple[Event, ...]:
    """From the file, by id, or by time and type."""
    if selected.file is not None:
        try:
            found = events_of(selected.file.read_bytes())
        except OSError as error:
            raise OpskitError(f"cannot read {selected.file}: {error.strerror}", code="OPS-X003", help="give a file of events") from error
        chosen = (e for e in found if not selected.ids or e["id"] in selected.ids)
        return tuple(e for e in chosen if not selected.kinds or e["type"] in selected.kinds)
    if not selected.ids and selected.since is None and not selected.kinds:
        raise OpskitError("nothing says which events", code="OPS-X003", help="give an EVENT_ID, --since 24h, --type TYPE or --file FILE")
    from opskit.stripe.calling import asked

    client = client_for(session, selected.base)
    if selected.ids:
        one = [asked(lambda id=id: client.v1.events.retrieve(id)) for id in selected.ids]  # type: ignore[misc]
        return ordered(event.to_dict() for event in one)
    start = since(selected.since, session.world.now()) if selected.since else 0
    return listed(lambda params: asked(lambda: client.v1.events.list(params)), selected.kinds, start)


def _fact(event: Event) -> dict[str, object]:
    return {"id": event["id"], "type": event["type"], "created": event.get("created")}


def _table(rows: list[tuple[str, str, str]]) -> tuple[Table, ...]:
    return (Table("", ("event", "type", "answer"), tuple(rows)),) if rows else ()
