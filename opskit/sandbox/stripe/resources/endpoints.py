"""Webhook endpoints: a secret that only the answer to their making shows, at most sixteen, a version that never changes."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from opskit.sandbox.stripe import generic
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import ApiError, empty_param, refused

MOST = 16


def create(desk: Desk) -> dict[str, Any]:
    _check(desk.params)
    if len(desk.store.select("webhook_endpoint")) >= MOST:
        raise refused(f"You have reached the maximum of {MOST} test webhook endpoints.")
    secret = "whsec_" + secrets.token_hex(16)
    body = desk.blank("webhook_endpoint", desk.params, status="enabled")
    kept = desk.add("webhook_endpoint", body, {"secret": secret, "connect": desk.params.get("connect", False)})
    return kept.body | {"secret": secret}


def update(desk: Desk) -> Kept:
    _check(desk.params)
    kept = desk.find("webhook_endpoint", desk.id)
    found = generic.changes(desk, kept)
    if "disabled" in desk.params:
        found["status"] = "disabled" if desk.params["disabled"] else "enabled"
    return desk.change(kept, found)


def _check(params: dict[str, Any]) -> None:
    if "url" in params:
        parts = urlsplit(params["url"])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError(400, "Invalid URL: URL must be publicly accessible and begin with https:// (in test mode http:// too).",
                           code="url_invalid", param="url")
    if "enabled_events" in params and not params["enabled_events"]:
        raise empty_param("enabled_events")


ROUTES: dict[str, Handler] = {
    "POST /v1/webhook_endpoints": create, "GET /v1/webhook_endpoints/{webhook_endpoint}": generic.retrieve,
    "POST /v1/webhook_endpoints/{webhook_endpoint}": update, "DELETE /v1/webhook_endpoints/{webhook_endpoint}": generic.delete,
    "GET /v1/webhook_endpoints": generic.listing,
}
