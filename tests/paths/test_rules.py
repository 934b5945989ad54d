"""From sightings to findings: severity by reach, one finding a file of prose, what is no finding at all."""

import json

import pytest

from opskit.paths.rules import check

SERVER = "from flask import Flask\napp = Flask(__name__)\nA = 'C:/Users/ana/shop/data/a.json'\napp.run(port=8010)\n"


def found(platform, code):
    return [f for f in check(platform.survey).findings if f.code == code]


def test_code_that_a_service_loads_is_an_error_other_code_a_warning(platform):
    platform.lay({"server.py": SERVER, "tool.py": "A = 'C:/Users/ana/shop/data/a.json'\n", "data/a.json": "1"})
    assert {f.place.path: f.severity for f in found(platform, "OPS-W001")} == {"server.py": "error", "tool.py": "warning"}


def test_a_page_is_one_note_however_many_paths_it_names(platform):
    platform.lay({"README.md": "C:/Users/ana/shop/a\nC:/Users/ana/shop/b\n"})
    (note,) = found(platform, "OPS-W003")
    assert note.severity == "note" and note.data["count"] == 2 and len(note.also) == 1


@pytest.mark.parametrize(("text", "code"), [
    ("X = 'sqlite:///C:/Users/ana/shop/a.db'\n", "OPS-W001"), ("X = 'file:///C:/Users/ana/shop/a'\n", "OPS-W001"),
    ("X = 'kept in C:/Users/ana/shop/a now'\n", "OPS-W003"), ("X = b'C:/Users/ana/shop/a'\n", "OPS-W003"),
    ("# 'C:/Users/ana/shop/a'\n", "OPS-W003"), ("print 'C:/Users/ana/shop/a'\n", "OPS-W008"), ("X = 'C:/Users/ana/shop/a'\rY = 1\r", "OPS-W008"),
], ids=["a database's URL", "a file's URL", "a longer text", "bytes", "a comment", "Python 2", "carriage returns"])
def test_nothing_that_was_seen_in_code_is_kept_quiet(platform, text, code):
    platform.lay({"a.py": text, "b.py": "X = 'C:/Users/ana/shop/a'\n"})
    assert [f.code for f in check(platform.survey).findings if f.place.path == "a.py"] == [code]


def test_a_file_of_data_is_one_warning(platform):
    platform.lay({"log.json": json.dumps(["C:\\Users\\ana\\shop\\a", "C:\\Users\\ana\\shop\\b"])})
    (warning,) = found(platform, "OPS-W002")
    assert warning.severity == "warning" and warning.data["count"] == 2 and "JSON knows no variables" in warning.help


def test_the_facts_name_root_tail_form_and_class(platform):
    platform.lay({"a.py": "A = 'C:/Users/ana/shop/data/a.json'\n", "data/a.json": "1"})
    (fact,) = check(platform.survey).facts["paths"]
    assert {k: fact[k] for k in ("path", "line", "value", "root", "tail", "form", "class")} == {
        "path": "a.py", "line": 1, "value": "C:/Users/ana/shop/data/a.json", "root": "BASE_DIR", "tail": "data/a.json", "form": "assignment",
        "class": "project",
    }


@pytest.mark.parametrize("files", [
    {"test_paths.py": "def test_it():\n    assert split('C:/Users/eva/x') == 'x'\n"},
    {"tests/paths.py": "split('D:/films/x')\n"},
    {"app.js": "app.get('/home/cart', f)\nconst a = require('express')\n"},
    {"Dockerfile": "FROM python:3\nWORKDIR /home/ana/app\n"},
    {"deploy.yaml": "mountPath: /home/ana/params\n"},
    {"a.py": "X = 'C:/'\n"},
    {".env": "SHOP=1\n", "a.py": "import re\nre.compile(r'[a-z]:\\d')\n"},
], ids=["a test's subject", "a test folder", "a route", "a container", "a cluster", "a drive alone", "a pattern"])
def test_what_is_no_finding(platform, files):
    platform.lay(files)
    assert platform.codes() == []


def test_a_test_that_opens_the_repository_s_own_file_is_one(platform):
    platform.lay({"test_a.py": "open('C:/Users/ana/shop/data/a.json')\n", "b.py": "X = 'C:/Users/ana/shop/data/a.json'\n", "data/a.json": "1"})
    assert {f.place.path for f in found(platform, "OPS-W001")} == {"test_a.py", "b.py"}


def test_a_folder_on_sys_path_is_the_repository_when_its_modules_lie_here(platform):
    platform.lay({"tests/a.py": "", "a.py": "import sys\nsys.path.append('D:/work/till')\nfrom goods.shelf import x\n", "goods/shelf.py": "x = 1\n"})
    assert platform.roots() == {("BASE_DIR", "D:/work/till", "project")}


def test_a_library_s_examples_wait_for_review(platform):
    platform.lay({"a.py": "A = open('D:/films/x/a.txt')\nB = open('D:/films/x/b.txt')\n"})
    assert {f.fix for f in found(platform, "OPS-W001")} == {"review"}


def test_a_root_s_own_line_in_env_is_in_its_place(platform):
    platform.lay({".env": "BASE_DIR=C:/Users/ana/shop\n", "a.py": "X = 'C:/Users/ana/shop/a'\n"})
    assert not found(platform, "OPS-W002")


def test_a_fallback_of_the_old_value_is_a_note(platform):
    platform.lay({"a.bat": 'if not defined BASE_DIR set "BASE_DIR=C:\\Users\\ana\\shop"\r\ncd /d "%BASE_DIR%"\r\n', "b.sh": "cd /home/ana/shop/x\n"})
    assert [f.severity for f in found(platform, "OPS-W005")] == ["note"]


def test_a_platform_without_paths_asks_for_no_services(platform, monkeypatch):
    platform.lay({"a.py": "X = 'C:/Windows/Fonts/arial.ttf'\n"})
    monkeypatch.setattr("opskit.survey.services.find_services", lambda tree: 1 / 0)
    assert platform.codes() == ["OPS-W006"]


@pytest.mark.parametrize(("other", "stays"), [("C:/Users/eva/shop/b", True), ("/home/eva/shop/b", False)], ids=["one system", "another system"])
def test_two_folders_of_one_variable_do_not_become_one_in_a_file(platform, other, stays):
    platform.lay({"a.py": f"import shutil\nshutil.copy('C:/Users/ana/shop/data/a.json', '{other}')\n", "data/a.json": "1",
                  "b.py": "open('/home/eva/shop/data/a.json')\nopen('C:/Users/eva/shop/data/a.json')\n"})
    mended = platform.mended()
    assert ("a.py" not in mended.files) == stays == any("as well" in reason for reason in mended.skipped) and platform.mended().files == {}


def test_a_mac_s_folder_and_a_linux_machine_s_are_no_rivals(platform):
    platform.lay({"a.py": "for x in ('/home/eva/shop/data/a.json', '/Users/eva/shop/data/a.json'):\n    open(x)\n", "data/a.json": "1"})
    assert "eva" not in platform.mended().files["a.py"]


ICON = "icon = load('E:/pictures/shop.ico')\n"


@pytest.mark.parametrize(("files", "fix"), [(("a.py", "b.py", "c.py"), "safe"), (("a.py", "b.py", "tests/test_c.py"), "review")])
def test_a_folder_that_several_files_open_something_of_is_no_example(platform, files, fix):
    platform.lay(dict.fromkeys(files, ICON))
    assert {f.fix for f in found(platform, "OPS-W001") if f.place.path == "a.py"} == {fix}


def test_what_wants_a_look_is_told_with_why_and_the_command(platform):
    platform.lay({"a.py": ICON})
    (one,) = found(platform, "OPS-W001")
    assert "opskit paths fix --review" in one.help and "example" in one.help


def test_what_a_test_copies_to_is_no_subject_of_it(platform):
    platform.lay({"x.py": "open('/home/ana/inbox/b')\n", "test_a.py": "import shutil\ndef test_a():\n    to = '/home/ana/inbox/a'\n    shutil.copy('a', to)\n"})
    assert {f.fix for f in found(platform, "OPS-W001")} == {"safe"}
