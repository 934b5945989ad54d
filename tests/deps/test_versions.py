"""Whether specifiers can hold together is decided as `packaging` would, on the versions that matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from opskit.deps.versions import agreed, relaxed, together


@pytest.mark.parametrize(
    ("specifiers", "expected"),
    [
        (["==1.0", "==1.0"], True),
        (["==1.0", "==2.0"], False),
        (["==1.0", ">=2"], False),
        (["==3.1", ">=2"], True),
        ([">=2", "<3"], True),
        ([">=3", "<3"], False),
        (["~=1.4", ">=2"], False),
        (["!=2.0", "==2.0"], False),
        (["==1.*", "==1.5"], True),
        ([], True),
        ([">=1", "<=1"], True),
        (["", ">=1"], True),
        ([">2", "<2.1"], True),
    ],
    ids=str,
)
def test_together(specifiers, expected):
    assert together(specifiers) is expected


@pytest.mark.parametrize(
    ("specifiers", "one"),
    [
        ([], ""),
        (["", ""], ""),
        (["==1.0", "==1.0"], "==1.0"),
        (["==1.0", "==2.0"], "==2.0"),
        (["==1.0", "==2.0", "<2"], "==1.0"),
        ([">=1", ">=3"], ">=3"),
    ],
    ids=str,
)
def test_agreed(specifiers, one):
    assert agreed(specifiers) == one


@pytest.mark.parametrize(("specifiers", "one"), [(["==1.0", "==2.0"], "==2.0"), (["==1.0", ">=2"], ">=2"), (["<1", "<2"], "")], ids=str)
def test_relaxed(specifiers, one):
    assert relaxed(specifiers) == one


VERSIONS = [f"{a}.{b}" for a in range(1, 4) for b in range(3)]
ONE = st.tuples(st.sampled_from(["==", ">=", "<=", "<", ">", "!="]), st.sampled_from(VERSIONS)).map("".join)


@given(st.lists(ONE, max_size=4))
def test_together_finds_every_version_that_would_do(specifiers):
    grid = [Version(f"{v}{tail}") for v in [*VERSIONS, "0.9", "4.0"] for tail in ("", ".1")]
    held = any(SpecifierSet(",".join(specifiers)).contains(v) for v in grid)
    assert together(specifiers) or not held


@given(st.lists(ONE, min_size=1, max_size=4))
def test_what_is_agreed_stands_among_what_was_given(specifiers):
    assert agreed(specifiers) in specifiers
