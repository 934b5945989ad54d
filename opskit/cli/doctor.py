"""`opskit doctor`: the completion table: what holds, what does not, and the command that mends it."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from opskit.cli.blockers import append_blockers, todos, write_status
from opskit.cli.criteria import CRITERIA, Looked
from opskit.cli.options import Everything, Telling, Yes, flat
from opskit.cli.pipeline import ROOMS, Examined, examine, report_of
from opskit.cli.session import Session
from opskit.cli.trial import Trial
from opskit.core.finding import Checked
from opskit.env.provision import provision
from opskit.report.masked import masked

app = typer.Typer(add_completion=False, rich_markup_mode=None)

EXAMPLES = "Examples: opskit doctor; opskit doctor --tests; opskit doctor --json; opskit doctor --status status.json --append log.md"


@app.command(epilog=EXAMPLES)
@flat
def doctor(
    ctx: typer.Context, telling: Telling, everything: Everything = False,
    tests: Annotated[bool, typer.Option("--tests", envvar="OPSKIT_TESTS", help="Also run the tests that [project] tests names.")] = False,
    limit: Annotated[float, typer.Option("--limit", envvar="OPSKIT_LIMIT", help="Seconds that the tests may take.", min=1)] = 900.0,
    yes: Yes = False,
    status: Annotated[
        Path | None, typer.Option("--status", envvar="OPSKIT_STATUS", help="Write ready_for_merge and the rows here.")
    ] = None,
    append: Annotated[
        Path | None, typer.Option("--append", envvar="OPSKIT_APPEND", help="Keep one section of blockers in this log.")
    ] = None,
) -> int:
    """Tell which of the criteria for going live hold. Exit 1 while one does not hold."""
    session = Session(ctx, "doctor", *telling)
    session.say("looking at the database, the environment, paths, ports, dependencies and services ...")
    looked = Looked(session, examine(session, ROOMS, everything), Trial(limit, yes) if tests else None)
    rows = tuple(criterion(looked) for criterion in CRITERIA)
    told = [asdict(row) for row in rows]
    open_ends = list(todos(session.survey, everything))
    if status:
        write_status(session, status, told, all(r.state == "holds" for r in rows))
    if append:
        day = time.strftime("%Y-%m-%d", time.localtime(session.world.now()))
        append_blockers(session, append, day, told, provision(session.survey, everything).needs)
    facts = {"rows": told, "todos": open_ends}
    report = report_of(session, Examined(Checked(facts=facts), {}), standing=rows, notes=_left_open(masked(open_ends, session.redact)))
    session.give(replace(report, judged=False))
    return int(any(r.state == "does not hold" for r in rows))


def _left_open(todos: list[dict[str, Any]]) -> tuple[str, ...]:
    """The first five, those on the way of money before the others."""
    lines = [f"  {t['path']}:{t['line']} {t['text'][:60]}" for t in todos[:5]]
    return (f"{len(todos)} TODO and FIXME in service files{', the way of money first' * todos[0]['money']}:", *lines) if todos else ()
