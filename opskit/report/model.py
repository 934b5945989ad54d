"""What a command has to tell, before it is text or JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from opskit.core.finding import Checked, Finding, Skipped, worst_first

if TYPE_CHECKING:
    from opskit.core.codes import Code
    from opskit.core.settle import Settled


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a person; machines read the facts instead."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


State = Literal["holds", "does not hold", "not looked at yet"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One criterion. `help` is the command that brings it about, "" where it holds."""

    name: str
    state: State
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One command's whole answer. `source(path, line)` gives a line of a file for the excerpts; `whole` lists every
    finding (a room's own command), else the ten worst and counts; `judged` is False where no rule was asked.
    `notes` are the closing lines: what was done, what next."""

    command: str
    checked: Checked = field(default_factory=Checked)
    tables: tuple[Table, ...] = ()
    standing: tuple[Standing, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    plan: "Settled | None" = None
    applied: bool = False
    held_back: int = 0
    ignored: int = 0
    copies: int = 0
    files: int = 0
    seconds: float = 0.0
    whole: bool = False
    judged: bool = True
    diff: bool = False
    notes: tuple[str, ...] = ()
    codes: "Mapping[str, Code]" = field(default_factory=dict)
    source: Callable[[str, int], str] = field(default=lambda path, line: "")

    @property
    def findings(self) -> list[Finding]:
        return worst_first(list(self.checked.findings))

    def count(self, severity: str) -> int:
        return sum(f.severity == severity for f in self.checked.findings)

    @property
    def summary(self) -> Mapping[str, float]:
        return {
            "errors": self.count("error"), "warnings": self.count("warning"), "notes": self.count("note"),
            "ignored": self.ignored, "unresolved": len(self.checked.unresolved), "files": self.files,
            "seconds": round(self.seconds, 3),
        }
