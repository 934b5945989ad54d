"""All formats agree finding for finding, whatever stands in the platform's files, and none shows a secret."""

import html
import importlib
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import quote

import pytest
from hypothesis import given, settings

from opskit.cli.session import FORMATS
from opskit.core.finding import Checked, Finding
from opskit.core.place import Place
from opskit.core.secret import Redactor
from opskit.report import sarif
from opskit.report.fingerprint import fingerprints
from opskit.report.model import Report, Standing, Table
from tests.report.samples import STANDING, TOKEN, reports, sample


def rendered(name, report):
    return Redactor()(importlib.import_module(f"opskit.report.{name}").render(report, Redactor()))


def seen(name, report):
    """(code, line) pairs that a machine format holds."""
    text = rendered(name, report)
    if name == "json":
        return [(f["code"], f["line"]) for f in json.loads(text)["findings"]]
    if name == "sarif":
        results = json.loads(text)["runs"][0]["results"]
        return [(r["ruleId"], r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in results]
    if name == "junit":
        cases = [case for case in ET.fromstring(text.encode()).iter("testcase") if len(case)]
        return [(case.get("classname"), int(re.search(r"(?m)^  --> .*:(\d+):\d+$", case[0].text)[1])) for case in cases]
    return None


@settings(max_examples=60, deadline=None)
@given(reports())
def test_whatever_a_platform_holds_every_format_holds_every_finding_and_no_secret(report):
    findings = report.checked.findings
    wanted = sorted((f.code, f.place.line) for f in findings)
    for name in FORMATS:
        text = rendered(name, report)
        assert TOKEN not in text and "\x1b" not in text and "\u202e" not in text
        if name in ("json", "sarif", "junit"):
            assert sorted(seen(name, report)) == wanted
        elif name == "text":
            assert len(re.findall(r"(?m)^(?:error|warning|note)\[OPS-P001\]", text)) == len(findings)
        elif name == "github":
            assert len(re.findall(r"(?m)^::(?:error|warning|notice) file=", text)) == sum(min(10, sum(f.severity == s for f in findings)) for s in ("error", "warning", "note"))
        else:
            assert text.count("OPS-P001") >= len(findings)


def test_annotations_stop_at_ten_and_one_line_tells_the_rest():
    findings = tuple(Finding("OPS-P001", "error", f"m{i}", Place("a.py", i + 1, 1, i + 1, 2), harm=i) for i in range(14))
    lines = rendered("github", Report("check", Checked(findings), files=1)).split("\n")
    assert next(line for line in lines if line.startswith("::error")).endswith("::m13")
    assert sum(line.startswith("::error") for line in lines) == 10 and "::notice title=opskit::4 more findings: see the text below" in lines


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("secret", [TOKEN, "under_score*and`tick", 'quo"te\\and&amp<er>é'], ids=["a token", "markdown's marks", "XML's and JSON's"])
def test_a_secret_is_masked_before_it_is_escaped(name, secret):
    finding = Finding("OPS-P001", "error", f"m {secret}", Place(f"{secret}.py", 1, 1, 1, 2), help=f"h {secret}")
    report = Report("check", Checked((finding,), {"a": [{"b": secret}]}), tables=(Table("", ("a",), ((secret,),)),), files=1,
                    standing=(Standing("a", "does not hold", secret, secret),), notes=(secret,), source=lambda *_: secret)
    redact = Redactor([secret])
    text = redact(importlib.import_module(f"opskit.report.{name}").render(report, redact))
    plain = html.unescape(text.replace("\\_", "_").replace("\\*", "*").replace("\\`", "`").replace("\\<", "<").replace("\\>", ">"))
    spelled = {secret, json.dumps(secret)[1:-1], quote(secret), secret.replace("\\", "\\\\")}
    assert re.search(r"secret\\?\]|%5Bsecret", text) and not any(form in text or form in plain for form in spelled)


def obeyed(text):
    """The commands that a runner takes: at a line's start behind white space, or `##[` anywhere, unless they are stopped.

    Source: actions/runner, src/Runner.Common/ActionCommand.cs.
    """
    until = ""
    for line in map(str.strip, text.split("\n")):
        if until:
            until = "" if line == f"::{until}::" else until
        elif found := re.match(r"::([a-z-]+)[ :]", line):
            until = line[len("::stop-commands::"):] if found[1] == "stop-commands" else ""
            yield found[1]
        elif "##[" in line:
            yield "##["


def test_no_line_of_the_text_is_a_command_to_the_runner():
    notes = ("x " * 39 + "::add-mask::a", " ::error::forged", "##[error]forged")
    finding = Finding("OPS-P001", "note", "::stop-commands::x ##[warning]", Place("a.py", 1, 1, 1, 2), help="h " * 38 + "::debug::y")
    text = rendered("github", Report("check", Checked((finding,)), notes=notes, files=1, source=lambda *_: "##[group]"))
    assert "##[group]" in text and set(obeyed(text)) == {"notice", "group", "stop-commands", "endgroup"}


def test_what_does_not_hold_fails_in_every_form_that_can_fail():
    report = Report("doctor", standing=STANDING, files=1)
    suite = ET.fromstring(rendered("junit", report)).find("testsuite")
    assert [[child.tag for child in case] for case in suite] == [["failure"], [], ["skipped"]]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert [line.split("::")[1] for line in rendered("github", report).split("\n") if line.startswith("::error")] == ["error title=database connected and filled"]


def test_the_summary_goes_where_github_reads_it(tmp_path, monkeypatch):
    from opskit.report.github import append_summary

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))
    append_summary(sample(), Redactor())
    assert "## opskit check" in (tmp_path / "s.md").read_text() and TOKEN not in (tmp_path / "s.md").read_text()


def test_sarif_stops_at_githubs_limit_and_says_so(monkeypatch):
    assert sarif.MOST == 25_000
    monkeypatch.setattr(sarif, "MOST", 25)
    findings = tuple(Finding("OPS-P001", "note", "m", Place("a.py", i + 1, 1, i + 1, 2)) for i in range(35))
    run = json.loads(rendered("sarif", Report("check", Checked(findings))))["runs"][0]
    assert len(run["results"]) == 25 and "10 findings" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize("moved", ["\n\n{}", "x = 1\n{}", "    {}"], ids=["blank lines above", "a line above", "indented"])
def test_a_fingerprint_stays_put_when_lines_move(moved):
    def name(text):
        line = text[: text.index("port")].count("\n") + 1
        return fingerprints([Finding("OPS-P001", "error", "m", Place("a", line, 1))], lambda path, n: text.split("\n")[n - 1], Redactor())

    assert name("port = 1") == name(moved.format("port = 1")) != name("port = 2")


def test_two_equal_lines_have_two_fingerprints():
    findings = [Finding("OPS-P001", "error", "m", Place("a", n, 1)) for n in (1, 2)]
    assert len(set(fingerprints(findings, lambda path, line: "same", Redactor()))) == 2
