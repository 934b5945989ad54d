"""Small platforms for the room of packages: a server file is enough of a service; wheels are made here, no index is asked."""

import pytest

from opskit.core.tree import Tree
from opskit.deps.fix import plan
from opskit.deps.rules import check
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

from .wheelhouse import sdist, wheel

SERVER = "import http.server\n\nif __name__ == '__main__':\n    http.server.HTTPServer(('127.0.0.1', 8010), None).serve_forever()\n"


def importing(*names):
    """A server that imports these, each on a line of its own from line 1."""
    return "".join(f"import {name}\n" for name in names) + SERVER


def lay(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def surveyed(root):
    return Survey(Tree(root), read_manifest(root))


@pytest.fixture
def platform(tmp_path):
    """`platform(files)` -> the survey of a folder that holds them."""
    return lambda files: surveyed(lay(tmp_path, files))


@pytest.fixture
def found(platform):
    """`found(files)` -> [(code, line, message)], notes on missing versions left out unless asked for."""

    def look(files, everything=False, notes=False):
        findings = check(platform(files), everything).findings
        return [(f.code, f.place.line, f.message) for f in findings if notes or f.severity != "note"]

    return look


@pytest.fixture
def planned(platform):
    def make(files, review=False):
        survey = platform(files)
        return plan(survey, check(survey), review=review)

    return make


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory):
    """A folder of tiny wheels in place of an index."""
    folder = tmp_path_factory.mktemp("wheels")
    wheel(folder, "alpha", "1.0")
    wheel(folder, "alpha", "2.0")
    wheel(folder, "beta", "1.0", requires=["alpha<2"])
    wheel(folder, "gamma", "1.5")
    wheel(folder, "odd-name", "1.0", modules=["oddly"])
    wheel(folder, "crashing", "1.0", body="raise RuntimeError('no display')\n")
    wheel(folder, "newer", "1.0", python=">=3.99")
    wheel(folder, "compiled", "1.0", tag="cp38-cp38-win_amd64")
    sdist(folder, "broken", "1.0")
    return folder


@pytest.fixture
def offline(wheelhouse, monkeypatch, tmp_path_factory):
    """Installers see the wheelhouse and nothing else, whatever this machine is set to."""
    for name in (
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_CONSTRAINT",
        "UV_INDEX_URL",
        "UV_EXTRA_INDEX_URL",
        "UV_INDEX",
        "UV_DEFAULT_INDEX",
        "UV_CONSTRAINT",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "PIP_CONFIG_FILE": "/dev/null",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheelhouse),
        "UV_OFFLINE": "1",
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }.items():
        monkeypatch.setenv(name, value)
    return wheelhouse
