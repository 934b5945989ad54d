"""Coupons, promotion codes and tax rates: kept and told of; what they take off a bill is not modelled here."""

import secrets
import string
from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.resources.amounts import currency
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import exclusive, missing_param, no_such, refused


def create(desk: Desk) -> Kept:
    params = desk.params
    if ("percent_off" in params) == ("amount_off" in params):
        raise exclusive("percent_off", "amount_off") if "percent_off" in params else missing_param("percent_off")
    if "amount_off" in params and "currency" not in params:
        raise missing_param("currency", "You must pass currency when passing amount_off")
    if not 0 < params.get("percent_off", 1) <= 100:
        raise refused("Invalid percent_off: must be greater than 0 and at most 100", "percent_off")
    if params.get("duration") == "repeating" and "duration_in_months" not in params:
        raise missing_param("duration_in_months", "You must pass duration_in_months when passing a repeating duration.")
    money = {"currency": currency(params["currency"], "currency")} if "currency" in params else {}
    body = desk.blank("coupon", params, id=params.get("id") or "", valid=True, **money)
    return desk.add("coupon", body | {"duration": params.get("duration", "once")})


def create_code(desk: Desk) -> Kept:
    """An older program names `coupon`, this version `promotion[coupon]`."""
    coupon = desk.params.get("coupon") or desk.params.get("promotion", {}).get("coupon")
    if coupon is None:
        raise missing_param("promotion[coupon]")
    desk.find("coupon", coupon, "coupon", 400)
    body = desk.blank("promotion_code", desk.params, code=desk.params.get("code") or _code(), active=desk.params.get("active", True))
    return desk.add("promotion_code", body | {"promotion": {"coupon": coupon, "type": "coupon"}})


def create_rate(desk: Desk) -> Kept:
    return desk.add("tax_rate", desk.blank("tax_rate", desk.params, active=desk.params.get("active", True), rate_type="percentage"))


def discount(desk: Desk, customer: Kept, coupon: str | None) -> None:
    """Set, replace or (None) remove the discount of a customer, as programs of older versions do by the parameter `coupon`."""
    held = customer.body["discount"]
    if coupon is None:
        if held:
            desk.emit("customer.discount.deleted", held)
            desk.change(customer, {"discount": None})
        return
    desk.find("coupon", coupon, "coupon", 400)
    made = desk.blank("discount", {}, id=desk.new_id("discount"), customer=customer.id, start=int(desk.now),
                      source={"coupon": coupon, "type": "coupon"})
    desk.emit(f"customer.discount.{'updated' if held else 'created'}", made)
    desk.change(customer, {"discount": made})


def undiscount(desk: Desk) -> dict[str, Any]:
    customer = desk.find("customer", desk.id)
    held = customer.body["discount"]
    if not held:
        raise no_such("discount", desk.id)
    discount(desk, customer, None)
    return {name: value for name, value in held.items() if name != "end"} | {"deleted": True}


def _code() -> str:
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(8))


ROUTES: dict[str, Handler] = {
    "POST /v1/coupons": create, "GET /v1/coupons/{coupon}": generic.retrieve, "POST /v1/coupons/{coupon}": generic.update,
    "DELETE /v1/coupons/{coupon}": generic.delete, "GET /v1/coupons": generic.listing,
    "POST /v1/promotion_codes": create_code, "GET /v1/promotion_codes/{promotion_code}": generic.retrieve,
    "POST /v1/promotion_codes/{promotion_code}": generic.update, "GET /v1/promotion_codes": generic.listing,
    "POST /v1/tax_rates": create_rate, "GET /v1/tax_rates/{tax_rate}": generic.retrieve, "POST /v1/tax_rates/{tax_rate}": generic.update,
    "GET /v1/tax_rates": generic.listing, "DELETE /v1/customers/{customer}/discount": undiscount,
}
