"""Trees that are full of Windows paths which must stay as they are."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from opskit.core.tree import Tree
from opskit.paths.fix import plan
from opskit.paths.rules import check
from opskit.survey.manifest import Manifest
from opskit.survey.survey import Survey


def python_s_own_tests():
    """Many a Python ships without them: Debian has them in a package of their own."""
    named, found = os.environ.get("PYTHON_TESTSUITE"), find_spec("test")
    folder = Path(named) if named else Path(found.origin).parent if found and found.origin else None
    if folder is None or not (folder / "test_ntpath.py").is_file():
        pytest.skip("this Python has not its own tests; set PYTHON_TESTSUITE to a folder that holds them")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("review", [False, True])
def test_nothing_of_python_s_own_tests_is_rewritten(tmp_path, review):
    root = tmp_path / "test"
    shutil.copytree(python_s_own_tests(), root, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
    survey = Survey(Tree(root), Manifest("test"))
    checked = check(survey)
    assert len(checked.facts["paths"]) > 300
    assert not plan(survey, checked, review=review).changes
