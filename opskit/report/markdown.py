"""The report to hand on: a table that a pull request, an issue or a wiki shows."""

from collections.abc import Callable

from opskit.report.excerpt import visible
from opskit.report.model import Report

MOST = 200


def render(report: Report, redact: Callable[[str], str]) -> str:
    s = report.summary
    lines = [f"## opskit {report.command}", "", f"{s['errors']} errors, {s['warnings']} warnings, {s['notes']} notes"
             f" in {s['files']} files; {s['ignored']} ignored, {s['unresolved']} unresolved.", ""]
    for table in report.tables:
        lines += _table(table.columns, table.rows)
    marks = tuple((s.name, s.state, s.message, s.help) for s in report.standing)
    lines += _table(("criterion", "state", "what was seen", "next"), marks) if marks else []
    findings = report.findings
    rows = tuple((f.severity, f.code, str(f.place), f.message, f.help) for f in findings[:MOST])
    lines += _table(("", "code", "place", "what", "mend"), rows) if rows else []
    lines += [f"{len(findings) - MOST} more."] if len(findings) > MOST else []
    lines += [f"- {_cell(note)}" for note in report.notes]
    return redact("\n".join(lines).rstrip() + "\n")


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    head = ["| " + " | ".join(c or " " for c in columns) + " |", "|" + "---|" * len(columns)]
    return [*head, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows), ""]


def _cell(text: str) -> str:
    """No cell breaks its table or becomes markup."""
    text = visible(text.replace("\n", " "))
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return text
