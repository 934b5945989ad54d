"""The one pipeline: tree -> survey -> each room's rules -> findings -> each room's fix -> one plan -> journal.

Rooms never import one another; what several do together is composed here.
"""

import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opskit.cli.catalogue import catalogue, home
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.report.model import Report

if TYPE_CHECKING:
    from opskit.core.change import Plan

ROOMS = ("env", "db", "stripe", "webhooks", "paths", "deps", "ports", "services")
MENDING = ("env", "db", "paths", "deps", "ports")
FILES = frozenset(("paths",))  # rooms that look at files: for them alone nobody asks what the services are
# a database's URL that is not set or a sample, and the same said of any variable
DATABASE, VARIABLE = "OPS-D006", ("OPS-E001", "OPS-E002", "OPS-E003")
# in a comment of any language: # // /* <!-- -- ; REM :: ' ; a reason holds a letter or a digit, which a comment's end does not
IGNORE = re.compile(r"(?:#|//|/\*|<!--|--|;|::|'|\brem)\s*opskit:\s*ignore\s*\[([A-Z0-9, -]+)\](.*)", re.I)
REASON = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Examined:
    """All rooms' findings after ignores and copies, with how many fell to each."""

    checked: Checked
    by_room: dict[str, Checked]
    ignored: int = 0
    copies: int = 0
    unreasoned: tuple[str, ...] = ()


def chosen(names: Iterable[str] | None, among: tuple[str, ...] = ROOMS) -> tuple[str, ...]:
    names = tuple(names or ())
    if unknown := [name for name in names if name not in among]:
        from difflib import get_close_matches

        meant = "".join(f"; did you mean `{near}`?" for near in get_close_matches(unknown[0], among, 1))
        raise OpskitError(f"there is no room `{unknown[0]}`{meant}", code="OPS-X003", help=f"the rooms are: {', '.join(among)}")
    return names or among


def examine(session: Session, rooms: Iterable[str], everything: bool = False) -> Examined:
    """Run the rooms' rules over one survey."""
    survey, by_room, total, ignored, rooms = session.survey, dict[str, Checked](), Checked(), 0, tuple(rooms)
    unreasoned = dict[str, None]()
    for room in rooms:
        checked = importlib.import_module(f"{home(room)}.rules").check(survey, everything)
        reasons = [_ignored_for(session, f) for f in checked.findings]
        unreasoned |= {f"{f.place.path}:{f.place.line}": None for f, reason in zip(checked.findings, reasons, strict=True) if reason == ""}
        kept = tuple(f for f, reason in zip(checked.findings, reasons, strict=True) if not reason)
        ignored += len(checked.findings) - len(kept)
        by_room[room] = replace(checked, findings=kept)
        total += by_room[room]
    once = tuple(_once(session, total.findings))
    seen = session.tree.unresolved if set(rooms) <= FILES else survey.unresolved
    unresolved = tuple(dict.fromkeys((*seen, *total.unresolved)))
    merged = Checked(tuple(_one_cause(once)), total.facts, unresolved)
    return Examined(merged, by_room, ignored, len(total.findings) - len(once), tuple(unreasoned))


def propose(session: Session, examined: Examined, everything: bool = False, review: bool = False) -> "Plan":
    """Every room's fixes as one plan."""
    from opskit.core.change import Plan

    plan = Plan()
    for room, checked in examined.by_room.items():
        if room in MENDING:
            plan += importlib.import_module(f"{home(room)}.fix").plan(session.survey, checked, everything, review)
    return plan


def report_of(session: Session, examined: Examined, whole: bool = False, **more: object) -> Report:
    def source(path: str, line: int) -> str:
        lines = session.tree.lines(path)
        return lines.text(line) if 0 < line <= len(lines) else ""

    return Report(
        session.command, examined.checked, ignored=examined.ignored, copies=examined.copies, files=len(session.tree.files),
        seconds=session.seconds, whole=whole, source=source, codes=catalogue() if session.format == "sarif" else {}, **more,  # type: ignore[arg-type]
    )


def exit_code(examined: Examined, exit_zero: bool = False) -> int:
    return int(not exit_zero and any(f.severity != "note" for f in examined.checked.findings))


def _ignored_for(session: Session, finding: Finding) -> str | None:
    """The reason in `# opskit: ignore[OPS-P001] reason` on the finding's line; "" where it gives none, None without an ignore."""
    if not finding.place.line or session.tree.read(finding.place.path) is None:
        return None
    lines = session.tree.lines(finding.place.path)
    found = IGNORE.search(lines.text(finding.place.line)) if finding.place.line <= len(lines) else None
    if found is None or finding.code not in re.split(r"[,\s]+", found[1].upper()):
        return None
    return found[2].strip() if REASON.search(found[2]) else ""


def _one_cause(findings: tuple[Finding, ...]) -> Iterable[Finding]:
    """The database's own variable is told by its room, which says what to do about it; not once more as any other variable."""
    told = {finding.data.get("variable") for finding in findings if finding.code == DATABASE}
    return (f for f in findings if f.code not in VARIABLE or f.data.get("name") not in told)


def _once(session: Session, findings: Iterable[Finding]) -> Iterable[Finding]:
    """The same finding at the same place of a byte-identical copy of a file counts once."""
    seen = set[object]()
    for finding in findings:
        data = session.tree.read(finding.place.path) if finding.place.line else None
        key = (finding.code, finding.place.start, finding.message, data or finding.place)
        if key not in seen:
            seen.add(key)
            yield finding
