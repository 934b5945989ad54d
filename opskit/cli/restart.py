"""`opskit restart`: stop and start services again, with the environment read anew."""

from typing import Annotated

import typer

from opskit.cli.completing import service_names
from opskit.cli.options import Json, Output
from opskit.cli.session import Session
from opskit.cli.watching import Watching
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.report.model import Report, Table
from opskit.services import control, launch, screen

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit restart api; opskit restart")
def restart(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Services [default: all].", autocompletion=service_names)] = None,
    timeout: Annotated[float, typer.Option("--timeout", envvar="OPSKIT_TIMEOUT", help="Seconds to wait for ready.", min=0.1)] = 60.0,
    json: Json = False, output: Output = None,
) -> int:
    """Restart services; .env files are read again and the names of what changed are told in the service's log."""
    session = Session(ctx, "restart", "text", json, output)
    client = control.connect(launch.folder_of(session.root))
    if client is None:
        raise OpskitError("nothing is up", code="OPS-V016", help="opskit up")
    answer = client.ask("restart", names=names or [])
    if unknown := answer.get("unknown"):
        there = ", ".join(row["name"] for row in answer["services"])
        raise OpskitError(f"there is no service `{unknown[0]}` up", code="OPS-V003", help=f"there are: {there}")
    watching = Watching(session, client, tuple(names or ()), quiet=True)
    client.send("follow", names=names or [])
    watching.until_settled(timeout)
    rows = list(watching.rows.values())
    session.give(Report("restart", Checked(facts={"services": screen.facts(rows)}), (Table("", screen.COLUMNS, screen.table(rows)),),
                        notes=screen.reasons(rows), seconds=session.seconds))
    return int(bool(screen.not_ready(rows)))
