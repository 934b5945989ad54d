"""`opskit paths` from the outside: scan, fix, undo, what run sets, the gate."""

import json
import subprocess
import sys

import pytest

FILES = {
    "shop.py": "A = 'C:/Users/ana/shop/data/a.json'\nB = r'C:\\Users\\ana\\Desktop\\out\\b.txt'\nprint(open(A).read())\n",
    "data/a.json": "kept",
    "a.bat": "cd /d C:\\Users\\ana\\shop\r\n",
    "README.md": "Open C:\\Users\\ana\\shop\\data.\n",
}
AS = ("-c", "user.name=a", "-c", "user.email=a@example.com")


def git(root, *arguments):
    subprocess.run(["git", "-C", root, *AS, *arguments], check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path):
    root = tmp_path / "shop"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    git(root.parent, "init", "-q", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    return root


def opskit(root, *arguments):
    done = subprocess.run([sys.executable, "-m", "opskit", "--root", str(root), *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def held(root):
    return {path: (root / path).read_bytes() for path in FILES}


def test_scan_tells_the_folders_then_the_counts_within_80_columns(shop):
    done = opskit(shop, "paths", "scan")
    assert done.returncode == 1 and "next: opskit paths fix" in done.stdout
    assert "BASE_DIR" in done.stdout and "DESKTOP_DIR" in done.stdout and max(map(len, done.stdout.splitlines())) <= 80


def test_fix_then_fix_again_then_undo(shop):
    before = held(shop)
    assert opskit(shop, "paths", "fix", "--yes").returncode == 0
    after = held(shop)
    assert [path for path in FILES if before[path] != after[path]] == ["shop.py", "a.bat"]
    assert subprocess.run([sys.executable, shop / "shop.py"], cwd="/", capture_output=True, text=True, check=True).stdout == "kept\n"
    assert "nothing to do" in opskit(shop, "paths", "fix", "--yes").stdout and held(shop) == after
    opskit(shop, "undo")
    assert held(shop) == before


def test_an_ignored_line_is_counted_and_left(shop):
    (shop / "shop.py").write_text("A = 'C:/Users/ana/shop/data/a.json'  # opskit: ignore[OPS-W001] the old machine\n")
    (shop / "a.bat").unlink()
    report = json.loads(opskit(shop, "paths", "scan", "--json").stdout)
    assert report["summary"]["ignored"] == 1 and not [f for f in report["findings"] if f["code"] == "OPS-W001"]
    assert "nothing to do" in opskit(shop, "paths", "fix", "--yes", "--allow-dirty").stdout


def test_a_read_only_file_stays_and_is_told_once(shop):
    (shop / "a.bat").chmod(0o444)
    done = opskit(shop, "paths", "fix", "--yes")
    assert done.stdout.count("not changed: a.bat: it is read-only") == 1 and held(shop)["a.bat"].decode() == FILES["a.bat"]
    assert "BASE_DIR" in held(shop)["shop.py"].decode()


def test_an_unknown_fallback_is_a_sentence(shop):
    done = opskit(shop, "paths", "fix", "--default", "mine")
    assert done.returncode == 2 and "--default mine is not one of: repo, original" in done.stderr


def test_the_old_value_as_a_fallback_is_what_doctor_counts(shop):
    opskit(shop, "paths", "fix", "--yes", "--default", "original")
    assert b"ana" in (shop / "shop.py").read_bytes()
    report = json.loads(opskit(shop, "paths", "scan", "--json").stdout)
    assert {f["code"] for f in report["findings"]} == {"OPS-W003", "OPS-W005"} and report["summary"]["errors"] == 0


def test_doctor_sends_nobody_to_a_fix_that_leaves_everything(shop):
    (shop / "shop.py").write_text("import re\nre.compile('C:/Users/ana/shop/data')\nA = {'C:/Users/ana/shop/data/a.json': 1}\n")
    (shop / "a.bat").unlink()
    assert "opskit paths scan" in opskit(shop, "doctor").stdout and "nothing to do" in opskit(shop, "paths", "fix", "--yes", "--allow-dirty").stdout


def test_init_keeps_the_roots_and_run_sets_them_and_makes_the_private_folders(shop):
    opskit(shop, "init", "--yes")
    done = opskit(shop, "run", "--", sys.executable, "-c", "import os; print(os.environ['BASE_DIR'], os.environ['DESKTOP_DIR'])")
    assert done.stdout.split() == [str(shop), str(shop / ".opskit/data/desktop")]
    assert (shop / ".opskit/data/desktop").stat().st_mode & 0o777 == 0o700
    assert subprocess.run(["git", "-C", shop, "check-ignore", "-q", ".opskit/data/desktop/x"], check=False).returncode == 0


def test_the_environment_wins_over_the_roots_unless_it_is_empty(shop):
    opskit(shop, "init", "--yes")
    (shop / ".env").write_text("BASE_DIR=\nDESKTOP_DIR=/srv/desk\n")
    done = opskit(shop, "run", "--", sys.executable, "-c", "import os; print(os.environ['BASE_DIR'], os.environ['DESKTOP_DIR'])")
    assert done.stdout.split() == [str(shop), "/srv/desk"]


def test_a_gate_keeps_new_ones_out_with_a_baseline(shop):
    opskit(shop, "check", "paths", "--update-baseline")
    assert opskit(shop, "check", "paths", "--baseline").returncode == 0
    (shop / "new.py").write_text("X = 'C:/Users/ana/shop/data/a.json'\n")
    assert opskit(shop, "check", "paths", "--baseline").returncode == 1


def test_sarif_holds_the_places(shop):
    report = json.loads(opskit(shop, "paths", "scan", "--format", "sarif").stdout)
    assert {r["ruleId"] for r in report["runs"][0]["results"]} == {"OPS-W001", "OPS-W003"}
