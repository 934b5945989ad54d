"""Products: an id that the caller may choose, a default price, no deletion while a price stands."""

from typing import Any

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.resources.making import make_price, make_product, product_limits
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import refused


def create(desk: Desk) -> Kept:
    """`default_price_data` makes a price beside it."""
    kept = make_product(desk, desk.params)
    if "default_price_data" in desk.params:
        price = make_price(desk, desk.params["default_price_data"], kept.id, "default_price_data")
        desk.change(kept, {"default_price": price.id}, updated=int(desk.now))
    return kept


def update(desk: Desk) -> Kept:
    kept = desk.find("product", desk.id)
    product_limits(desk.params)
    if desk.params.get("default_price"):
        _check_default(desk, kept)
    return desk.change(kept, generic.changes(desk, kept), updated=int(desk.now))


def delete(desk: Desk) -> dict[str, Any]:
    kept = desk.find("product", desk.id)
    if desk.store.select("price", ["json_extract(body, '$.product') = ?"], [kept.id], tail="LIMIT 1"):
        raise refused("This product cannot be deleted because it has one or more user-created prices.")
    return desk.remove(kept)


def _check_default(desk: Desk, product: Kept) -> None:
    price = desk.find("price", desk.params["default_price"], "default_price", 400)
    if price.body["product"] != product.id:
        raise refused(f"The price specified (`{price.id}`) does not belong to this product.", "default_price")
    if not price.body["active"]:
        raise refused("The price specified is inactive. This field only accepts active prices.", "default_price")


ROUTES: dict[str, Handler] = {
    "POST /v1/products": create, "GET /v1/products/{id}": generic.retrieve, "POST /v1/products/{id}": update,
    "DELETE /v1/products/{id}": delete, "GET /v1/products": generic.listing,
}
