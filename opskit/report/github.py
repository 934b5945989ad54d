"""GitHub Actions: annotations on the pull request, the whole text in the log, a summary on the run's page.

A step shows 10 errors and 10 warnings; the worst come first and one more line says how many are left.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import hashlib
import os
from collections.abc import Callable

from opskit.core.finding import Finding
from opskit.report.excerpt import visible
from opskit.report.markdown import render as as_markdown
from opskit.report.model import Report
from opskit.report.text import render as as_text

EACH = 10
WORD = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, redact: Callable[[str], str]) -> str:
    lines, left = list[str](), 0
    for severity in WORD:
        found = [f for f in report.findings if f.severity == severity]
        lines += [_annotation(f, redact) for f in found[:EACH]]
        left += max(0, len(found) - EACH)
    lines += [f"::error title={_property(row.name)}::{_data(f'{row.message} (next: {row.help})' if row.help else row.message)}"
              for row in report.standing if row.state == "does not hold"][:EACH]
    if left:
        lines.append(f"::notice title=opskit::{left} more findings: see the text below")
    return "\n".join([*lines, "::group::opskit", *_standing_still(as_text(report, redact).rstrip("\n")), "::endgroup::"])


def _standing_still(text: str) -> tuple[str, str, str]:
    """The runner takes `::name::` also behind white space and `##[name]` anywhere for commands; between these two lines it takes none.

    The word that ends it is the text's own digest, which no text can hold.
    """
    word = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"::stop-commands::{word}", text, f"::{word}::"


def append_summary(report: Report, redact: Callable[[str], str]) -> None:
    """Add the report in Markdown to the file that GITHUB_STEP_SUMMARY names, where it names one."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(redact(as_markdown(report, redact)) + "\n")


def _annotation(finding: Finding, redact: Callable[[str], str]) -> str:
    place = finding.place
    properties = {"file": place.path, "line": str(place.line or 1), "title": finding.code}
    if place.column and place.line == place.end_line:
        properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    told = ",".join(f"{key}={_property(redact(value))}" for key, value in properties.items())
    message = f"{finding.message} ({finding.help})" if finding.help else finding.message
    return f"::{WORD[finding.severity]} {told}::{_data(redact(message))}"


def _data(text: str) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
