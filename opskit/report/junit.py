"""JUnit XML: a suite a file and room, a case a finding or a criterion, one passed case where there is none of either.

The dialect is that of Jenkins' schema (xunit-plugin, junit-10.xsd), which knows a file of a suite, not of a case, and no line: readers
that annotate (mikepenz/action-junit-report) take the line from the failure's text. Suites have names of their own, since Jenkins
keeps one of two that are called the same; each has a time, without which dorny/test-reporter adds up to nothing.
"""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable

from opskit.core.finding import Finding
from opskit.report.excerpt import visible
from opskit.report.masked import masked
from opskit.report.model import Report, Standing
from opskit.report.rooms import ROOM

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, redact: Callable[[str], str]) -> str:
    findings, rows = report.findings, report.standing
    cases, failures = len(findings) + len(rows), len(findings) + _failing(rows)
    top = ET.Element("testsuites", name="opskit", tests=str(max(1, cases)), failures=str(failures), errors="0",
                     time=f"{report.seconds:.3f}")
    suites = defaultdict[tuple[str, str], list[Finding]](list)
    for finding in findings:
        suites[finding.room, finding.place.path].append(finding)
    for (letter, path), own in suites.items():
        suite = _suite(top, f"{ROOM[letter]}: {path}", len(own), len(own), file=path)
        for finding in own:
            _case(suite, finding)
    if rows:
        suite = _suite(top, "opskit: criteria", len(rows), _failing(rows), skipped=sum(row.state == "not looked at yet" for row in rows))
        for row in rows:
            _criterion(suite, row)
    if not cases:
        suite = _suite(top, "opskit", 1, 0)
        ET.SubElement(suite, "testcase", classname="opskit", name=f"{report.command}: nothing found", time="0")
    for element in top.iter():
        element.attrib.update(masked(element.attrib, redact))
        element.text = masked(element.text, redact)
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode")


def _failing(rows: tuple[Standing, ...]) -> int:
    return sum(row.state == "does not hold" for row in rows)


def _criterion(suite: ET.Element, row: Standing) -> None:
    """Failed where it does not hold, skipped where nobody has looked."""
    case = ET.SubElement(suite, "testcase", classname="opskit", name=_line(row.name), time="0")
    if row.state == "does not hold":
        failure = ET.SubElement(case, "failure", type="error", message=_line(row.message))
        failure.text = _line(f"{row.message} = next: {row.help}" if row.help else row.message)
    elif row.state == "not looked at yet":
        ET.SubElement(case, "skipped")


def _suite(top: ET.Element, name: str, tests: int, failures: int, file: str | None = None, skipped: int = 0) -> ET.Element:
    counts: dict[str, str] = {"tests": str(tests), "failures": str(failures), "errors": "0", "skipped": str(skipped), "time": "0"}
    return ET.SubElement(top, "testsuite", {"name": _line(name), **counts, **({"file": _line(file)} if file is not None else {})})


def _case(suite: ET.Element, finding: Finding) -> None:
    case = ET.SubElement(suite, "testcase", classname=finding.code, name=_line(f"{finding.place} {finding.message}"), time="0")
    failure = ET.SubElement(case, "failure", type=finding.severity, message=_line(finding.message))
    lines = [_line(finding.message), f"  --> {_line(str(finding.place))}", *([f"  = help: {_line(finding.help)}"] if finding.help else [])]
    failure.text = "\n".join(lines)


def _line(text: str) -> str:
    """One line that XML can hold."""
    return ILLEGAL.sub("\ufffd", visible(text))
