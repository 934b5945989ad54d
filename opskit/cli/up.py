"""`opskit up`: the database, then the services, healthy, on loopback."""

import os
from typing import Annotated

import typer

from opskit.cli.completing import service_names
from opskit.cli.door import Terminated
from opskit.cli.lacking import lacking, supply
from opskit.cli.options import DryRun, Everything, Json, Output, Yes
from opskit.cli.session import Session
from opskit.cli.stack import services, stack, wanted
from opskit.cli.watching import Watching
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.report.model import Report, Table
from opskit.services import idle, launch, ports_taken, screen
from opskit.services.spec import ServiceSpec

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples: opskit up; opskit up api web --detach; opskit up --dry-run; opskit up --detach --yes --json")
def up(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Services, with what they depend on [default: all enabled].", autocompletion=service_names),
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", "-d", envvar="OPSKIT_DETACH", help="Return when all are ready; they go on.")] = False,
    everything: Everything = False, yes: Yes = False, dry_run: DryRun = False,
    timeout: Annotated[float, typer.Option("--timeout", envvar="OPSKIT_TIMEOUT", help="Seconds to wait for ready.", min=0.1)] = 60.0,
    json: Json = False, output: Output = None,
) -> int:
    """Start the services of opskit.toml in the order of depends_on, and show their logs until ^C (or --detach)."""
    session = Session(ctx, "up", "text", json, output)
    planned = services(session, names or (), everything)
    if dry_run:
        return _look(session, planned)
    _agree(session, planned, lacking(session), yes)
    supply(session)
    specs = stack(session, names or (), everything)
    if not any(spec.enabled for spec in specs):
        raise OpskitError("every service of opskit.toml is disabled", code="OPS-V014",
                          help="set enabled = true where you want it, or give --all")
    joined = launch.is_up(session.root)
    client = launch.join(session.root, specs) if joined else launch.launch(session.root, specs, os.environ, attached=not detach)
    watching = Watching(session, client, tuple(spec.name for spec in specs if spec.enabled), quiet=detach)
    client.send("follow", owner=not detach and not joined)
    try:
        return _stay(session, watching, timeout, leave=detach or joined)
    except (KeyboardInterrupt, Terminated) as signal:
        return watching.leave_on(signal) if joined else watching.stop_on(signal)


def _stay(session: Session, watching: Watching, timeout: float, leave: bool) -> int:
    watching.until_settled(timeout)
    waiting = screen.not_ready(watching.rows.values())
    if leave or session.format == "json":
        _tell(session, watching)
    if not leave and not watching.ended:
        if waiting and all(not row["pid"] for row in watching.rows.values()):
            session.say("nothing runs: " + "; ".join(filter(None, map(screen.sentence, waiting))))
            launch.stop(session.root)
            return 1
        enabled = sum(row["enabled"] for row in watching.rows.values())
        session.say(f"{enabled - len(waiting)} of {enabled} in order; ^C stops them all")
        watching.until_ended()
        waiting = screen.not_ready(watching.rows.values()) if not watching.meant else []
    if watching.ended and not watching.meant:
        left = launch.sweep(session.root)
        session.say(f"the supervisor was killed; {left} process{'es' * (left != 1)} it left behind ended")
        return 1
    return int(bool(waiting))


def _tell(session: Session, watching: Watching) -> None:
    rows = list(watching.rows.values())
    late = len(screen.not_ready(rows))
    notes = (*screen.reasons(rows), *([f"{late} not ready"] if late else []), "next: opskit status, opskit logs -f, opskit down")
    session.give(Report("up", Checked(facts={"services": screen.facts(rows)}), (Table("", screen.COLUMNS, screen.table(rows)),),
                        notes=notes, seconds=session.seconds))


def _look(session: Session, specs: tuple[ServiceSpec, ...]) -> int:
    """What would run, in order, and which ports are free. 1 where one is not."""
    rows, taken = [], []
    for spec in specs:
        address = "0.0.0.0" if spec.expose else "127.0.0.1"
        reason = ports_taken.refusal(spec.port, spec.protocol, address) if spec.port and spec.enabled else ""
        taken += [f"{spec.name}: {reason}"] if reason else []
        rows.append(idle.row_of(spec))
    lines = tuple((row["name"], str(row["port"] or "-"), row["command"]) for row in rows if row["enabled"])
    where = wanted(session)
    first = (f"first: {where.told}",) if where else ()
    table = Table("", ("service", "port", "command"), lines)
    session.give(Report("up", Checked(facts={"services": screen.facts(rows)}), (table,),
                        notes=(*first, *screen.reasons(rows), *taken), seconds=session.seconds))
    return int(bool(taken))


def _agree(session: Session, specs: tuple[ServiceSpec, ...], lacking: tuple[str, ...], yes: bool) -> None:
    """The first time a command of this repository would run, or when .env lacks what opskit can make: show it and ask."""
    lines = [f"{spec.name}: {spec.told}" for spec in specs if spec.enabled]
    new = launch.unagreed(session.root, lines)
    if new:
        session.say("these commands of this repository have not run under opskit yet:\n" + "\n".join(f"  {line}" for line in new))
    if lacking:
        session.say(f".env lacks what opskit can make: {', '.join(lacking)}")
    question = " and ".join(["Run them"] * bool(new) + ["write .env"] * bool(lacking))
    if question and not session.ask(f"{question}?", yes):
        raise OpskitError("nothing was started", code="OPS-X013", help="opskit up --dry-run shows what would run")
    if new:
        launch.agree(session.root, new)
