"""The one place that changes a live Stripe account: one Write, one call."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opskit.core.secret import Secret
from opskit.stripe.calling import asked
from opskit.stripe.planning.steps import Write

if TYPE_CHECKING:
    from stripe import StripeClient


@dataclass(frozen=True, slots=True)
class Answer:
    """`secret` comes only with the creation of an endpoint."""

    id: str
    secret: Secret | None = None


def idempotency_key(account: str, mode: str, project: str, write: Write, params: Mapping[str, Any]) -> str:
    """The same for the same creation, another after the account has moved on: `generation` holds what was there before. At most 255
    characters (docs.stripe.com/api/idempotent_requests)."""
    parts = ["1", account, mode, project, write.kind, write.key, write.generation, json.dumps(params, sort_keys=True)]
    return "opskit-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def write_account(client: "StripeClient", write: Write, id: str, params: dict[str, Any], key: str) -> Answer:
    """Carry one Write out. Only creations bear a key of ours: an update done twice is the same update, and one that is asked for
    again after a change in between must not be answered from memory."""
    service: Any = {"product": client.v1.products, "price": client.v1.prices, "endpoint": client.v1.webhook_endpoints}[write.kind]
    if write.action == "create":
        made = asked(lambda: service.create(params=params, options={"idempotency_key": key}))
        secret = made.to_dict().get("secret")
        return Answer(str(made.id), Secret(secret) if secret else None)
    if write.action == "delete":
        asked(lambda: service.delete(id))
        return Answer(id)
    asked(lambda: service.update(id, params=params))
    return Answer(id)
