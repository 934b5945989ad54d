"""What a rule says about the platform. Values only: rooms make them, `report` tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from opskit.core.place import Place

Severity = Literal["error", "warning", "note"]
Fix = Literal["safe", "review", "none"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it stands, and the command that mends it.

    `message` is one clause without a full stop; `label` stands beside the caret; `harm` (0 to 100) puts the
    worst first in the report's top ten. `data` is for machines and never holds a secret's value;
    with `secret` true in it the line stands unshown, for it holds one.
    """

    code: str
    severity: Severity
    message: str
    place: Place
    help: str = ""
    fix: Fix = "none"
    label: str = ""
    harm: int = 50
    also: tuple[Place, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> str:
        """The code's letter: `P` of `OPS-P001`."""
        return self.code[4]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A finding that a fix left alone, and why: a value, never an exception or a silence."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A place that a reader saw and did not understand; counted beside every result."""

    place: Place
    what: str


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Ordered by severity, then harm, then place, so that two runs agree."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), -f.harm, f.code, f.place, f.message))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a room's `check` returns: its findings, the facts of its reports (JSON-ready), what it did not understand."""

    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    unresolved: tuple[Unresolved, ...] = ()

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(self.findings + other.findings, {**self.facts, **other.facts}, self.unresolved + other.unresolved)
