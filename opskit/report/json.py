"""The report as JSON, schema `opskit.report/1`: additive only, valid also when a command fails."""

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from opskit.core.errors import OpskitError
from opskit.core.finding import Finding, Skipped
from opskit.report.masked import masked
from opskit.report.model import Report

if TYPE_CHECKING:
    from opskit.core.change import Change

SCHEMA = "opskit.report/1"


def render(report: Report, redact: Callable[[str], str]) -> str:
    changes = [_change(c) for c in report.plan.changes] if report.plan else []
    return redact(json.dumps(masked({
        "schema": SCHEMA, "command": report.command, "facts": dict(report.checked.facts),
        "findings": [_finding(f) for f in report.findings],
        "skipped": [_skipped(s) for s in report.skipped] + _dropped(report),
        "unresolved": [{"path": u.place.path, "line": u.place.line, "what": u.what} for u in report.checked.unresolved],
        "plan": changes, "applied": changes if report.applied else [], "error": None, "summary": dict(report.summary),
    }, cache(redact)), indent=1, ensure_ascii=True))


def failure(error: OpskitError, command: str) -> str:
    place = {"path": error.place.path, "line": error.place.line} if error.place else {}
    return json.dumps({
        "schema": SCHEMA, "command": command, "facts": {}, "findings": [], "skipped": [], "unresolved": [], "plan": [], "applied": [],
        "error": {"code": error.code, "message": error.message, "help": error.help, **place},
        "summary": {"errors": 0, "warnings": 0, "notes": 0, "ignored": 0, "unresolved": 0, "files": 0, "seconds": 0.0},
    }, indent=1)


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code, "severity": finding.severity, "message": finding.message, "path": place.path,
        "line": place.line, "column": place.column, "end_line": place.end_line, "end_column": place.end_column,
        "help": finding.help, "fix": finding.fix,
        "data": {**finding.data, **({"also": [str(a) for a in finding.also]} if finding.also else {})},
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    finding = skipped.finding
    return {"code": finding.code, "path": finding.place.path, "line": finding.place.line, "reason": skipped.reason}


def _dropped(report: Report) -> list[dict[str, Any]]:
    fallen = report.plan.dropped if report.plan else ()
    return [{"code": d.change.code, "path": getattr(d.change, "path", ""), "line": 0, "reason": d.reason} for d in fallen]


def _change(change: "Change") -> dict[str, Any]:
    from opskit.core.change import Call, FileEdit

    told = {"kind": type(change).__name__, "why": change.why, "code": change.code, "group": change.group}
    match change:
        case Call(system=system, action=action, reverse=reverse):
            return {**told, "system": system, "action": action, "reverse": reverse}
        case FileEdit(path=path, start=start, end=end):
            return {**told, "path": path, "start": start, "end": end}
    return {**told, "path": change.path}
