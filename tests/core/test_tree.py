import os
import subprocess
from pathlib import Path

import pytest

from opskit.core.listing import dirty, tracked
from opskit.core.tree import Tree, find_root


@pytest.fixture
def root(tmp_path):
    for path, data in {
        "app.py": b"x = 1\n", "bom.py": b"\xef\xbb\xbfx = 1\r\n", "latin.py": b"# \xe9\n", "node_modules/m/i.js": b"m", "env2/pyvenv.cfg": b"", "env2/lib/x.py": b"",
        "sub/.venv/x.py": b"", "ignored.log": b"", ".gitignore": b"*.log\n", "a.min.js": b"", "sub/b.js": b"b",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


OURS = (".gitignore", "app.py", "bom.py", "latin.py", "sub/b.js")


def test_a_walk_leaves_out_dependencies_environments_ignored_and_generated_files(root):
    assert Tree(root).files == OURS


def test_git_gives_the_same_list_even_where_node_modules_are_committed(root):
    git(root, "init", "-q")
    git(root, "add", "-f", "node_modules", "app.py")
    assert Tree(root).files == OURS
    assert tracked(root) == {"app.py", "node_modules/m/i.js"}


@pytest.mark.parametrize(("mark", "left"), [("modules.txt", False), ("autoload.php", False), ("app.py", True)], ids=["Go", "Composer", "their own"])
def test_a_vendor_folder_of_copied_packages_is_a_dependency(root, mark, left):
    for name in (mark, "github.com/x/y/docker-compose.yml"):
        (root / "api/vendor" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "api/vendor" / name).write_bytes(b"")
    assert ("api/vendor/github.com/x/y/docker-compose.yml" in Tree(root).files) is left


def test_leave_alone_is_honoured(root):
    assert "sub/b.js" not in Tree(root, ["sub/"]).files


def test_a_link_out_of_the_platform_is_reported_and_not_followed(root, tmp_path_factory):
    (root / "out.py").symlink_to(tmp_path_factory.mktemp("o") / "missing.py")
    (root / "out2.py").symlink_to("/etc/hostname")
    tree = Tree(root)
    assert "out2.py" not in tree.files and {"out.py", "out2.py"} <= set(tree.unread)


@pytest.mark.parametrize("name", [b"caf\xe9.py", b"new\nline.py", b"tab\t.py"], ids=["latin-1", "newline", "tab"])
def test_a_name_that_no_text_file_could_hold_is_reported_and_left(root, name):
    Path(os.path.join(root, os.fsdecode(name))).write_bytes(b"x = 1\n")
    (root / "\U0001f600 it's caf\xe9.py").write_bytes(b"x = 1\n")
    tree = Tree(root)
    assert tree.files == tuple(sorted((*OURS, "\U0001f600 it's caf\xe9.py")))
    assert "no file of text could name it" in tree.unread[os.fsdecode(name)]


def test_a_huge_file_is_reported_not_read(root):
    tree = Tree(root, huge=4)
    assert tree.read("app.py") is None and "over the limit" in tree.unread["app.py"]


def test_an_unreadable_file_is_reported(root, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    tree = Tree(root)
    monkeypatch.setattr("os.open", refuse)
    assert tree.read("app.py") is None and tree.unread["app.py"] == "Permission denied"


def test_each_file_is_parsed_once_for_all(root):
    calls = []

    def reader(path, data):
        calls.append(path)
        return len(data)

    tree = Tree(root)
    assert tree.parsed("app.py", reader) == tree.parsed("app.py", reader) == 6
    assert calls == ["app.py"]


def test_the_prefilter_gives_the_files_that_hold_a_needle(root):
    tree = Tree(root)
    assert list(tree.holding(tree.ending(".py"), b"x = 1")) == ["app.py", "bom.py"]


def test_dirty_names_tracked_files_with_edits(root):
    git(root, "init", "-q")
    git(root, "add", "app.py")
    git(root, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x")
    (root / "app.py").write_text("x = 2\n")
    assert dirty(root) == {"app.py"}


def test_the_root_is_found_upward(root):
    (root / "opskit.toml").write_text("version = 1\n")
    assert find_root(root / "sub") == root.resolve()


def git(root, *arguments):
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def test_the_folders_of_a_tree_are_all_that_hold_a_file_of_it(tmp_path):
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "a/b/c/x.py").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "y.py").touch()
    assert Tree(tmp_path).folders == {"a", "a/b", "a/b/c"}
