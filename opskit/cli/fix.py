"""`opskit fix [ROOMS]`: one reviewed plan of edits over all rooms."""

from typing import Annotated

import typer

from opskit.cli.acting import Acting
from opskit.cli.mending import mend
from opskit.cli.options import AllowDirty, Diff, DryRun, Everything, Format, Json, Output, Review, Yes
from opskit.cli.pipeline import MENDING, chosen
from opskit.cli.session import Session
from opskit.core.finding import Finding

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit fix --dry-run --diff; opskit fix ports --yes; opskit fix --all --review")
def fix(
    ctx: typer.Context,
    rooms: Annotated[list[str] | None, typer.Argument(metavar="ROOM", help="env, db, deps, ports [default: all].")] = None,
    everything: Everything = False, review: Review = False, dry_run: DryRun = False, diff: Diff = False, yes: Yes = False,
    allow_dirty: AllowDirty = False, format: Format = "text", json: Json = False, output: Output = None,
) -> int:
    """Mend what can be mended safely, in one plan that `opskit undo` takes back byte for byte."""
    session = Session(ctx, "fix", format, json, output)
    names = chosen(rooms, MENDING)
    return mend(session, names, Acting(dry_run, diff, yes, allow_dirty), everything, review, bool(rooms), _left)


def _left(findings: tuple[Finding, ...]) -> str:
    return f"{len(findings)} findings, {sum(f.fix == 'safe' for f in findings)} with a safe fix   (opskit check)"
