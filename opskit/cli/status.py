"""`opskit status`: what runs, on which port, in which state."""

from typing import Any

import typer

from opskit.cli.options import Everything, ExitZero, Json, Output
from opskit.cli.session import Session
from opskit.cli.stack import services
from opskit.core.finding import Checked
from opskit.report.model import Report, Table
from opskit.services import control, idle, launch, screen

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit status; opskit status --json")
def status(
    ctx: typer.Context, everything: Everything = False, json: Json = False, output: Output = None, exit_zero: ExitZero = False,
) -> int:
    """Every service of opskit.toml with its state. 1 where one that was started is not ready."""
    session = Session(ctx, "status", "text", json, output)
    running = live_rows(session)
    known = {row["name"] for row in running} >= set(session.manifest.services) and bool(running)
    rows = running if known else idle.merged(services(session), running)
    left = [] if running else launch.leftovers(session.root)
    notes = [] if running else ["nothing is up: opskit up starts it"]
    if left and not launch.is_up(session.root):
        notes = [f"{len(left)} processes of a killed run are left: opskit down ends them"]
    table = Table("", screen.COLUMNS, screen.table(rows))
    session.give(Report("status", Checked(facts={"services": screen.facts(rows)}), (table,),
                        notes=(*screen.reasons(rows, everything), *notes), seconds=session.seconds))
    return int(not exit_zero and bool(screen.not_ready(running) or left))


def live_rows(session: Session) -> list[dict[str, Any]]:
    client = control.connect(launch.folder_of(session.root))
    if client is None:
        return []
    rows: list[dict[str, Any]] = client.ask("status", 10.0).get("services", [])
    client.close()
    return rows
