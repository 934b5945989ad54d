"""What an account holds, as values: the part of Stripe's objects that the planner judges."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWNER, KEY, SECRET = "opskit", "opskit_key", "opskit_secret"


@dataclass(frozen=True, slots=True)
class HeldProduct:
    id: str
    name: str
    active: bool = True
    default_price: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    created: int = 0


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """`amount` is None for tiers, custom amounts and fractions of a minor unit; `plain` says that it is one licensed unit at one amount."""

    id: str
    product: str
    amount: int | None
    currency: str
    interval: str = ""
    count: int = 1
    lookup_key: str = ""
    active: bool = True
    nickname: str = ""
    tax_behavior: str = "unspecified"
    metadata: Mapping[str, str] = field(default_factory=dict)
    plain: bool = True
    created: int = 0


@dataclass(frozen=True, slots=True)
class HeldEndpoint:
    id: str
    url: str
    events: tuple[str, ...]
    api_version: str = ""
    enabled: bool = True
    description: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    created: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """One mode of one account. `account` is its id; `live` whether real money moves."""

    account: str
    live: bool
    products: tuple[HeldProduct, ...] = ()
    prices: tuple[HeldPrice, ...] = ()
    endpoints: tuple[HeldEndpoint, ...] = ()

    @property
    def mode(self) -> str:
        return "live" if self.live else "test"


def owner(metadata: Mapping[str, str]) -> str:
    """The project whose opskit made it, "" where nobody's did."""
    return metadata.get(OWNER, "")


def stamp(project: str, key: str) -> dict[str, str]:
    return {OWNER: project, KEY: key}


def fingerprint(secret: str) -> str:
    """Tells whether a secret is an endpoint's own without keeping it: 64 bits of a hash of some 190 random ones."""
    return hashlib.sha256(b"opskit:" + secret.encode()).hexdigest()[:16]
