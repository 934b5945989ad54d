"""Small platforms for the room of ports: files on disk, and services as a reader would have seen them."""

import re

import pytest

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.facts import Bind, Route, Service
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


def lay(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def surveyed(root, services=None):
    """The survey of a folder; `services` stand in for what the readers would have found."""
    survey = Survey(Tree(root), read_manifest(root))
    if services is not None:
        survey.__dict__["services"] = tuple(services(survey.tree) if callable(services) else services)
    return survey


def server(tree, path, port, *routes, name="", **more):
    """A service whose bind is the literal behind `port=` (or `listen(`) in its own file."""
    data = tree.read(path) or b""
    found = re.search(rb"(?:port=|listen\()(" + str(port).encode() + rb")\b", data)
    place = tree.place(path, *found.span(1)) if found else Place(path, 1, 1)
    host = "0.0.0.0" if b"0.0.0.0" in data else "127.0.0.1"
    bind = Bind(place, port, "flask", host, editable=bool(found), **{k: more.pop(k) for k in ("variable", "protocol", "debug", "via") if k in more})
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower().replace("_", "-")
    answered = tuple(Route("*", route, place) for route in routes)
    return Service(name or stem, path, "server", "python", ("python", path), binds=(bind,), routes=answered, closure=(path,), **more)


@pytest.fixture
def platform(tmp_path):
    """`platform(files, lambda tree: [server(...)])` -> a survey of them."""

    def build(files, services=None):
        lay(tmp_path, files)
        return surveyed(tmp_path, services)

    return build


@pytest.fixture(scope="session")
def platform_of_nothing(tmp_path_factory):
    return surveyed(tmp_path_factory.mktemp("nothing"), [])
