"""Small platforms of files, with the survey's facts given by hand where a test is about them."""

import subprocess

import pytest

from opskit.core.place import Lines
from opskit.core.tree import Tree
from opskit.survey.facts import EnvRead, Service
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


@pytest.fixture
def platform(tmp_path):
    """`platform(files, reads, services)` -> Survey; `reads` and `services` replace what the code shows."""

    def build(files, reads=None, services=None, git=False):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(text.encode())
        if git:
            subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        survey = Survey(Tree(tmp_path), read_manifest(tmp_path))
        if reads is not None:
            survey.__dict__["reads"] = tuple(reads)
            survey.__dict__["services"] = tuple(services or (service("shop", "app.py"),))
        return survey

    return build


def service(name, *closure, enabled=True, kind="server", **more):
    return Service(name, closure[0], kind, "python", ("python", closure[0]), closure=closure, enabled=enabled, **more)


def read(name, required=True, default=None, type="str", path="app.py", text=""):
    """A read as the survey tells it; `text` is the file that holds it, for its place."""
    start = text.find(name)
    place = Lines(text.encode()).place(path, max(start, 0), max(start, 0) + len(name))
    return EnvRead(name, place, required, default, type)


def found(checked, code):
    return [f for f in checked.findings if f.code == f"OPS-{code}"]
