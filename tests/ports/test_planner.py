from hypothesis import given
from hypothesis import strategies as st

from opskit.core.place import Place
from opskit.ports.claims import Claim, overlap
from opskit.ports.numbers import is_forbidden
from opskit.ports.planner import free_port, leavers, moves
from opskit.survey.facts import Bind, Service
from opskit.survey.manifest import RegistryEntry


def claim(name, port, host="0.0.0.0", enabled=True, protocol="tcp"):
    bind = Bind(Place(f"{name}.py", 1, 1, start=0, end=4), port, "flask", host, protocol, editable=True)
    return Claim(Service(name, f"{name}.py", "server", "python", (), binds=(bind,), enabled=enabled), port, protocol, (bind,))


PORTS = st.integers(1, 65535)
GROUPS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1).flatmap(
    lambda names: st.tuples(*[st.builds(claim, st.just(n), st.sampled_from([80, 5000, 6665, 8999, 60000]),
                                        st.sampled_from(["", "0.0.0.0", "127.0.0.1", "10.0.0.1"]), st.booleans()) for n in names]))
REGISTRIES = st.dictionaries(st.sampled_from("abcdefgh"), st.builds(lambda port, pinned: RegistryEntry("x", port, pinned=pinned), PORTS, st.booleans()))


@given(GROUPS, st.frozensets(PORTS), REGISTRIES)
def test_no_port_is_given_twice_or_taken_or_forbidden(group, taken, registry):
    bound = {c.port for c in group}
    found = moves(group, taken | bound, bound, registry)
    assert len({m.port for m in found}) == len(found)
    for move in found:
        assert move.port not in bound
        kept = registry.get(move.claim.service.name)
        if kept is None or kept.port != move.port:
            assert move.port not in taken and not is_forbidden(move.port)
            assert move.port not in {entry.port for entry in registry.values()}


@given(GROUPS, st.frozensets(PORTS), REGISTRIES)
def test_the_same_tree_gives_the_same_plan(group, taken, registry):
    assert moves(group, taken, set(), registry) == moves(group, set(taken), set(), dict(registry))


@given(GROUPS, st.frozensets(st.sampled_from("abcdefgh")))
def test_after_the_leavers_have_left_nobody_overlaps(group, settled):
    same = [claim(c.service.name, 5000, c.bind.host, c.service.enabled) for c in group]
    leaving = leavers(same, lambda c: c.service.name in settled, lambda c: 0)
    staying = [c for c in same if c not in leaving]
    assert staying and not any(overlap(a, b) for a in staying for b in staying if a is not b)


def names(claims):
    return [c.service.name for c in claims]


def test_who_cannot_move_stays_then_the_enabled_then_the_most_mentioned_then_the_first_by_name():
    group = [claim("a", 5000, enabled=False), claim("b", 5000), claim("c", 5000), claim("d", 5000)]
    assert names(leavers(group, lambda c: c.service.name == "a", lambda c: 0)) == ["b", "c", "d"]
    assert names(leavers(group, lambda c: False, lambda c: 0)) == ["c", "d", "a"]
    assert names(leavers(group, lambda c: False, lambda c: c.service.name == "d")) == ["b", "c", "a"]


def test_services_on_different_addresses_both_stay():
    assert leavers([claim("a", 5000, "127.0.0.1"), claim("b", 5000, "10.0.0.1")], lambda c: False, lambda c: 0) == []


def test_the_new_port_is_near():
    assert free_port(5000, {5001, 5002}) == 5003
    assert free_port(5999, ()) == 5001
    assert free_port(60000, ()) is not None and not is_forbidden(free_port(60000, ()))


def test_ports_toml_keeps_a_service_s_port():
    (move,) = moves([claim("a", 5000)], {5000, 5044}, {5000}, {"a": RegistryEntry("a", 5044)})
    assert (move.port, move.why) == (5044, "ports.toml keeps it for this service")
