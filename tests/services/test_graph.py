"""Order of dependencies."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import OpskitError
from opskit.services.graph import find_cycle, needed, order

names = st.integers(1, 8).map(lambda n: [f"s{i}" for i in range(n)])


@st.composite
def acyclic(draw):
    """Edges from later names to earlier ones, in a shuffled order of keys."""
    pairs = list(combinations(draw(names), 2))
    kept = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    edges = {name: [a for a, b in kept if b == name] for pair in pairs for name in pair} or {"s0": []}
    return {name: edges[name] for name in draw(st.permutations(sorted(edges)))}


@given(acyclic())
def test_each_stands_after_what_it_needs(edges):
    placed = order(edges)
    assert sorted(placed) == sorted(edges)
    assert all(placed.index(other) < placed.index(name) for name in edges for other in edges[name])


@given(acyclic(), st.data())
def test_a_closed_circle_is_always_found(edges, data):
    first = data.draw(st.sampled_from(sorted(edges)))
    below = needed([first], edges)
    last = data.draw(st.sampled_from(below))
    closed = {name: [*needs, *([first] if name == last else [])] for name, needs in edges.items()}
    cycle = find_cycle(closed)
    assert cycle and cycle[0] == cycle[-1] and all(b in closed[a] for a, b in pairwise(cycle))


def test_a_circle_is_shown_to_the_person():
    with pytest.raises(OpskitError, match="a -> b -> a") as told:
        order({"a": ["b"], "b": ["a"]})
    assert told.value.code == "OPS-V002"


def test_a_long_chain_needs_no_deep_stack():
    chain = {f"s{i}": [f"s{i + 1}"] for i in range(5000)}
    assert find_cycle(chain) == ()


def test_needed_brings_dependencies_and_keeps_the_order():
    assert needed(["c"], {"a": [], "b": ["a"], "c": ["b"], "d": []}) == ("a", "b", "c")
    with pytest.raises(OpskitError, match="no service `x`"):
        needed(["x"], {"a": []})
