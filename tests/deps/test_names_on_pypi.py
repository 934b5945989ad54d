"""A sample of the table held against PyPI itself: the wheel of the distribution does hold the import name."""

import random
import subprocess
import sys
import zipfile

import pytest

from opskit.deps.names import _table

WELL_KNOWN = (
    "yaml",
    "jwt",
    "dotenv",
    "bs4",
    "serial",
    "attr",
    "dateutil",
    "slugify",
    "jose",
    "websocket",
    "socketio",
    "docx",
    "decouple",
    "pythonjsonlogger",
)
SAMPLE = random.Random(20).sample(WELL_KNOWN, 6)


def downloaded(distribution, folder):
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
        str(folder),
        distribution,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    done = downloaded("attrs", tmp_path_factory.mktemp("probe"))
    if done.returncode:
        pytest.skip(f"no package index within reach: {(done.stderr.strip().splitlines() or ['pip download failed'])[-1][:150]}")


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
def test_the_first_distribution_holds_the_name(index, name, tmp_path):
    known = _table()[name]
    done = downloaded(known.distributions[0], tmp_path)
    assert not done.returncode, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        tops = {path.split("/")[0].removesuffix(".py") for path in archive.namelist()}
    assert known.certain and name in tops
