"""Stripe's webhook signature: `t=UNIX,v1=HEX[,v1=HEX...]`, HMAC-SHA256 of `t.body` under the endpoint's secret.

Source: docs.stripe.com/webhooks/signature and `stripe.WebhookSignature`, which the tests hold this against. A second
`v1` stands there while a secret is rolled; `v0` is a scheme for tests that must never count.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from opskit.core.secret import Secret

TOLERANCE = 300
HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Header:
    """A header read leniently: `timestamp` is None where none can be read, `signatures` are (scheme, value) in order."""

    timestamp: int | None
    signatures: tuple[tuple[str, str], ...] = ()

    @property
    def v1(self) -> tuple[str, ...]:
        return tuple(value for scheme, value in self.signatures if scheme == "v1")


def read_header(text: str) -> Header:
    timestamp: int | None = None
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        scheme, equals, value = part.strip().partition("=")
        if scheme == "t" and timestamp is None and value.isascii() and value.isdigit():
            timestamp = int(value)
        elif equals and scheme != "t":
            found.append((scheme, value))
    return Header(timestamp, tuple(found))


def signature(body: bytes, secret: Secret, timestamp: int) -> str:
    """Hex. The secret counts with its `whsec_` prefix, as text."""
    return hmac.new(secret.reveal().encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def header(body: bytes, secrets: Iterable[Secret], timestamp: int, scheme: str = "v1") -> str:
    """The header that Stripe would send; one signature a secret."""
    return ",".join([f"t={timestamp}", *(f"{scheme}={signature(body, secret, timestamp)}" for secret in secrets)])


def matches(body: bytes, secret: Secret, given: Header) -> bool:
    if given.timestamp is None:
        return False
    wanted = signature(body, secret, given.timestamp)
    return any(hmac.compare_digest(wanted.encode(), value.encode()) for value in given.v1)
