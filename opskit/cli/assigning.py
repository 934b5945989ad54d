"""Ports given under the lock: the long reading before it, ports.toml read anew inside it, so that parallel runs never give one twice."""

import time
from contextlib import nullcontext
from dataclasses import asdict

from opskit.cli.acting import settled_plan
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.core.journal import Journal
from opskit.core.lock import lock
from opskit.core.settle import Settled
from opskit.ports.assign import Assigned, assign, plan
from opskit.ports.audit import Audit
from opskit.report.model import Report, Table

PATIENCE = 120.0


def assign_ports(
    session: Session, names: tuple[str, ...], everything: bool, dry_run: bool, allow_dirty: bool
) -> tuple[tuple[Assigned, ...], Settled]:
    """What each service got, and what was written (with `dry_run`: what would be)."""
    known = Audit(session.survey, everything)
    assign(known, names, session.manifest.ports)
    with nullcontext() if dry_run else lock(session.root, "opskit ports assign", wait=PATIENCE):
        session.refresh()
        given = assign(known, names, session.manifest.ports)
        settled = settled_plan(session, plan(session.tree, given), allow_dirty)
        if settled.dropped:
            raise OpskitError(f"ports.toml is left as it is: {settled.dropped[0].reason}", code="OPS-X013", help="commit it first")
        if settled.rewrites and not dry_run:
            when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(session.world.now()))
            Journal(session.root).apply(settled, f"opskit {session.command}", when)
    return given, settled


def assigned_report(session: Session, given: tuple[Assigned, ...], settled: Settled, diff: bool, applied: bool) -> Report:
    rows = tuple((str(a.port), a.service, a.why, "new" if a.new else "") for a in given)
    table = Table("", ("port", "service", "why", ""), rows)
    note = ("undo: opskit undo",) if applied else () if settled.rewrites else ("nothing to do",)
    return Report(session.command, Checked(facts={"assigned": [asdict(a) for a in given]}), tables=(table,), plan=settled, applied=applied,
                  diff=diff, notes=note)
