"""Faults to order: what a network, a busy server or a crash would do, at a named point of a named request or delivery.

A fault is written `KIND[-WHEN][=SECONDS]`. Of a request: `drop` (the connection is cut without an answer), `error` (500), `limit` (429),
`delay`, `die` (the sandbox kills itself), each `before` the work, `during` (error only: the work is taken back and the 500 kept under
the idempotency key) or `after` its commit. Of a delivery: `duplicate`, `hold`, `reorder`.
"""

import re
import threading
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from opskit.core.errors import OpskitError

WORDS = re.compile(r"(?P<kind>[a-z]+)(?:-(?P<when>before|during|after))?(?:=(?P<seconds>\d+(?:\.\d+)?))?\Z")
ALLOWED = {"drop": ("before", "after"), "error": ("before", "during", "after"), "limit": ("before",), "delay": ("before", "after"),
           "die": ("before", "after"), "duplicate": ("before",), "hold": ("before",), "reorder": ("before",)}
DELIVERY = {"duplicate", "hold", "reorder"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`match` is a pattern over `METHOD /path` of a request or `event TYPE` of a delivery; the first `skip` that match go by, then
    `times` (0: all) are struck."""

    kind: str
    when: str = "before"
    seconds: float = 1.0
    match: str = "*"
    skip: int = 0
    times: int = 1

    @classmethod
    def parse(cls, text: str, match: str = "", skip: int = 0, times: int = 1) -> "Fault":
        found = WORDS.match(text)
        kind = found["kind"] if found else ""
        when = (found["when"] if found else "") or ("after" if kind in ("drop", "die") else "before")
        if found is None or when not in ALLOWED.get(kind, ()):
            raise OpskitError(f"there is no fault `{text}`", help="drop-after, error-during, limit, delay=2, die-after, duplicate ...")
        default = "event *" if kind in DELIVERY else "* /v1/*"
        return cls(kind, when, float(found["seconds"] or 1), match or default, skip, times)

    def __str__(self) -> str:
        return f"{self.kind}-{self.when}={self.seconds:g} on {self.match!r}, skip {self.skip}, times {self.times or 'all'}"


class Faults:
    """Those that wait to strike."""

    def __init__(self) -> None:
        self._lock, self._armed = threading.Lock(), list[Fault]()

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def armed(self) -> list[Fault]:
        with self._lock:
            return list(self._armed)

    def strike(self, what: str) -> list[Fault]:
        """The faults that hit `METHOD /path` or `event TYPE` now; each is counted down."""
        struck = []
        with self._lock:
            for index, fault in enumerate(self._armed):
                if fnmatchcase(what, fault.match):
                    if fault.skip:
                        self._armed[index] = replace(fault, skip=fault.skip - 1)
                        continue
                    struck.append(fault)
                    self._armed[index] = replace(fault, times=fault.times - 1 or -1) if fault.times else fault
            self._armed = [fault for fault in self._armed if fault.times >= 0]
        return struck
