"""Nothing outlives the supervision, however it ends."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opskit.services import launch
from tests.services.orphans import WAYS, trial
from tests.services.shapes import SHAPES


def survivors(shape, way, count):
    """Of `count` trials, two at a time in folders of their own (with short names: threads share one working folder)."""
    def one(_):
        with tempfile.TemporaryDirectory(prefix="t") as folder:
            return trial(Path(folder), shape, way)[0]

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(one, range(count)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_outlives_its_supervision(shape, way):
    assert survivors(shape, way, 3 if "-9" in way else 1) == 0


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_outlives_its_supervision_often(shape, way):
    assert survivors(shape, way, 20) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_both_killed_at_once_leave_only_what_the_next_command_ends(root, shape):
    trial(root, shape, "kill -9 both", limit=0.2)
    launch.stop(root)
    assert launch.leftovers(root) == []
