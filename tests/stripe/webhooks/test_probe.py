"""The probe finds every seeded fault by its own code and none in a right receiver, in Python and in Node."""

import pytest

from opskit.stripe.webhooks.probe.faults import FAULTS
from opskit.stripe.webhooks.probe.run import probe
from tests.stripe.webhooks.conftest import LIMIT, bench, receiver, running

SEEDED = {
    "unverified": {"OPS-H032"},
    "header-only": {"OPS-H032"},
    "stale": {"OPS-H033"},
    "rewritten": {"OPS-H031"},
    "latin": {"OPS-H031"},
    "first": {"OPS-H034"},
    "last": {"OPS-H034"},
    "v0": {"OPS-H036"},
    "blank": {"OPS-H030", "OPS-H032"},
    "clock": {"OPS-H035"},
    "redirect": {"OPS-H030", "OPS-H037"},
    "uncaught": {"OPS-H037", "OPS-H046"},
    "unknown": {"OPS-H038"},
    "version": {"OPS-H039"},
    "bare": {"OPS-H040"},
    "twice": {"OPS-H041"},
    "race": {"OPS-H041"},
    "conflict": {"OPS-H042"},
    "order": {"OPS-H043"},
    "slow": {"OPS-H044"},
    "pieces": {"OPS-H045"},
    "garbage": {"OPS-H046"},
    "trace": {"OPS-H047"},
    "hint": {"OPS-H047"},
    "swallow": {"OPS-H040", "OPS-H048"},
}


RIGHT = ("right_flask.py", "right_starlette.py", "right_express.js", "right_fastify.js")


def found(url, state="", **more):
    results = probe(bench(url, state, **more))
    return {r.code for r in results if r.outcome == "fault"}, results


@pytest.mark.parametrize("fault", SEEDED)
def test_a_seeded_fault_is_found(fault, shops):
    got, results = found(f"{shops}/{fault}/webhook", f"{shops}/{fault}/state", **({"limit": LIMIT} if fault == "slow" else {}))
    assert got == SEEDED[fault], [r for r in results if r.outcome == "fault"]


def test_a_right_receiver_has_no_fault_and_everything_was_seen(shops):
    got, results = found(f"{shops}/right/webhook", f"{shops}/right/state")
    assert not got and {r.case for r in results if r.outcome == "not seen"} == {"again after a 5xx"}


@pytest.mark.parametrize("name", RIGHT)
def test_what_the_documentation_shows_has_no_fault(name):
    command, environment = receiver(name)
    with running(*command, **environment) as url:
        got, results = found(f"{url}/webhook")
    assert not got, [r for r in results if r.outcome == "fault"]


@pytest.mark.parametrize(("path", "codes"), [("right", set()), ("wrong", {"OPS-H049"})])
def test_a_function_is_asked_with_a_body_in_base64(path, codes):
    command, environment = receiver("lambda.js")
    with running(*command, **environment) as url:
        got, _ = found(f"{url}/{path}", shape="lambda")
    assert got == codes


def test_nobody_there_is_told_and_nothing_more_is_asked():
    got, results = found("http://127.0.0.1:9/webhook")
    assert got == {"OPS-H030"} and len(results) == 1 and "nobody listens" in results[0].told


def test_every_fault_is_seeded_somewhere():
    assert {code for codes in SEEDED.values() for code in codes} | {"OPS-H049"} == set(FAULTS)
