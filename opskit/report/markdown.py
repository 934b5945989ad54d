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
        lines += _table(table.columns, table.rows, redact)
    marks = tuple((s.name, s.state, s.message, s.help) for s in report.standing)
    lines += _table(("criterion", "state", "what was seen", "next"), marks, redact) if marks else []
    findings = report.findings
    rows = tuple((f.severity, f.code, str(f.place), f.message, f.help) for f in findings[:MOST])
    lines += _table(("", "code", "place", "what", "mend"), rows, redact) if rows else []
    lines += [f"{len(findings) - MOST} more."] if len(findings) > MOST else []
    lines += [f"- {_cell(note, redact)}" for note in report.notes]
    return redact("\n".join(lines).rstrip() + "\n")


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], redact: Callable[[str], str]) -> list[str]:
    head = ["| " + " | ".join(c or " " for c in columns) + " |", "|" + "---|" * len(columns)]
    return [*head, *("| " + " | ".join(_cell(cell, redact) for cell in row) + " |" for row in rows), ""]


def _cell(text: str, redact: Callable[[str], str]) -> str:
    """No cell breaks its table or becomes markup. Masked before it is escaped: `sk\\_live\\_...` has no token's shape."""
    text = visible(redact(text.replace("\n", " ")))
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return text
