"""`opskit webhooks register | status | probe | verify | replay`: who receives Stripe's events, and whether they hold."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.cli.options import DryRun, Everything, ExitZero, Telling, Yes, flat
from opskit.cli.session import Session
from opskit.cli.stripe_account import Base, Confirm, Domain, Live
from opskit.cli.webhooks_asking import Variable

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True,
                  help="Webhooks: register, status, probe, verify, replay; check.")

To = Annotated[str, typer.Option("--to", envvar="OPSKIT_TO", metavar="URL", help="The receiver.")]


@app.command(epilog="Examples: opskit webhooks check; opskit webhooks check --json")
@flat
def check(ctx: typer.Context, telling: Telling, everything: Everything = False, exit_zero: ExitZero = False) -> int:
    """Tell who receives Stripe's events, what is done about each, and what is wrong with it. Reads the code only."""
    from opskit.cli.pipeline import examine, exit_code, report_of
    from opskit.cli.webhooks_told import receivers_table

    session = Session(ctx, "webhooks check", *telling)
    examined = examine(session, ("webhooks",), everything)
    session.give(report_of(session, examined, whole=True, tables=receivers_table(examined.checked.facts["webhooks"])))
    return exit_code(examined, exit_zero)


@app.command(epilog="Examples: opskit webhooks verify delivery.txt; opskit webhooks verify body.json --header t=...,v1=...")
@flat
def verify(
    ctx: typer.Context, telling: Telling,
    file: Annotated[Path | None, typer.Argument(help="A request, a function's logged event, or the body; - for stdin.")] = None,
    payload: Annotated[str | None, typer.Option("--payload", help="The body itself, instead of a file.")] = None,
    header: Annotated[str | None, typer.Option("--header", help="The Stripe-Signature header.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="When it was received [default: now]: ISO 8601 or Unix seconds.")] = None,
    variable: Variable = None,
) -> int:
    """Say whether a kept delivery verifies, and if not, which check fails: header, secret, body or time. Sends nothing."""
    from opskit.cli.webhooks_verify import run

    return run(Session(ctx, "webhooks verify", *telling), file, payload, header, at, variable)


@app.command(epilog="Examples: opskit webhooks probe http://127.0.0.1:5001/webhook; "
                    "opskit webhooks probe URL --observe 'psql -Atc \"select count(*) from grants\"'")
@flat
def probe(
    ctx: typer.Context, telling: Telling,
    url: Annotated[str, typer.Argument(help="The receiver, e.g. http://127.0.0.1:5001/webhook.")],
    observe: Annotated[
        str, typer.Option("--observe", envvar="OPSKIT_OBSERVE", metavar="URL|COMMAND", help="Prints what was granted.")
    ] = "",
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Into each event, e.g. data.object.metadata.user_id=7.")
    ] = None,
    kinds: Annotated[list[str] | None, typer.Option("--event", metavar="TYPE", help="Send this type [default: the handled].")] = None,
    limit: Annotated[float, typer.Option("--limit", min=0.1, max=60, help="Seconds that a good answer may take.")] = 10.0,
    shape: Annotated[str, typer.Option("--shape", metavar="http|lambda", help="lambda: the emulator of a function's runtime.")] = "http",
    variable: Variable = None, yes: Yes = False,
) -> int:
    """Send a receiver what real life sends, and tell what it cannot take. It acts on what it takes: only what is on this machine
    without asking."""
    from opskit.cli.webhooks_probe import Wanted, run

    session = Session(ctx, "webhooks probe", *telling)
    return run(session, url, Wanted(observe, tuple(given or ()), tuple(kinds or ()), limit, shape, variable), yes)


@app.command(epilog="Examples: opskit webhooks replay evt_1AbC --to http://127.0.0.1:5001/webhook; "
                    "opskit webhooks replay --since 24h --to URL; opskit webhooks replay --file x.json --to URL --continue")
@flat
def replay(
    ctx: typer.Context, telling: Telling, to: To,
    ids: Annotated[list[str] | None, typer.Argument(metavar="EVENT_ID", help="Events by id.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Events since then: 24h, 7d, a date. Stripe keeps 30 days.")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Only this type.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Events from a file instead of the account.")] = None,
    go_on: Annotated[bool, typer.Option("--continue", help="Leave out what this receiver has already taken.")] = False,
    variable: Variable = None, base: Base = None, dry_run: DryRun = False, yes: Yes = False,
) -> int:
    """Send events again, oldest first, signed with the receiver's secret. Ctrl-C stops between two; --continue goes on."""
    from opskit.cli.webhooks_replay import Selected, run

    session = Session(ctx, "webhooks replay", *telling)
    return run(session, Selected(tuple(ids or ()), since, tuple(kinds or ()), file, go_on, dry_run, base, variable), to, yes)


@app.command(epilog="Examples: opskit webhooks status; opskit webhooks status --stripe-base http://127.0.0.1:12111 --json")
@flat
def status(ctx: typer.Context, telling: Telling, base: Base = None) -> int:
    """Compare the account's endpoints with the code: one URL twice, disabled, events that lack, another API version. Changes nothing."""
    from opskit.cli.webhooks_status import run

    return run(Session(ctx, "webhooks status", *telling), base)


@app.command(epilog="Examples: opskit webhooks register --dry-run; opskit webhooks register --yes --domain example.org")
@flat
def register(
    ctx: typer.Context, telling: Telling, base: Base = None, domain: Domain = None, dry_run: DryRun = False, yes: Yes = False,
    live: Live = False, confirm: Confirm = None,
) -> int:
    """Bring only the webhooks of stripe.yaml to the account, and their secrets into .env. Twice is once."""
    from opskit.cli.webhooks_status import register as run

    return run(Session(ctx, "webhooks register", *telling), base, domain, (dry_run, yes, live, tuple(confirm or ()), ctx.obj["env"]))
