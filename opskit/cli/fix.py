"""`opskit fix [ROOMS]`: one reviewed plan of edits over all rooms."""

from typing import Annotated

import typer

from opskit.cli.completing import offer
from opskit.cli.mending import mend
from opskit.cli.options import Acting, Looking, Telling, flat
from opskit.cli.pipeline import MENDING, chosen
from opskit.cli.session import Session
from opskit.core.finding import Finding

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit fix --dry-run --diff; opskit fix ports --yes; opskit fix --all --review")
@flat
def fix(
    ctx: typer.Context, looking: Looking, acting: Acting, telling: Telling,
    rooms: Annotated[
        list[str] | None, typer.Argument(metavar="ROOM", help=f"{', '.join(MENDING)} [default: all].", autocompletion=offer(MENDING))
    ] = None,
) -> int:
    """Mend what can be mended safely, in one plan that `opskit undo` takes back byte for byte."""
    return mend(Session(ctx, "fix", *telling), chosen(rooms, MENDING), acting, *looking, whole=bool(rooms), left=_left)


def _left(findings: tuple[Finding, ...]) -> str:
    return f"{len(findings)} findings, {sum(f.fix == 'safe' for f in findings)} with a safe fix   (opskit check)"
