"""`opskit doctor`: the completion table: what holds, what does not, and the command that mends it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from opskit.cli.blockers import append_blockers, todos, write_status
from opskit.cli.database import locate, reachable, server_of
from opskit.cli.options import Everything, Format, Json, Output
from opskit.cli.paths import summary
from opskit.cli.pipeline import ROOMS, Examined, examine, report_of
from opskit.cli.session import Session
from opskit.cli.status import live_rows
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.db.check import probe
from opskit.env.provision import provision
from opskit.report.model import Table
from opskit.services import screen

app = typer.Typer(add_completion=False, rich_markup_mode=None)

State = Literal["holds", "does not hold", "not looked at yet"]
CLASHES = ("OPS-P001", "OPS-P009")
MARK = {"holds": "ok", "does not hold": "NO", "not looked at yet": "?"}


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion. `help` is the command that brings it about, "" where it holds."""

    name: str
    state: State
    message: str
    help: str = ""


@app.command(epilog="Examples: opskit doctor; opskit doctor --json; opskit doctor --status status.json --append coordination.md")
def doctor(
    ctx: typer.Context, everything: Everything = False, format: Format = "text", json: Json = False, output: Output = None,
    status: Annotated[
        Path | None, typer.Option("--status", envvar="OPSKIT_STATUS", help="Write ready_for_merge and the rows here.")
    ] = None,
    append: Annotated[
        Path | None, typer.Option("--append", envvar="OPSKIT_APPEND", help="Keep one section of blockers in this log.")
    ] = None,
) -> int:
    """Tell which of the criteria for going live hold. Exit 1 while one does not hold."""
    session = Session(ctx, "doctor", format, json, output)
    session.say("looking at the database, the environment, ports, dependencies and services ...")
    examined = examine(session, ROOMS, everything)
    rows = tuple(_rows(session, examined))
    told = [{"name": r.name, "state": r.state, "message": r.message, "help": r.help} for r in rows]
    open_ends = list(todos(session.survey, everything))
    if status:
        write_status(status, told, all(r.state == "holds" for r in rows))
    if append:
        day = time.strftime("%Y-%m-%d", time.localtime(session.world.now()))
        append_blockers(session, append, day, told, provision(session.survey, everything).needs)
    table = Table("", ("", "criterion", "what was seen", "next"), tuple((MARK[r.state], r.name, r.message, r.help) for r in rows))
    facts = {"rows": told, "todos": open_ends}
    report = report_of(session, Examined(Checked(facts=facts), {}), tables=(table,), notes=_left_open(open_ends))
    session.give(replace(report, judged=False))
    return int(any(r.state == "does not hold" for r in rows))


def _left_open(todos: list[dict[str, Any]]) -> tuple[str, ...]:
    """The first five, those on the way of money before the others."""
    lines = [f"  {t['path']}:{t['line']} {t['text'][:60]}" for t in todos[:5]]
    return (f"{len(todos)} TODO and FIXME in service files{', the way of money first' * todos[0]['money']}:", *lines) if todos else ()


def _rows(session: Session, examined: Examined) -> Iterable[Row]:
    yield _database(session)
    yield _from(examined, "environment documented and complete", "env", "every variable has its value", "opskit env init, opskit env check")
    yield _paths(examined)
    yield Row("checkout works end to end", "not looked at yet", "the Stripe room is not built yet")
    yield _from(examined, "no port conflicts", "ports", "every service has a port of its own", "opskit ports fix", CLASHES)
    yield _from(examined, "dependencies whole", "deps", "every import has its package", "opskit deps fix, opskit deps install")
    yield _services(session)
    tests = session.manifest.tests
    told = f"run: opskit run -- {tests}" if tests else "no command under [project] tests in opskit.toml"
    yield Row("tests pass", "not looked at yet", told)


def _paths(examined: Examined) -> Row:
    """Holds while neither code nor configuration names a folder of one machine; pages and fallbacks are told."""
    code, settings, prose, fallbacks = summary(examined.by_room["paths"])
    beside = [f"{prose} pages and comments name some"] * bool(prose) + [f"{fallbacks} fallbacks keep the old value"] * bool(fallbacks)
    told = "; ".join([f"{code} in code, {settings} files of configuration", *beside])
    bad = bool(code or settings)
    return Row("no hard-coded paths", "does not hold" if bad else "holds", told, "opskit paths fix" if bad else "")


def _from(examined: Examined, name: str, room: str, fine: str, help: str, codes: tuple[str, ...] = ()) -> Row:
    """Holds while the room has no error (of these codes, where some are given)."""
    bad = [f for f in examined.by_room[room].findings if f.severity == "error" and (not codes or f.code in codes)]
    return Row(name, "does not hold", _first(bad), help) if bad else Row(name, "holds", fine)


def _first(findings: list[Finding]) -> str:
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{findings[0].message}{more}"


def _database(session: Session) -> Row:
    """A real connection with the URL that services get; the embedded server is started for the look and stopped again."""
    name, where = "database connected and filled", locate(session, session.environment)
    if where.given is None and server_of(session, where) is None:
        return Row(name, "does not hold", f"{where.name} is not set, and there is no local database", "opskit db init --fix")
    try:
        with reachable(session, where) as url:
            seen = probe(url)
    except OpskitError as error:
        return Row(name, "does not hold", error.message, error.help)
    if not seen.ok:
        return Row(name, "does not hold", seen.cause, seen.mend)
    if not seen.tables:
        return Row(name, "does not hold", f"PostgreSQL {seen.version} answers, and has no table", "opskit db init --fix")
    return Row(name, "holds", f"PostgreSQL {seen.version}, {seen.tables} tables")


def _services(session: Session) -> Row:
    name, rows = "every service up", live_rows(session)
    if not rows:
        return Row(name, "does not hold", "nothing is up", "opskit up --detach")
    late = screen.not_ready(rows)
    if late:
        told = f"{len(rows) - len(late)} of {len(rows)} ready; {late[0]['name']} is {late[0]['state']}"
        return Row(name, "does not hold", told, "opskit logs")
    return Row(name, "holds", f"{len(rows)} ready")
