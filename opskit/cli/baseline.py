"""The baseline: what is known and waits its turn, so that a gate fails only on what is new."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from opskit.cli.acting import apply
from opskit.cli.pipeline import Examined, report_of
from opskit.cli.session import Session
from opskit.core.change import FileCreate, FileEdit, Plan
from opskit.core.errors import OpskitError
from opskit.core.finding import Finding
from opskit.core.settle import settle
from opskit.report.fingerprint import fingerprints
from opskit.report.rooms import WORD

FILE, VERSION = "opskit-baseline.json", 1


@dataclass(frozen=True, slots=True)
class Compared:
    """What is new, how many are known, and the known entries of these rooms that nothing answers to any more, each with how many."""

    examined: Examined
    known: int
    stale: tuple[tuple[str, int], ...]


def against(session: Session, examined: Examined) -> Compared:
    """Without a baseline file it is an error: a gate that finds no baseline must not pass."""
    entries = _read(session)
    if entries is None:
        raise OpskitError(f"there is no {FILE}", code="OPS-X015", help="opskit check --update-baseline writes it; commit it")
    named = _named(session, examined)
    new = tuple(f for name, f in named.items() if name not in entries)
    stale = Counter(f"{e['code']} {e['path']}" for name, e in entries.items() if name not in named and _is_judged(e, examined))
    checked = replace(examined.checked, findings=new)
    return Compared(replace(examined, checked=checked), len(named) - len(new), tuple(sorted(stale.items())))


@dataclass(frozen=True, slots=True)
class Updated:
    """How many entries the baseline holds now, how many it lost, and how many findings are not in it because it only shrinks."""

    kept: int
    removed: int
    left_out: int


def update(session: Session, examined: Examined) -> Updated:
    """Write the baseline where there is none; else only shrink it. Entries of rooms that were not asked stay."""
    before, named = _read(session), _named(session, examined)
    kept = {name: _entry(session, f) for name, f in named.items() if before is None or name in before}
    kept |= {name: entry for name, entry in (before or {}).items() if not _is_judged(entry, examined)}
    text = json.dumps({"version": VERSION, "findings": kept}, indent=1, sort_keys=True).encode() + b"\n"
    old = _bytes(session)
    change = FileCreate(FILE, text, "the baseline") if old is None else FileEdit(FILE, 0, len(old), old, text, "a smaller baseline")
    settled = settle(Plan((change,)), lambda path: _bytes(session))
    if settled.rewrites:
        apply(session, settled)
    return Updated(len(kept), 0 if before is None else len(before) - len(kept), len(named.keys() - kept.keys()))


def _is_judged(entry: dict[str, str], examined: Examined) -> bool:
    """Whether the room that would find this again was asked."""
    return WORD.get(entry["code"][4:5]) in examined.by_room


def _entry(session: Session, finding: Finding) -> dict[str, str]:
    path = str(PurePosixPath(finding.place.path))
    return {"code": finding.code, "path": session.redact(path), "message": session.redact(finding.message)}


def _named(session: Session, examined: Examined) -> dict[str, Finding]:
    report = report_of(session, examined)
    return dict(zip(fingerprints(report.findings, report.source, session.redact), report.findings, strict=True))


def _read(session: Session) -> dict[str, dict[str, str]] | None:
    data = _bytes(session)
    if data is None:
        return None
    try:
        whole = json.loads(data)
        version, found = whole["version"], dict(whole["findings"])
        entries = {name: {key: str(entry[key]) for key in ("code", "path", "message")} for name, entry in found.items()}
    except ValueError as error:
        raise _broken(str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken("it lacks what `opskit check --update-baseline` writes") from error
    if version != VERSION:
        raise _broken(f"version {version} is not known to this opskit")
    return entries


def _broken(why: str) -> OpskitError:
    return OpskitError(f"{FILE} is not a baseline: {why}", code="OPS-X015",
                       help=f"`git checkout {FILE}`, or remove it and run opskit check --update-baseline")


def _bytes(session: Session) -> bytes | None:
    """Whole, however large: the tree's limit is for the platform's own files. None where there is none."""
    path = session.root / FILE
    try:
        return path.read_bytes() if path.exists() else None
    except OSError as error:
        raise OpskitError(f"cannot read {FILE}: {error.strerror}", code="OPS-X015", help="make it a file that opskit may read") from error
