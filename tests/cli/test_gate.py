"""What `init --ci` writes is valid for those who read it: GitHub, GitLab, pre-commit."""

import subprocess
import sys
from pathlib import Path

import pytest

from opskit.cli.gate import FILES

ROOT = Path(__file__).parents[2]
SCHEMAS = {".github/workflows/opskit.yml": "vendor.github-workflows", ".gitlab/opskit.yml": "vendor.gitlab-ci"}


def checked(schema, path):
    done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_user_s_gate_is_valid(path, tmp_path):
    (tmp_path / "gate.yml").write_text(FILES[path])
    assert checked(SCHEMAS[path], tmp_path / "gate.yml")[0] == 0


@pytest.mark.parametrize(("path", "schema"), [(".github/workflows/ci.yml", "vendor.github-workflows"), ("action.yml", "vendor.github-actions")])
def test_our_own_files_are_valid(path, schema):
    code, told = checked(schema, ROOT / path)
    assert code == 0, told
