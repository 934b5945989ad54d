"""`opskit db init | check | url`: the database made and filled, tried as the services would, and where it is."""

import os
from typing import Annotated, Any

import typer

from opskit.cli.acting import act, apply, settled_plan
from opskit.cli.database import Where, guard, locate, reachable, relocate, server_of
from opskit.cli.options import Acting, AllowDirty, DryRun, Everything, Format, Json, Output, Yes
from opskit.cli.pipeline import Examined, examine, report_of
from opskit.cli.session import Session
from opskit.core.change import Plan
from opskit.core.errors import REFUSED, NotReady, OpskitError
from opskit.core.finding import Checked, Finding
from opskit.core.place import Place
from opskit.db import fix as db_fix
from opskit.db.check import Probe, probe
from opskit.db.init import Verdict, carry_out, text_of
from opskit.db.setting import is_ours, plan_settings
from opskit.db.sightings import find_schemas, named_schemas
from opskit.db.url import Target, targets
from opskit.pg.connect import connect
from opskit.pg.doctor import read_url
from opskit.pg.embedded import data_lock, home_of
from opskit.pg.load import Loaded
from opskit.pg.script import Script, by_reason, read_script
from opskit.report.model import Report, Table
from opskit.source.dotenv import DEV, files_of

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The database and its schema: init, check, url.")

Environment = Annotated[str | None, typer.Option("--env", envvar="OPSKIT_ENV", help="Which environment's database [default: dev].")]


@app.command(epilog="Examples: opskit db init --fix; opskit db init --dry-run; opskit db init --env prod --confirm shop")
def init(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", envvar="OPSKIT_FIX", help="Mend the schema first where the mend is certain.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    allow_dirty: AllowDirty = False,
    env: Environment = None,
    confirm: Annotated[
        str | None,
        typer.Option("--confirm", envvar="OPSKIT_CONFIRM", help="The database's own name, for one that is not local.", metavar="DATABASE"),
    ] = None,
    format: Format = "text",
    json: Json = False,
    output: Output = None,
) -> int:
    """Make the local database where none is given, write its URL into .env, load the schema. A second run adds nothing."""
    session = Session(ctx, "db init", format, json, output)
    environment = env or (session.environment if session.environment != DEV else None)
    where = locate(session, environment or DEV)
    guard(where, environment, confirm)
    paths = _schemas(session)
    what = f"{where.told}: load {', '.join(paths) if paths else 'nothing (no schema found)'}"
    would = (f"would use {what}", *_would_write(where)) if dry_run else ()
    shown = _mended(session, fix, Acting(dry_run, False, yes, allow_dirty), would)
    if dry_run:
        if not shown:
            session.give(Report(session.command, notes=would))
        return int(shown)
    if not session.ask(f"Use {what}?", yes):
        raise OpskitError("nothing was changed", code="OPS-X013", help="opskit db init --dry-run shows what it would do")
    return _init(session, where, environment or DEV, paths, allow_dirty)


@app.command(epilog="Examples: opskit db check; opskit db check --all --json")
def check(
    ctx: typer.Context,
    everything: Everything = False,
    env: Environment = None,
    format: Format = "text",
    json: Json = False,
    output: Output = None,
) -> int:
    """Connect as each service would and name the cause and one mend. Exit 3 where a database refuses or cannot be reached."""
    session = Session(ctx, "db check", format, json, output)
    environment = env or session.environment
    where = locate(session, environment)
    examined = examine(session, ("db",), everything)
    known = [f for f in examined.checked.findings if f.code in ("OPS-D006", "OPS-D007")]
    found = _targets(session, where, environment, everything)
    probes = _tried(session, where, found)
    refused = [_finding(target, tried) for target, tried in probes if not tried.ok and tried.kind != "placeholder"]
    facts = {"databases": [_fact(target, tried) for target, tried in probes]}
    told = tuple(f"{target.source}: {note}" for target, tried in probes for note in tried.notes)
    notes = told if found else ("no service reads a database URL, and none is set; next: opskit db init",)
    checked = Checked((*refused, *known), facts)
    session.give(report_of(session, Examined(checked, {}), whole=True, tables=_table(probes), notes=notes))
    return REFUSED if refused else int(not found or any(f.severity == "error" for f in known))


@app.command(epilog='Examples: opskit db url; psql "$(opskit db url --reveal)"')
def url(
    ctx: typer.Context,
    env: Environment = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", envvar="OPSKIT_REVEAL", help="With the password, for another program; never in a log.")
    ] = False,
) -> int:
    """Print the database's URL, the password masked (--reveal shows it)."""
    session = Session(ctx, "db url")
    where = locate(session, env or session.environment)
    server = server_of(session, where)
    value = where.given.value if where.given else server.url if server else None
    if value is None:
        raise NotReady(f"{where.name} is not set, and there is no local database yet", help="opskit db init", code="OPS-D006")
    address = read_url(value.reveal())[0]
    print(value.reveal() if reveal else address.masked() if address else "(it cannot be read: opskit db check)")
    return 0


def _schemas(session: Session) -> tuple[str, ...]:
    return tuple(f.path for f in find_schemas(session.tree, named_schemas(session.manifest.database)) if f.chosen)


def _mended(session: Session, fix: bool, acting: Acting, would: tuple[str, ...]) -> bool:
    """The schema's certain faults mended, or told. True: a report was given."""
    examined, paths = examine(session, ("db",)), _schemas(session)
    mine = [f for f in examined.checked.findings if f.place.path in paths]
    if foreign := next((f for f in mine if f.code == "OPS-D004"), None):
        raise NotReady(foreign.message, help=foreign.help, code=foreign.code, place=foreign.place)
    certain = [f for f in mine if f.fix == "safe"]
    if not certain:
        return False
    if not fix:
        count = sum(f.data.get("indexes", 1) for f in certain)
        raise NotReady(
            f"PostgreSQL would stop at {count} places of {', '.join(paths)}; the first: {certain[0].message}",
            code=certain[0].code,
            place=certain[0].place,
            help="opskit db init --fix mends them first (opskit undo takes it back)",
        )
    plan = db_fix.plan(session.survey, Checked(tuple(certain)))
    if session.format == "json" and acting.yes and not acting.dry_run:
        settled = settled_plan(session, plan, acting.allow_dirty)
        apply(session, settled)
    else:
        settled = act(session, plan, acting, Report(session.command, notes=would)).settled
    if settled.dropped:
        raise NotReady(f"{settled.dropped[0].change.why}: {settled.dropped[0].reason}", code=certain[0].code, place=certain[0].place)
    session.refresh()
    return True


def _init(session: Session, where: Where, environment: str, paths: tuple[str, ...], allow_dirty: bool) -> int:
    with data_lock(home_of(session.root, session.manifest.name) / "init.lock", session.say):
        where, notes = relocate(session, environment, where), list[str]()
        with reachable(session, where) as url:
            if where.embedded:
                notes += _settle(session, where, url, allow_dirty)
            done = [_load(session, where, url, read_script(path, session.tree.read)) for path in paths]
    facts = [
        {"schema": path, "state": verdict.state, "statements": loaded.statements if loaded else 0, "rows": loaded.rows if loaded else 0}
        for path, verdict, loaded in done
    ]
    notes += [line for path, verdict, loaded in done for line in _told(path, verdict, loaded)]
    notes += [f"{where.name} points at {where.told}", "next: opskit db check"]
    session.give(Report(session.command, Checked(facts={"schemas": facts}), seconds=session.seconds, notes=tuple(notes)))
    return 0


def _settle(session: Session, where: Where, url: Any, allow_dirty: bool) -> list[str]:
    """The URL into .env, the kind into opskit.toml, the port into ports.toml: one entry of the journal."""
    plan = Plan(tuple(plan_settings(session.tree, session.manifest, where.name, url, where.port)))
    settled = settled_plan(session, plan, allow_dirty)
    if settled.rewrites:
        apply(session, settled)
        session.refresh()
    written = [f"wrote {r.path}" for r in settled.rewrites]
    return written + [f"left {getattr(d.change, 'path', '')}: {d.reason}" for d in settled.dropped]


def _load(session: Session, where: Where, url: Any, script: Script) -> tuple[str, Verdict, Loaded | None]:
    session.say(f"loading {script.path} ({len(script.steps)} statements) ...")
    last = [session.world.now()]

    def progress(done: int, of: int) -> None:
        if session.world.now() - last[0] > 2:
            last[0] = session.world.now()
            session.say(f"  {done} of {of}")

    with connect(url) as connection:
        verdict, loaded = carry_out(connection, script, text_of(script), progress, stand_in=where.embedded)
    return script.path, verdict, loaded


def _told(path: str, verdict: Verdict, loaded: Loaded | None) -> list[str]:
    if loaded is None:
        return [verdict.why]
    left = [
        f"left out{f' {len(group)} times' * (len(group) > 1)}: {why}   ({'first: ' * (len(group) > 1)}{group[0].place})"
        for why, group in by_reason(loaded.left).items()
    ]
    return [f"loaded {path}: {loaded.statements} statements, {loaded.rows} rows, {loaded.seconds:.1f} s", *left]


def _would_write(where: Where) -> tuple[str, ...]:
    if not where.embedded:
        return ()
    return (
        f'would write {where.name} into .env, kind = "embedded" into opskit.toml, port {where.port} into ports.toml (what is not so yet)',
    )


def _targets(session: Session, where: Where, environment: str, everything: bool) -> tuple[Target, ...]:
    found = targets(session.survey, os.environ, everything, files_of(environment))
    if where.given and all(t.value != where.given.value for t in found):
        found += (Target(where.given.value, f"{where.name} from {where.given.source}", where.given.place, ()),)
    return found


def _tried(session: Session, where: Where, found: tuple[Target, ...]) -> list[tuple[Target, Probe]]:
    """Each URL once; the embedded server is started for the look where it is down, and stopped again."""

    def tried(target: Target) -> Probe:
        session.say(f"trying {target.source} ...")
        return probe(target.value)

    ours = [t for t in found if where.embedded and is_ours(t.value, where.port)]
    if ours and server_of(session, where):
        with reachable(session, where):
            return [(t, tried(t)) for t in found]
    return [(t, tried(t)) for t in found]


def _finding(target: Target, tried: Probe) -> Finding:
    who = (
        f"{', '.join(target.services[:3])}{f' and {len(target.services) - 3} more' if len(target.services) > 3 else ''}"
        if target.services
        else "nobody yet"
    )
    return Finding(
        "OPS-D010",
        "error",
        f"{tried.cause}; used by {who}",
        target.place or Place("the environment"),
        help="opskit db init makes a local one and sets the variable" if target.default else tried.mend,
        harm=80,
        data={"services": list(target.services), "kind": tried.kind},
    )


def _table(probes: list[tuple[Target, Probe]]) -> tuple[Table, ...]:
    rows = tuple(
        (
            tried.masked,
            target.source,
            str(len(target.services)),
            f"PostgreSQL {tried.version}, {tried.tables} tables, {tried.again * 1000:.0f} ms" if tried.ok else tried.cause,
            *(),
        )
        for target, tried in probes
    )
    return (Table("", ("database", "from", "services", "answer"), rows),) if rows else ()


def _fact(target: Target, tried: Probe) -> dict[str, Any]:
    return {
        "url": tried.masked,
        "from": target.source,
        "services": list(target.services),
        "default": target.default,
        "ok": tried.ok,
        "cause": tried.cause,
        "mend": tried.mend,
        "kind": tried.kind,
        "version": tried.version,
        "tables": tried.tables,
        "first_ms": round(tried.first * 1000, 1),
        "again_ms": round(tried.again * 1000, 1),
        "pooled": tried.pooled,
        "notes": list(tried.notes),
    }
