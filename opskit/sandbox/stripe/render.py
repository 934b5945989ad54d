"""Objects as answers show them: what is only included on request left out, `expand[]` followed."""

from typing import Any

from opskit.sandbox.stripe.lists import OF_CUSTOMER
from opskit.sandbox.stripe.skeleton import INCLUDED_ONLY
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.spec.shapes import Field, Shape
from opskit.sandbox.stripe.store import Kept, Store
from opskit.sandbox.stripe.wire.errors import ApiError

DEPTH = 4  # docs.stripe.com/expand
HELD = 10  # of a list inside an object (docs.stripe.com/api/cards/list)


def render(store: Store, kept: Kept) -> dict[str, Any]:
    """A copy: an event tells how many deliveries are still to come, all else is as it is kept."""
    hidden = INCLUDED_ONLY.get(kept.kind, ())
    body = {name: value for name, value in kept.body.items() if name not in hidden}
    if kept.kind == "event":
        pending = store.rows("SELECT count(*) AS n FROM delivery WHERE event = ? AND state = 'pending'", kept.id)
        body["pending_webhooks"] = pending[0]["n"]
    return body


class Expander:
    """Follows one request's `expand[]` through an answer."""

    def __init__(self, library: Library, store: Store) -> None:
        self.library, self.store = library, store

    def expand(self, answer: dict[str, Any], paths: list[str]) -> None:
        for path in paths:
            steps = path.split(".")
            if len(steps) > DEPTH + (steps[0] == "data"):
                raise ApiError(400, f"You cannot expand more than {DEPTH} levels of a property", param="expand")
            if answer.get("object") == "list":
                if steps[0] != "data" or len(steps) < 2:
                    raise _cannot(path)
                for item in answer["data"]:
                    self._follow(item, steps[1:], path)
            else:
                self._follow(answer, steps, path)

    def _follow(self, item: dict[str, Any], steps: list[str], path: str) -> None:
        name, rest = steps[0], steps[1:]
        field = self.library.object(item["object"]).field(name)
        if field is None:
            raise _cannot(path)
        included = name in INCLUDED_ONLY.get(item["object"], ())
        if included and name not in item:
            item[name] = self._include(item, field)
        elif field.shape.kind == "expandable":
            item[name] = self._object(item.get(name), field.shape)
        elif not rest or field.shape.kind not in ("record", "object", "list"):
            raise _cannot(path)
        if rest and isinstance(item.get(name), dict):
            self._deeper(item[name], field.shape, rest, path)

    def _deeper(self, value: dict[str, Any], shape: Shape, rest: list[str], path: str) -> None:
        """Into an object by its own name, into a nested record by its fields."""
        if "object" in value:
            if value["object"] == "list" and rest[0] == "data":
                for item in value["data"] if len(rest) > 1 else ():
                    self._follow(item, rest[1:], path)
            elif not value.get("deleted"):
                self._follow(value, rest, path)
            return
        inner = shape.field(rest[0])
        if inner is None or inner.shape.kind != "expandable":
            raise _cannot(path)
        value[rest[0]] = self._object(value.get(rest[0]), inner.shape)

    def _object(self, id: Any, shape: Shape) -> Any:
        """The object behind an id; the id itself where the sandbox keeps no such object."""
        if not isinstance(id, str):
            return id
        for target in shape.target.split():
            found = self.store.get(self.library.kind(target), id)
            if found:
                return {"id": found.id, "object": found.kind, "deleted": True} if found.gone else render(self.store, found)
        return id

    def _include(self, item: dict[str, Any], field: Field) -> Any:
        kinds = [self.library.kind(target) for target in field.shape.target.split()]
        if field.shape.kind == "list":
            return self._held(item, kinds) | {"url": f"/v1/{item['object']}s/{item['id']}/{field.name}"}
        if field.shape.kind == "object":  # one that is kept under its owner's id: a customer's cash balance
            own = self.store.get(kinds[0], item["id"])
            return render(self.store, own) if own else None
        kept = self.store.get(item["object"] if item["object"] != "plan" else "price", item["id"])
        return kept.body.get(field.name) if kept else None

    def _held(self, item: dict[str, Any], kinds: list[str]) -> dict[str, Any]:
        """The newest of what belongs to a customer."""
        found = [kept for kind in kinds for kept in self.store.select(kind, [OF_CUSTOMER], [item["id"]])]
        newest = sorted(found, key=lambda kept: -kept.seq)
        return {"object": "list", "data": [render(self.store, kept) for kept in newest[:HELD]], "has_more": len(newest) > HELD}


def _cannot(path: str) -> ApiError:
    return ApiError(400, f"This property cannot be expanded ({path}).", param="expand")
