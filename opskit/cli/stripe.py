"""`opskit stripe plan | bootstrap | status`: the catalogue of stripe.yaml, brought to an account and kept there."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.cli.options import DryRun, Telling, Yes, flat
from opskit.cli.sandbox import EXAMPLES, sandbox
from opskit.cli.session import Session
from opskit.cli.stripe_account import Asking, Confirm, Live, look
from opskit.cli.stripe_told import open_ends, planned_report, status_report

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True,
                  help="Stripe: products, prices and webhooks from stripe.yaml.")
app.command(epilog=EXAMPLES)(sandbox)

Renew = Annotated[
    list[str] | None,
    typer.Option("--new-secret", envvar="OPSKIT_NEW_SECRET", help="Replace this webhook, with a new secret.", metavar="WEBHOOK"),
]
SavePlan = Annotated[
    Path | None, typer.Option("--save-plan", envvar="OPSKIT_SAVE_PLAN", help="Keep the plan in this file, for --plan.", metavar="FILE")
]
SavedPlan = Annotated[
    Path | None, typer.Option("--plan", envvar="OPSKIT_PLAN", help="Do what this saved plan says, or nothing.", metavar="FILE")
]


@app.command(epilog="Examples: opskit stripe plan; opskit stripe plan --json; opskit stripe plan --save-plan plan.json; "
                    "opskit stripe plan --stripe-base http://127.0.0.1:12111")
@flat
def plan(ctx: typer.Context, asking: Asking, telling: Telling, renew: Renew = None, save_plan: SavePlan = None) -> int:
    """Show what bootstrap would write, to Stripe, .env and the database. Changes nothing. Exit 1 while something is to be written."""
    from opskit.cli.stripe_columns import seen_columns
    from opskit.cli.stripe_saved import save

    session = Session(ctx, "stripe plan", *telling)
    seen = look(session, asking, tuple(renew or ()))
    columns = seen_columns(session, seen.catalogue, seen.planned.prices)
    notes = (save(session, save_plan, seen, columns, asking.domain or ""),) if save_plan is not None else ()
    session.give(planned_report(session, seen, columns, notes))
    return int(open_ends(seen, columns))


@app.command(epilog="Examples: opskit stripe bootstrap; opskit stripe bootstrap --yes; opskit stripe bootstrap --plan plan.json --yes; "
                    "opskit stripe bootstrap --live --confirm acct_1AbC")
@flat
def bootstrap(
    ctx: typer.Context, asking: Asking, telling: Telling, dry_run: DryRun = False, yes: Yes = False, live: Live = False,
    confirm: Confirm = None, renew: Renew = None, saved_plan: SavedPlan = None,
) -> int:
    """Make products, prices and webhooks as stripe.yaml has them; put ids and secrets into .env and the tables. Twice is once."""
    from opskit.cli.stripe_bootstrap import Agreeing, run
    from opskit.cli.stripe_saved import asked_by, read

    session, saved = Session(ctx, "stripe bootstrap", *telling), read(saved_plan) if saved_plan is not None else None
    asking, anew = asked_by(saved, asking, renew) if saved is not None else (asking, tuple(renew or ()))
    seen = look(session, asking, anew)
    return run(session, seen, Agreeing(dry_run, yes, live, tuple(confirm or ()), ctx.obj["env"], saved))


@app.command(epilog="Examples: opskit stripe status; opskit stripe status --json")
@flat
def status(ctx: typer.Context, asking: Asking, telling: Telling) -> int:
    """Compare Stripe, stripe.yaml, .env, the tables, and the API version of the code that parses the events. Exit 1 on a difference."""
    from opskit.cli.stripe_columns import seen_columns

    session = Session(ctx, "stripe status", *telling)
    seen = look(session, asking)
    report = status_report(session, seen, seen_columns(session, seen.catalogue, seen.planned.prices))
    session.give(report)
    return int(bool(report.checked.findings) and any(f.severity != "note" for f in report.checked.findings))
