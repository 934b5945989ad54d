"""From what is seen to opskit.toml, and from opskit.toml to what is started."""

from dataclasses import replace

from opskit.core.tree import Tree
from opskit.services.manifest_text import plan_files
from opskit.services.proposal import propose, vanished
from opskit.services.recipe import chosen, specs_of
from opskit.services.rules import check
from opskit.survey.manifest import ServiceEntry, read_manifest
from opskit.survey.survey import Survey

COMPOSED = {
    "docker-compose.yml": (
        "services:\n"
        "  shop:\n    build: ./shop\n    depends_on: [stock, db]\n"
        "  stock:\n    build: ./stock\n    depends_on: [db]\n"
        "  db:\n    image: postgres:16\n"
    ),
    **{f"{name}/app.py": f"from flask import Flask\napp = Flask(__name__)\napp.run(port={port})\n"
       for name, port in (("shop", 5101), ("stock", 5102))},
    **{f"{name}/Dockerfile": "FROM python:3.12\nCOPY . .\nCMD python app.py\n" for name in ("shop", "stock")},
}


def initialised(root):
    for path, text in COMPOSED.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    before = Survey(Tree(root), read_manifest(root))
    for change in plan_files(before.tree, before.manifest, propose(before.seen, before.manifest), ()):
        (root / change.path).write_bytes(change.content)
    return Survey(Tree(root), read_manifest(root))


def test_what_init_writes_waits_for_no_container(tmp_path):
    survey = initialised(tmp_path)
    assert {e.name: e.depends_on for e in survey.manifest.services.values()} == {"shop": ("stock",), "stock": ()}
    assert [f for f in check(survey).findings if f.code == "OPS-V003"] == []


def test_what_init_writes_starts(tmp_path):
    assert [spec.name for spec in chosen(specs_of(initialised(tmp_path)))] == ["shop", "stock"]


def test_an_entry_whose_command_no_shell_could_read_does_not_stop_init(tmp_path):
    survey = initialised(tmp_path)
    broken = replace(survey.manifest, services={"old": ServiceEntry("old", "python 'app")})
    assert {p.name for p in propose(survey.seen, broken)} == {"shop", "stock"} and vanished(survey.seen, broken) == ()
