"""How a product and a price come to be, wherever a request asks for one: their own calls, `product_data`, `default_price_data`, plans."""

from typing import Any

from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import at_most
from opskit.sandbox.stripe.resources.amounts import amounts, currency, options, tiers
from opskit.sandbox.stripe.resources.mirrors import as_plan
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import ApiError, refused

IMAGES, FEATURES, STATEMENT, LOOKUP_KEY = 8, 15, 22, 200  # the SDK's docstrings
LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


def make_product(desk: Desk, params: dict[str, Any]) -> Kept:
    """A product from the parameters of `products.create` or a `product_data`."""
    product_limits(params)
    body = desk.blank("product", params, id=params.get("id") or "", updated=int(desk.now))
    return desk.add("product", body | {"active": params.get("active", True), "type": params.get("type", "service")})


def product_limits(params: dict[str, Any]) -> None:
    at_most(params, "statement_descriptor", STATEMENT)
    for name, most in (("images", IMAGES), ("marketing_features", FEATURES)):
        if len(params.get(name) or ()) > most:
            raise ApiError(400, f"Invalid array: a product can have up to {most} {name}.", param=name)


def make_price(desk: Desk, params: dict[str, Any], product: str, prefix: str = "", id: str = "") -> Kept:
    """A price from the parameters of `prices.create` or a `default_price_data`, whose names errors give inside `prefix`.

    A recurring price is a plan too and is told as both, as Stripe does.
    """
    money = currency(params["currency"], f"{prefix}[currency]" if prefix else "currency")
    body = desk.blank("price", params, id=id, product=product, currency=money)
    body |= {"active": params.get("active", True), "billing_scheme": params.get("billing_scheme", "per_unit"),
             "tax_behavior": params.get("tax_behavior", "unspecified"), "type": "one_time"}
    body |= amounts(params, prefix) | tiers(params, body["billing_scheme"])
    if params.get("recurring"):
        check_interval(params["recurring"], f"{prefix}[recurring]" if prefix else "recurring")
        body["type"] = "recurring"
        body["recurring"] |= {"interval_count": params["recurring"].get("interval_count", 1),
                              "usage_type": params["recurring"].get("usage_type", "licensed")}
    body["currency_options"] = options(body, params.get("currency_options"))
    take_lookup_key(desk, params)
    if body["recurring"]:
        body["id"] = body["id"] or desk.new_id("price")
        desk.emit("plan.created", as_plan(body))
    return desk.add("price", body)


def check_interval(recurring: dict[str, Any], param: str) -> None:
    """Three years at most, by the SDK's docstring; the text is ours."""
    interval = recurring["interval"]
    if recurring.get("interval_count", 1) > LONGEST[interval]:
        message = f"Invalid interval_count: at most {LONGEST[interval]} for interval={interval}."
        raise ApiError(400, message, param=f"{param}[interval_count]")


def take_lookup_key(desk: Desk, params: dict[str, Any], holder: str = "") -> None:
    """Refuse a key that another price holds, or take it from that price where the request says so, in the same transaction."""
    key = params.get("lookup_key")
    at_most(params, "lookup_key", LOOKUP_KEY)
    found = desk.store.select("price", ["json_extract(body, '$.lookup_key') = ?"], [key]) if key else []
    for other in found:
        if other.id != holder and not params.get("transfer_lookup_key"):
            raise refused(f"A price (`{other.id}`) already uses that lookup key.", "lookup_key", "resource_already_exists")
        if other.id != holder:
            desk.change(other, {"lookup_key": None})
