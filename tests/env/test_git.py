"""Dotenv files and git: what is tracked, what would be, and the lines that keep it out. A real git."""

import subprocess

import pytest

from opskit.core.settle import settle
from opskit.env.fix import plan
from opskit.env.rules import check
from tests.env.conftest import found, read


def fixed(survey, root):
    """The .gitignore after the fix, and the findings then."""
    settled = settle(plan(survey, check(survey, environ={})), survey.tree.read)
    for rewrite in settled.rewrites:
        (root / rewrite.path).write_bytes(rewrite.after)
    return settled


def ignored(root, path):
    return subprocess.run(["git", "-C", str(root), "check-ignore", "-q", "--no-index", path]).returncode == 0


@pytest.mark.parametrize(("text", "severity"), [("DB_PASSWORD=hunter-hunter\n", "error"), ("VITE_TITLE=Shop\n", "note"), ("DB_PASSWORD=changeme\n", "note")])
def test_a_tracked_dotenv_file_weighs_what_it_holds(platform, tmp_path, text, severity):
    survey = platform({".env.production": text}, [], git=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-f", ".env.production"], check=True)
    [f] = found(check(survey, environ={}), "E012")
    assert f.severity == severity and "hunter" not in repr(f)


def test_a_file_that_is_there_but_not_tracked_is_no_leak_yet(platform):
    result = check(platform({".env": "DB_PASSWORD=hunter-hunter\n"}, [], git=True), environ={})
    assert not found(result, "E012") and [f.severity for f in found(result, "E013")] == ["error"]


BEFORE = {
    "no file": None, "empty": "", "no last newline": "dist", "only .env": ".env\n", "a wide pattern": ".env*\n", "windows": "dist\r\nnode_modules\r\n",
    "negated later": ".env\n!.env\n", "a comment last": "dist\n# end", "anchored": "/.env\n/.env.local\n",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_the_fix_keeps_values_out_and_the_contract_in(platform, tmp_path, before):
    survey = platform({"app.py": "", **({} if before is None else {".gitignore": before})}, [read("REGION")], git=True)
    fixed(survey, tmp_path)
    assert [ignored(tmp_path, p) for p in (".env", ".env.local", ".env.production", ".opskit/journal")] == [True] * 4
    assert not ignored(tmp_path, ".env.example")


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_the_fix_only_appends_in_the_file_s_own_line_ends_and_is_done_once(platform, tmp_path, before):
    survey = platform({"app.py": "", **({} if before is None else {".gitignore": before})}, [read("REGION")], git=True)
    fixed(survey, tmp_path)
    after = (tmp_path / ".gitignore").read_bytes()
    assert after.startswith((before or "").encode()) and after.endswith(b"\n")
    assert before != BEFORE["windows"] or b"\n" not in after.replace(b"\r\n", b"")
    again = platform({}, [read("REGION")])
    assert not found(check(again, environ={}), "E013") and not plan(again, check(again, environ={})).changes


def test_a_dotenv_file_in_a_folder_that_git_would_take_is_kept_out_too(platform, tmp_path):
    survey = platform({"shop/.env": "A=1\n", "tests/fixtures/.env": "A=1\n", ".gitignore": BEFORE["anchored"]}, [], git=True)
    [f] = found(check(survey, environ={}), "E013")
    assert "shop/.env" in f.message and "fixtures" not in f.message
    fixed(survey, tmp_path)
    assert ignored(tmp_path, "shop/.env")


def test_a_template_by_another_name_stays_in_git(platform, tmp_path):
    fixed(platform({".env.sample": "A=\n"}, [read("A")], git=True), tmp_path)
    assert not ignored(tmp_path, ".env.sample") and ignored(tmp_path, ".env.staging")


def test_git_s_own_exclude_file_counts(platform, tmp_path):
    survey = platform({"app.py": ""}, [read("REGION")], git=True)
    (tmp_path / ".git/info/exclude").write_text(".env\n.env.*\n!.env.example\n.opskit/\n")
    assert not found(check(survey, environ={}), "E013")


def test_a_platform_that_reads_nothing_and_holds_nothing_is_left_in_peace(platform):
    assert check(platform({"index.html": "<p>"}, []), environ={}).findings == ()
