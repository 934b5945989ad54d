"""Idempotency keys: the first answer to a key is the answer to every later one (docs.stripe.com/api/idempotent_requests)."""

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

from opskit.sandbox.stripe.store import Store
from opskit.sandbox.stripe.wire.errors import ApiError

LENGTH = 255


@dataclass(frozen=True, slots=True)
class Replay:
    status: int
    body: str
    request: str


class Keys:
    """Kept answers, and the keys whose first request is still under way. Keys are an account's: a sandbox is one account."""

    def __init__(self, store: Store, expire: float) -> None:
        self.store, self.expire = store, expire
        self._lock, self._under_way = threading.Lock(), set[str]()

    def claim(self, key: str) -> bool:
        """False where another request with this key has not been answered yet."""
        with self._lock:
            if key in self._under_way:
                return False
            self._under_way.add(key)
            return True

    def release(self, key: str) -> None:
        with self._lock:
            self._under_way.discard(key)

    def find(self, key: str, route: str, digest: str, now: float) -> Replay | None:
        """The kept answer; an error where the key was used for something else."""
        self.store.rows("DELETE FROM kept_answer WHERE at <= ?", now - self.expire)
        found = self.store.rows("SELECT * FROM kept_answer WHERE key = ?", key)
        if not found:
            return None
        row = found[0]
        if row["route"] != route:
            raise _misused(key, f"for the same endpoint they were first used for ('{route}' vs '{row['route']}')")
        if row["digest"] != digest:
            raise _misused(key, "with the same parameters they were first used with")
        return Replay(row["status"], row["body"], row["request"])

    def keep(self, key: str, route: str, digest: str, replay: Replay, now: float) -> None:
        self.store.rows("INSERT INTO kept_answer VALUES (?, ?, ?, ?, ?, ?, ?)", key, route, digest, replay.status, replay.body,
                        replay.request, now)


def digest_of(params: dict[str, Any]) -> str:
    """Parameters compare by value: their order in the body does not matter."""
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def check_key(key: str) -> None:
    if len(key) > LENGTH:
        raise ApiError(400, f"Idempotency key must be at most {LENGTH} characters.", type="idempotency_error")


def under_way(key: str) -> ApiError:
    return ApiError(409, "There is currently another in-progress request using this Stripe idempotency key (that probably means you "
                         f"submitted twice, and the other request is still going through): {key}. Please try again later.",
                    code="idempotency_key_in_use", type="idempotency_error")


def _misused(key: str, how: str) -> ApiError:
    return ApiError(400, f"Keys for idempotent requests can only be used {how}. Try using a key other than '{key}' if you meant to execute "
                         "a different request.", type="idempotency_error")
