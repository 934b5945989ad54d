"""Killed at any call, a bootstrap is taken up again: nothing twice, no secret lost. A sample here; benchmarks/soak/bootstrap.py has all."""

import pytest

from tests.stripe.killing import WHEN, Kill

CALLS, ENDPOINT = 21, 11


def test_how_many_calls_a_first_bootstrap_makes(trial):
    assert trial.run() == 0 and trial.proxy.calls == CALLS
    trial.judge()


@pytest.mark.parametrize("when", WHEN)
def test_killed_at_the_call_whose_answer_alone_has_the_secret(trial, when):
    assert trial.run(Kill(ENDPOINT, when)) == -9
    assert trial.finish() == 1
    trial.judge()


@pytest.mark.slow
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("at", [6, 8, 10, 12, 14], ids=["first write", "first price", "default", "stamp", "verifying"])
def test_killed_at_a_call(trial, at, when):
    assert trial.run(Kill(at, when)) == -9
    assert trial.finish() == 1
    trial.judge()


@pytest.mark.slow
@pytest.mark.parametrize("when", WHEN)
def test_killed_again_while_it_takes_up_the_endpoint(trial, when):
    trial.run(Kill(ENDPOINT, "lost"))
    for at in range(1, 14):
        if trial.run(Kill(at, when)) == 0:
            break
    trial.finish()
    trial.judge()
