"""Products, prices and endpoints as Stripe's own Python library sees them."""

import pytest
import stripe


@pytest.fixture
def v1(stripe_sandbox):
    return stripe_sandbox.client().v1


@pytest.fixture
def product(v1):
    return v1.products.create({"id": "prod_builder", "name": "Builder"}).id


def price(v1, product, **more):
    return v1.prices.create({"product": product, "currency": "usd", "unit_amount": 9900, "recurring": {"interval": "month"}, **more})


def test_a_product_s_own_id_is_taken_once(v1, product):
    assert v1.products.retrieve("prod_builder").name == "Builder"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        v1.products.create({"id": "prod_builder", "name": "Again"})
    assert caught.value.code == "resource_already_exists"


def test_a_lookup_key_is_one_price_s_alone(v1, product):
    first = price(v1, product, lookup_key="builder")
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        price(v1, product, lookup_key="builder")
    assert [each.id for each in v1.prices.list({"lookup_keys": ["builder"]}).data] == [first.id]


def test_a_lookup_key_moves_in_one_step_and_the_old_price_tells_it(v1, product):
    first = price(v1, product, lookup_key="builder")
    second = price(v1, product, lookup_key="builder", transfer_lookup_key=True)
    assert (v1.prices.retrieve(first.id).lookup_key, second.lookup_key) == (None, "builder")
    told = v1.events.list({"type": "price.updated"}).data[0]
    assert told.data.object["id"] == first.id and told.data.previous_attributes["lookup_key"] == "builder"


def test_an_archived_price_still_holds_its_lookup_key(v1, product):
    first = price(v1, product, lookup_key="builder")
    v1.prices.update(first.id, {"active": False})
    assert not v1.prices.list({"lookup_keys": ["builder"]}).data
    assert v1.prices.list({"lookup_keys": ["builder"], "active": False}).data[0].id == first.id
    with pytest.raises(stripe.InvalidRequestError, match="already uses"):
        price(v1, product, lookup_key="builder")


def test_a_default_price_is_archived_only_after_another_took_its_place(v1, product):
    first, second = price(v1, product), price(v1, product)
    v1.products.update(product, {"default_price": first.id})
    with pytest.raises(stripe.InvalidRequestError, match="default price"):
        v1.prices.update(first.id, {"active": False})
    v1.products.update(product, {"default_price": second.id})
    assert v1.prices.update(first.id, {"active": False}).active is False


def test_an_endpoint_s_secret_is_shown_once(v1):
    made = v1.webhook_endpoints.create({"url": "https://example.com/hook", "enabled_events": ["price.created"]})
    assert made.secret.startswith("whsec_")
    assert "secret" not in v1.webhook_endpoints.retrieve(made.id)


@pytest.mark.parametrize(("interval", "most"), [("day", 1095), ("week", 156), ("month", 36), ("year", 3)])
def test_an_interval_is_three_years_at_most(v1, product, interval, most):
    assert price(v1, product, recurring={"interval": interval, "interval_count": most}).recurring.interval_count == most
    with pytest.raises(stripe.InvalidRequestError) as caught:
        price(v1, product, recurring={"interval": interval, "interval_count": most + 1})
    assert caught.value.param == "recurring[interval_count]"
