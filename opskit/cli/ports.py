"""`opskit ports audit | assign | fix | who`: who claims which port, clashes ended, and who holds a port now."""

import shlex
from typing import Annotated, Any

import typer

from opskit.cli.assigning import assign_ports, assigned_report
from opskit.cli.completing import service_names
from opskit.cli.mending import mend
from opskit.cli.options import Acting, Everything, ExitZero, Looking, Telling, flat
from opskit.cli.pipeline import examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.ports.claims import claims_of, servers
from opskit.ports.holders import Holder, age, holders
from opskit.report.model import Report, Table

ROOM = ("ports",)

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Ports: audit, assign, fix, who.")


@app.command(epilog="Examples: opskit ports audit; opskit ports audit --all --json")
@flat
def audit(
    ctx: typer.Context,
    telling: Telling,
    everything: Everything = False,
    exit_zero: ExitZero = False,
) -> int:
    """List every service with its port, then what is wrong with them. Changes nothing."""
    session = Session(ctx, "ports audit", *telling)
    examined = examine(session, ROOM, everything)
    notes = ("next: opskit ports fix",) if any(f.fix == "safe" for f in examined.checked.findings) else ()
    session.give(report_of(session, examined, whole=True, tables=_claimed(session, examined.checked), notes=notes))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit ports fix --dry-run --diff; opskit ports fix --yes; opskit ports fix --all --review")
@flat
def fix(ctx: typer.Context, looking: Looking, acting: Acting, telling: Telling) -> int:
    """End every clash: move as few services as possible, with every reference to them. `opskit undo` takes it back."""
    return mend(Session(ctx, "ports fix", *telling), ROOM, acting, *looking, whole=True, left=_left)


@app.command(epilog="Examples: opskit ports assign --yes; opskit ports assign billing --yes; opskit ports assign --dry-run --diff")
@flat
def assign(
    ctx: typer.Context,
    acting: Acting,
    telling: Telling,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Services, also ones yet to be written [default: all that run].", autocompletion=service_names),
    ] = None,
    everything: Everything = False,
) -> int:
    """Write a port for every service into ports.toml, where it stays. `opskit ports fix` moves the code there."""
    session = Session(ctx, "ports assign", *telling)
    if not (acting.dry_run or session.ask("Write the new ports into ports.toml?", acting.yes)):
        raise OpskitError("nothing was changed", code="OPS-X013", help="run it with --dry-run --diff to look closer")
    given, settled = assign_ports(session, tuple(names or ()), everything, acting.dry_run, acting.allow_dirty)
    session.give(assigned_report(session, given, settled, acting.diff, applied=bool(settled.rewrites) and not acting.dry_run))
    return int(acting.dry_run and bool(settled.rewrites))


@app.command(epilog="Examples: opskit ports who; opskit ports who 5000; opskit ports who --json")
@flat
def who(
    ctx: typer.Context,
    telling: Telling,
    port: Annotated[int | None, typer.Argument(min=1, max=65535, help="One port [default: every port of the platform].")] = None,
) -> int:
    """Say who holds a port now: process, user, command, since when, and which service of the platform it is."""
    session = Session(ctx, "ports who", *telling)
    services = servers(session.survey)
    wanted = {port} if port else {c.port for c in claims_of(services)} | {e.port for e in session.manifest.ports.values()}
    held = holders(session.root, services, wanted)
    facts = {"holders": [_holder(h) for h in held]}
    free = () if held else (f"nobody holds port {port}" if port else "nobody holds any of the platform's ports",)
    session.give(Report(session.command, Checked(facts=facts), tables=_held(session, held), notes=free))
    return 0


def _claimed(session: Session, checked: Checked) -> tuple[Table, ...]:
    facts = checked.facts.get("ports", [])
    spoken: dict[tuple[str | None, int], int] = {}
    for fact in facts:
        if fact["role"] not in ("bind", "publish"):
            spoken[fact["service"], fact["port"]] = spoken.get((fact["service"], fact["port"]), 0) + 1
    rows = tuple(
        (
            str(f["port"]) + ("/udp" if f["protocol"] == "udp" else ""),
            f["service"],
            f"{f['path']}:{f['line']}" if f["line"] else f["path"],
            str(spoken.get((f["service"], f["port"]), "-")),
            "" if f["enabled"] else "disabled",
        )
        for f in sorted((f for f in facts if f["role"] in ("bind", "publish")), key=lambda f: (f["port"], f["service"]))
    )
    return (Table("Ports", ("port", "service", "where", "mentions", ""), rows),) if rows else ()


def _held(session: Session, held: tuple[Holder, ...]) -> tuple[Table, ...]:
    now = session.world.now()
    rows = tuple(
        (
            str(h.port) + ("/udp" if h.protocol == "udp" else ""),
            str(h.pid or "-"),
            h.user or "-",
            h.service or "-",
            age(h.since, now) or "-",
            session.redact(shlex.join(h.command)) or h.told,
        )
        for h in held
    )
    return (Table("", ("port", "pid", "user", "service", "since", "command"), rows),) if rows else ()


def _holder(h: Holder) -> dict[str, Any]:
    return {
        "port": h.port,
        "protocol": h.protocol,
        "host": h.host,
        "pid": h.pid,
        "user": h.user,
        "command": list(h.command),
        "cwd": h.cwd,
        "since": h.since,
        "service": h.service or None,
        "told": h.told,
    }


def _left(findings: tuple[Finding, ...]) -> str:
    return f"{sum(f.code == 'OPS-P001' for f in findings)} clashes, {len(findings)} findings in all   (opskit ports audit)"
