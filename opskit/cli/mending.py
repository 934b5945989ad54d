"""What `fix`, `ports fix` and `deps fix` share: find, plan, act, and tell what is left."""

from collections.abc import Callable
from dataclasses import replace

from opskit.cli.acting import act
from opskit.cli.options import Acting
from opskit.cli.pipeline import Examined, examine, propose, report_of
from opskit.cli.session import Session
from opskit.core.change import Plan
from opskit.core.finding import Checked, Finding

Propose = Callable[[Session, Examined, bool, bool], Plan]


def mend(session: Session, rooms: tuple[str, ...], acting: Acting, everything: bool, review: bool, whole: bool,
         left: Callable[[tuple[Finding, ...]], str], propose: Propose = propose) -> int:
    """The exit code. A person sees the plan alone, a machine the findings too; `left` words what is still there afterwards; `propose`
    is for a room whose fix takes more options than all of them share."""
    examined = examine(session, rooms, everything)
    plan = propose(session, examined, everything, review)
    report = report_of(session, examined, whole=whole)
    if session.format == "text":
        report = replace(report, checked=Checked(), judged=False)
    outcome = act(session, plan, acting, report)
    if acting.dry_run:
        return int(bool(outcome.settled.rewrites))
    session.refresh()
    session.say(f"left after this: {left(examine(session, rooms, everything).checked.findings)}")
    return int(bool(outcome.settled.dropped))
