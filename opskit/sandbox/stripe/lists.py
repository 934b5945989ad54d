"""Lists: cursors, limits, filters. Newest first, as Stripe gives them (docs.stripe.com/api/pagination)."""

import math
from typing import Any

from opskit.sandbox.stripe.store import Kept, Store
from opskit.sandbox.stripe.wire.errors import ApiError, exclusive, no_such

CURSORS = {"limit", "starting_after", "ending_before", "expand"}
SEVERAL = {"ids": "id", "lookup_keys": "lookup_key", "types": "type"}
COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
LIMIT = 100
OF_CUSTOMER = "json_extract(body, '$.customer') = ?"


def page(store: Store, kind: str, params: dict[str, Any], where: list[str] | None = None,
         values: list[object] | None = None) -> tuple[list[Kept], bool]:
    """The objects of one page and whether more follow it in the direction asked for."""
    limit = _limit(params)
    conditions, given = filters(params)
    conditions, given = conditions + (where or []), given + (values or [])
    if "starting_after" in params and "ending_before" in params:
        raise exclusive("starting_after", "ending_before")
    order = "DESC"
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        if params.get(name) is not None:
            conditions.append(f"seq {sign} ?")
            given.append(_cursor(store, kind, params[name], name))
            order = "DESC" if sign == "<" else "ASC"
    found = store.select(kind, conditions, given, tail=f"ORDER BY seq {order} LIMIT {limit + 1}")
    more, found = len(found) > limit, found[:limit]
    return (found if order == "DESC" else found[::-1]), more


def filters(params: dict[str, Any]) -> tuple[list[str], list[object]]:
    """SQL conditions for the parameters of a list that name fields of its objects."""
    conditions: list[str] = []
    values: list[object] = []
    for name, value in params.items():
        if name in CURSORS or value is None:
            continue
        if name in SEVERAL:
            conditions.append(f"{_field(SEVERAL[name])} IN ({', '.join('?' * len(value))})")
            values += value
        elif isinstance(value, dict):
            for inner, wanted in value.items():
                conditions.append(f"{_field(name) if inner in COMPARED else _field(name, inner)} {COMPARED.get(inner, '=')} ?")
                values.append(wanted)
        else:
            conditions.append(f"{_field(name)} = ?")
            values.append(math.trunc(value) if isinstance(value, bool) else value)
    return conditions, values


def _field(*steps: str) -> str:
    """Steps come from the parameters' types, never from a request's text."""
    return f"json_extract(body, '$.{'.'.join(steps)}')"


def _limit(params: dict[str, Any]) -> int:
    limit: int = params.get("limit", 10)
    if not 1 <= limit <= LIMIT:
        bound = "greater than or equal to 1" if limit < 1 else f"less than or equal to {LIMIT}"
        raise ApiError(400, f"This value must be {bound}.", code="parameter_invalid_integer", param="limit")
    return limit


def _cursor(store: Store, kind: str, id: str, param: str) -> int:
    found = store.get(kind, id)
    if found is None:
        raise no_such(kind, id, param, 400)
    return found.seq
