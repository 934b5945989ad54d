"""What an operation works at: one request's parameters, the state, the clock, and the events that changes make."""

import copy
import sqlite3
from dataclasses import dataclass
from typing import Any

from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.skeleton import fit, skeleton
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.spec.shapes import Operation
from opskit.sandbox.stripe.store import Kept, Store
from opskit.sandbox.stripe.wire.errors import no_such, refused
from opskit.sandbox.stripe.wire.ids import new_id

TITLES = {"product": "Product", "plan": "Plan", "coupon": "Coupon", "customer": "Customer"}
# objects whose events have another name than they
TOLD = {"card": "customer.source"}
# parameters that name another thing than the field of the same name, or none
HANDLED = {"id", "metadata", "expand"}


@dataclass(frozen=True, slots=True)
class Desk:
    """`key` is the request's idempotency key or "". `now` is in seconds since 1970. Work stands in one transaction."""

    library: Library
    store: Store
    settings: Settings
    now: float
    request: str
    key: str
    operation: Operation
    ids: dict[str, str]
    params: dict[str, Any]

    @property
    def id(self) -> str:
        """The last id in the path, the one that the operation is about."""
        return list(self.ids.values())[-1]

    @property
    def kind(self) -> str:
        return self.library.kind(self.operation.resource)

    def find(self, kind: str, id: str, param: str = "id", status: int = 404) -> Kept:
        """An object that is there; `status` is 400 where a parameter, not the path, names it."""
        found = self.store.get(kind, id)
        if found is None or found.gone:
            raise no_such(kind, id, param, status)
        return found

    def blank(self, kind: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A new object's body: every field of its class, the parameters that are fields, then `more`."""
        shape = self.library.object(kind)
        body = {"id": "", "object": kind} | skeleton(shape, kind) | {"object": kind}
        if shape.field("livemode"):
            body["livemode"] = False
        if shape.field("created"):
            body["created"] = int(self.now)
        if shape.field("metadata"):
            body["metadata"] = merged({}, params.get("metadata"))
        return body | self.fitted(kind, params) | more

    def fitted(self, kind: str, params: dict[str, Any]) -> dict[str, Any]:
        """The parameters that are fields of the object, as an answer shows them."""
        shape = self.library.object(kind)
        found = {name: shape.field(name) for name in params if name not in HANDLED}
        return {name: fit(field.shape, params[name]) for name, field in found.items() if field}

    def add(self, kind: str, body: dict[str, Any], hidden: dict[str, Any] | None = None) -> Kept:
        """Keep a new object and tell of it as `KIND.created` (a card as `customer.source.created`)."""
        body["id"] = body["id"] or new_id(kind)
        kept = Kept(kind, body["id"], body, hidden or {})
        try:
            self.store.insert(kept)
        except sqlite3.IntegrityError:
            raise refused(f"{TITLES.get(kind, kind)} already exists.", "id", "resource_already_exists") from None
        self.emit(f"{TOLD.get(kind, kind)}.created", body)
        return kept

    def change(self, kept: Kept, changes: dict[str, Any], **quiet: Any) -> Kept:
        """Keep the changes and tell of them as `KIND.updated`, with what was there before. No change, no event: `quiet` fields
        (a time of update) are set only beside a real one."""
        after = kept.body | changes
        if after == kept.body:
            return kept
        after |= quiet
        before, kept.body = kept.body, after
        self.store.save(kept)
        self.emit(f"{TOLD.get(kept.kind, kept.kind)}.updated", after, earlier(before, after))
        return kept

    def remove(self, kept: Kept) -> dict[str, Any]:
        kept.gone = True
        self.store.save(kept)
        self.emit(f"{TOLD.get(kept.kind, kept.kind)}.deleted", kept.body)
        return {"id": kept.id, "object": kept.kind, "deleted": True}

    def tell_updated(self, kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """`KIND.updated` for what is another object seen in another way."""
        self.emit(f"{kind}.updated", after, earlier(before, after))

    def new_id(self, kind: str) -> str:
        return new_id(kind)

    def emit(self, type: str, body: dict[str, Any], previous: dict[str, Any] | None = None) -> None:
        """Keep an event and a delivery for each endpoint that wants it. Types that the published API does not know are not told."""
        known = self.library.object("event").field("type")
        if known is None or type not in known.shape.values:
            return
        data: dict[str, Any] = {"object": body}
        if previous is not None:
            data["previous_attributes"] = previous
        event = self.blank("event", {}, id=new_id("event"), type=type, data=data, api_version=self.library.api_version,
                           request={"id": self.request, "idempotency_key": self.key or None})
        self.store.insert(Kept("event", event["id"], event))
        for endpoint in self.store.select("webhook_endpoint", tail="ORDER BY seq"):
            wanted = endpoint.body["enabled_events"]
            if endpoint.body["status"] == "enabled" and not endpoint.hidden.get("connect") and (type in wanted or "*" in wanted):
                self.store.rows("INSERT INTO delivery (event, endpoint, due) VALUES (?, ?, ?)", event["id"], endpoint.id, self.now)


def merged(metadata: dict[str, str] | None, given: dict[str, str] | None, present: bool = True) -> dict[str, str]:
    """Metadata after a request: keys given are set, keys given as "" go, "" for all of it empties it (docs.stripe.com/api/metadata)."""
    if given is None:
        return {} if present else dict(metadata or {})
    return {key: value for key, value in ((metadata or {}) | given).items() if value != ""}


def earlier(before: Any, after: Any) -> dict[str, Any]:
    """An event's previous_attributes: the former values of what changed, null where there was none."""
    found: dict[str, Any] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            found[name] = earlier(old, new) if isinstance(old, dict) and isinstance(new, dict) and name != "data" else old
    return copy.deepcopy(found)  # the stored body goes on changing
