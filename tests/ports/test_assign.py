"""Ports that are given once stay, and are never given twice, however many ask at once."""

import multiprocessing
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.cli.door import enter
from opskit.core.settle import settle
from opskit.ports.assign import assign, hashed_port, plan
from opskit.ports.audit import Audit
from opskit.ports.numbers import is_forbidden
from opskit.survey.manifest import RegistryEntry

from .conftest import server

APP = "app.run(port={})\n"


def pairs(survey, *names, registry=None):
    return {a.service: a.port for a in assign(Audit(survey), names, survey.manifest.ports if registry is None else registry)}


def test_each_server_gets_the_port_it_has_and_a_clash_the_one_that_fix_gives(platform):
    survey = platform({"a.py": APP.format(5005), "b.py": APP.format(5005)}, lambda tree: [server(tree, "a.py", 5005), server(tree, "b.py", 5005)])
    assert pairs(survey) == {"a": 5005, "b": 5006}


def test_what_ports_toml_says_stays(platform):
    survey = platform({"a.py": APP.format(5005), "ports.toml": "[ports]\na = 7000\n"}, lambda tree: [server(tree, "a.py", 5005)])
    assert pairs(survey) == {"a": 7000}
    assert not plan(survey.tree, assign(Audit(survey), (), survey.manifest.ports)).changes


def test_a_new_name_gets_the_same_port_on_every_machine(platform):
    assert pairs(platform({}, []), "billing") == {"billing": hashed_port("billing", ())} != pairs(platform({}, []), "mail")


@given(st.lists(st.text(min_size=1), unique=True, max_size=40), st.frozensets(st.integers(20000, 29999), max_size=50))
def test_no_port_is_given_twice(platform_of_nothing, names, held):
    registry = {f"held {port}": RegistryEntry("", port) for port in held}
    found = pairs(platform_of_nothing, *names, registry=registry) if names else {}
    assert len(set(found.values())) == len(found) and not held & set(found.values()) and not any(map(is_forbidden, found.values()))


def test_what_was_written_is_what_was_given(platform):
    survey = platform({}, [])
    done = settle(plan(survey.tree, assign(Audit(survey), ("x", "y"), {})), survey.tree.read)
    assert {n: e["port"] for n, e in tomllib.loads(done.rewrites[0].after.decode())["ports"].items()} == pairs(survey, "x", "y")


def ask(root, number, batches, size):
    for batch in range(batches):
        names = [f"service-{number}-{batch}-{i}" for i in range(size)]
        assert enter(["--root", str(root), "ports", "assign", *names, "--yes", "--json", "--output", f"{root}/{number}.json"]) == 0


@pytest.mark.parametrize(("asking", "batches", "size"), [(3, 2, 10), pytest.param(8, 5, 100, marks=pytest.mark.slow)], ids=["a few", "8 x 500"])
def test_processes_that_ask_at_once_get_different_ports(tmp_path, asking, batches, size):
    (tmp_path / ".gitignore").write_text("*.json\n")
    start = multiprocessing.get_context("spawn").Process
    processes = [start(target=ask, args=(tmp_path, number, batches, size)) for number in range(asking)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [p.exitcode for p in processes] == [0] * asking
    given_ports = [e["port"] for e in tomllib.loads((tmp_path / "ports.toml").read_text())["ports"].values()]
    assert len(given_ports) == len(set(given_ports)) == asking * batches * size
