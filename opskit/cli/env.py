"""`opskit env`: check, example, init, generate."""

from typing import Annotated

import typer

from opskit.cli.acting import act
from opskit.cli.options import Acting, DryRun, Everything, ExitZero, Telling, Yes, flat
from opskit.cli.pipeline import examine, exit_code, report_of
from opskit.cli.session import Session
from opskit.core.change import Change, Plan
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked
from opskit.core.secret import Secret
from opskit.core.write import inside
from opskit.env.contract import contract_change
from opskit.env.files import CONTRACT, MAIN, tracked_files
from opskit.env.fix import ignore_change
from opskit.env.names import vendor_key
from opskit.env.provision import CHECK, Need, generated, holds_value, is_name, make_secret, provision
from opskit.env.variables import variables
from opskit.report.model import Report, Table

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True,
                  help="Environment variables: what is read, what is set, what is missing.")

LEAST, MOST = 16, 256


@app.command(epilog="Examples: opskit env check; opskit env check --json; opskit env check --all --exit-zero")
@flat
def check(ctx: typer.Context, telling: Telling, everything: Everything = False, exit_zero: ExitZero = False) -> int:
    """Tell what is missing, empty, a placeholder, malformed, weak, in the wrong slot, or in git. Changes nothing."""
    session = Session(ctx, "env check", *telling)
    examined = examine(session, ("env",), everything)
    notes = ("next: opskit fix env",) if any(f.fix == "safe" for f in examined.checked.findings) else ()
    session.give(report_of(session, examined, whole=True, notes=notes))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit env example --dry-run --diff; opskit env example --yes")
@flat
def example(ctx: typer.Context, acting: Acting, telling: Telling, everything: Everything = False) -> int:
    """Write .env.example: every variable the code reads, with varlock's decorators. Existing lines stay as they are."""
    session = Session(ctx, "env example", *telling)
    change = contract_change(session.tree, variables(session.survey, everything))
    report = Report(session.command, notes=() if change else (f"{CONTRACT} names every variable that the code reads",))
    outcome = act(session, _plan(change), acting, report)
    return int(acting.dry_run and bool(outcome.settled.rewrites))


@app.command(epilog="Examples: opskit env init --dry-run; opskit env init --yes; opskit env init --json --yes")
@flat
def init(ctx: typer.Context, acting: Acting, telling: Telling, everything: Everything = False) -> int:
    """Write .env: secrets that opskit can make, defaults, and a list of what a person must provide. Existing lines win."""
    session = Session(ctx, "env init", *telling)
    _guard(session)
    found = provision(session.survey, everything)
    session.redact.learn(secret.reveal() for secret in found.made.values())
    report = Report(
        session.command, Checked((), {"needs": [n.fact() for n in found.needs], "made": [{"name": name} for name in found.made]}),
        tables=_needs(found.needs), notes=_closing(found.made, found.needs),
    )
    outcome = act(session, _plan(*found.changes, ignore_change(session.tree)), acting, report)
    return int(bool(outcome.settled.dropped) or (acting.dry_run and bool(outcome.settled.rewrites)))


@app.command(epilog="Examples: opskit env generate JWT_SECRET_KEY; opskit env generate SESSION_SECRET --bytes 64 --reveal")
@flat
def generate(
    ctx: typer.Context, telling: Telling,
    name: Annotated[str, typer.Argument(help="The variable, e.g. JWT_SECRET_KEY.")],
    size: Annotated[int, typer.Option("--bytes", help="Bytes of randomness, 16 to 256.")] = 32,
    write: Annotated[bool, typer.Option("--write", help="Write it to .env, the default without --reveal.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Print it on stdout, the only thing there.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of a value that .env holds.")] = False,
    dry_run: DryRun = False, yes: Yes = False,
) -> int:
    """Make a strong secret and write it to .env (mode 0600); printed only with --reveal."""
    session = Session(ctx, "env generate", *telling)
    _fit(name, size)
    secret = make_secret(name, size)
    if write or not reveal:
        _guard(session)
        if holds_value(session.tree, name) and not replace:
            raise OpskitError(f"{name} has a value in {MAIN} already", code="OPS-X003", help="--replace puts a new one in its place")
        session.redact.learn([secret.reveal()])
        plan = _plan(generated(session.tree, name, secret), ignore_change(session.tree))
        outcome = act(session, plan, Acting(dry_run, False, yes or not replace, False), Report(session.command))
        if reveal and not outcome.applied:
            return int(dry_run)
    if reveal:
        print(secret.reveal())
    return 0


def _plan(*changes: Change | None) -> Plan:
    return Plan(tuple(change for change in changes if change))


def _guard(session: Session) -> None:
    """A secret goes neither into git nor through a link out of the platform."""
    inside(session.root, MAIN)
    if MAIN in tracked_files(session.tree):
        raise OpskitError(f"{MAIN} is tracked by git: a secret written there is in the next commit", code="OPS-E012",
                          help=f"git rm --cached {MAIN}, then run this again")


def _fit(name: str, size: int) -> None:
    if not is_name(name):
        raise OpskitError(f"`{name[:60]}` is no name of a variable", code="OPS-X003", help="letters, digits and _ only")
    if not LEAST <= size <= MOST:
        raise OpskitError(f"--bytes {size} is not from {LEAST} to {MOST}", code="OPS-X003", help="32 suits HMAC-SHA-256")
    if key := vendor_key(name):
        raise OpskitError(f"only {key.vendor} can make {name}", code="OPS-X003", help=f"get the {key.kind} at {key.url}")


def _needs(needs: tuple[Need, ...]) -> tuple[Table, ...]:
    """Two rows a key, since a URL that is cut into pieces opens nothing."""
    rows = tuple(row for n in needs for row in ((n.name, _short(n.services)), ("", _source(n))))
    return (Table("What a person must provide", ("key", "who waits for it, where it comes from"), rows),) if rows else ()


def _source(need: Need) -> str:
    return need.url or ("whoever runs the platform" if need.command == CHECK else need.command)


def _short(services: tuple[str, ...]) -> str:
    return services[0] if len(services) == 1 else f"{services[0]} and {len(services) - 1} more"


def _closing(made: dict[str, Secret], needs: tuple[Need, ...]) -> tuple[str, ...]:
    notes = [f"made: {', '.join(made)}"] if made else []
    commands = list(dict.fromkeys(n.command for n in needs))
    if "opskit db init" in commands:
        notes.append("next: opskit db init")
    if CHECK in commands:
        notes.append(f"next: put each value behind its name in .env, then {CHECK}")
    return tuple(notes)
