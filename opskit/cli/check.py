"""`opskit check [ROOMS]`: every finding, worst first."""

from dataclasses import replace
from typing import Annotated

import typer

from opskit.cli.baseline import against, update
from opskit.cli.completing import offer
from opskit.cli.options import Everything, ExitZero, Telling, flat
from opskit.cli.pipeline import ROOMS, Examined, chosen, examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.listing import changed_since

app = typer.Typer(add_completion=False, rich_markup_mode=None)
EXAMPLES = "Examples: opskit check; opskit check ports env; opskit check --baseline --format github; opskit check --changed origin/main"


@app.command(epilog=EXAMPLES)
@flat
def check(
    ctx: typer.Context, telling: Telling,
    rooms: Annotated[
        list[str] | None, typer.Argument(metavar="ROOM", help=f"{', '.join(ROOMS)} [default: all].", autocompletion=offer(ROOMS))
    ] = None,
    everything: Everything = False, exit_zero: ExitZero = False,
    baseline: Annotated[bool, typer.Option("--baseline", envvar="OPSKIT_BASELINE", help="Leave out what the baseline knows.")] = False,
    update_baseline: Annotated[bool, typer.Option("--update-baseline", help="Write the baseline, or shrink the one there is.")] = False,
    changed: Annotated[
        str | None, typer.Option("--changed", envvar="OPSKIT_CHANGED", metavar="REV", help="Only files that differ from REV.")
    ] = None,
) -> int:
    """Tell every finding, worst first, each with a place, a reason and a command that mends it. Changes nothing."""
    session = Session(ctx, "check", *telling)
    session.say("reading the platform ...", slow=True)
    examined = examine(session, chosen(rooms), everything)
    if update_baseline:
        kept, removed = update(session, examined)
        session.say(f"opskit-baseline.json keeps {kept} findings" + (f", {removed} fewer than before" if removed else ""))
        return 0
    notes = list[str]()
    if baseline:
        compared = against(session, examined)
        examined = compared.examined
        notes += [f"{compared.known} known to the baseline, left out"] * bool(compared.known)
        notes += [f"stale in the baseline: {entry} (opskit check --update-baseline)" for entry in compared.stale[:5]]
    if changed is not None:
        examined = _touched(session, examined, changed)
    notes += ["next: opskit fix"] * any(f.fix == "safe" for f in examined.checked.findings)
    session.give(report_of(session, examined, whole=bool(rooms), notes=tuple(notes)))
    return exit_code(examined, exit_zero)


def _touched(session: Session, examined: Examined, revision: str) -> Examined:
    """Findings in files that differ from the revision, judged with the whole platform's facts."""
    paths = changed_since(session.root, revision)
    if paths is None:
        raise OpskitError(f"git knows no revision `{revision}` here", code="OPS-X003", help="opskit check --changed origin/main")
    kept = tuple(f for f in examined.checked.findings if paths & {f.place.path, *(also.path for also in f.also)})
    return replace(examined, checked=replace(examined.checked, findings=kept))
