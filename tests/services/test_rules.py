"""What is told of services before they run."""

import pytest

from opskit.core.tree import Tree
from opskit.services.rules import check, entry_place
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

APP = "from flask import Flask\napp = Flask(__name__)\n{more}\napp.run(host='{host}', port=8010, debug={debug})\n"


def found(root, everything=False, **files):
    for name, text in files.items():
        (root / name.replace("_", ".")).write_text(text)
    survey = Survey(Tree(root), read_manifest(root))
    return {f.code: f for f in check(survey, everything).findings}


def app(host="127.0.0.1", debug=False, more=""):
    return APP.format(host=host, debug=debug, more=more)


@pytest.mark.parametrize(("host", "debug", "expected"), [
    ("127.0.0.1", False, {}), ("0.0.0.0", False, {}), ("127.0.0.1", True, {"OPS-V005": "warning"}), ("0.0.0.0", True, {}),
], ids=["closed", "open: the ports room tells", "debugger at home", "debugger for all: the ports room tells"])
def test_open_and_debugged(tmp_path, host, debug, expected):
    assert {code: f.severity for code, f in found(tmp_path, api_py=app(host, debug)).items()} == expected


def test_exposed_on_purpose_a_debugger_is_worse(tmp_path):
    toml = '[services.api]\ncommand = "python api.py"\nexpose = true\n'
    assert found(tmp_path, api_py=app("127.0.0.1", True), opskit_toml=toml)["OPS-V005"].severity == "error"


def test_a_disabled_danger_is_a_note_and_with_all_an_error(tmp_path):
    toml = '[services.api]\ncommand = "python api.py"\nenabled = false\n'
    shell = app(more="from flask import request\nimport os\n\n\n@app.route('/x')\ndef x():\n    return os.popen(request.args['c']).read()\n")
    assert found(tmp_path, api_py=shell, opskit_toml=toml)["OPS-V007"].severity == "note"
    worst = found(tmp_path, True, api_py=shell, opskit_toml='[services.api]\ncommand = "python api.py"\n')["OPS-V007"]
    assert (worst.severity, worst.harm, worst.place.path, worst.place.line) == ("error", 95, "api.py", 9)


TOML = '# top\n[project]\nname = "x"\n[services."a-b"]\ncommand = "true"\n\n[ services.web ]\ncommand = "x"\ndepends_on = ["no"]\n[env.dev]\n'


@pytest.mark.parametrize(("name", "key", "line"), [
    ("a-b", "", 4), ("a-b", "depends_on", 4), ("web", "depends_on", 9), ("web", "command", 8), ("gone", "", 0),
], ids=["quoted name", "a key it lacks", "a key", "the nearest of two", "an inline table"])
def test_a_manifest_finding_has_its_line(tmp_path, name, key, line):
    (tmp_path / "opskit.toml").write_text(TOML)
    assert entry_place(Tree(tmp_path), name, key).line == line


def test_a_missing_file_is_told_and_a_program_is_none(tmp_path):
    toml = '[services.a]\ncommand = "python sub/a.py --x b.py"\ncwd = "."\n[services.b]\ncommand = "gunicorn app:app"\n'
    assert found(tmp_path, opskit_toml=toml)["OPS-V018"].data == {"service": "a", "file": "sub/a.py"}


def test_a_fault_in_a_file_that_two_services_load_is_told_once(tmp_path):
    (tmp_path / "shared.py").write_text("def late():\n    return missing_name\n")
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("import shared\n" + app())
    survey = Survey(Tree(tmp_path), read_manifest(tmp_path))
    [fault] = [f for f in check(survey).findings if f.code == "OPS-V006"]
    assert fault.data["services"] == ["one", "two"] and fault.message.startswith("one and 1 more will fail here")
