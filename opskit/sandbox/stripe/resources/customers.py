"""Customers: who is deleted stays as a stub; defaults that Stripe gives to a new one."""

import secrets
import string
from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.resources import cards, cash
from opskit.sandbox.stripe.resources.coupons import discount
from opskit.sandbox.stripe.skeleton import skeleton
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import ApiError, exclusive, no_such, not_modelled, refused

# what would attach something that the sandbox does not keep yet
ELSEWHERE = ("payment_method", "tax_id_data", "test_clock", "cash_balance")


def create(desk: Desk) -> Kept:
    _check(desk.params)
    body = desk.blank("customer", desk.params)
    settings = desk.library.object("customer").field("invoice_settings")
    assert settings is not None
    body["invoice_settings"] = body["invoice_settings"] or skeleton(settings.shape)
    body |= {"balance": desk.params.get("balance", 0), "delinquent": False, "tax_exempt": desk.params.get("tax_exempt") or "none",
             "invoice_prefix": desk.params.get("invoice_prefix") or _prefix(),
             "next_invoice_sequence": desk.params.get("next_invoice_sequence", 1),
             "preferred_locales": desk.params.get("preferred_locales") or []}
    body["id"] = desk.new_id("customer")
    card = cards.new_card(desk, desk.params["source"], body["id"]) if "source" in desk.params else None
    body["default_source"] = card and card["id"]
    kept = desk.add("customer", body)
    if card:
        desk.add("card", card)
    if desk.params.get("coupon"):
        discount(desk, kept, desk.params["coupon"])
    return kept


def retrieve(desk: Desk) -> Kept | dict[str, Any]:
    found = desk.store.get("customer", desk.id)
    if found is None:
        raise no_such("customer", desk.id)
    return {"id": found.id, "object": "customer", "deleted": True} if found.gone else found


def update(desk: Desk) -> Kept:
    kept = desk.find("customer", desk.id)
    _check(desk.params)
    found = generic.changes(desk, kept)
    if desk.params.get("invoice_settings"):
        given = {name: found["invoice_settings"][name] for name in desk.params["invoice_settings"] if name in found["invoice_settings"]}
        found["invoice_settings"] = kept.body["invoice_settings"] | given
    found |= _default_source(desk, kept)
    desk.change(kept, found)
    if "coupon" in desk.params:
        discount(desk, kept, desk.params["coupon"])
    return kept


def delete(desk: Desk) -> dict[str, Any]:
    kept = desk.find("customer", desk.id)
    if cash.funded(desk, kept.id):
        raise refused("You cannot delete a customer with any cash balances, even if the balance is 0.")
    return desk.remove(kept)


def _default_source(desk: Desk, customer: Kept) -> dict[str, Any]:
    """`source` makes a new card the default and deletes the former (docs.stripe.com/api/customers/update); `default_source` names one."""
    if "source" in desk.params and "default_source" in desk.params:
        raise exclusive("default_source", "source")
    if "default_source" in desk.params:
        given = desk.params["default_source"]
        if cards.belonging(desk, given, customer.id) is None:
            raise no_such("source", given, "source", 400)
        return {"default_source": given}
    if "source" not in desk.params:
        return {}
    card = desk.add("card", cards.new_card(desk, desk.params["source"], customer.id))
    former = cards.belonging(desk, customer.body["default_source"] or "", customer.id)
    if former:
        desk.remove(former)
    return {"default_source": card.id}


def _check(params: dict[str, Any]) -> None:
    for name in ELSEWHERE:
        if name in params:
            raise not_modelled(f"the parameter `{name}` of customers")
    if (params.get("invoice_settings") or {}).get("default_payment_method"):
        raise not_modelled("the parameter `invoice_settings[default_payment_method]` of customers")
    email = params.get("email")
    if email is not None and (email.count("@") != 1 or not all(email.split("@")) or " " in email):
        raise ApiError(400, f"Invalid email address: {email[:80]}", code="email_invalid", param="email")
    generic.at_most(params, "email", 512)
    prefix = params.get("invoice_prefix")
    if prefix is not None and not (3 <= len(prefix) <= 12 and prefix.isalnum() and prefix.upper() == prefix):
        raise refused("Invoice prefixes must be 3 to 12 uppercase letters or numbers.", "invoice_prefix")


def _prefix() -> str:
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(8))


ROUTES: dict[str, Handler] = {
    "POST /v1/customers": create, "GET /v1/customers/{customer}": retrieve, "POST /v1/customers/{customer}": update,
    "DELETE /v1/customers/{customer}": delete, "GET /v1/customers": generic.listing,
}
