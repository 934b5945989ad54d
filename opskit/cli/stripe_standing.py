"""Doctor's row on Stripe: whether the account, .env and the tables hold what stripe.yaml says."""

import os

from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.report.model import Standing
from opskit.stripe.catalogue import FILE
from opskit.stripe.sightings import price_variables
from opskit.stripe.tiers import sold_by_tables

NAME = "Stripe holds the catalogue"


def stripe_standing(session: Session) -> Standing:
    """A real look at the account with the key that is set; without a key or a catalogue the account is not asked."""
    if session.tree.read(FILE) is None:
        wanted = len(price_variables(session.survey)) + len(sold_by_tables(session.tree))
        if not wanted:
            return Standing(NAME, "holds", "nothing here is sold through Stripe's prices")
        told = f"{wanted} price{' is' if wanted == 1 else 's are'} wanted, and no {FILE} says which"
        return Standing(NAME, "does not hold", told, "opskit init, opskit stripe bootstrap")
    try:
        return _looked(session)
    except OpskitError as error:
        return Standing(NAME, "does not hold", error.message, error.help)


def _looked(session: Session) -> Standing:
    from opskit.cli.stripe_account import Asking, look
    from opskit.cli.stripe_columns import seen_columns
    from opskit.cli.stripe_told import open_ends

    seen = look(session, Asking(os.environ.get("OPSKIT_STRIPE_BASE"), os.environ.get("OPSKIT_STRIPE_DOMAIN")))
    columns = seen_columns(session, seen.catalogue, seen.planned.prices)
    account = f"{seen.held.account}, {seen.held.mode} mode"
    if not open_ends(seen, columns):
        count = len(seen.catalogue.prices)
        return Standing(NAME, "holds", f"{account}: {count} prices, {len(seen.catalogue.endpoints)} webhooks")
    stops = [*seen.planned.conflicts, *seen.planned.left.values()]
    told = stops[0].message if stops else f"{account}: {len(seen.planned.writes)} writes and {len(seen.waiting)} values are left"
    return Standing(NAME, "does not hold", told, stops[0].help if stops else "opskit stripe bootstrap")
