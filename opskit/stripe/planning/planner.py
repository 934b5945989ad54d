"""One plan from the file, the account and what this machine knows. The order of its writes is the order that survives being cut short."""

from dataclasses import replace

from opskit.stripe.catalogue import DOMAIN, Catalogue
from opskit.stripe.planning.endpoints import disable_endpoints, plan_endpoint, unfinished
from opskit.stripe.planning.prices import archive_prices, match, plan_defaults, plan_prices, price_id
from opskit.stripe.planning.products import archive_products, plan_products
from opskit.stripe.planning.steps import Choice, Conflict, Kept, Made, Planned, Write
from opskit.stripe.remote import Held


def plan(catalogue: Catalogue, held: Held, kept: Kept, choice: Choice) -> Planned:
    """Products, prices with their keys, defaults, what is archived, endpoints; then the values are saved; then stamps and what the new
    ones replace. With a conflict there are no writes at all."""
    matched = match(catalogue, held, choice)
    found: list[Write | Conflict] = []
    if not choice.webhooks:
        found += [*plan_products(catalogue, held, kept, choice), *matched.conflicts]
        found += plan_prices(catalogue, held, matched, kept)
        found += plan_defaults(catalogue, held, matched, choice)
        found += archive_prices(catalogue, held, matched, choice)
        found += archive_products(catalogue, held)
    left = {wanted.key: reason for wanted in catalogue.endpoints if (reason := unfinished(wanted))}
    for wanted in catalogue.endpoints:
        if wanted.key not in left:
            found += plan_endpoint(catalogue, wanted, held, kept, choice)
    found += disable_endpoints(catalogue, held)
    writes, conflicts = [w for w in found if isinstance(w, Write)], tuple(c for c in found if isinstance(c, Conflict))
    prices = {price.key: price_id(matched, price.key) for price in catalogue.prices}
    endpoints = {w.key: _endpoint(w) for w in writes if w.kind == "endpoint" and w.action not in ("delete", "disable")}
    if conflicts:
        return Planned((), conflicts, prices, left=left)
    ordered = [*(w for w in writes if not w.last), *(w for w in writes if w.last)]
    return Planned(tuple(ordered), (), prices, endpoints, left)


def _endpoint(write: Write) -> str | Made:
    return write.id or Made("endpoint", write.key)


def at_domain(catalogue: Catalogue, domain: str) -> Catalogue:
    """The catalogue with `{domain}` filled in; "" leaves it."""
    if not domain:
        return catalogue
    filled = (replace(e, url=e.url.replace(DOMAIN, domain)) for e in catalogue.endpoints)
    return replace(catalogue, endpoints=tuple(filled), domain=domain)
