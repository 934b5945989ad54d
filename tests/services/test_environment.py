"""Layers of the environment."""

import os

from opskit.services import environment
from opskit.services.spec import ServiceSpec


def written(root, **files):
    for name, text in files.items():
        (root / {"env": ".env", "local": ".env.local"}[name]).write_text(text)
    return root


def test_precedence_from_the_manifest_up_to_the_port(tmp_path):
    root = written(tmp_path, env="A=env\nB=env\nC=env\n", local="B=local\nC=local\n")
    merged = environment.layered(root, {"C": "process"}, {"A": "manifest", "D": "manifest", "PORT": "1"}, {"PORT": "5010"})
    assert merged == {"A": "env", "B": "local", "C": "process", "D": "manifest", "PORT": "5010"}


def test_files_as_people_write_them(tmp_path):
    written(tmp_path, env="\ufeffexport NAME='a b'\nURL=\"x#y\" # note\nEMPTY=\nBARE\n")
    assert environment.files(tmp_path) == {"NAME": "a b", "URL": "x#y", "EMPTY": ""}


def test_a_service_s_python_speaks_utf_8_at_once(tmp_path):
    merged = environment.assembled(tmp_path, {"LANG": "C", "PATH": "/bin"}, ServiceSpec("a", ("x",), "/"))
    assert (merged["PYTHONUNBUFFERED"], merged["PYTHONUTF8"], merged["PYTHONIOENCODING"]) == ("1", "1", "utf-8")


def test_hooks_stand_before_what_was_there_and_the_inspector_falls_out(tmp_path):
    process = {"PYTHONPATH": "/lib", "NODE_OPTIONS": "--inspect=0.0.0.0 --max-old-space-size=99"}
    merged = environment.assembled(tmp_path, process, ServiceSpec("a", ("x",), "/"))
    assert merged["PYTHONPATH"].endswith("hooks/python:/lib")
    assert merged["NODE_OPTIONS"].endswith('loopback.cjs" --max-old-space-size=99')


def test_an_exposed_service_has_no_hook_and_a_bare_one_nothing_else(tmp_path):
    assert "OPSKIT_LOOPBACK" not in environment.assembled(tmp_path, {}, ServiceSpec("a", ("x",), "/", expose=True))
    bare = ServiceSpec("db", ("x",), "/", bare=True, env={"LANG": "C"})
    assert environment.assembled(tmp_path, {"PGHOST": "elsewhere"}, bare) == {"LANG": "C"}


def test_changes_are_told_by_name_and_never_by_value():
    assert environment.changed({"A": "1", "B": "old-secret"}, {"B": "new-secret", "C": "3"}) == ["-A", "~B", "+C"]


def test_values_of_secret_names_are_known_line_by_line():
    found = set(environment.secrets({"API_KEY": "k" * 12, "PEM_PRIVATE": "BEGIN\nabcdefgh1", "HOME": "/root", "AIRTABLE_PAT": "p1"}))
    assert {"k" * 12, "abcdefgh1", "p1"} <= found and "/root" not in found


def test_a_shell_s_own_folder_is_no_secret():
    assert list(environment.secrets({"PWD": "/srv/platform", "OLDPWD": "/srv"})) == []
    assert "hunter2hunter2" in environment.secrets({"DB_PWD": "hunter2hunter2"})


def test_bytes_that_are_no_utf_8_reach_the_service_as_they_stand(tmp_path):
    (tmp_path / ".env").write_bytes(b"CITY=K\xf6ln\r\nPORT=5000\r\n")
    found = environment.files(tmp_path)
    assert os.fsencode(found["CITY"]) == b"K\xf6ln" and found["PORT"] == "5000"
