"""Edits of ports.toml: comments survive, each line stands alone, and what is written is what is read."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.change import Plan
from opskit.core.settle import settle
from opskit.core.tree import Tree
from opskit.ports.registry import heading, register

from .conftest import lay


def written(root, before, *wanted):
    """ports.toml after registering (name, port) pairs, each in a group of its own."""
    if before is not None:
        lay(root, {"ports.toml": before})
    tree = Tree(root)
    edits = [e for name, port in wanted if (e := register(tree, name, port, "tcp", "moved", name))]
    head = heading(tree)
    done = settle(Plan((*([head] if head and any(e.start == e.end for e in edits) else []), *edits)), tree.read)
    assert not done.dropped
    return done.rewrites[0].after.decode() if done.rewrites else None


COMMENTED = """# ours
[ports]
# the front door
web = { port = 8000, pinned = true }  # never move
"odd name" = 8001
api = { protocol = "tcp", port = 8002 }

# what follows is another table
[other]
web = 1
"""


@pytest.mark.parametrize(("before", "name", "line"), [
    (COMMENTED, "web", "web = { port = 9000, pinned = true }  # never move"), (COMMENTED, "odd name", '"odd name" = 9000'),
    (COMMENTED, "api", 'api = { protocol = "tcp", port = 9000 }'), ("[ports.web]\n# x\nport = 8000\nwhy = ''\n", "web", "port = 9000"),
    ("[ports]\r\nweb = 8000\r\n", "web", "web = 9000\r"),
])
def test_a_number_is_changed_where_it_stands(tmp_path, before, name, line):
    after = written(tmp_path, before, (name, 9000))
    assert line in after.split("\n") and len(after.split("\n")) == len(before.split("\n"))


@pytest.mark.parametrize("before", [None, "", "# only a comment\n", "[ports]\nx = 1", COMMENTED, "[other]\na = 1\n", "[ports]\r\nx = 1\r\n", "[ports]"])
def test_new_services_get_lines_and_nothing_else_changes(tmp_path, before):
    after = written(tmp_path, before, ("auth", 5001), ("a.b", 5002))
    found = tomllib.loads(after)
    assert (found["ports"]["auth"]["port"], found["ports"]["a.b"]["port"]) == (5001, 5002)
    for line in (before or "").split("\n"):
        assert line in after.split("\n")
    if before:
        old = tomllib.loads(before)
        assert {**found, "ports": 0} == {**old, "ports": 0} and old.get("ports", {}).items() <= found["ports"].items()


def test_a_port_that_stands_there_already_is_no_edit(tmp_path):
    assert written(tmp_path, "[ports]\nweb = 8000\n", ("web", 8000)) is None


def test_one_group_may_fall_and_the_others_stand(tmp_path):
    tree = Tree(tmp_path)
    edits = [heading(tree), *(register(tree, name, 5001, "tcp", "moved", name) for name in ("a", "b"))]
    refused = settle(Plan((*edits, register(tree, "b", 5002, "tcp", "x", "b").__class__("gone.py", 1, 2, b"x", b"y", "", "b"))), tree.read)
    assert list(tomllib.loads(refused.rewrites[0].after.decode())["ports"]) == ["a"]


@given(st.dictionaries(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8), st.integers(1, 65535), min_size=1))
def test_any_name_is_written_and_read_back(tmp_path_factory, wanted):
    after = written(tmp_path_factory.mktemp("r"), None, *wanted.items())
    assert {name: entry["port"] for name, entry in tomllib.loads(after)["ports"].items()} == wanted
