"""The catalogue of diagnostic codes: one source for `explain`, the docs pages and the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic code. `bad` and `good` are small platforms (path -> text): a test checks that the rule
    speaks on the first and is silent on the second. A code that needs a live system (`live`) is tested in
    its room instead. A code is never reused."""

    code: str
    title: str
    why: str
    mend: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    live: bool = False
