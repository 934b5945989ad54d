"""Real environments from a local folder of wheels: what goes in, what is left out and why, and what a cut leaves."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from opskit.core.errors import LiveError, NotReady, OpskitError
from opskit.deps.install.environment import Environment, State, environment_of, find_python
from opskit.deps.install.install import fulfil, targets
from opskit.deps.install.installer import clean, find_installer
from opskit.deps.install.isolation import Isolation
from opskit.deps.install.process import Done, watched
from opskit.deps.install.proof import prove
from opskit.deps.install.wanted import Wanted
from opskit.deps.installed import versions

from .conftest import importing, lay, surveyed

UV = pytest.param("uv", marks=pytest.mark.skipif(not find_installer("auto", {}, 1, print).uv, reason="uv is not installed"))
KINDS = [UV, pytest.param("pip", marks=pytest.mark.slow)]


@pytest.fixture
def run(offline, tmp_path):
    """`run(files, kind)` -> what became of the main environment, and the lines that were said."""

    def install(files=None, kind="uv", root=tmp_path):
        said = []
        (target,) = targets(surveyed(lay(root, files or {})))
        return fulfil(target, find_installer(kind, os.environ, 120, said.append), said.append), said

    return install


def platform_of(requirements, *names):
    return {"app.py": importing(*(names or ("alpha",))), "requirements.txt": requirements}


@pytest.mark.parametrize("kind", KINDS)
def test_the_bad_are_told_and_the_rest_goes_in(run, kind):
    requirements = "alpha==2.0\nbeta\ngamma\nodd-name\nnosuch\nnewer==1.0\ncompiled==1.0\nbroken==1.0\nalpha-typo==9\n"
    result, _ = run(platform_of(requirements), kind)
    failed = {f.wanted.name for f in result.failed}
    assert {"gamma": "1.5", "odd-name": "1.0"}.items() <= result.installed.items() and len(failed & {"alpha", "beta"}) == 1
    assert failed - {"alpha", "beta"} == {"nosuch", "newer", "compiled", "broken", "alpha-typo"}
    assert {f.place.line for f in result.findings} > {5, 6, 7, 8, 9} and all(f.code == "OPS-K003" and f.help for f in result.findings)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_does_nothing_and_an_added_line_is_seen(run, kind):
    files = platform_of("gamma\n", "gamma")
    assert run(files, kind)[0].changed
    again, said = run(kind=kind)
    assert not again.changed and not said
    more, _ = run(platform_of("gamma\nodd-name\n", "gamma"), kind)
    assert more.changed and "odd-name" in more.installed


def test_a_package_that_was_taken_away_is_put_back(run, tmp_path):
    run(platform_of("gamma\n"))
    for part in tmp_path.glob(".opskit/venv/lib/python*/site-packages/gamma*"):
        subprocess.run(["rm", "-r", str(part)], check=True)
    assert run()[0].changed and run()[0].installed["gamma"] == "1.5"


def test_what_failed_is_tried_again_alone(run, wheelhouse):
    first, _ = run(platform_of("gamma\nnosuch\n"))
    second, _ = run()
    assert [f.wanted.name for f in first.failed] == [f.wanted.name for f in second.failed] == ["nosuch"] and not second.changed


@pytest.mark.parametrize("left", ["folder alone", "marked open"])
def test_a_run_that_was_cut_short_is_mended(run, tmp_path, left):
    run(platform_of("gamma\n"))
    environment = Environment(tmp_path)
    (next(environment.folder.glob("lib/python*/site-packages")) / "gamma.py").unlink()
    if left == "marked open":
        environment.mark(State("open", environment.state.digest))
    else:
        (tmp_path / ".opskit" / "venv.json").unlink()
    result, said = run()
    assert result.changed and "half-made" in said[0] and next(environment.folder.glob("lib/python*/site-packages/gamma.py"))


def test_our_own_projects_are_importable_and_were_not_built(run, tmp_path):
    files = {
        "api/app.py": importing("alpha", "shop_core"),
        "api/requirements.txt": "alpha\n-e ../core\n",
        "core/pyproject.toml": "[project]\nname = 'shop-core'\nversion = '1'\n",
        "core/src/shop_core/__init__.py": "",
        "core/setup.py": "raise SystemExit(9)\n",
    }
    result, _ = run(files)
    code = "import shop_core; print(shop_core.__file__)"
    done = subprocess.run([str(result.target.environment.interpreter), "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == str(tmp_path / "core/src/shop_core/__init__.py") and not result.failed


def test_names_are_proved_one_by_one_and_the_platform_s_files_are_not_run(run, tmp_path):
    trap = {
        "app.py": importing("alpha", "crashing", "absent", "oddly"),
        "requirements.txt": "alpha\ncrashing\nodd-name\n",
        "alpha_trap.py": "raise SystemExit(9)\n",
    }
    result, _ = run(trap)
    told = {p.name: p.reason for p in prove(result.target.environment, result.target.services, clean(os.environ))}
    assert told["alpha"] == told["oddly"] == "" and "no display" in told["crashing"] and "No module named 'absent'" in told["absent"]


def test_an_index_out_of_reach_is_refused_with_its_own_exit_code(run, monkeypatch):
    for name in ("UV_NO_INDEX", "UV_OFFLINE", "UV_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(LiveError, match="index cannot be reached") as refused:
        run(platform_of("gamma\n"))
    assert refused.value.exit_code == 3


def test_a_python_that_is_not_there_is_named():
    with pytest.raises(OpskitError, match=r"no Python 3\.2") as missing:
        find_python("3.2")
    assert "uv python install 3.2" in missing.value.help


@pytest.mark.parametrize(
    ("python", "name"),
    [
        ("", "venv"),
        (f"{sys.version_info[0]}.{sys.version_info[1]}", "venv"),
        ("3.2", "venv-3.2"),
        ("/opt/py/bin/python", "venv-opt-py-bin-python"),
    ],
)
def test_the_folder_of_an_environment(tmp_path, python, name):
    assert environment_of(tmp_path, python).folder == tmp_path / ".opskit" / name


def test_programs_of_others_get_none_of_the_platform_s_secrets():
    given = {
        "PATH": "/bin",
        "STRIPE_SECRET_KEY": "x",
        "DATABASE_URL": "x",
        "GITHUB_TOKEN": "x",
        "UV_INDEX_PASSWORD": "y",
        "PYTHONPATH": "/z",
        "PIP_INDEX_URL": "i",
    }
    assert set(clean(given)) == {"PATH", "UV_INDEX_PASSWORD", "PIP_INDEX_URL"}


def test_a_limit_ends_the_installer_and_its_children(tmp_path):
    command = [
        sys.executable,
        "-c",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]])",
        f"MARK-{os.getpid()}",
    ]
    began = time.monotonic()
    with pytest.raises(OpskitError, match="did not end within"):
        watched(command, cwd=tmp_path, env=os.environ, limit=0.5, say=lambda text: None, beat=0.2)
    assert time.monotonic() - began < 10
    assert not [p for p in psutil.process_iter(["cmdline"]) if f"MARK-{os.getpid()}" in (p.info["cmdline"] or [])]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["^C", "kill -9"])
def test_stopped_in_the_middle_the_next_run_mends_it(run, tmp_path, wheelhouse, how):
    """A stand-in for uv that hangs while it installs; opskit is stopped; then the real one."""
    lay(tmp_path, platform_of("gamma\n"))
    slow = tmp_path / "bin" / "uv"
    real = find_installer("uv", {}, 1, print).uv
    lay(tmp_path, {"bin/uv": f'#!/bin/sh\n[ "$1" = venv ] && exec \'{real}\' "$@"\nsleep 60\n'})
    slow.chmod(0o755)
    environ = {**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "opskit", "--root", str(tmp_path), "deps", "install", "--yes"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment = Environment(tmp_path)
    for _ in range(300):
        if environment.interpreter.exists() and environment.state.pid and environment.state.digest:
            break
        time.sleep(0.1)
    process.send_signal(how)
    assert process.wait(20) == (130 if how == signal.SIGINT else -9)
    assert environment.state.state == "open"
    result, said = run()
    assert result.installed["gamma"] == "1.5" and "half-made" in said[0]


def line(name, version=""):
    return Wanted(name, name + version, version, ())


@pytest.mark.parametrize("bad", [set(), {"p0"}, {"p7", "p3"}, {f"p{i}" for i in range(8)}], ids=["none", "first", "two", "all"])
def test_halving_finds_exactly_the_bad(bad):
    def put(lines, build):
        return Done(int(bool(bad & set(lines))), "no version of it")

    isolation = Isolation(put, "3.11", lambda text: None)
    isolation.install([line(f"p{i}") for i in range(8)])
    assert {f.wanted.name for f in isolation.failed} == bad and {w.name for w in isolation.accepted} == {f"p{i}" for i in range(8)} - bad


def test_of_two_that_clash_one_goes_in():
    def put(lines, build):
        return Done(int({"a", "b"} <= set(lines)), "ResolutionImpossible")

    isolation = Isolation(put, "3.11", lambda text: None)
    isolation.install([line(name) for name in "abcd"])
    assert {w.name for w in isolation.accepted} == {"a", "c", "d"} and [f.wanted.name for f in isolation.failed] == ["b"]


def test_wheels_are_tried_before_anything_is_built():
    asked = []

    def put(lines, build):
        asked.append(build)
        return Done(int(not build), "no wheels are available")

    Isolation(put, "3.11", lambda text: None).install([line("a")])
    assert asked == [False, True]


def test_a_full_disk_is_no_package_s_fault():
    with pytest.raises(NotReady, match="disk is full"):
        Isolation(lambda lines, build: Done(1, "OSError: [Errno 28] No space left on device"), "3.11", print).install([line("a")])


def test_versions_of_an_environment_that_is_not_there(tmp_path):
    assert versions(tmp_path / "none") == {}


def test_the_command_tells_machines_what_went_in_and_what_did_not(offline, tmp_path):
    lay(tmp_path, platform_of("gamma\nnosuch\n", "gamma"))
    command = [sys.executable, "-m", "opskit", "--root", str(tmp_path), "deps", "install", "--yes", "--json", "--prove"]
    done = subprocess.run(command, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert done.returncode == 1 and [c["action"] for c in told["applied"]] == ["install gamma"]
    assert [(f["package"], f["places"]) for f in told["facts"]["failed"]] == [("nosuch", ["requirements.txt:2:1"])]
    assert told["facts"]["imports"] == [{"import": "gamma", "services": ["app"], "importable": True, "reason": ""}]
    assert [(f["code"], f["line"]) for f in told["findings"]] == [("OPS-K003", 2)]


def test_a_python_that_is_missing_costs_its_services_and_no_others(offline, tmp_path):
    manifest = "version = 1\n[services.app]\ncommand = 'python app.py'\n[services.old]\ncommand = 'python old.py'\npython = '3.2'\n"
    lay(tmp_path, {**platform_of("gamma\n", "gamma"), "old.py": importing("gamma"), "opskit.toml": manifest})
    main, old = [fulfil(t, find_installer("uv", os.environ, 60, print), print) for t in targets(surveyed(tmp_path))]
    assert main.is_whole and not old.is_whole
    assert [(f.code, f.place.path) for f in old.findings] == [("OPS-K009", "opskit.toml")] and "old wants" in old.findings[0].message


@pytest.mark.parametrize(
    ("before", "code", "word"), [("", 1, "> packages: gamma"), ("--yes", 0, "it is all there")], ids=["pending", "done"]
)
def test_a_dry_run_tells_what_is_pending(offline, tmp_path, before, code, word):
    lay(tmp_path, platform_of("gamma\n", "gamma"))
    command = [sys.executable, "-m", "opskit", "--root", str(tmp_path), "deps", "install"]
    if before:
        subprocess.run([*command, before], capture_output=True)
    done = subprocess.run([*command, "--dry-run"], capture_output=True, text=True)
    assert done.returncode == code and word in done.stdout and (tmp_path / ".opskit").exists() == bool(before)


def test_without_a_terminal_it_wants_yes(tmp_path):
    lay(tmp_path, platform_of("gamma\n"))
    command = [sys.executable, "-m", "opskit", "--root", str(tmp_path), "deps", "install"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "--yes" in done.stderr and not (tmp_path / ".opskit").exists()
