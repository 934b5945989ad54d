"""`opskit check [ROOMS]`: every finding, worst first."""

from typing import Annotated

import typer

from opskit.cli.options import Everything, ExitZero, Format, Json, Output
from opskit.cli.pipeline import chosen, examine, exit_code, report_of
from opskit.cli.session import Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit check; opskit check ports env; opskit check --json --output report.json")
def check(
    ctx: typer.Context,
    rooms: Annotated[list[str] | None, typer.Argument(help="env, db, deps, ports, services [default: all].")] = None,
    everything: Everything = False, format: Format = "text", json: Json = False, output: Output = None, exit_zero: ExitZero = False,
) -> int:
    """Tell every finding, worst first, each with a place, a reason and a command that mends it. Changes nothing."""
    session = Session(ctx, "check", format, json, output)
    names = chosen(rooms)
    examined = examine(session, names, everything)
    notes = ("next: opskit fix",) if any(f.fix == "safe" for f in examined.checked.findings) else ()
    session.give(report_of(session, examined, whole=bool(rooms), notes=notes))
    return exit_code(examined, exit_zero)
