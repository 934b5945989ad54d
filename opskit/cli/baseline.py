"""The baseline: what is known and waits its turn, so that a gate fails only on what is new."""

import json
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

FILE = "opskit-baseline.json"


@dataclass(frozen=True, slots=True)
class Compared:
    """What is new, how many are known, and the known entries that nothing answers to any more."""

    examined: Examined
    known: int
    stale: tuple[str, ...]


def against(session: Session, examined: Examined) -> Compared:
    """Without a baseline file it is an error: a gate that finds no baseline must not pass."""
    entries = _read(session)
    if entries is None:
        raise OpskitError(f"there is no {FILE}", code="OPS-X015", help="opskit check --update-baseline writes it; commit it")
    named = _named(session, examined)
    new = tuple(f for name, f in named.items() if name not in entries)
    stale = tuple(sorted(f"{e['code']} {e['path']}" for name, e in entries.items() if name not in named))
    checked = replace(examined.checked, findings=new)
    return Compared(replace(examined, checked=checked), len(named) - len(new), stale)


def update(session: Session, examined: Examined) -> tuple[int, int]:
    """Write the baseline where there is none; else only shrink it. Returns (entries, removed)."""
    before, named = _read(session), _named(session, examined)
    kept = {name: _entry(f) for name, f in named.items() if before is None or name in before}
    text = json.dumps({"version": 1, "findings": kept}, indent=1, sort_keys=True).encode() + b"\n"
    old = session.tree.read(FILE)
    change = FileCreate(FILE, text, "the baseline") if old is None else FileEdit(FILE, 0, len(old), old, text, "a smaller baseline")
    settled = settle(Plan((change,)), session.tree.read)
    if settled.rewrites:
        apply(session, settled)
    return len(kept), len(before or {}) - len(kept) if before else 0


def _entry(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "path": str(PurePosixPath(finding.place.path)), "message": finding.message}


def _named(session: Session, examined: Examined) -> dict[str, Finding]:
    report = report_of(session, examined)
    return dict(zip(fingerprints(report.findings, report.source, session.redact), report.findings, strict=True))


def _read(session: Session) -> dict[str, dict[str, str]] | None:
    data = session.tree.read(FILE)
    if data is None:
        return None
    try:
        found: dict[str, dict[str, str]] = json.loads(data)["findings"]
        return {name: {"code": entry["code"], "path": entry["path"]} for name, entry in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpskitError(f"{FILE} is not a baseline: {error}", code="OPS-X015",
                          help="remove it and run opskit check --update-baseline") from error
