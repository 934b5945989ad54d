"""A customer's cards and cash balance: what is the default, what is told, what is refused."""

import pytest
import stripe

from tests.sandbox.asking import Caller


@pytest.fixture
def caller(stripe_library):
    return Caller(stripe_library)


@pytest.fixture
def home(caller):
    return f"/v1/customers/{caller.ask('POST', '/v1/customers', {'email': 'a@b.co'})[1]['id']}"


def attach(caller, home, token="tok_visa"):
    return caller.ask("POST", f"{home}/sources", {"source": token})


def told(caller):
    return [event["type"] for event in caller.ask("GET", "/v1/events", {"limit": 100})[1]["data"]][::-1]


def default(caller, home):
    return caller.ask("GET", home)[1]["default_source"]


@pytest.mark.parametrize(("token", "brand", "last4", "funding"), [
    ("tok_visa", "Visa", "4242", "credit"), ("tok_mastercard_prepaid", "MasterCard", "5100", "prepaid"), ("tok_visa_debit", "Visa", "5556", "debit"),
])
def test_a_token_becomes_its_card(caller, home, token, brand, last4, funding):
    status, card = attach(caller, home, token)
    assert (status, card["brand"], card["last4"], card["funding"], card["customer"]) == (200, brand, last4, funding, home.rpartition("/")[2])


def test_the_first_card_is_the_default_and_a_second_is_not(caller, home):
    first, _ = attach(caller, home)[1], attach(caller, home)
    assert default(caller, home) == first["id"]
    assert told(caller) == ["customer.created", "customer.source.created", "customer.updated", "customer.source.created"]


def test_a_customer_made_with_a_source_tells_both(caller):
    made = caller.ask("POST", "/v1/customers", {"source": "tok_visa", "expand": ["default_source", "sources.data.customer"]})[1]
    assert made["default_source"]["last4"] == "4242" and made["default_source"]["customer"] == made["id"]
    assert [card["customer"]["id"] for card in made["sources"]["data"]] == [made["id"]]
    assert told(caller) == ["customer.created", "customer.source.created"]


def test_a_new_source_takes_the_default_s_place(caller, home):
    former = attach(caller, home)[1]["id"]
    made = caller.ask("POST", home, {"source": "tok_amex", "expand": ["default_source"]})[1]
    assert made["default_source"]["brand"] == "American Express"
    assert caller.ask("GET", f"{home}/sources/{former}")[0] == 404
    assert told(caller)[-3:] == ["customer.source.created", "customer.source.deleted", "customer.updated"]


def test_the_default_goes_to_the_newest_card_left_and_then_to_none(caller, home):
    cards = [attach(caller, home)[1]["id"] for _ in range(3)]
    caller.ask("POST", home, {"default_source": cards[1]})
    seen = []
    for card in (cards[1], cards[2], cards[0]):
        assert caller.ask("DELETE", f"{home}/sources/{card}")[1] == {"id": card, "object": "card", "deleted": True}
        seen.append(default(caller, home))
    assert seen == [cards[2], cards[0], None]


def test_an_update_tells_what_was_there_before(caller, home):
    card = attach(caller, home)[1]
    after = caller.ask("POST", f"{home}/sources/{card['id']}", {"exp_year": "2040", "metadata": {"a": "b"}})[1]
    event = caller.ask("GET", "/v1/events", {"type": "customer.source.updated"})[1]["data"][0]["data"]
    assert after["exp_year"] == 2040 and event["object"] == after
    assert event["previous_attributes"] == {"exp_year": card["exp_year"], "metadata": {"a": None}}


def test_cards_are_listed_by_their_customer(caller, home):
    cards = [attach(caller, home)[1]["id"] for _ in range(3)]
    caller.ask("POST", "/v1/customers", {"source": "tok_visa"})
    listed = caller.ask("GET", f"{home}/sources", {"limit": 2})[1]
    assert ([card["id"] for card in listed["data"]], listed["has_more"], listed["url"]) == (cards[:0:-1], True, f"{home}/sources")
    assert caller.ask("GET", f"{home}/sources", {"object": "bank_account"})[1]["data"] == []


@pytest.mark.parametrize(("token", "status", "code", "decline", "message"), [
    ("tok_chargeDeclined", 402, "card_declined", "generic_decline", "Your card was declined."),
    ("tok_visa_chargeDeclinedInsufficientFunds", 402, "card_declined", "insufficient_funds", "Your card has insufficient funds."),
    ("tok_chargeDeclinedExpiredCard", 402, "expired_card", None, "Your card has expired."),
    ("tok_1Nothing", 400, "resource_missing", None, "No such token: 'tok_1Nothing'"),
    ("src_1Nothing", 400, "resource_missing", None, "No such source: 'src_1Nothing'"),
], ids=["declined", "without funds", "expired", "no token", "no source"])
def test_what_cannot_be_attached_leaves_nothing_behind(caller, home, token, status, code, decline, message):
    for path, params in ((f"{home}/sources", {"source": token}), (home, {"source": token, "name": "x"}), ("/v1/customers", {"source": token})):
        answered, body = caller.ask("POST", path, params)
        error = body["error"]
        assert (answered, error["code"], error.get("decline_code"), error["message"]) == (status, code, decline, message)
    assert told(caller) == ["customer.created"]


@pytest.mark.parametrize(("params", "status", "code"), [
    ({"exp_month": "13"}, 402, "invalid_expiry_month"), ({"exp_month": "x"}, 402, "invalid_expiry_month"),
    ({"exp_year": "2001"}, 402, "invalid_expiry_year"), ({"owner": {"name": "A"}}, 400, "parameter_unknown"),
], ids=["month", "no number", "past", "of a source"])
def test_an_update_that_a_card_does_not_take(caller, home, params, status, code):
    answered, body = caller.ask("POST", f"{home}/sources/{attach(caller, home)[1]['id']}", params)
    assert (answered, body["error"]["code"]) == (status, code)


def test_another_customer_s_card_is_not_there(caller, home):
    card = caller.ask("POST", "/v1/customers", {"source": "tok_visa"})[1]["default_source"]
    for method in ("GET", "POST", "DELETE"):
        status, body = caller.ask(method, f"{home}/sources/{card}")
        assert (status, body["error"]["message"]) == (404, f"No such source: '{card}'")
    assert caller.ask("POST", home, {"default_source": card})[0] == 400
    assert caller.ask("POST", home, {"default_source": card, "source": "tok_visa"})[1]["error"]["code"] == "parameters_exclusive"
    assert caller.ask("POST", "/v1/customers/cus_0/sources", {"source": "tok_visa"})[0] == 404


def test_a_cash_balance_grows_by_what_is_funded(caller, home):
    fund = home.replace("/v1", "/v1/test_helpers") + "/fund_cash_balance"
    endings = [caller.ask("POST", fund, {"amount": amount, "currency": "usd"})[1]["ending_balance"] for amount in (1000, 500)]
    assert endings == [1000, 1500]
    assert caller.ask("GET", home, {"expand": ["cash_balance"]})[1]["cash_balance"]["available"] == {"usd": 1500}
    assert told(caller)[1:] == ["customer_cash_balance_transaction.created", "cash_balance.funds_available"] * 2
    assert caller.ask("DELETE", home)[0] == 400


@pytest.mark.parametrize(("params", "param"), [({"amount": 0, "currency": "usd"}, "amount"), ({"amount": 5, "currency": "pln"}, "currency")])
def test_what_no_bank_transfer_brings(caller, home, params, param):
    status, body = caller.ask("POST", home.replace("/v1", "/v1/test_helpers") + "/fund_cash_balance", params)
    assert (status, body["error"]["param"]) == (400, param)
    assert caller.ask("GET", f"{home}/cash_balance")[1]["available"] is None


def test_the_official_library_sees_a_declined_card_as_one(stripe_sandbox):
    v1 = stripe_sandbox.client().v1
    customer = v1.customers.create({"source": "tok_visa"})
    assert v1.customers.payment_sources.list(customer.id).data[0].last4 == "4242"
    assert v1.customers.cash_balance.retrieve(customer.id).available is None
    with pytest.raises(stripe.CardError) as caught:
        v1.customers.payment_sources.create(customer.id, {"source": "tok_chargeDeclinedIncorrectCvc"})
    assert (caught.value.code, caught.value.param, caught.value.http_status) == ("incorrect_cvc", "cvc", 402)
