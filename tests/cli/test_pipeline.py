"""What several rooms see of one cause is told once."""

import json

import pytest

from opskit.cli.door import enter

READER = "import os\nfrom flask import Flask\napp = Flask(__name__)\nURL = os.environ['DATABASE_URL']\nif __name__ == '__main__':\n    app.run(port=5050)\n"


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """Codes of the findings that name DATABASE_URL."""
    (tmp_path / "app.py").write_text(READER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def ask(*rooms, env=""):
        (tmp_path / ".env").write_text(env)
        (tmp_path / ".gitignore").write_text(".env\n")
        enter(["check", *rooms, "--json"])
        return [f["code"] for f in json.loads(capsys.readouterr().out)["findings"] if "DATABASE_URL" in f["message"] and f["severity"] == "error"]

    return ask


@pytest.mark.parametrize("env", ["", "DATABASE_URL=\n", "DATABASE_URL=postgresql://user:password@host:5432/your_database\n"], ids=["not set", "empty", "a sample"])
def test_a_database_url_that_is_missing_is_one_finding(told, env):
    assert told("db", "env", env=env) == ["OPS-D006"]


def test_a_room_by_itself_still_tells_it(told):
    assert told("env") == ["OPS-E001"] and told("db") == ["OPS-D006"]


def test_another_variable_is_told_as_before(told, tmp_path):
    (tmp_path / "app.py").write_text(READER.replace("DATABASE_URL", "DATABASE_URL_OF_MAIL"))
    assert told("db", "env") == ["OPS-E001"]
