"""Trees that are full of Windows paths which must stay as they are."""

import shutil
from pathlib import Path

import pytest

from opskit.core.tree import Tree
from opskit.paths.fix import plan
from opskit.paths.rules import check
from opskit.survey.manifest import Manifest
from opskit.survey.survey import Survey


@pytest.mark.slow
@pytest.mark.parametrize("review", [False, True])
def test_nothing_of_python_s_own_tests_is_rewritten(tmp_path, review):
    root = tmp_path / "test"
    shutil.copytree(Path(pytest.importorskip("test").__path__[0]), root, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
    survey = Survey(Tree(root), Manifest("test"))
    checked = check(survey)
    assert len(checked.facts["paths"]) > 300
    assert not plan(survey, checked, review=review).changes
