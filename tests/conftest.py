"""A missing tool may skip a test for a user, with the reason; in CI such a skip is a failure."""

import os

import pytest

pytest_plugins = ["opskit.sandbox.stripe.testing"]  # as a user of the sandbox writes it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
