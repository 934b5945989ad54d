"""The account's endpoints against receivers, and what replay reads, without any process."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.stripe.catalogue import Catalogue, Endpoint
from opskit.stripe.remote import Held, HeldEndpoint
from opskit.stripe.webhooks.receiver import Handled, Mark, Receiver
from opskit.stripe.webhooks.replay import Ledger, Sent, events_of, listed, since
from opskit.stripe.webhooks.status import is_ours, matched, status_findings, unsent_findings
from opskit.stripe.webhooks.transport import Answer, fit, is_here

URL = "https://shop.example/stripe/webhook"
PLACE = Place("shop.py", 1, 1)


def endpoint(id="we_1", url=URL, events=("invoice.paid",), version="", enabled=True):
    return HeldEndpoint(id, url, tuple(events), version, enabled)


def receiver(version="", moved=False, kinds=("invoice.paid",)):
    marks = (Mark("moved field", PLACE, "invoice.subscription"),) if moved else ()
    return Receiver("shop", "POST", "/stripe/webhook", PLACE, "library", tuple(Handled(k, PLACE, "work") for k in kinds), marks, variable="HOOK",
                    version=version)


CASES = {
    "as it should be": ([endpoint()], receiver(), {"HOOK"}, set()),
    "a trailing slash is the same URL": ([endpoint(), endpoint("we_2", URL + "/")], receiver(), {"HOOK"}, {"OPS-H050"}),
    "a disabled twin takes nothing": ([endpoint(), endpoint("we_2", enabled=False)], receiver(), {"HOOK"}, {"OPS-H051"}),
    "an event too few": ([endpoint()], receiver(kinds=("invoice.paid", "customer.created")), {"HOOK"}, {"OPS-H052"}),
    "an event too many": ([endpoint(events=("invoice.paid", "customer.created"))], receiver(), {"HOOK"}, {"OPS-H052"}),
    "a prefix is enough": ([endpoint(events=("invoice.paid",))], receiver(kinds=("invoice.*",)), {"HOOK"}, set()),
    "another version": ([endpoint(version="2025-03-31.basil")], receiver("2024-06-20"), {"HOOK"}, {"OPS-H053"}),
    "a version without the fields": ([endpoint(version="2025-03-31.basil")], receiver(moved=True), {"HOOK"}, {"OPS-H053"}),
    "the fields are there": ([endpoint(version="2024-06-20")], receiver(moved=True), {"HOOK"}, set()),
    "fifteen of sixteen": ([endpoint(f"we_{n}", f"https://a.example/{n}") for n in range(15)], receiver(), {"HOOK"}, {"OPS-H054"}),
    "everything": ([endpoint(events=("*",))], receiver(), {"HOOK"}, {"OPS-H055"}),
    "no secret here": ([endpoint()], receiver(), set(), {"OPS-H056"}),
    "somebody else's": ([endpoint(url="https://other.example/x")], receiver(), set(), set()),
}


@pytest.mark.parametrize(("endpoints", "code", "given_names", "codes"), CASES.values(), ids=CASES)
def test_what_the_account_has_is_compared(endpoints, code, given_names, codes):
    seen = matched(Held("acct_1", False, endpoints=tuple(endpoints)), [code], Catalogue())
    assert {f.code for f in status_findings(seen, given_names)} == codes


YAML = Catalogue(endpoints=(Endpoint("main", "https://{domain}/stripe/webhook", ("*",), "HOOK"),))
UNSENT = {
    "the account has it": ((endpoint(),), YAML, None), "behind a prefix": ((endpoint(url="https://a.example/api/stripe/webhook"),), YAML, None),
    "stripe.yaml has it": ((), YAML, "stripe.yaml has it as `main`"), "nobody has it": ((), Catalogue(), "opskit init drafts"),
    "stripe.yaml has another": ((endpoint(url="https://a.example/other"),),
                                Catalogue(endpoints=(Endpoint("other", "https://{domain}/other", ("*",), "OTHER"),)), "env: HOOK"),
}


@pytest.mark.parametrize(("endpoints", "catalogue", "told"), UNSENT.values(), ids=UNSENT)
@pytest.mark.parametrize("live", [False, True])
def test_a_receiver_that_nothing_is_sent_to_is_told_once(endpoints, catalogue, told, live):
    found = list(unsent_findings(Held("acct_1", live, endpoints=endpoints), [receiver(), receiver()], catalogue))
    assert [f.severity for f in found] == ["error" if live else "warning"] * bool(told) and all(told in f.help for f in found)


SHOP = Catalogue(project="shop", domain="shop.example", endpoints=YAML.endpoints)


@pytest.mark.parametrize(("url", "stamp", "catalogue", "ours"), [
    (URL, "", SHOP, True), ("https://www.shop.example/stripe/webhook", "", SHOP, True), ("https://other.example/stripe/webhook", "", SHOP, False),
    (URL, "blog", SHOP, False), ("https://old.example/stripe/webhook", "shop", SHOP, True), ("https://other.example/stripe/webhook", "", YAML, True),
    ("http://[::1/x", "", Catalogue(project="shop"), True),
], ids=["its host", "a subdomain", "another site", "another project's stamp", "its stamp", "no host is told", "no URL"])
def test_an_account_of_several_platforms(url, stamp, catalogue, ours):
    held = HeldEndpoint("we_1", url, ("invoice.paid",), metadata={"opskit": stamp} if stamp else {})
    assert is_ours(held, catalogue) is ours


def test_a_webhook_of_stripe_yaml_alone_is_told_too():
    (found,) = unsent_findings(Held("acct_1", False), [], YAML)
    assert found.code == "OPS-H057" and "`main`" in found.message


def test_stripe_yaml_says_which_variable_is_meant():
    catalogue = Catalogue(endpoints=(Endpoint("main", URL, ("*",), "OTHER"),))
    assert matched(Held("acct_1", False, endpoints=(endpoint(),)), [receiver()], catalogue)[0].variable == "OTHER"


@pytest.mark.parametrize(("text", "seconds"), [
    ("1790000000", 1790000000), ("90m", 1000000 - 5400), ("24h", 1000000 - 86400), ("7d", 1000000 - 604800), ("2026-11-01", 1793491200),
    ("2026-11-01T12:00", 1793534400), ("2026-11-01T12:00+02:00", 1793527200),
])
def test_a_time_is_told_in_several_ways(text, seconds):
    assert since(text, 1000000) == seconds


@given(st.text() | st.from_regex(r"[0-9]{1,30}[mhd]"))
def test_any_text_is_a_time_or_a_plain_error(text):
    try:
        assert isinstance(since(text, 1000000), int)
    except OpskitError as error:
        assert error.code == "OPS-X003"


EVENTS = st.fixed_dictionaries({"id": st.text(), "type": st.text()}, optional={"created": st.integers() | st.text()})


@given(st.binary() | (st.lists(EVENTS) | EVENTS | st.none()).map(lambda value: json.dumps(value).encode()))
def test_any_file_holds_events_or_gives_a_plain_error(data):
    try:
        assert all(isinstance(event["id"], str) for event in events_of(data))
    except OpskitError as error:
        assert error.code == "OPS-H022"


def test_a_ledger_bears_a_line_that_was_cut_off(tmp_path):
    ledger = Ledger(tmp_path / "replay.jsonl")
    event = {"id": "evt_1", "type": "invoice.paid"}
    ledger.add("http://a", Sent(event, Answer(200, 0.1)), 1)
    ledger.add("http://a", Sent({**event, "id": "evt_2"}, Answer(500, 0.1)), 2)
    with ledger.path.open("a") as file:
        file.write('{"to": "http://a", "id": "evt_3", "sta')
    assert ledger.done("http://a") == {"evt_1"} and ledger.done("http://b") == frozenset()


class Page:
    def __init__(self, ids, more):
        self.data, self.has_more = [Listed(i) for i in ids], more


class Listed:
    def __init__(self, number):
        self.id, self.number = f"evt_{number}", number

    def to_dict(self):
        return {"id": self.id, "type": "invoice.paid", "created": self.number // 2}


def test_pages_come_newest_first_and_are_sent_oldest_first():
    asked = []

    def page(params):
        asked.append(params)
        return Page([4, 3], True) if "starting_after" not in params else Page([2, 1], False)

    assert [e["id"] for e in listed(page, ("invoice.paid",), 5)] == ["evt_1", "evt_2", "evt_3", "evt_4"]
    assert asked[1]["starting_after"] == "evt_3" and asked[0]["created"] == {"gte": 5} and asked[0]["types"] == ["invoice.paid"]


@pytest.mark.parametrize(("url", "here"), [
    ("http://127.0.0.1:1/x", True), ("http://localhost/x", True), ("http://[::1]:8/x", True), ("http://127.8.8.8/x", True),
    ("http://localhost.evil.example/x", False), ("https://shop.example/127.0.0.1", False), ("http://127.0.0.1@shop.example/x", False),
    ("http://0.0.0.0/x", False),
])
def test_only_loopback_is_this_machine(url, here):
    assert is_here(url) is here


@pytest.mark.parametrize("url", ["ftp://a/x", "/x", "http:///x", ""])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(OpskitError):
        fit(url)
