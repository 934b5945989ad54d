"""The one account that a sandbox is."""

import secrets

from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.skeleton import skeleton
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.store import Kept, Store
from opskit.sandbox.stripe.wire.errors import no_access
from opskit.sandbox.stripe.wire.ids import new_id


def open_account(library: Library, store: Store, now: float) -> None:
    """Where the state is new: an account and a test key, which stay with the file."""
    if store.setting("account"):
        return
    body = skeleton(library.object("account"), "account") | {
        "id": new_id("account"), "object": "account", "type": "standard", "country": "US", "default_currency": "usd", "created": int(now),
        "charges_enabled": True, "payouts_enabled": True, "details_submitted": True, "metadata": {}, "email": "sandbox@example.com",
    }
    store.insert(Kept("account", body["id"], body))
    store.set("account", body["id"])
    store.set("key", "sk_test_" + secrets.token_hex(16))


def current(desk: Desk) -> Kept:
    return desk.find("account", desk.store.setting("account"))


def retrieve(desk: Desk) -> Kept:
    if desk.id != desk.store.setting("account"):
        raise no_access(desk.id)
    return current(desk)


ROUTES: dict[str, Handler] = {"GET /v1/account": current, "GET /v1/accounts/{account}": retrieve}
