"""From a plan to the disk: what the person sees, the question, the lock, the journal, the undo line."""

import stat
import time
from dataclasses import dataclass, replace
from pathlib import Path

from opskit.cli.options import Acting
from opskit.cli.session import Session
from opskit.core.change import Call, FileDelete, FileEdit, Plan
from opskit.core.errors import OpskitError
from opskit.core.journal import Entry, Journal, digest
from opskit.core.listing import dirty
from opskit.core.lock import lock
from opskit.core.settle import Settled, settle
from opskit.report.model import Report
from opskit.source.proof import prove

READ_ONLY = "it is read-only: somebody means it to stay as it is"


@dataclass(frozen=True, slots=True)
class Outcome:
    settled: Settled
    entry: Entry | None = None

    @property
    def applied(self) -> bool:
        return self.entry is not None


def _writable(path: Path) -> bool:
    """By its mode: to root every file is, and a file put in another's place would lose the mark."""
    try:
        return bool(path.stat().st_mode & stat.S_IWUSR)
    except OSError:
        return True


def settled_plan(session: Session, plan: Plan, allow_dirty: bool = False) -> Settled:
    """The plan as it would be written; files with somebody's uncommitted edits fall out with their groups."""
    mine = {} if allow_dirty else Journal(session.root).last_digests()
    foreign = set() if allow_dirty else {p for p in dirty(session.root) if digest(session.tree.read(p)) != mine.get(p)}

    def checked(path: str, before: bytes | None, after: bytes | None) -> str:
        if path in foreign:
            return "it has uncommitted edits (--allow-dirty changes it all the same)"
        return READ_ONLY if before is not None and not _writable(session.root / path) else prove(path, before, after)

    return settle(plan, session.tree.read, checked)


def act(session: Session, plan: Plan, acting: Acting, report: Report | None = None) -> Outcome:
    """Show, ask, write. `report` is told before the question, so that a person sees what they agree to."""
    settled = settled_plan(session, plan, acting.allow_dirty)
    report = replace(report or Report(session.command), plan=settled, skipped=plan.skipped, held_back=plan.held_back, diff=acting.diff)
    if acting.dry_run or not (settled.rewrites or settled.calls):
        pending = bool(settled.rewrites or settled.calls)
        note = (f"a dry run: {_count(settled)}; without --dry-run opskit {session.command} writes it" if pending else "nothing to do",)
        session.give(replace(report, notes=(*report.notes, *note)))
        return Outcome(settled)
    if session.format == "text" and not acting.yes:
        session.give(report)
    if not session.ask(f"Apply {_count(settled)}?", acting.yes):
        raise OpskitError("nothing was changed", code="OPS-X013", help="run it with --dry-run --diff to look closer")
    entry = apply(session, settled)
    undo = f"undo: opskit undo   ({_count(settled)})"
    if session.format == "text" and not acting.yes:
        print(undo)
    else:
        session.give(replace(report, applied=True, notes=(*report.notes, undo)))
    return Outcome(settled, entry)


def apply(session: Session, settled: Settled) -> Entry:
    with lock(session.root, f"opskit {session.command}"):
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(session.world.now()))
        return Journal(session.root).apply(settled, f"opskit {session.command}", when)


def _count(settled: Settled) -> str:
    edits = sum(isinstance(c, FileEdit | FileDelete) for c in settled.changes)
    calls = sum(isinstance(c, Call) for c in settled.changes)
    parts = [f"{len(settled.rewrites)} file{'s' * (len(settled.rewrites) != 1)}"]
    parts += [f"{edits} edit{'s' * (edits != 1)}"] * bool(edits) + [f"{calls} call{'s' * (calls != 1)}"] * bool(calls)
    return ", ".join(parts)


