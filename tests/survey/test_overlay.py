"""opskit.toml wins over what was seen."""

import pytest

from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.survey.facts import Bind, Service
from opskit.survey.manifest import Manifest, RegistryEntry, ServiceEntry
from opskit.survey.overlay import LEFT_OUT, overlaid

AUTH = Service("auth", "backend/auth.py", "server", "python", ("python", "backend/auth.py"), binds=(Bind(Place("backend/auth.py"), 5000, "flask"),))
WORKER = Service("work", "work.py", "worker", "python", ("python", "work.py"))


def manifest(*entries: ServiceEntry, **ports: int) -> Manifest:
    return Manifest("p", True, {e.name: e for e in entries}, {name: RegistryEntry(name, port) for name, port in ports.items()})


def test_without_a_manifest_what_was_seen_stands():
    assert overlaid((AUTH, WORKER), Manifest("p")) == (AUTH, WORKER)


@pytest.mark.parametrize(("command", "cwd"), [
    ("python backend/auth.py", "."), ("python auth.py", "backend"), ("python3 -u ./auth.py --port 1", "backend"), ("python -m backend.auth", "."),
    ("uvicorn backend.auth:app", "."),
], ids=["path", "from its folder", "with options", "module", "application"])
def test_an_entry_means_the_file_that_its_command_names(command, cwd):
    (service, _) = overlaid((AUTH, WORKER), manifest(ServiceEntry("login", command, cwd)))
    assert (service.name, service.path, service.cwd, service.port) == ("login", "backend/auth.py", cwd, 5000)


def test_an_entry_wins():
    entry = ServiceEntry("auth", "python backend/auth.py", enabled=False, reason="shell", depends_on=("work",), env={"A": "1"}, port=5010)
    (service,) = overlaid((AUTH,), manifest(entry))
    assert (service.enabled, service.reason, service.depends_on, service.env, service.port) == (False, "shell", ("work",), {"A": "1"}, 5010)
    assert [b.port for b in service.binds] == [5010, 5000]


def test_what_a_manifest_leaves_out_is_off():
    (_, left) = overlaid((AUTH, WORKER), manifest(ServiceEntry("auth", "python backend/auth.py")))
    assert (left.name, left.enabled, left.reason) == ("work", False, LEFT_OUT)


def test_an_unseen_command_is_a_service_of_another_language():
    (service,) = overlaid((), manifest(ServiceEntry("cache", "redis-server --port 6379", port=6379)))
    assert (service.language, service.kind, service.path, service.port) == ("other", "server", "", 6379)


def test_the_registry_gives_a_port():
    (service,) = overlaid((AUTH,), manifest(ServiceEntry("auth", "python backend/auth.py"), auth=5020))
    assert (service.port, service.binds[0].place.path) == (5020, "ports.toml")


def test_two_entries_of_one_file_are_two_services():
    entries = ServiceEntry("web", "python work.py web"), ServiceEntry("work", "python work.py")
    found = overlaid((WORKER,), manifest(*entries))
    assert ([s.name for s in found], found[1].path) == (["web", "work"], "work.py")


def test_an_open_quote_is_told():
    with pytest.raises(OpskitError, match="cannot be split"):
        overlaid((), manifest(ServiceEntry("x", 'python "x.py')))
