"""The one place that changes a live Stripe account: one Write, one call."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opskit.core.secret import Secret
from opskit.stripe.calling import Refused, asked
from opskit.stripe.planning.steps import Write

if TYPE_CHECKING:
    from stripe import StripeClient


@dataclass(frozen=True, slots=True)
class Answer:
    """`secret` comes only with the creation of an endpoint. `replayed`: Stripe answered from memory, by the idempotency key
    (docs.stripe.com/error-low-level), so that the object may be gone since."""

    id: str
    secret: Secret | None = None
    replayed: bool = False


def idempotency_key(account: str, mode: str, project: str, write: Write, params: Mapping[str, Any]) -> str:
    """The same for the same creation, another after the account has moved on: `generation` holds what was there before. At most 255
    characters (docs.stripe.com/api/idempotent_requests)."""
    parts = ["1", account, mode, project, write.kind, write.key, write.generation, json.dumps(params, sort_keys=True)]
    return "opskit-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def write_account(client: "StripeClient", write: Write, id: str, params: dict[str, Any], key: str) -> Answer:
    """Carry one Write out. Only creations bear a key of ours: an update done twice is the same update, and one that is asked for
    again after a change in between must not be answered from memory."""
    service = _service(client, write)
    if write.action == "create":
        made = asked(lambda: service.create(params=params, options={"idempotency_key": key}))
        secret = made.to_dict().get("secret")
        heard = getattr(made.last_response, "headers", None) or {}
        return Answer(str(made.id), Secret(secret) if secret else None, heard.get("Idempotent-Replayed") == "true")
    if write.action == "delete":
        asked(lambda: service.delete(id))
        return Answer(id)
    asked(lambda: service.update(id, params=params))
    return Answer(id)


def is_there(client: "StripeClient", write: Write, id: str) -> bool:
    """Whether what a creation made is still there, and in use."""
    try:
        found = asked(lambda: _service(client, write).retrieve(id)).to_dict()
    except Refused as error:
        if error.status == 404:
            return False
        raise
    return not found.get("deleted") and found.get("active") is not False


def _service(client: "StripeClient", write: Write) -> Any:
    return {"product": client.v1.products, "price": client.v1.prices, "endpoint": client.v1.webhook_endpoints}[write.kind]
