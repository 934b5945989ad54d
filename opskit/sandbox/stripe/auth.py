"""Who asks: a secret or restricted test key. A live key is refused before anything else is read."""

import base64
import re
from collections.abc import Mapping

from opskit.sandbox.stripe.wire.errors import SUPPORT, ApiError

KEY = re.compile(r"(sk|rk|pk)_(test|live)_\w+\Z")
LEAST = 16


def authenticate(headers: Mapping[str, str]) -> None:
    """Raises the 401 that Stripe gives. Any well-formed test key is this account's: the sandbox guards nothing but itself."""
    key = _given(headers.get("authorization", ""))
    if not key:
        raise ApiError(401, "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
                            "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for "
                            f"details, or {SUPPORT}", headers={"WWW-Authenticate": 'Bearer realm="Stripe"'})
    found = KEY.match(key)
    if found and found[2] == "live":
        raise ApiError(401, "This is the opskit sandbox, and a live key was sent to it. The key was not kept; give the program a test key, "
                            "or let it talk to Stripe itself.")
    if not found or len(key) < LEAST:
        raise ApiError(401, f"Invalid API Key provided: {_masked(key)}")
    if found[1] == "pk":
        raise ApiError(401, "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list "
                            "of your API keys at https://dashboard.stripe.com/account/apikeys.", code="secret_key_required")


def _given(header: str) -> str:
    """The key of `Bearer KEY`, or of `Basic` where it stands as the user's name."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() == "bearer":
        return text.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def _masked(key: str) -> str:
    """Its first eight and last four characters, as Stripe shows it."""
    return key[:8] + "*" * max(0, len(key) - 12) + (key[-4:] if len(key) > 12 else "")
