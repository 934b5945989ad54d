"""Events: kept with the change that made them, listed by type and by whether they were delivered."""

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler, Page
from opskit.sandbox.stripe.lists import page
from opskit.sandbox.stripe.wire.errors import exclusive

UNDELIVERED = "(SELECT event FROM delivery WHERE state <> 'delivered')"


def listing(desk: Desk) -> Page:
    """`type` may end in `.*`, which stands for a group of types."""
    params = dict(desk.params)
    where: list[str] = []
    values: list[object] = []
    if "type" in params and "types" in params:
        raise exclusive("type", "types")
    if "*" in (params.get("type") or ""):
        where.append("json_extract(body, '$.type') GLOB ?")
        values.append(params.pop("type"))
    delivered = params.pop("delivery_success", None)
    if delivered is not None:
        where.append(f"id {'NOT IN' if delivered else 'IN'} {UNDELIVERED}")
    return page(desk.store, "event", params, where, values)


ROUTES: dict[str, Handler] = {"GET /v1/events": listing, "GET /v1/events/{id}": generic.retrieve}
