"""`opskit down`: stop everything that `up` started, and prove it."""

import typer

from opskit.cli.options import Json, Output
from opskit.cli.session import Session
from opskit.report.model import Report
from opskit.services import launch

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit down")
def down(ctx: typer.Context, json: Json = False, output: Output = None) -> int:
    """Stop every service of this platform, dependents first. Nothing left is verified; safe to repeat."""
    session = Session(ctx, "down", "text", json, output)
    if launch.is_up(session.root):
        session.say("stopping ...")
    ended = launch.stop(session.root)
    note = f"{ended} process{'es' * (ended != 1)} ended, none is left" if ended else "nothing was running"
    session.give(Report("down", notes=(note,), seconds=session.seconds))
    return 0
