"""`opskit history`: the plans that were applied."""

import typer

from opskit.cli.options import Telling, flat
from opskit.cli.session import Session
from opskit.core.finding import Checked
from opskit.core.journal import Journal
from opskit.report.model import Report, Table

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit history; opskit history --json")
@flat
def history(ctx: typer.Context, telling: Telling) -> int:
    """List the plans that opskit applied here, oldest first; an `open` one was cut short."""
    session = Session(ctx, "history", *telling)
    entries = Journal(session.root).entries()
    rows = tuple((str(e.number), e.when, e.state, e.command, str(len(e.files))) for e in entries)
    facts = {"plans": [{"number": e.number, "when": e.when, "state": e.state, "command": e.command, "files": [w.path for w in e.files]}
                       for e in entries]}
    table = Table("", ("plan", "when", "state", "command", "files"), rows)
    session.give(Report("history", Checked(facts=facts), tables=(table,) if rows else (), notes=() if rows else ("no plans yet",)))
    return 0
