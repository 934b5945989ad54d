"""Create, retrieve, update, delete and list of an object where nothing more happens than that."""

from collections.abc import Callable
from typing import Any

from opskit.sandbox.stripe.desk import Desk, merged
from opskit.sandbox.stripe.lists import page
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import ApiError, refused

METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500  # docs.stripe.com/api/metadata

Page = tuple[list[Kept], bool]
Handler = Callable[[Desk], Kept | Page | dict[str, Any]]


def create(desk: Desk) -> Kept:
    return desk.add(desk.kind, desk.blank(desk.kind, desk.params, id=desk.params.get("id") or ""))


def retrieve(desk: Desk) -> Kept:
    return desk.find(desk.kind, desk.id)


def update(desk: Desk) -> Kept:
    kept = desk.find(desk.kind, desk.id)
    return desk.change(kept, changes(desk, kept))


def delete(desk: Desk) -> dict[str, Any]:
    return desk.remove(desk.find(desk.kind, desk.id))


def listing(desk: Desk) -> Page:
    return page(desk.store, desk.kind, desk.params)


def changes(desk: Desk, kept: Kept) -> dict[str, Any]:
    """The fields that the parameters name, with metadata merged."""
    found = desk.fitted(kept.kind, desk.params)
    if "metadata" in desk.params:
        found["metadata"] = merged(kept.body["metadata"], desk.params["metadata"])
    return found


def check_metadata(params: dict[str, Any]) -> None:
    """Its limits, wherever a request gives any."""
    given = params.get("metadata") or {}
    if len(given) > METADATA_KEYS:
        raise ApiError(400, f"Metadata can have up to {METADATA_KEYS} keys", param="metadata")
    for key, value in given.items():
        if len(key) > METADATA_KEY:
            raise ApiError(400, f"Metadata keys must be {METADATA_KEY} characters or less: {key[:60]}", param="metadata")
        if len(value) > METADATA_VALUE:
            raise ApiError(400, f"Metadata values can have up to {METADATA_VALUE} characters, but you passed in a value that is "
                                f"{len(value)} characters.", param=f"metadata[{key}]")


def at_most(params: dict[str, Any], name: str, limit: int) -> None:
    """A text's length, as the published reference limits it."""
    if len(params.get(name) or "") > limit:
        raise refused(f"Invalid string: {params[name][:40]}...; must be at most {limit} characters", name)
