"""Every command's --json keeps the published schema, on a platform with all faults and on an empty one, also when it fails."""

import json
from pathlib import Path

import jsonschema
import pytest

from opskit.cli.door import enter
from tests.platforms.loader import load

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text())
COMMANDS = [
    ["check"], ["check", "--all"], ["doctor"], ["env", "check"], ["ports", "audit"], ["ports", "who"], ["deps", "audit"], ["db", "check"],
    ["init", "--dry-run"], ["fix", "--dry-run"], ["env", "init", "--dry-run"], ["history"], ["status"], ["up", "--dry-run"],
    ["check", "nonsense"], ["fix", "--nonsense"],
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    root = tmp_path_factory.mktemp("p") / "shopfront"
    load("shopfront", root, git=True)
    return root


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_json_keeps_its_schema_on_a_broken_platform(arguments, shop, capsys, monkeypatch):
    monkeypatch.chdir(shop)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    code = enter([*arguments, "--json"])
    jsonschema.validate(json.loads(capsys.readouterr().out), SCHEMA)
    assert code in (0, 1, 2, 3)


@pytest.mark.parametrize("arguments", [c for c in COMMANDS if c[0] in ("check", "doctor", "ports", "deps", "env")], ids=" ".join)
def test_json_keeps_its_schema_on_an_empty_folder(arguments, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    enter([*arguments, "--json"])
    jsonschema.validate(json.loads(capsys.readouterr().out), SCHEMA)
