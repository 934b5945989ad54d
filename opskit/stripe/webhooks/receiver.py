"""A receiver of Stripe's webhooks as its code shows it."""

from dataclasses import dataclass
from typing import Any, Literal

from opskit.core.place import Place
from opskit.survey.facts import Confidence

Check = Literal["library", "by hand", "none"]
Does = Literal["work", "log", "nothing"]
Kind = Literal["rewritten", "parsed before", "unchecked", "not refused", "literal secret", "blank secret", "swallowed", "moved field",
               "base64", "unknown type"]


@dataclass(frozen=True, slots=True)
class Handled:
    """An event type that the code asks for (`invoice.*` for a prefix), and what it does about it."""

    type: str
    place: Place
    does: Does


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about the code that a rule speaks about; `text` says what stands there."""

    kind: Kind
    place: Place
    text: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """`service` and `route` are "" for code that no route reaches. `variable` is the environment variable of its secret, ""
    where it cannot be told; `remembers` whether it keeps ids of events or asks Stripe for the state anew. `confidence` "low": read as
    text, so that neither what is done about an event nor, without a route, whether anything leads there is known."""

    service: str
    method: str
    route: str
    place: Place
    check: Check
    events: tuple[Handled, ...] = ()
    marks: tuple[Mark, ...] = ()
    verified_at: Place | None = None
    variable: str = ""
    version: str = ""
    remembers: bool = False
    confidence: Confidence = "high"

    @property
    def types(self) -> frozenset[str]:
        return frozenset(h.type for h in self.events)

    def handles(self, kind: str) -> bool:
        return any(kind == h.type or (h.type.endswith("*") and kind.startswith(h.type[:-1])) for h in self.events)

    def marked(self, kind: Kind) -> tuple[Mark, ...]:
        return tuple(m for m in self.marks if m.kind == kind)

    def fact(self) -> dict[str, Any]:
        return {
            "service": self.service or None, "method": self.method, "route": self.route or None, "path": self.place.path,
            "line": self.place.line, "signature": self.check, "secret": self.variable or None, "api_version": self.version or None,
            "remembers": self.remembers, "confidence": self.confidence,
            "events": [{"type": h.type, "line": h.place.line, "does": h.does} for h in self.events],
        }
