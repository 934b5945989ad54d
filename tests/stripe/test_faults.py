"""What a network, a busy server or a day's passing does to a bootstrap: nothing twice, no secret lost, done after at most two more runs."""

import pytest

from tests.stripe.killing import Kill

ENDPOINT = "POST /v1/webhook_endpoints"
EACH = ["POST /v1/products", "POST /v1/prices", "POST /v1/products/*", ENDPOINT, "POST /v1/webhook_endpoints/*", "GET /v1/products"]
FAULTS = ["drop-before", "drop-after", "limit", "error-before", "error-during", "error-after"]


def struck(trial, fault, match, times=1):
    trial.sandbox.arm(fault, match, times=times)
    trial.run()
    trial.sandbox.disarm()
    trial.finish()
    trial.judge()


@pytest.mark.parametrize("fault", ["drop-after", "error-after"])
def test_a_fault_where_the_secret_is_told(trial, fault):
    struck(trial, fault, ENDPOINT)


@pytest.mark.slow
@pytest.mark.parametrize("match", EACH)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_lasts_as_long_as_the_run(trial, fault, match):
    struck(trial, fault, match, times=0)


def test_a_lost_answer_after_the_keys_have_expired_leaves_one_endpoint_whose_secret_is_known(trial):
    trial.run(Kill(11, "lost"))
    trial.sandbox.forget_keys()
    trial.finish()
    trial.judge()


@pytest.mark.slow
def test_an_answer_that_is_replayed_without_the_secret_leads_to_a_new_endpoint(trial):
    """Whether Stripe replays the secret too is not known; both ways must end well."""
    trial.run(Kill(11, "lost"))
    trial.sandbox.server.engine.store.rows("""UPDATE kept_answer SET body = json_remove(body, '$.secret')""")
    trial.finish()
    trial.judge()


@pytest.mark.slow
def test_without_its_notes_a_lost_secret_stops_and_names_the_way_out(trial):
    trial.run(Kill(11, "lost"))
    (trial.root / ".opskit" / "stripe.json").unlink()
    assert trial.run() == 1
    trial.proxy.arm(None)
    words = ("bootstrap", "--yes", "--new-secret", "main")
    assert trial.zygote.run(str(trial.root), trial.proxy.url, words, lambda pid: None) == 0
    trial.judge()
