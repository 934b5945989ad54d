"""Plans: recurring prices under their older name."""

from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler, Page
from opskit.sandbox.stripe.lists import page
from opskit.sandbox.stripe.resources.making import make_price, make_product
from opskit.sandbox.stripe.resources.mirrors import as_plan, as_price_params
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import missing_param, no_such, refused

RECURRING = "json_extract(body, '$.type') = 'recurring'"


def create(desk: Desk) -> Kept:
    params, given = desk.params, desk.params.get("product")
    if given is None:
        raise missing_param("product", "You must specify a `product` when creating a plan.")
    product = desk.find("product", given, "product", 400).id if isinstance(given, str) else make_product(desk, given).id
    id = params.get("id") or desk.new_id("plan")
    if desk.store.get("price", id):
        raise refused("Plan already exists.", "id", "resource_already_exists")
    return _shown(make_price(desk, as_price_params(params), product, id=id))


def retrieve(desk: Desk) -> Kept:
    return _shown(_find(desk))


def update(desk: Desk) -> Kept:
    price = _find(desk)
    before = as_plan(price.body)
    found = generic.changes(desk, _shown(price))
    found.pop("trial_period_days", None)
    if "trial_period_days" in desk.params:
        found["recurring"] = price.body["recurring"] | {"trial_period_days": desk.params["trial_period_days"]}
    if found.get("product"):
        desk.find("product", found["product"], "product", 400)
    if as_plan(price.body | found) != before:
        desk.tell_updated("plan", before, as_plan(price.body | found))
    return _shown(desk.change(price, found))


def delete(desk: Desk) -> dict[str, Any]:
    """The price goes with it: the one way in which Stripe's API deletes a price."""
    price = _find(desk)
    desk.emit("plan.deleted", as_plan(price.body))
    desk.remove(price)
    return {"id": price.id, "object": "plan", "deleted": True}


def listing(desk: Desk) -> Page:
    found, more = page(desk.store, "price", desk.params, [RECURRING])
    return [_shown(price) for price in found], more


def _find(desk: Desk) -> Kept:
    price = desk.store.get("price", desk.id)
    if price is None or price.gone or not price.body["recurring"]:
        raise no_such("plan", desk.id, "plan")
    return price


def _shown(price: Kept) -> Kept:
    return Kept("plan", price.id, as_plan(price.body), seq=price.seq)


ROUTES: dict[str, Handler] = {
    "POST /v1/plans": create, "GET /v1/plans/{plan}": retrieve, "POST /v1/plans/{plan}": update, "DELETE /v1/plans/{plan}": delete,
    "GET /v1/plans": listing,
}
