"""A customer's sources: cards that test tokens stand for. The first is the default; where that goes, the newest takes its place."""

from datetime import UTC, datetime
from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler, Page
from opskit.sandbox.stripe.lists import OF_CUSTOMER, page
from opskit.sandbox.stripe.resources.tokens import card_of
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import declined, no_such, unknown_params

# parameters of the same operation that are of bank accounts and of sources
OF_OTHERS = ("account_holder_name", "account_holder_type", "owner")
CHECKED = ("address_line1", "address_zip")


def create(desk: Desk) -> Kept:
    customer = _customer(desk)
    card = desk.add("card", new_card(desk, desk.params["source"], customer.id, desk.params.get("metadata")))
    if customer.body["default_source"] is None:
        desk.change(customer, {"default_source": card.id})
    return card


def new_card(desk: Desk, token: str, customer: str, metadata: dict[str, str] | None = None) -> dict[str, Any]:
    """The body of a card that is not kept yet; it expires in a year, as those of Stripe's tokens do."""
    today = datetime.fromtimestamp(desk.now, UTC)
    body = desk.blank("card", {"metadata": metadata})
    body |= {"id": desk.new_id("card"), "customer": customer, "country": "US", "cvc_check": "pass", "exp_month": today.month,
             "exp_year": today.year + 1, "allow_redisplay": "unspecified", "regulated_status": "unregulated"}
    return body | card_of(token)


def retrieve(desk: Desk) -> Kept:
    return _find(desk, _customer(desk).id)


def update(desk: Desk) -> Kept:
    card = _find(desk, _customer(desk).id)
    others = [name for name in OF_OTHERS if name in desk.params]
    if others:
        raise unknown_params(others)
    found = generic.changes(desk, card) | _expiry(desk, card)
    found |= {f"{name}_check": "unchecked" for name in CHECKED if found.get(name, card.body[name]) != card.body[name]}
    return desk.change(card, found)


def delete(desk: Desk) -> dict[str, Any]:
    customer = _customer(desk)
    answer = desk.remove(_find(desk, customer.id))
    if customer.body["default_source"] == desk.id:
        left = desk.store.select("card", [OF_CUSTOMER], [customer.id], tail="ORDER BY seq DESC LIMIT 1")
        desk.change(customer, {"default_source": left[0].id if left else None})
    return answer


def listing(desk: Desk) -> Page:
    return page(desk.store, "card", desk.params, [OF_CUSTOMER], [_customer(desk).id])


def belonging(desk: Desk, id: str, customer: str) -> Kept | None:
    card = desk.store.get("card", id)
    return card if card and not card.gone and card.body["customer"] == customer else None


def _find(desk: Desk, customer: str) -> Kept:
    card = belonging(desk, desk.id, customer)
    if card is None:
        raise no_such("source", desk.id)
    return card


def _customer(desk: Desk) -> Kept:
    return desk.find("customer", desk.ids["customer"], "customer")


def _expiry(desk: Desk, card: Kept) -> dict[str, int]:
    """Month and year are strings in a request and numbers in an answer; a month that is over is refused."""
    if "exp_month" not in desk.params and "exp_year" not in desk.params:
        return {}
    today = datetime.fromtimestamp(desk.now, UTC)
    found = {name: _number(desk.params.get(name, card.body[name])) for name in ("exp_month", "exp_year")}
    if not 1 <= found["exp_month"] <= 12:
        raise declined("invalid_expiry_month", "", "Your card's expiration month is invalid.", "exp_month")
    if found["exp_year"] < 100:
        found["exp_year"] += 2000
    if not (today.year, today.month) <= (found["exp_year"], found["exp_month"]) < (today.year + 50, 0):
        raise declined("invalid_expiry_year", "", "Your card's expiration year is invalid.", "exp_year")
    return found


def _number(given: str | int) -> int:
    """0, which is neither a month nor a year to come, where the text is no number."""
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


ROUTES: dict[str, Handler] = {
    "POST /v1/customers/{customer}/sources": create, "GET /v1/customers/{customer}/sources/{id}": retrieve,
    "POST /v1/customers/{customer}/sources/{id}": update, "DELETE /v1/customers/{customer}/sources/{id}": delete,
    "GET /v1/customers/{customer}/sources": listing,
}
