"""The plan shown, agreed to, carried out, looked at again."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from opskit.cli.acting import settled_plan
from opskit.cli.session import Session
from opskit.cli.stripe_account import Situation, again
from opskit.cli.stripe_columns import Kept, Tables, guard_columns, opened, read_columns, write_columns
from opskit.cli.stripe_saved import still
from opskit.cli.stripe_told import call_of, done_report, open_ends, planned_report
from opskit.core.change import Change, FileEdit, Plan
from opskit.core.errors import NotReady, OpskitError
from opskit.core.journal import Journal
from opskit.core.listing import tracked
from opskit.core.lock import lock
from opskit.core.secret import Secret
from opskit.core.settle import Settled
from opskit.core.write import inside
from opskit.source.dotenv import DEV
from opskit.stripe.applying import Applier
from opskit.stripe.catalogue import FILE
from opskit.stripe.guard import guard_live
from opskit.stripe.pending import Store
from opskit.stripe.saved import Document
from opskit.stripe.values import edits

PLACE_HOLDER = "price_"


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How the operator agrees. `environment` is --env as it was given; `saved` the plan of a file, which alone may be carried out."""

    dry_run: bool
    yes: bool
    live: bool
    confirm: tuple[str, ...]
    environment: str
    saved: Document | None = None


def run(session: Session, seen: Situation, agreeing: Agreeing) -> int:
    """0: everything is as stripe.yaml says. 1: something is left, and told."""
    with opened(session, seen.catalogue) as tables:
        return _run(session, seen, tables, agreeing)


def _run(session: Session, seen: Situation, tables: Tables, agreeing: Agreeing) -> int:
    columns = read_columns(tables, seen.catalogue, seen.planned.prices)
    if agreeing.saved is not None:
        still(session, agreeing.saved, seen, columns)
    report = planned_report(session, seen, columns)
    if seen.planned.conflicts or agreeing.dry_run or not _anything(seen, columns):
        session.give(report)
        return int(open_ends(seen, columns))
    guard_live(seen.held, agreeing.live, agreeing.confirm)
    guard_columns(session, columns, None if agreeing.environment == DEV else agreeing.environment, agreeing.confirm)
    _fit(session, seen)
    if not agreeing.yes:
        seen = _agreed(session, seen, columns)
    with lock(session.root, "opskit stripe bootstrap"):
        _alone(session, seen)
        return _carried(session, seen, tables, columns)


def _anything(seen: Situation, columns: tuple[Kept, ...]) -> bool:
    cells = any(not each.right and not each.trouble for each in columns)
    return bool(seen.planned.writes or seen.waiting or seen.ids or cells or seen.store.open)


def _agreed(session: Session, seen: Situation, columns: tuple[Kept, ...]) -> Situation:
    """What was shown is what is done: an account that moved on meanwhile stops it."""
    if session.format == "text":
        session.give(planned_report(session, seen, columns))
    if not session.ask(f"Write this to {seen.held.account} ({seen.held.mode} mode)?", False):
        raise OpskitError("nothing was changed", code="OPS-X013", help="opskit stripe plan shows it again")
    now = again(session, seen, seen.choice)
    if now.planned != seen.planned:
        raise NotReady("the account changed while you looked", code="OPS-S009", help="run it again and look anew")
    return replace(now, ids=seen.ids)


def _alone(session: Session, seen: Situation) -> None:
    """Raises NotReady where another run wrote between this one's look and its lock: what was looked at is not what is there."""
    noted = Store(session.root, seen.held.account, seen.held.mode, seen.catalogue.project)
    same = (noted.open, noted.bumps) == (seen.store.open, seen.store.bumps)
    if not same or any(_bytes(session.root / name) != session.tree.read(name) for name in (FILE, *seen.files)):
        raise NotReady("another run wrote here while this one waited", code="OPS-S009", help="run it again and look anew")


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _fit(session: Session, seen: Situation) -> None:
    """A secret goes neither into git nor through a link out of the platform, and what Stripe gives once must find its place: files that
    cannot take it are told before anything is made."""
    for file in {value.file or seen.files[-1] for value in seen.waiting}:
        full = inside(session.root, file)
        if full.exists() and not full.is_file():
            raise OpskitError(f"{file} is no plain file: what Stripe gives cannot be kept there", code="OPS-S017",
                              help="make it a file, or put another in its place")
        if file in tracked(session.root):
            raise OpskitError(f"{file} is tracked by git: a secret written there is in the next commit", code="OPS-E012",
                              help=f"git rm --cached {file}, then run this again")
    wanted = {value.name: PLACE_HOLDER + value.name for value in seen.waiting}
    _settled(session, Plan((*edits(session.tree, seen.files, wanted), *_ids(session, seen))))


def _settled(session: Session, plan: Plan) -> Settled:
    settled = settled_plan(session, plan, allow_dirty=True)
    if settled.dropped:
        first = settled.dropped[0]
        raise OpskitError(f"{getattr(first.change, 'path', '')} cannot take what Stripe gives: {first.reason}", code="OPS-S017",
                          help="make it writable, then run this again: it goes on from here")
    return settled


def _carried(session: Session, seen: Situation, tables: Tables, columns: tuple[Kept, ...]) -> int:
    def save(prices: Mapping[str, str], secrets: Mapping[str, Secret]) -> None:
        session.redact.learn(secret.reveal() for secret in secrets.values())
        _save(session, seen, columns, prices, secrets)

    applier = Applier(seen.client, seen.held, seen.catalogue.project, seen.store, save, lambda text: session.say(text, slow=True))
    try:
        applier.carry_out(seen.planned)
    except BaseException:
        _cut_short(session, applier)
        raise
    known = [replace(each, wanted=applier.id_of(each.wanted)) for each in columns]
    rows = write_columns(tables, tuple(known))
    after = again(session, seen)
    if after.planned.writes and all(write.action == "delete" for write in after.planned.writes):
        session.say("an earlier run left an endpoint whose secret nobody knows ...", slow=True)
        applier.carry_out(after.planned)
        after = again(session, seen)
    for write in after.planned.writes:
        if write.action == "create":
            seen.store.bump(write.kind, write.key)
    left = read_columns(tables, after.catalogue, after.planned.prices)
    session.give(done_report(session, seen, applier.done, rows, after, left))
    return int(open_ends(after, left))


def _cut_short(session: Session, applier: Applier) -> None:
    """A person who sees a refusal, or stops it, is told that part of it stands."""
    if count := len(applier.done):
        session.say(f"{count} call{'s were' if count > 1 else ' was'} made before this; run it again: it goes on from there")


def _save(session: Session, seen: Situation, columns: tuple[Kept, ...], prices: Mapping[str, str], secrets: Mapping[str, Secret]) -> None:
    """The values that are not right yet, in one entry of the journal with the calls beside them."""
    wanted = {}
    for value in seen.values:
        if value.kind == "price" and not value.right:
            wanted[value.name] = prices[value.key]
        elif value.kind == "webhook" and value.key in secrets:
            wanted[value.name] = secrets[value.key].reveal()
    changes: list[Change] = [*edits(session.tree, seen.files, wanted), *_ignored(session, seen, wanted), *_ids(session, seen)]
    calls = [call_of(write) for write in seen.planned.writes]
    settled = _settled(session, Plan((*changes, *calls)))
    if settled.rewrites or settled.calls:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(session.world.now()))
        Journal(session.root).apply(settled, f"opskit {session.command}", when)


def _ignored(session: Session, seen: Situation, wanted: Mapping[str, str]) -> list[Change]:
    from opskit.env.fix import ignore_change

    change = ignore_change(session.tree) if wanted and (session.root / ".git").exists() else None
    return [change] if change else []


def _ids(session: Session, seen: Situation) -> list[Change]:
    """stripe.yaml says the ids that were adopted."""
    found: list[Change] = []
    data = session.tree.read(FILE) or b""
    for product in seen.catalogue.products:
        if product.key in seen.ids:
            at, new = product.id_place, seen.ids[product.key].encode()
            if at is not None:
                found.append(FileEdit(FILE, at.start, at.end, data[at.start : at.end], new, f"`{product.key}` was adopted"))
            else:
                found.append(_added_id(data, product.place.end, product.place.column, new))
    return found


def _added_id(data: bytes, end: int, column: int, new: bytes) -> FileEdit:
    """A line `id: ...` behind the product's own name, two columns further in."""
    at = data.find(b"\n", end) + 1 or len(data)
    return FileEdit(FILE, at, at, b"", b" " * (column + 1) + b"id: " + new + b"\n", "a product was adopted")
