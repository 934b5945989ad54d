"""What holds for every request: who asks, what is said where nothing is found, keys, lists, expansion, metadata."""

import base64
import json

import pytest

from tests.sandbox.asking import KEY, Caller


@pytest.fixture
def caller(stripe_library):
    return Caller(stripe_library)


@pytest.fixture
def product(caller):
    return caller.ask("POST", "/v1/products", {"id": "prod_1", "name": "One"})[1]


def price(caller, **more):
    return caller.ask("POST", "/v1/prices", {"product": "prod_1", "currency": "usd", "unit_amount": 100, **more})


@pytest.mark.parametrize(("header", "words"), [
    ("", "You did not provide an API key"), ("Bearer nonsense", "Invalid API Key provided: nonsense"), ("Bearer sk_test_short", "Invalid API Key"),
    ("Bearer sk_live_0123456789abcdefghij", "live key"), ("Bearer rk_live_0123456789abcdefghij", "live key"),
    ("Bearer pk_test_0123456789abcdefghij", "publishable"), ("Basic !!", "did not provide"),
], ids=["none", "nonsense", "short", "live", "restricted live", "publishable", "broken basic"])
def test_who_may_not_ask_gets_401_and_reads_no_key_back(caller, header, words):
    status, body = caller.ask("GET", "/v1/account", authorization=header)
    assert status == 401 and words in body["error"]["message"] and body["error"]["type"] == "invalid_request_error"
    assert "0123456789abcdefghij" not in json.dumps(body)


@pytest.mark.parametrize("header", [f"Bearer {KEY}", "Bearer rk_test_0123456789abcdef", "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()])
def test_any_test_key_may_ask(caller, header):
    assert caller.ask("GET", "/v1/account", authorization=header)[0] == 200


def test_another_account_is_refused(caller):
    own = caller.ask("GET", "/v1/account")[1]["id"]
    assert caller.ask("GET", "/v1/products", stripe_account=own)[0] == 200
    assert caller.ask("GET", "/v1/products", stripe_account="acct_other")[1]["error"]["code"] == "account_invalid"


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", "/v1/nothing", 404, None), ("PUT", "/v1/products", 404, None), ("DELETE", "/v1/prices/price_1", 404, None),
    ("GET", "/v1/products/prod_0", 404, "resource_missing"), ("GET", "/v1/customers/cus_0", 404, "resource_missing"),
    ("GET", "/v1/balance", 501, None),
])
def test_what_is_not_there(caller, method, path, status, code):
    answered, body = caller.ask(method, path)
    assert (answered, body["error"].get("code")) == (status, code)


def test_what_the_sandbox_does_not_model_is_told_and_not_tried_again(caller):
    answer = caller.answer("GET", "/v1/balance")
    assert "does not model GET /v1/balance" in answer.body and answer.headers["Stripe-Should-Retry"] == "false"


def test_each_answer_names_its_request_and_version(caller):
    first, second = caller.answer("GET", "/v1/account"), caller.answer("GET", "/v1/account", stripe_version="2020-08-27")
    assert first.headers["Request-Id"].startswith("req_") and first.headers["Request-Id"] != second.headers["Request-Id"]
    assert second.headers["Stripe-Version"] == "2020-08-27"


@pytest.mark.parametrize("version", ["", "2020-08-27"], ids=["none, as the CLI", "older"])
def test_an_older_program_s_parameters_are_left_out_and_named(caller, version):
    answer = caller.answer("POST", "/v1/customers", {"email": "a@b.co", "account_balance": "5"}, stripe_version=version)
    assert answer.status == 200 and answer.headers["Opskit-Ignored-Parameters"] == "account_balance"
    assert caller.ask("POST", "/v1/customers", {"balance": "x"}, stripe_version=version)[0] == 400


def test_a_json_body_is_refused(caller):
    assert "x-www-form-urlencoded" in caller.ask("POST", "/v1/products", {"name": "x"}, content_type="application/json")[1]["error"]["message"]


class TestKeys:
    def test_the_first_answer_is_given_again(self, caller):
        asked = ("POST", "/v1/webhook_endpoints", {"url": "https://example.com", "enabled_events": ["*"]})
        first, second = caller.answer(*asked, idempotency_key="k"), caller.answer(*asked, idempotency_key="k")
        assert first.body == second.body and "whsec_" in second.body
        assert (second.headers["Idempotent-Replayed"], second.headers["Original-Request"]) == ("true", first.headers["Request-Id"])
        assert len(caller.ask("GET", "/v1/webhook_endpoints")[1]["data"]) == 1

    @pytest.mark.parametrize(("path", "params"), [("/v1/products", {"name": "Other"}), ("/v1/customers", {"name": "One"})])
    def test_another_use_of_a_key_is_refused(self, caller, path, params):
        caller.ask("POST", "/v1/products", {"name": "One"}, idempotency_key="k")
        status, body = caller.ask("POST", path, params, idempotency_key="k")
        assert (status, body["error"]["type"]) == (400, "idempotency_error")

    def test_what_the_endpoint_refused_is_kept_and_what_it_never_saw_is_not(self, caller, product):
        price(caller, lookup_key="a")
        assert price(caller, lookup_key="a", unit_amount="1x")[0] == 400
        for _ in range(2):
            answer = caller.answer("POST", "/v1/prices", {"product": "prod_1", "currency": "usd", "unit_amount": 1, "lookup_key": "a"}, idempotency_key="k")
        assert answer.status == 400 and answer.headers["Idempotent-Replayed"] == "true"
        for params, status in (({"name": ""}, 400), ({"name": "x"}, 200)):
            assert caller.ask("POST", "/v1/products", params, idempotency_key="fresh")[0] == status

    def test_a_key_is_forgotten_after_a_day(self, stripe_library):
        caller = Caller(stripe_library, keys_expire=3)
        first = caller.ask("POST", "/v1/products", {"name": "One"}, idempotency_key="k")[1]["id"]
        for _ in range(3):
            caller.ask("GET", "/v1/account")
        assert caller.ask("POST", "/v1/products", {"name": "One"}, idempotency_key="k")[1]["id"] != first

    def test_a_key_too_long_is_refused(self, caller):
        assert caller.ask("POST", "/v1/products", {"name": "One"}, idempotency_key="k" * 256)[0] == 400


class TestLists:
    @pytest.fixture(autouse=True)
    def seven(self, caller):
        self.ids = [caller.ask("POST", "/v1/products", {"name": f"P{i}", "active": i % 2 == 0})[1]["id"] for i in range(7)][::-1]

    def page(self, caller, **params):
        body = caller.ask("GET", "/v1/products", params)[1]
        return [self.ids.index(item["id"]) for item in body["data"]], body["has_more"]

    @pytest.mark.parametrize(("params", "found"), [
        ({"limit": 3}, ([0, 1, 2], True)), ({"limit": 3, "starting_after": 2}, ([3, 4, 5], True)), ({"limit": 3, "starting_after": 5}, ([6], False)),
        ({"limit": 2, "ending_before": 4}, ([2, 3], True)), ({"limit": 9, "ending_before": 4}, ([0, 1, 2, 3], False)),
        ({"active": False}, ([1, 3, 5], False)),
    ], ids=["newest first", "next", "last", "backwards", "backwards to the start", "filtered"])
    def test_pages(self, caller, params, found):
        given = {name: self.ids[value] if name.endswith(("after", "before")) else value for name, value in params.items()}
        assert self.page(caller, **given) == found

    def test_times_select(self, caller):
        made = caller.ask("GET", f"/v1/products/{self.ids[2]}")[1]["created"]
        assert self.page(caller, created={"gt": made}) == ([0, 1], False)
        assert self.page(caller, created=made) == ([2], False)

    def test_ids_select(self, caller):
        assert self.page(caller, ids=[self.ids[4], "prod_none", self.ids[1]]) == ([1, 4], False)

    @pytest.mark.parametrize(("params", "code"), [
        ({"limit": 0}, "parameter_invalid_integer"), ({"limit": 101}, "parameter_invalid_integer"), ({"starting_after": "prod_0"}, "resource_missing"),
        ({"starting_after": "a", "ending_before": "b"}, "parameters_exclusive"),
    ])
    def test_what_cannot_be_a_page(self, caller, params, code):
        status, body = caller.ask("GET", "/v1/products", params)
        assert (status, body["error"]["code"]) == (400, code)


class TestExpansion:
    def test_ids_become_objects_as_deep_as_asked(self, caller, product):
        made = price(caller)[1]["id"]
        caller.ask("POST", "/v1/products/prod_1", {"default_price": made})
        assert caller.ask("GET", "/v1/products/prod_1", {"expand": ["default_price.product"]})[1]["default_price"]["product"]["id"] == "prod_1"
        assert caller.ask("GET", "/v1/prices", {"expand": ["data.product"]})[1]["data"][0]["product"]["name"] == "One"

    def test_what_is_left_out_of_a_plain_answer_comes_when_asked_for(self, caller, product):
        made = price(caller, currency_options={"eur": {"unit_amount": 90}})[1]
        assert "currency_options" not in made
        asked = caller.ask("GET", f"/v1/prices/{made['id']}", {"expand": ["currency_options"]})[1]
        assert {code: option["unit_amount"] for code, option in asked["currency_options"].items()} == {"usd": 100, "eur": 90}

    @pytest.mark.parametrize("path", ["name", "nonsense", "default_price.nickname", "data.default_price"])
    def test_what_cannot_be_expanded_is_refused(self, caller, product, path):
        made = price(caller)[1]["id"]
        caller.ask("POST", "/v1/products/prod_1", {"default_price": made})
        status, body = caller.ask("GET", "/v1/products/prod_1", {"expand": [path]})
        assert status == 400 and "cannot be expanded" in body["error"]["message"]


@pytest.mark.parametrize(("given", "left"), [
    ({"a": "9"}, {"a": "9", "b": "2"}), ({"b": ""}, {"a": "1"}), ({"c": "3"}, {"a": "1", "b": "2", "c": "3"}), ("", {}),
], ids=["set", "unset", "add", "empty"])
def test_metadata_merges(caller, given, left):
    caller.ask("POST", "/v1/products", {"id": "prod_1", "name": "One", "metadata": {"a": "1", "b": "2"}})
    assert caller.ask("POST", "/v1/products/prod_1", {"metadata": given})[1]["metadata"] == left


@pytest.mark.parametrize("metadata", [{"k" * 41: "v"}, {"k": "v" * 501}, {f"k{i}": "v" for i in range(51)}], ids=["key", "value", "number"])
def test_metadata_has_limits(caller, metadata):
    assert caller.ask("POST", "/v1/products", {"name": "One", "metadata": metadata})[0] == 400
