"""The roots in opskit.toml and .env.example: added, never changed."""

import tomllib

import pytest

from opskit.core.tree import Tree
from opskit.paths.facts import Root
from opskit.paths.setting import keep_roots, roots_text, tell_variables
from opskit.survey.manifest import read_manifest

SHOP = Root("base", "BASE_DIR", "C:\\Users\\ana\\shop", "project")
DESK = Root("desktop", "DESKTOP_DIR", "C:/Users/ana/Desktop", "personal")
HEAD = "# mine\nversion = 1\n"
TABLE = '\n[paths.roots]  # by hand\nBASE_DIR = "D:/elsewhere" # kept\n'
AFTER = '\n[services.a]\ncommand = "x"\n'


def kept(root, roots):
    tree = Tree(root)
    edit = keep_roots(tree, read_manifest(root), roots)
    data = tree.read("opskit.toml")
    return None if edit is None else (data[: edit.start] + edit.new + data[edit.end :]).decode()


@pytest.mark.parametrize("text", [HEAD, HEAD + AFTER, HEAD.rstrip(), HEAD + TABLE, HEAD + TABLE + AFTER, (HEAD + TABLE + AFTER).rstrip(),
                                  (HEAD + TABLE + AFTER).replace("\n", "\r\n"), HEAD + "\n[paths.roots]\n", HEAD + "\n[paths.roots]\n" + AFTER],
                         ids=["bare", "services", "no end", "table", "table first", "table, no end", "crlf", "empty table", "empty table first"])
def test_new_roots_are_added_and_everything_else_stays(tmp_path, text):
    (tmp_path / "opskit.toml").write_bytes(text.encode())
    made = kept(tmp_path, (SHOP, DESK))
    roots = tomllib.loads(made)["paths"]["roots"]
    assert roots["DESKTOP_DIR"] == "C:/Users/ana/Desktop" and roots["BASE_DIR"] == ("D:/elsewhere" if "BASE_DIR" in text else "C:/Users/ana/shop")
    assert tomllib.loads(made).get("services") == tomllib.loads(text).get("services")
    for line in text.splitlines():
        assert line in made
    assert ("\r\n" in text) == ("\r\n" in made) and made.count("\n") == made.count("\r\n") * ("\r\n" in text) + made.count("\n") * ("\r\n" not in text)
    (tmp_path / "opskit.toml").write_bytes(made.encode())
    assert kept(tmp_path, (SHOP, DESK)) is None


def test_without_a_manifest_nothing_is_written(tmp_path):
    assert kept(tmp_path, (SHOP,)) is None


def test_a_project_variable_of_another_name_is_told(tmp_path):
    (tmp_path / "opskit.toml").write_text(HEAD)
    made = tomllib.loads(kept(tmp_path, (Root("shop", "PROJECT_ROOT", "C:/Users/ana/shop", "project"),)))
    assert made["paths"] == {"project": "PROJECT_ROOT", "roots": {"PROJECT_ROOT": "C:/Users/ana/shop"}}


def test_two_machines_of_one_repository_are_one_line():
    text = roots_text((SHOP, Root("base", "BASE_DIR", "/home/eva/shop", "project")))
    assert tomllib.loads(text)["paths"]["roots"] == {"BASE_DIR": ["C:/Users/ana/shop", "/home/eva/shop"]}
    assert roots_text(()) == ""


def test_the_example_names_the_variables_once_and_sets_none(tmp_path):
    (tmp_path / ".env.example").write_bytes(b"A=1\r\n# DESKTOP_DIR=\r\n")
    edit = tell_variables(Tree(tmp_path), (SHOP, DESK))
    assert edit is not None and b"# BASE_DIR=\r\n" in edit.new and b"DESKTOP_DIR" not in edit.new


def test_without_an_example_none_is_made(tmp_path):
    assert tell_variables(Tree(tmp_path), (SHOP,)) is None
