"""The one place that reads a live Stripe account: objects to values. Lists by id and key, never the search, which lags behind."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from opskit.core.errors import LiveError
from opskit.stripe.calling import asked
from opskit.stripe.catalogue import Catalogue
from opskit.stripe.guard import Address
from opskit.stripe.planning.alike import plain
from opskit.stripe.remote import Held, HeldEndpoint, HeldPrice, HeldProduct, owner

if TYPE_CHECKING:
    from stripe import StripeClient

PAGE, LOOKUPS = 100, 10
FIELDS = ("description", "tax_code", "unit_label", "statement_descriptor", "url")


def read_account(client: "StripeClient", address: Address, catalogue: Catalogue) -> Held:
    """All products and endpoints, and the prices that matter to the catalogue. Raises LiveError where Stripe refuses, cannot be
    reached, or answers from the other mode."""
    base = address.base if address.local else ""
    me = asked(client.v1.accounts.retrieve_current, base=base)
    products = [_product(p) for p in _all(client.v1.products.list, {}, address)]
    endpoints = [_endpoint(e) for e in _all(client.v1.webhook_endpoints.list, {}, address)]
    prices = {p.id: p for p in _prices(client, address, catalogue, products)}
    return Held(str(me.id), address.live, tuple(products), tuple(prices.values()), tuple(endpoints))


def _prices(client: "StripeClient", address: Address, catalogue: Catalogue, products: list[HeldProduct]) -> Iterator[HeldPrice]:
    """Those of the catalogue's lookup_keys, and all of the products that are or might become ours. Active and archived ones are
    asked for by name: the API's page on the list leaves open which come without."""
    keys = [price.lookup_key for price in catalogue.prices]
    for at in range(0, len(keys), LOOKUPS):
        for active in (True, False):
            filters = {"lookup_keys": keys[at : at + LOOKUPS], "active": active}
            yield from (_price(p) for p in _all(client.v1.prices.list, filters, address))
    ids, names = {p.id for p in catalogue.products}, {plain(p.name) for p in catalogue.products}
    for product in products:
        if product.id in ids or plain(product.name) in names or owner(product.metadata) == catalogue.project:
            for active in (True, False):
                yield from (_price(p) for p in _all(client.v1.prices.list, {"product": product.id, "active": active}, address))


def _all(listing: Callable[..., Any], filters: dict[str, Any], address: Address) -> Iterator[dict[str, Any]]:
    """Every page; an object of the other mode is an error, whatever the key looked like."""
    asking: dict[str, Any] = {**filters, "limit": PAGE}
    while True:
        page = asked(partial(listing, params=dict(asking)))
        for each in page.data:
            found = each.to_dict()
            if found.get("livemode", address.live) != address.live:
                raise LiveError(f"{found.get('id')} is of the {'live' if found['livemode'] else 'test'} mode, and the key is not",
                                code="OPS-S006", help="take the key of the mode that you mean")
            yield found
        if not page.has_more or not page.data:
            return
        asking["starting_after"] = str(page.data[-1].id)


def _product(raw: dict[str, Any]) -> HeldProduct:
    features = [{"name": f.get("name")} for f in raw.get("marketing_features") or ()]
    fields = {name: raw.get(name) or "" for name in FIELDS} | {"marketing_features": features or ""}
    default, metadata = _id(raw.get("default_price")), _texts(raw.get("metadata"))
    return HeldProduct(raw["id"], raw.get("name") or "", bool(raw.get("active")), default, metadata, fields, raw.get("created") or 0)


def _price(raw: dict[str, Any]) -> HeldPrice:
    """Only a price of one licensed unit at one amount can be the catalogue's; others are seen and left."""
    recurring = raw.get("recurring") or {}
    plain_terms = (
        raw.get("billing_scheme") in (None, "per_unit") and not raw.get("transform_quantity") and not raw.get("custom_unit_amount")
        and recurring.get("usage_type") in (None, "licensed") and not raw.get("currency_options")
    )
    return HeldPrice(
        raw["id"], _id(raw.get("product")), raw.get("unit_amount"), raw.get("currency") or "", recurring.get("interval") or "",
        recurring.get("interval_count") or 1, raw.get("lookup_key") or "", bool(raw.get("active")), raw.get("nickname") or "",
        raw.get("tax_behavior") or "unspecified", _texts(raw.get("metadata")), plain_terms, raw.get("created") or 0)


def _endpoint(raw: dict[str, Any]) -> HeldEndpoint:
    return HeldEndpoint(raw["id"], raw.get("url") or "", tuple(raw.get("enabled_events") or ()), raw.get("api_version") or "",
                        raw.get("status") != "disabled", raw.get("description") or "", _texts(raw.get("metadata")), raw.get("created") or 0)


def _id(value: Any) -> str:
    return value if isinstance(value, str) else str(value["id"]) if isinstance(value, dict) else ""


def _texts(metadata: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in (metadata or {}).items()}

