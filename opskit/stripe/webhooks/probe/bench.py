"""One probe's bench: signs and sends, keeps every exchange, and says what an answer means."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from opskit.core.secret import Secret
from opskit.stripe.webhooks.probe.faults import FAULTS
from opskit.stripe.webhooks.probe.observer import Observer
from opskit.stripe.webhooks.samples import KINDS, Event, Samples, written
from opskit.stripe.webhooks.signature import header
from opskit.stripe.webhooks.transport import Answer, Sender

Outcome = Literal["ok", "fault", "note", "not seen"]
LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """One case: what was sent, what a right receiver does, what this one did. `code` names the fault."""

    case: str
    expected: str
    got: str
    outcome: Outcome
    told: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    case: str
    event: str
    body: bytes
    answer: Answer
    genuine: bool


def compact(event: Event) -> bytes:
    """As JSON.stringify writes it."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def dumped(event: Event) -> bytes:
    """As Python's json.dumps writes it."""
    return json.dumps(event).encode()


FORMS: tuple[tuple[str, Callable[[Event], bytes]], ...] = (("JSON.stringify", compact), ("json.dumps", dumped))


@dataclass(slots=True)
class Bench:
    """`limit` is the most seconds a good answer may take; `kinds` the event types to send. `write` is how bodies are
    written: as Stripe does, until a receiver is seen to take only another form."""

    sender: Sender
    secret: Secret
    samples: Samples = field(default_factory=Samples)
    observe: Observer | None = None
    limit: float = LIMIT
    pause: float = 0.3
    kinds: tuple[str, ...] = KINDS
    now: Callable[[], float] = time.time
    write: Callable[[Event], bytes] = written
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def time(self) -> int:
        return int(self.now())

    def event(self, kind: str, mark: str, created: int = 0, version: str = "", **changes: object) -> Event:
        return self.samples.event(kind, mark, created or self.time, version, **changes)

    def genuine(self, case: str, event: Event, *, shift: int = 0, pause: float = 0.0, encoded: bool = False,
                signed_with: tuple[Secret, ...] = ()) -> Answer:
        """A delivery that a right receiver takes, signed `shift` seconds from now."""
        body = self.write(event)
        signature = header(body, signed_with or (self.secret,), self.time + shift)
        return self._kept(case, event["id"], body, self.sender.post(body, signature, pause, encoded), True)

    def raw(self, case: str, body: bytes, signature: str | None) -> Answer:
        """A delivery that a right receiver refuses."""
        return self._kept(case, "", body, self.sender.post(body, signature), False)

    def _kept(self, case: str, event: str, body: bytes, answer: Answer, genuine: bool) -> Answer:
        self.exchanges.append(Exchange(case, event, body, answer, genuine))
        return answer


def fault(case: str, expected: str, got: str, code: str, told: str = "") -> Result:
    return Result(case, expected, got, "fault", told or FAULTS[code], code)


def taken(case: str, answer: Answer, code: str) -> Result:
    """A result where 2xx is due."""
    return Result(case, "2xx", answer.told, "ok") if answer.good else fault(case, "2xx", answer.told, code)


def refused(case: str, answer: Answer, code: str, other: str = "OPS-H037") -> Result:
    """A result where 4xx is due: a good answer is the fault of `code`, any other status than 4xx that of `other`."""
    if 400 <= answer.status < 500:
        return Result(case, "4xx", answer.told, "ok")
    return fault(case, "4xx", answer.told, code if answer.good else other)
