"""Thousands of modules: each is rewritten or told as it must be, runs to the same files, and stays as it is the second time."""

import posixpath
import warnings

import pytest

from opskit.paths.facts import How

from .modules import ROOT, every
from .trial import ran, rewritten, same, seen

HERE = "/srv/x/a/mod.py"


def check(made):
    """The oracle is Python itself: the module is run before and after."""
    warnings.simplefilter("ignore")
    found = [s for s in seen(made.data) if s.form != "comment"]
    assert found, "seen"
    after, left = rewritten(made.data)
    if not made.rewritten:
        assert after == made.data and all(s.fix == "none" and s.reason for s in found)
        return
    assert after != made.data and not left, left
    assert b"someone" not in after
    again, left = rewritten(after)
    assert again == after and not left
    kept, _ = rewritten(made.data, how=How(default="original"))
    assert rewritten(kept, how=How(default="original")) == (kept, [])
    before, held = ran(made.data, HERE), b'"/somewhere"' in after
    there, here = ran(after, HERE, BASE_DIR=ROOT), ran(after, HERE)
    elsewhere, default = ran(after, HERE, BASE_DIR="/other place"), ran(kept, HERE)
    assert before
    for was, windows, linux, alone, original in zip(before, there, elsewhere, here, default, strict=True):
        assert same(was, windows)
        assert posixpath.normpath(linux).startswith("/other place") and "\\" not in linux and ":" not in linux
        assert held or same(was, original)
        assert held or posixpath.normpath(alone) == posixpath.normpath(linux).replace("/other place", "/srv/x", 1)


def trial(count, seed):
    """Every module is tried, so that one run tells all that fail."""
    failed = []
    for made in every(count, seed):
        try:
            check(made)
        except BaseException as error:
            failed.append(f"{made.name}: {str(error)[:600]}")
    assert not failed, f"{len(failed)} of {count}\n" + "\n\n".join(failed[:12])


def test_a_sample_of_the_modules():
    trial(200, 20261123)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_all_modules(seed):
    trial(1000, seed)
