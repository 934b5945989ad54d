"""Prices: what is charged never changes, a lookup key is one price's alone, nothing is ever deleted."""

from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler, Page
from opskit.sandbox.stripe.lists import page
from opskit.sandbox.stripe.resources.amounts import currency, options
from opskit.sandbox.stripe.resources.making import make_price, make_product, take_lookup_key
from opskit.sandbox.stripe.resources.mirrors import as_plan
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import exclusive, missing_param, refused


def create(desk: Desk) -> Kept:
    params = desk.params
    if "product" in params and "product_data" in params:
        raise exclusive("product", "product_data")
    if "product" in params:
        product = desk.find("product", params["product"], "product", 400)
    elif "product_data" in params:
        product = make_product(desk, params["product_data"])
    else:
        raise missing_param("product", "You must specify either `product` or `product_data` when creating a price.")
    return make_price(desk, params, product.id)


def update(desk: Desk) -> Kept:
    kept = desk.find("price", desk.id, "price")
    found = generic.changes(desk, kept)
    take_lookup_key(desk, desk.params, kept.id)
    _check_tax(kept.body["tax_behavior"], desk.params)
    if desk.params.get("active") is False:
        _check_not_default(desk, kept)
    if "currency_options" in desk.params:
        found["currency_options"] = _options(kept, desk.params["currency_options"])
    if kept.body["recurring"] and as_plan(kept.body) != as_plan(kept.body | found):
        desk.tell_updated("plan", as_plan(kept.body), as_plan(kept.body | found))
    return desk.change(kept, found)


def retrieve(desk: Desk) -> Kept:
    return desk.find("price", desk.id, "price")


def listing(desk: Desk) -> Page:
    """Active ones where `active` is not given, as the published reference says; `all_prices` of the settings gives all."""
    params: dict[str, Any] = dict(desk.params)
    if "active" not in params and not desk.settings.all_prices:
        params["active"] = True
    if params.get("currency"):
        params["currency"] = currency(params["currency"], "currency")
    return page(desk.store, "price", params)


def _check_tax(now: str, params: dict[str, Any]) -> None:
    if params.get("tax_behavior", now) != now != "unspecified":
        raise refused("You cannot change `tax_behavior` once it has been set to `inclusive` or `exclusive`.", "tax_behavior")


def _check_not_default(desk: Desk, price: Kept) -> None:
    product = desk.store.get("product", price.body["product"])
    if product and product.body["default_price"] == price.id:
        raise refused("This price cannot be archived because it is the default price of its product.")


def _options(price: Kept, given: dict[str, Any] | None) -> dict[str, Any]:
    """Named currencies are set, the others stay; the empty string removes all but the price's own."""
    held = {} if given is None else price.body["currency_options"]
    return held | options(price.body, given)


ROUTES: dict[str, Handler] = {
    "POST /v1/prices": create, "GET /v1/prices/{price}": retrieve, "POST /v1/prices/{price}": update, "GET /v1/prices": listing,
}
