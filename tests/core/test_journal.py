import os
import stat
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opskit.core.change import FileCreate, FileDelete, FileEdit, Plan
from opskit.core.errors import OpskitError
from opskit.core.journal import Journal
from opskit.core.settle import settle
from opskit.core.tree import Tree


def apply(root, *changes):
    tree = Tree(root)
    return Journal(root).apply(settle(Plan(changes), tree.read), "opskit test", "now")


def snapshot(root):
    return {p.relative_to(root).as_posix(): (p.read_bytes(), stat.S_IMODE(p.stat().st_mode))
            for p in root.rglob("*") if p.is_file() and ".opskit" not in p.relative_to(root).parts}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "a.py").write_bytes(b"port = 5000\r\n")
    (tmp_path / "a.py").chmod(0o755)
    (tmp_path / "gone.txt").write_bytes(b"\xff\x00raw")
    return tmp_path


CHANGES = (FileEdit("a.py", 7, 11, b"5000", b"5010", "why"), FileCreate("deep/er/new.toml", b"x = 1\n", "why"), FileDelete("gone.txt", "why"))


def test_apply_then_undo_is_the_same_bytes_modes_and_folders(root):
    before = snapshot(root)
    entry = apply(root, *CHANGES)
    assert (root / "a.py").read_bytes() == b"port = 5010\r\n" and not (root / "gone.txt").exists()
    assert Journal(root).undo(entry) == []
    assert snapshot(root) == before and not (root / "deep").exists()


def test_a_secret_file_is_private_from_its_first_byte(root):
    apply(root, FileCreate(".env", b"KEY=v\n", "why", secret=True))
    assert stat.S_IMODE((root / ".env").stat().st_mode) == 0o600


def test_the_journal_is_closed_to_others_and_out_of_git(root):
    apply(root, *CHANGES)
    modes = {stat.S_IMODE(p.stat().st_mode) for p in (root / ".opskit" / "journal").rglob("*")}
    assert modes == {0o700, 0o600} and (root / ".opskit" / ".gitignore").read_text() == "*\n"


def test_a_file_that_moved_on_is_left_and_named(root):
    entry = apply(root, *CHANGES)
    (root / "a.py").write_bytes(b"mine now")
    assert Journal(root).undo(entry) == ["a.py"]
    assert (root / "a.py").read_bytes() == b"mine now" and (root / "gone.txt").exists()


def test_a_write_that_fails_half_way_puts_everything_back(root, monkeypatch):
    before, real = snapshot(root), os.replace

    def full(source, target):
        if str(target).endswith("new.toml"):
            raise OSError(28, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OpskitError, match="No space left"):
        apply(root, *CHANGES)
    monkeypatch.undo()
    assert snapshot(root) == before and not (root / "deep").exists()


@pytest.mark.parametrize("room", range(1, 12))
def test_a_disk_that_fills_at_any_write_loses_nothing(root, monkeypatch, room):
    before, real, writes = snapshot(root), os.fsync, iter(range(99))

    def full(descriptor):
        if next(writes) >= room:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        try:
            apply(root, *CHANGES)
        except OpskitError as error:
            assert "No space left" in error.message
    for entry in Journal(root).entries():
        if entry.state != "undone":
            assert Journal(root).undo(entry) == []
    assert snapshot(root) == before and not (root / "deep").exists()


def test_a_link_out_of_the_platform_is_never_written_through(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (root / "link").symlink_to(outside)
    with pytest.raises(OpskitError, match="out of the platform"):
        apply(root, FileCreate("link/new.txt", b"x", "why"))
    assert not list(outside.iterdir())


KILLED = """
    import os, sys
    from pathlib import Path
    from tests.core.test_journal import CHANGES, apply
    point, count = int(sys.argv[2]), 0
    def counting(real):
        def call(*a, **k):
            global count
            count += 1
            if count == point: os.kill(os.getpid(), 9)
            return real(*a, **k)
        return call
    os.replace, os.open, os.unlink = counting(os.replace), counting(os.open), counting(os.unlink)
    apply(Path(sys.argv[1]), *CHANGES)
"""


@pytest.mark.parametrize("point", range(1, 16))
def test_kill_9_at_any_write_leaves_each_file_old_or_new_and_undo_returns_all(root, point):
    before = snapshot(root)
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(root), str(point)])
    assert done.returncode in (0, -9)
    new = {"a.py": b"port = 5010\r\n", "deep/er/new.toml": b"x = 1\n"}
    for path, (data, _) in snapshot(root).items():
        if not path.endswith(".opskit-tmp"):
            assert data in (before.get(path, (None,))[0], new.get(path))
    for entry in Journal(root).entries()[::-1]:
        assert Journal(root).undo(entry) == []
    assert snapshot(root) == before


names = st.sampled_from(["a", "b/c", "b/d", "e.txt"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dictionaries(names, st.binary(max_size=20), max_size=4), plans=st.lists(st.dictionaries(names, st.none() | st.binary(max_size=20)), max_size=4))
def test_any_sequence_of_plans_is_taken_back_byte_for_byte(tmp_path_factory, start, plans):
    root = tmp_path_factory.mktemp("p")
    for path, data in start.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    before = snapshot(root)
    for plan in plans:
        tree, changes = Tree(root), []
        for path, data in plan.items():
            now = tree.read(path)
            if data is None and now is not None:
                changes.append(FileDelete(path, "why"))
            elif data is not None:
                changes.append(FileCreate(path, data, "why") if now is None else FileEdit(path, 0, len(now), now, data, "why"))
        apply(root, *changes)
    for entry in Journal(root).entries()[::-1]:
        assert Journal(root).undo(entry) == []
    assert snapshot(root) == before
