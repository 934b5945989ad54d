"""The URL, the kind and the port written by span: the rest of each file stays as it was."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.change import Plan
from opskit.core.secret import Secret
from opskit.core.settle import settle
from opskit.core.tree import Tree
from opskit.db.setting import free_port, plan_settings
from opskit.source.dotenv import read_dotenv
from opskit.survey.manifest import read_manifest

URL = "postgresql://postgres:abc-def_123@127.0.0.1:5433/shop"


def written(root, files):
    for path, text in files.items():
        (root / path).write_bytes(text.encode())
    tree = Tree(root)
    settled = settle(Plan(tuple(plan_settings(tree, read_manifest(root), "DATABASE_URL", Secret(URL), 5433))), tree.read)
    assert not settled.dropped
    for rewrite in settled.rewrites:
        (root / rewrite.path).write_bytes(rewrite.after)
    return {r.path: r.after.decode() for r in settled.rewrites}


ENV = {
    "absent": (None, f"DATABASE_URL={URL}\n"),
    "without it": ("A=1", f"A=1\nDATABASE_URL={URL}\n"),
    "a sample": ("# mine\r\nDATABASE_URL='postgresql://user:password@host:5432/dbname' # fill in\r\nB=2\r\n", f"# mine\r\nDATABASE_URL={URL} # fill in\r\nB=2\r\n"),
    "empty": ("DATABASE_URL=\nB=2\n", f"DATABASE_URL={URL}\nB=2\n"),
    "an old password of this server": ("DATABASE_URL=postgresql://postgres:old-one-1@localhost:5433/shop\n", f"DATABASE_URL={URL}\n"),
}


@pytest.mark.parametrize("before, after", ENV.values(), ids=ENV)
def test_env_gets_the_url_and_keeps_the_rest(tmp_path, before, after):
    assert written(tmp_path, {".env": before} if before is not None else {})[".env"] == after


@pytest.mark.parametrize("before", [b for b, _ in ENV.values() if b is not None], ids=[n for n, (b, _) in ENV.items() if b is not None])
def test_a_file_that_gets_the_password_is_its_owner_s_alone(tmp_path, before):
    (tmp_path / ".env").write_bytes(before.encode())
    tree = Tree(tmp_path)
    plan = Plan(tuple(plan_settings(tree, read_manifest(tmp_path), "DATABASE_URL", Secret(URL), 5433)))
    assert {r.path: r.secret for r in settle(plan, tree.read).rewrites}[".env"]


def test_somebody_s_own_url_is_never_touched(tmp_path):
    assert ".env" not in written(tmp_path, {".env": "DATABASE_URL=postgresql://app:s3cretly@db.example.com/app\n"})


TOML = {
    "no table": ('version = 1\n\n[project]\nname = "x"', 'version = 1\n\n[project]\nname = "x"\n\n[database]\nkind = "embedded"\n'),
    "a table": ('[database] # db\nschema = "a.sql"\n[project]\nname = "x"\n', '[database] # db\nkind = "embedded"\nschema = "a.sql"\n[project]\nname = "x"\n'),
    "another kind": ("[database]\nkind = 'url' # hosted\n", '[database]\nkind = "embedded" # hosted\n'),
}


@pytest.mark.parametrize("before, after", TOML.values(), ids=TOML)
def test_the_manifest_says_embedded(tmp_path, before, after):
    assert written(tmp_path, {"opskit.toml": before})["opskit.toml"] == after
    assert tomllib.loads(after)["database"]["kind"] == "embedded"


@pytest.mark.parametrize("before", [None, "version = 1\n\n[ports]\nweb = 8000\n", "# mine\n", "[ports]\r\nweb = { port = 1 }\r\n"])
def test_the_port_is_pinned(tmp_path, before):
    written(tmp_path, {"ports.toml": before} if before else {})
    assert read_manifest(tmp_path).ports["database"].port == 5433


def test_a_second_run_writes_nothing(tmp_path):
    (tmp_path / ".git").mkdir()
    first = written(tmp_path, {"opskit.toml": "version = 1\n"})
    assert set(first) == {".env", ".gitignore", "opskit.toml", "ports.toml"} and written(tmp_path, {}) == {}


def test_a_port_in_use_or_taken_is_not_chosen():
    import socket

    with socket.socket() as held:
        first = free_port({5433})
        held.bind(("127.0.0.1", first))
        assert free_port({5433}) not in (first, 5433)


LINES = st.lists(st.sampled_from(["A=1", "# note", "", "export B='x y'", 'C="a\nb"', "D = 5 # c", "broken line", "É=ü"]), max_size=8)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_env_file_keeps_its_other_values(lines, newline, ended):
    import tempfile
    from pathlib import Path

    text = newline.join(lines) + newline * ended
    with tempfile.TemporaryDirectory() as folder:
        after = written(Path(folder), {".env": text})[".env"]
    values = read_dotenv(".env", after.encode()).values
    assert values.pop("DATABASE_URL") == URL and values == read_dotenv(".env", text.encode()).values
