"""Sending one delivery to a receiver the way Stripe does: no redirects followed, every wait limited.

`lambda` is the shape of a function's own event, posted to an emulator of its runtime (docs.aws.amazon.com/lambda, "runtime
interface emulator"), for what is never reached over plain HTTP on a laptop.
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from opskit.core.errors import OpskitError
from opskit.core.loopback import is_loopback

if TYPE_CHECKING:
    import httpx

AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
CONTENT = "application/json; charset=utf-8"
MOST = 1 << 16
Shape = Literal["http", "lambda"]


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 where none came, and `failure` says why. `seconds` from the first byte sent to the last one read."""

    status: int
    seconds: float
    body: bytes = b""
    failure: str = ""
    location: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def told(self) -> str:
        return self.failure or f"{self.status}"


def is_here(url: str) -> bool:
    """Whether an address is this machine's own."""
    return is_loopback(urlsplit(url).hostname or "")


def fit(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OpskitError(f"{url} is no http address", code="OPS-X003", help="e.g. http://127.0.0.1:5001/webhook")
    return url


@dataclass(frozen=True)
class Sender:
    """`wait` is the most seconds that one answer may take before it counts as none. Each delivery has a connection of its own."""

    url: str
    wait: float = 20.0
    shape: Shape = "http"

    @cached_property
    def client(self) -> "httpx.Client":
        import httpx

        alone, encrypted = httpx.Limits(max_keepalive_connections=0), self.url.startswith("https:")
        return httpx.Client(timeout=self.wait, follow_redirects=False, trust_env=False, limits=alone, verify=encrypted)

    def post(self, body: bytes, signature: str | None, pause: float = 0.0, encoded: bool = False) -> Answer:
        """`pause` seconds in the middle of the body; `encoded` hands it to a function as base64. Never raises."""
        headers = {"Content-Type": CONTENT, "User-Agent": AGENT, "Accept": "*/*; q=0.5, application/xml", "Cache-Control": "no-cache"}
        if signature is not None:
            headers["Stripe-Signature"] = signature
        if self.shape == "http":
            return self._sent(body, headers, pause)
        answer = self._sent(_invocation(self.url, body, headers, encoded), {"Content-Type": "application/json"}, 0.0)
        return _unwrapped(answer)

    def _sent(self, body: bytes, headers: Mapping[str, str], pause: float) -> Answer:
        import httpx

        content = _slowly(body, pause) if pause else body
        started = time.perf_counter()
        try:
            got = self.client.post(self.url, content=content, headers={**headers, "Content-Length": str(len(body))})
        except httpx.TimeoutException:
            return Answer(0, time.perf_counter() - started, failure=f"no answer within {self.wait:g} s")
        except httpx.ConnectError:
            return Answer(0, time.perf_counter() - started, failure="nobody listens there")
        except httpx.HTTPError as error:
            return Answer(0, time.perf_counter() - started, failure=f"the connection broke ({type(error).__name__})")
        return Answer(got.status_code, time.perf_counter() - started, got.content[:MOST], location=got.headers.get("location", ""))


def _slowly(body: bytes, pause: float) -> Iterator[bytes]:
    middle = len(body) // 2
    yield body[:middle]
    time.sleep(pause)
    yield body[middle:]


def _invocation(url: str, body: bytes, headers: Mapping[str, str], encoded: bool) -> bytes:
    text = base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace")
    low = {name.lower(): value for name, value in headers.items()}
    return json.dumps({"httpMethod": "POST", "path": urlsplit(url).path, "headers": low, "queryStringParameters": {},
                       "body": text, "isBase64Encoded": encoded}).encode()


def _unwrapped(answer: Answer) -> Answer:
    """The function's own answer out of the emulator's."""
    if not answer.good:
        return answer
    try:
        inner = json.loads(answer.body)
    except ValueError:
        inner = None
    if not isinstance(inner, dict):
        return replace(answer, status=0, failure="the function answered with something else than an object")
    if "statusCode" not in inner:
        return replace(answer, status=500, body=answer.body)
    status = inner["statusCode"]
    return replace(answer, status=status if isinstance(status, int) else 0, body=str(inner.get("body", "")).encode())
