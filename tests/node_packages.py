"""The Node programs that tests want: `npm install --prefix tests/node` puts them there, as `.ci/run` does."""

import shutil
from pathlib import Path

import pytest

HOME = Path(__file__).with_name("node")
MEND = "npm install --prefix tests/node --no-package-lock"


def node_modules() -> Path:
    """The folder of the installed packages; the test is skipped with the reason where there is none."""
    if not shutil.which("node"):
        pytest.skip("node is not on PATH")
    folder = HOME / "node_modules"
    if not folder.is_dir():
        pytest.skip(f"the Node packages are not installed; run `{MEND}`")
    return folder


def stripe_cli() -> Path:
    """The official Stripe CLI's program, which npm delivers as a package for each system."""
    found = sorted(node_modules().glob("@stripe/cli-*/bin/stripe*"))
    if not found:
        pytest.skip("@stripe/cli has no program for this system")
    return found[0]
