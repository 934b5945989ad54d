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
from opskit.report.fingerprint import fingerprints
from opskit.report.model import Report
from opskit.report.rooms import ROOM

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST = 25_000


def render(report: Report, redact: Callable[[str], str]) -> str:
    findings = report.findings[:MOST]
    rules = sorted({f.code for f in findings})
    names = fingerprints(findings, report.source, redact)
    run = {
        "tool": {"driver": {"name": "opskit", "semanticVersion": __version__, "rules": [_rule(report, code) for code in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, rules.index(f.code), name) for f, name in zip(findings, names, strict=True)],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report)}],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(report: Report, code: str) -> dict[str, Any]:
    known = report.codes.get(code)
    tags = {"properties": {"tags": [ROOM[code[4]]]}}
    if known is None:
        return {"id": code, **tags}
    return {"id": code, "name": code, "shortDescription": {"text": known.title}, "fullDescription": {"text": known.why},
            "help": {"text": f"{known.why} {known.mend}", "markdown": f"**{known.title}**\n\n{known.why}\n\n{known.mend}"}, **tags}


def _result(finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    text = f"{finding.message}. {finding.help}" if finding.help else finding.message
    return {
        "ruleId": finding.code, "ruleIndex": index, "level": finding.severity, "message": {"text": text},
        "locations": [{"physicalLocation": _location(finding)}], "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1"},
    }


def _location(finding: Finding) -> dict[str, Any]:
    place = finding.place
    located: dict[str, Any] = {"artifactLocation": {"uri": quote(place.path.encode("utf-8", "replace")), "uriBaseId": "%SRCROOT%"}}
    if place.line:
        located["region"] = {"startLine": place.line}
        if place.column:
            located["region"] |= {"startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column}
    return located


def _notifications(report: Report) -> list[dict[str, Any]]:
    left = len(report.checked.findings) - MOST
    return [{"level": "warning", "message": {"text": f"{left} findings over the limit of {MOST} were left out"}}] if left > 0 else []
