"""Every command's --json keeps the schema published for it, on a platform with all faults, on an empty one, and when it fails."""

import importlib.util
import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from opskit.cli.door import enter, named
from opskit.cli.house import leaves
from tests.platforms.loader import load

DOCS = Path(__file__).parents[2] / "docs"
MACHINES = [words for words, leaf in leaves() if any("--json" in param.opts for param in leaf.params)]
LIVE = {"up", "restart", "stripe sandbox", "deps install", "db init"}
ARGUMENTS = {"env generate": ["X_KEY", "--dry-run"], "undo": ["--to-start", "--yes"], "ports who": ["1"],
             "webhooks status": ["--stripe-base", "http://127.0.0.1:1"]}
DRY = ("fix", "init", "example", "bootstrap", "assign", "up", "install")


@cache
def schema_of(command):
    """The command's own schema; it stands on the report's, which lies beside it."""
    read = {path.name: json.loads(path.read_text()) for path in (DOCS / "schema").glob("*.schema.json")}
    registry = Registry().with_resources((name, Resource.from_contents(contents)) for name, contents in read.items())
    own = read[f"{command.replace(' ', '-')}.schema.json"]
    return jsonschema.Draft202012Validator({**own, "$id": "urn:here:x", "$ref": "report.schema.json"}, registry=registry.with_resource(
        "urn:here:report.schema.json", Resource.from_contents(read["report.schema.json"])))


def asked(command, extra, capsys):
    """The report of one run, held to the schema of its command; facts that no schema tells of are a fault of the schema."""
    capsys.readouterr()
    code = enter([*command.split(), *extra, "--json"])
    report = json.loads(capsys.readouterr().out)
    schema_of(command).validate(report)
    told = schema_of(command).schema["properties"]["facts"]["properties"]
    assert code in (0, 1, 2, 3) and report["command"] == command
    assert not told or set(report["facts"]) <= set(told)
    assert (code in (2, 3)) <= bool(report["error"] or report["findings"])
    return report


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    root = tmp_path_factory.mktemp("p") / "shopfront"
    load("shopfront", root, git=True)
    return root


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch):
    for name in ("DATABASE_URL", "STRIPE_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def arguments_of(command):
    return ARGUMENTS.get(command, ["--dry-run"] if command.split()[-1] in DRY else [])


@pytest.mark.parametrize("command", [words for words in MACHINES if words not in {"restart", "stripe sandbox"}])
def test_json_keeps_its_schema_on_a_broken_platform(command, shop, capsys, monkeypatch):
    monkeypatch.chdir(shop)
    asked(command, arguments_of(command), capsys)


@pytest.mark.parametrize("command", [words for words in MACHINES if words not in LIVE])
def test_json_keeps_its_schema_on_an_empty_folder(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked(command, arguments_of(command), capsys)


@pytest.mark.parametrize("command", MACHINES)
def test_a_wrong_option_is_told_by_the_same_schema(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert asked(command, ["--nonsense"], capsys)["error"]["code"] == "OPS-X003"


@pytest.mark.parametrize("command", [words for words in MACHINES if words not in {*LIVE, "explain"}])
def test_a_broken_manifest_is_told_by_the_same_schema(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opskit.toml").write_text("version = 1\n[services.a]\n")
    asked(command, arguments_of(command), capsys)


def test_a_database_that_refuses_is_told_by_the_same_schema(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/shop")
    report = asked("db check", [], capsys)
    assert report["findings"][0]["code"] == "OPS-D010" and report["facts"]["databases"][0]["ok"] is False


def test_what_was_done_and_undone_is_told(shop, capsys, monkeypatch):
    monkeypatch.chdir(shop)
    fixed = asked("fix", ["ports", "--yes"], capsys)
    assert fixed["applied"]
    assert asked("history", [], capsys)["facts"]["plans"]
    assert asked("undo", [], capsys)["facts"]["undone"][0]["files"]


def test_what_init_writes_is_what_status_and_up_tell(shop, capsys, monkeypatch):
    monkeypatch.chdir(shop)
    found = {fact["name"] for fact in asked("init", ["--yes"], capsys)["facts"]["services"]}
    for command, extra in (("status", ["--all"]), ("up", ["--dry-run", "--all"])):
        assert {fact["name"] for fact in asked(command, extra, capsys)["facts"]["services"]} == found
    asked("undo", [], capsys)


def test_the_published_schemas_are_those_that_are_written():
    spec = importlib.util.spec_from_file_location("write_schemas", DOCS / "write_schemas.py")
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    published = {path.name: path.read_text() for path in (DOCS / "schema").glob("*.schema.json") if path.name != "report.schema.json"}
    assert published == {path.name: text for path, text in writer.pages()}, "run: python docs/write_schemas.py"
    assert set(writer.FACTS) <= set(MACHINES)


@pytest.mark.parametrize(("line", "command"), [
    ("check ports --json", "check"), ("--root /x ports audit --all", "ports audit"), ("--env prod db check", "db check"), ("--json", ""),
    ("nonsense --json", ""), ("env --json", "env"), ("explain p001", "explain"),
])
def test_a_failure_is_told_under_the_name_of_its_command(line, command):
    assert named(line.split()) == command
