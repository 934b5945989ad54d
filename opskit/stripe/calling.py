"""One way to call Stripe: a time limit, a few tries, and every refusal as one sentence."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from opskit.core.errors import LiveError
from opskit.stripe.guard import Address

if TYPE_CHECKING:
    from stripe import StripeClient

T = TypeVar("T")
LIMIT, RETRIES, WAITS = 30.0, 2, (0.5, 1.0, 2.0, 4.0)


class Refused(LiveError):
    """Stripe's own answer. `status` is HTTP's, 0 where none came; `reason` Stripe's code."""

    def __init__(self, message: str, help: str, status: int = 0, reason: str = "") -> None:
        super().__init__(message, help=help, code="OPS-S008")
        self.status, self.reason = status, reason


def client_of(address: Address) -> "StripeClient":
    """A lost answer and a 5xx are tried again by the library with the same idempotency key. A proxy of the environment is not
    asked for what is on this machine, and nobody is followed elsewhere: Stripe's API redirects no call."""
    import requests
    import stripe

    session = requests.Session()
    session.trust_env = not address.local
    session.max_redirects = 0
    http = stripe.RequestsClient(timeout=LIMIT, session=session)
    return stripe.StripeClient(address.key.reveal(), base_addresses={"api": address.base}, max_network_retries=RETRIES, http_client=http)


def asked(call: Callable[[], T], sleep: Callable[[float], None] = time.sleep, base: str = "") -> T:
    """The answer. A 429 is waited out, some seconds in all; whatever else is refused is raised as Refused. `base` is the sandbox's
    address, "" for Stripe."""
    import stripe

    for wait in (*WAITS, None):
        try:
            return call()
        except stripe.RateLimitError as error:
            if wait is None:
                raise _refused(error, base) from None
            sleep(wait)
        except stripe.StripeError as error:
            raise _refused(error, base) from None
    raise AssertionError("the last wait is None")


def _refused(error: "Exception", base: str) -> Refused:
    """Stripe's message holds part of a wrong key; the report's Redactor does not know that shape, so it is not repeated."""
    import stripe

    status = getattr(error, "http_status", None) or 0
    reason = getattr(error, "code", None) or ""
    told = getattr(error, "user_message", None) or "no reason given"
    match error:
        case stripe.AuthenticationError():
            return Refused("Stripe does not know this key", "get it at https://dashboard.stripe.com/apikeys", status, reason)
        case stripe.PermissionError():
            return Refused(f"the key may not do this: {told}",
                           "give the restricted key write access to Products, Prices and Webhook Endpoints", status, reason)
        case stripe.APIConnectionError():
            if base:
                return Refused(f"no sandbox answers at {base}", "opskit stripe sandbox (or opskit up) starts one", status)
            return Refused("https://api.stripe.com cannot be reached", "look at the network and its proxy, then run this again", status)
        case stripe.RateLimitError():
            return Refused("Stripe asks for fewer calls (429)", "wait a minute, then run this again", status, reason)
    if status >= 500 or status == 0:
        return Refused(f"Stripe failed with {status}", "run this again: it looks first at what was done", status, reason)
    return Refused(f"Stripe refused: {told}", "mend the cause, then run this again", status, reason)
