"""The room on the three broken platforms, against what their makers say of them."""

import pytest

from opskit.core.secret import Redactor
from opskit.core.tree import Tree
from opskit.env.rules import check
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey
from tests.platforms.loader import NAMES, load, tokens


@pytest.fixture(params=NAMES)
def told(request, tmp_path):
    truth = load(request.param, tmp_path / request.param, git=True)
    root = tmp_path / request.param
    return truth, check(Survey(Tree(root), read_manifest(root)), environ={})


def test_every_token_in_the_tree_is_found_at_its_line_and_nothing_else_is(told):
    truth, checked = told
    leaks = {(p.path, p.line) for f in checked.findings if f.code == "OPS-E014" for p in (f.place, *f.also)}
    assert leaks == {(s["path"], s["line"]) for s in truth.get("secrets") or () if s["path"] != ".env"}


def test_every_placeholder_is_found_and_no_value_is_taken_for_one(told):
    truth, checked = told
    found = {(f.place.path, f.place.line, f.data["name"]) for f in checked.findings if f.code == "OPS-E003"}
    assert found == {(p["path"], p["line"], p["name"]) for p in truth.get("placeholders") or ()}


def test_what_is_set_and_read_by_nobody_is_told(told):
    truth, checked = told
    unused = {f.data["name"] for f in checked.findings if f.code == "OPS-E016"}
    assert unused == {v["name"] for v in truth["not_variables"] if v["path"] == ".env" and "read by nobody" in v["why"]}


def test_no_token_leaves_the_room(told):
    text = repr(told[1])
    assert not any(token in text for token in tokens().values()) and Redactor()(text) == text
