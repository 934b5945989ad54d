"""SARIF 2.1.0 for code scanning.

Limits are GitHub's: 25,000 results a run, paths relative with `/`, `partialFingerprints` that hold when lines move.
Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from opskit import __version__
from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.report.fingerprint import fingerprints
from opskit.report.masked import masked
from opskit.report.model import Report
from opskit.report.rooms import ROOM

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST, ALSO = 25_000, 20


def render(report: Report, redact: Callable[[str], str]) -> str:
    findings = report.findings[:MOST]
    rules = list(dict.fromkeys(sorted(f.code for f in findings)))
    names = fingerprints(findings, report.source, redact)
    index = {code: at for at, code in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "opskit", "semanticVersion": __version__, "rules": [_rule(report, code, findings) for code in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, index[f.code], name, redact) for f, name in zip(findings, names, strict=True)],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report)}],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [masked(run, redact)]}, indent=1)


def _rule(report: Report, code: str, findings: list[Finding]) -> dict[str, Any]:
    """Without `name`, which SARIF wants to differ from the id. A code that the catalogue lacks has its room for a text."""
    known = report.codes.get(code)
    title, why = (known.title, known.why) if known else (f"{ROOM[code[4]]} {code}", f"A finding of the room {ROOM[code[4]]}.")
    mend = known.mend if known else f"See `opskit explain {code}`."
    return {
        "id": code, "shortDescription": {"text": title}, "fullDescription": {"text": why},
        "help": {"text": f"{why} {mend}", "markdown": f"**{title}**\n\n{why}\n\n{mend}"},
        "defaultConfiguration": {"level": next(f.severity for f in findings if f.code == code)},
        "properties": {"tags": [ROOM[code[4]]]},
    }


def _result(finding: Finding, index: int, fingerprint: str, redact: Callable[[str], str]) -> dict[str, Any]:
    text = f"{finding.message}. {finding.help}" if finding.help else finding.message
    also = [{"id": at, "physicalLocation": _location(place, redact)} for at, place in enumerate(finding.also[:ALSO], 1)]
    return {
        "ruleId": finding.code, "ruleIndex": index, "level": finding.severity, "message": {"text": text},
        "locations": [{"physicalLocation": _location(finding.place, redact)}], **({"relatedLocations": also} if also else {}),
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1"},
    }


def _location(place: Place, redact: Callable[[str], str]) -> dict[str, Any]:
    """What is true of a file as a whole stands at its first line, since GitHub shows nothing without a line."""
    region = {"startLine": place.line or 1}
    if place.column:
        region["startColumn"] = place.column
    if place.end_column:
        region |= {"endLine": place.end_line, "endColumn": place.end_column}
    return {"artifactLocation": {"uri": quote(redact(place.path).encode("utf-8", "replace")), "uriBaseId": "%SRCROOT%"}, "region": region}


def _notifications(report: Report) -> list[dict[str, Any]]:
    left = len(report.checked.findings) - MOST
    return [{"level": "warning", "message": {"text": f"{left} findings over the limit of {MOST} were left out"}}] if left > 0 else []
