"""A platform's folder for each test, with nothing of it alive afterwards."""

import pytest

from opskit.services import launch


@pytest.fixture
def root(tmp_path):
    yield tmp_path
    launch.stop(tmp_path)
    assert not launch.leftovers(tmp_path)
