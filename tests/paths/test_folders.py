"""What `up` gives a service: the folders, below everything that somebody said, unless that is empty."""

from types import SimpleNamespace

import pytest

from opskit.cli.folders import made, with_folders
from opskit.services.spec import ServiceSpec
from opskit.survey.manifest import read_manifest

TOML = 'version = 1\n[paths.roots]\nBASE_DIR = "C:/Users/ana/shop"\nDESKTOP_DIR = "C:/Users/ana/Desktop"\n'


@pytest.fixture
def session(tmp_path):
    (tmp_path / "opskit.toml").write_text(TOML)
    return SimpleNamespace(root=tmp_path, manifest=read_manifest(tmp_path))


def given(session, **entry):
    (spec,) = with_folders(session, [ServiceSpec("a", ("a",), str(session.root), env=entry)])
    return spec


def test_a_service_gets_every_folder(session, monkeypatch):
    monkeypatch.delenv("BASE_DIR", raising=False)
    assert given(session).env == {"BASE_DIR": str(session.root), "DESKTOP_DIR": str(session.root / ".opskit/data/desktop")}


def test_the_service_s_own_entry_wins(session):
    spec = given(session, DESKTOP_DIR="/srv/desk")
    assert spec.env["DESKTOP_DIR"] == "/srv/desk" and "DESKTOP_DIR" not in spec.own


def test_an_empty_line_in_env_does_not_count(session):
    (session.root / ".env").write_text("DESKTOP_DIR=\nBASE_DIR=/srv/shop\n")
    spec = given(session)
    assert spec.own == {"DESKTOP_DIR": str(session.root / ".opskit/data/desktop")}


def test_private_folders_are_made_once_and_the_repository_is_left(session):
    made(session)
    (session.root / ".opskit/data/desktop/kept").write_text("x")
    made(session)
    assert (session.root / ".opskit/data/desktop/kept").read_text() == "x" and (session.root / ".opskit/.gitignore").read_text() == "*\n"


def test_without_roots_nothing_is_made(tmp_path):
    assert made(SimpleNamespace(root=tmp_path, manifest=read_manifest(tmp_path))) == {} and not (tmp_path / ".opskit").exists()
