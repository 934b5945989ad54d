"""`opskit fix [ROOMS]`: one reviewed plan of edits over all rooms."""

from typing import Annotated

import typer

from opskit.cli.acting import Acting, act
from opskit.cli.options import AllowDirty, Diff, DryRun, Everything, Format, Json, Output, Review, Yes
from opskit.cli.pipeline import MENDING, chosen, examine, propose, report_of
from opskit.cli.session import Session
from opskit.core.finding import Checked

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit fix --dry-run --diff; opskit fix ports --yes; opskit fix --all --review")
def fix(
    ctx: typer.Context,
    rooms: Annotated[list[str] | None, typer.Argument(help="env, db, deps, ports [default: all].")] = None,
    everything: Everything = False, review: Review = False, dry_run: DryRun = False, diff: Diff = False, yes: Yes = False,
    allow_dirty: AllowDirty = False, format: Format = "text", json: Json = False, output: Output = None,
) -> int:
    """Mend what can be mended safely, in one plan that `opskit undo` takes back byte for byte."""
    session = Session(ctx, "fix", format, json, output)
    names = chosen(rooms, MENDING)
    examined = examine(session, names, everything)
    plan = propose(session, examined, everything, review)
    report = report_of(session, examined, whole=bool(rooms))
    if session.format == "text":
        report = report_of(session, examined.__class__(Checked(), {}))
    outcome = act(session, plan, Acting(dry_run, diff, yes, allow_dirty), report)
    if dry_run:
        return int(bool(outcome.settled.rewrites))
    session.refresh()
    again = examine(session, names, everything)
    left = [f for f in again.checked.findings if f.fix == "safe"]
    session.say(f"left after this: {len(again.checked.findings)} findings, {len(left)} with a safe fix   (opskit check)")
    return int(bool(outcome.settled.dropped))
