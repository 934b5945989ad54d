"""JUnit XML as Jenkins and GitLab read it: a suite a room, a case a finding; a room without findings is one passed case."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from opskit.core.finding import Finding
from opskit.report.excerpt import visible
from opskit.report.model import Report
from opskit.report.rooms import ROOM

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, redact: Callable[[str], str]) -> str:
    findings = report.findings
    top = ET.Element("testsuites", name="opskit", tests=str(max(1, len(findings))), failures=str(len(findings)), errors="0",
                     time=f"{report.seconds:.3f}")
    for letter in sorted({f.room for f in findings}):
        of_room = [f for f in findings if f.room == letter]
        count = str(len(of_room))
        suite = ET.SubElement(top, "testsuite", name=ROOM[letter], tests=count, failures=count, errors="0", skipped="0")
        for finding in of_room:
            _case(suite, finding)
    if not findings:
        suite = ET.SubElement(top, "testsuite", name="opskit", tests="1", failures="0", errors="0", skipped="0")
        ET.SubElement(suite, "testcase", classname="opskit", name=f"{report.command}: nothing found")
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode")


def _case(suite: ET.Element, finding: Finding) -> None:
    case = ET.SubElement(suite, "testcase", classname=finding.code, name=_clean(f"{finding.place} {finding.message}"),
                         file=_clean(finding.place.path), line=str(finding.place.line))
    failure = ET.SubElement(case, "failure", type=finding.severity, message=_clean(finding.message))
    failure.text = _clean(f"{finding.place}\n{finding.help}")


def _clean(text: str) -> str:
    return ILLEGAL.sub("\ufffd", "\n".join(visible(line) for line in text.split("\n")))
