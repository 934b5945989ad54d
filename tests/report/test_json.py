import json

from opskit.core.errors import LiveError
from opskit.core.place import Place
from opskit.core.secret import Redactor
from opskit.report.json import failure, render
from tests.report.samples import sample

SCHEMA = {"schema", "command", "facts", "findings", "skipped", "unresolved", "plan", "applied", "error", "summary"}


def test_findings_come_worst_first_with_places():
    report = json.loads(render(sample(), Redactor()))
    assert [f["code"] for f in report["findings"]] == ["OPS-E020", "OPS-P001", "OPS-P007", "OPS-E001"]
    clash = report["findings"][1]
    assert (clash["path"], clash["line"], clash["column"], clash["end_column"], clash["fix"]) == ("auth.py", 2, 34, 38, "safe")


def test_the_summary_counts_what_is_there():
    summary = json.loads(render(sample(), Redactor()))["summary"]
    assert (summary["errors"], summary["warnings"], summary["notes"], summary["ignored"], summary["unresolved"]) == (2, 1, 1, 1, 1)


def test_a_report_and_a_failure_have_the_same_shape():
    error = LiveError("refused", help="start it", code="OPS-D010", place=Place(".env", 3))
    assert set(json.loads(render(sample(), Redactor()))) == set(json.loads(failure(error, "db check"))) == SCHEMA
    assert json.loads(failure(error, "db check"))["error"] == {"code": "OPS-D010", "message": "refused", "help": "start it", "path": ".env", "line": 3}


def test_a_plan_that_was_not_applied_is_only_planned():
    report = json.loads(render(sample(), Redactor()))
    assert len(report["plan"]) == 1 and report["applied"] == []
    assert json.loads(render(sample(applied=True), Redactor()))["applied"] == report["plan"]
