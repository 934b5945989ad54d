"""The plan is the writes: what it names is what is called, nothing more, and afterwards there is nothing left to write."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.stripe.planning.planner import plan
from opskit.stripe.planning.steps import Choice, Kept
from opskit.stripe.remote import HeldEndpoint, HeldPrice, HeldProduct
from tests.stripe.catalogues import catalogues, endpoint, price, product, usual
from tests.stripe.model import Model

NONE = Choice()


def settle(model, catalogue, choice=NONE):
    """One bootstrap; the plan that it carried out."""
    planned = plan(catalogue, model.held(), model.kept(), choice)
    before = model.writes
    model.carry_out(planned, catalogue)
    assert model.writes - before == len(planned.writes)
    return planned


def told(planned):
    return [(w.action, w.kind, w.key) for w in planned.writes]


@settings(max_examples=40, deadline=None)
@given(st.lists(catalogues(), min_size=1, max_size=5))
def test_any_sequence_of_edits_is_carried_out_as_planned_and_then_nothing_is_left(sequence):
    model = Model()
    for catalogue in sequence:
        assert not settle(model, catalogue).conflicts
        assert not plan(catalogue, model.held(), model.kept(), NONE).writes
        wanted = {p.lookup_key: (p.amount, p.interval) for p in catalogue.prices}
        there = {p.lookup_key: (p.amount, p.interval) for p in model.prices.values() if p.active and p.lookup_key in wanted}
        assert wanted == there
        stays = {p.id for p in catalogue.products}
        assert sum(p.active and p.product in stays for p in model.prices.values()) == len(catalogue.prices)
        assert {e.url for e in model.endpoints.values() if e.enabled} == {e.url for e in catalogue.endpoints}


def test_a_first_bootstrap_makes_each_thing_once():
    assert told(settle(Model(), usual())) == [
        ("create", "product", "builder"), ("create", "product", "studio"), ("create", "price", "builder.monthly"), ("create", "price", "studio.monthly"),
        ("default", "product", "builder"), ("create", "endpoint", "main"), ("stamp", "endpoint", "main")]


def test_a_new_amount_is_a_new_price_that_takes_the_key_and_the_default_before_the_old_one_goes():
    model = Model()
    settle(model, usual())
    dearer = replace(usual(), products=(product("builder", price("builder", amount=12900, default=True)), usual().products[1]))
    planned = settle(model, dearer)
    assert told(planned) == [("create", "price", "builder.monthly"), ("default", "product", "builder"), ("archive", "price", "builder.monthly")]
    assert planned.writes[0].params["transfer_lookup_key"] is True


def test_back_to_an_earlier_amount_wakes_the_earlier_price():
    model, dearer = Model(), replace(usual(), products=(product("builder", price("builder", amount=12900)), usual().products[1]))
    settle(model, usual())
    first = next(p.id for p in model.prices.values() if p.lookup_key == "builder_monthly")
    settle(model, dearer)
    settle(model, usual())
    assert next(p.id for p in model.prices.values() if p.lookup_key == "builder_monthly") == first and len(model.prices) == 3


def test_a_default_price_that_leaves_without_a_successor_is_taken_off_first():
    model = Model()
    settle(model, usual())
    bare = replace(usual(), products=(replace(usual().products[0], prices=()), usual().products[1]))
    assert told(settle(model, bare)) == [("default", "product", "builder"), ("archive", "price", "builder.monthly")]


def test_what_the_file_no_longer_has_is_archived_and_comes_back_as_it_was():
    model = Model()
    settle(model, usual())
    fewer = replace(usual(), products=usual().products[:1], endpoints=())
    assert told(settle(model, fewer)) == [("archive", "product", "studio"), ("disable", "endpoint", "main")]
    assert told(settle(model, usual())) == [("reactivate", "product", "studio"), ("reactivate", "endpoint", "main")]


def with_twin(model):
    model.products["prod_by_hand"] = HeldProduct("prod_by_hand", "builder ", True, "", {}, {}, 1)
    model.prices["price_by_hand"] = HeldPrice("price_by_hand", "prod_by_hand", 9900, "usd", "month", created=2)
    return model


def test_a_look_alike_stops_everything():
    planned = plan(usual(), with_twin(Model()).held(), Kept(), NONE)
    assert [c.code for c in planned.conflicts] == ["OPS-S002"] and not planned.writes and "prod_by_hand" in planned.conflicts[0].message


def test_create_makes_the_second_one_on_purpose():
    assert ("create", "product", "builder") in told(settle(with_twin(Model()), usual(), Choice(create=True)))


def test_adopting_takes_the_product_and_its_price_over():
    from opskit.stripe.planning.alike import adopted

    model = with_twin(Model())
    choice = Choice(frozenset({"prod_by_hand"}))
    catalogue, ids = adopted(usual(), model.held(), choice)
    planned = settle(model, catalogue, choice)
    assert ids == {"builder": "prod_by_hand"}
    assert told(planned)[:1] == [("adopt", "product", "builder")] and ("adopt", "price", "builder.monthly") in told(planned)
    assert not plan(catalogue, model.held(), model.kept(), NONE).writes


@pytest.mark.parametrize("other", [{"amount": 9800}, {"currency": "eur"}, {"interval": "year"}, {"active": False}], ids=["amount", "currency", "interval", "archived"])
def test_the_same_name_at_other_terms_is_no_look_alike(other):
    model = with_twin(Model())
    model.prices["price_by_hand"] = replace(model.prices["price_by_hand"], **other)
    model.prices["price_else"] = HeldPrice("price_else", "prod_by_hand", 1, "usd")
    assert not plan(usual(), model.held(), Kept(), NONE).conflicts


def test_a_lookup_key_that_is_somebody_else_s_stops_it():
    model = Model()
    model.products["prod_x"] = HeldProduct("prod_x", "X")
    model.prices["price_x"] = HeldPrice("price_x", "prod_x", 1, "usd", lookup_key="builder_monthly")
    assert [c.code for c in plan(usual(), model.held(), Kept(), NONE).conflicts] == ["OPS-S003"]


def test_another_project_s_product_stops_it():
    model = Model()
    settle(model, replace(usual(), project="another"))
    assert "another" in plan(usual(), model.held(), Kept(), NONE).conflicts[0].message


def test_another_api_version_is_a_new_endpoint_and_the_old_one_goes_last():
    model = Model()
    settle(model, usual())
    planned = settle(model, replace(usual(), endpoints=(endpoint(env="STRIPE_WEBHOOK_SECRET", api_version="2023-10-16"),)))
    assert [w.action for w in planned.writes] == ["create", "stamp", "delete"] and planned.writes[-1].last


@pytest.mark.parametrize("env", [{}, {"STRIPE_WEBHOOK_SECRET": "whsec_of_another_endpoint_entirely"}], ids=["no secret", "another's"])
def test_an_endpoint_whose_secret_is_not_here_is_never_taken_for_a_good_one(env):
    model = Model()
    settle(model, usual())
    model.env = env
    planned = plan(usual(), model.held(), model.kept(), NONE)
    assert [c.code for c in planned.conflicts] == ["OPS-S005"] and not planned.writes
    renewed = settle(model, usual(), Choice(renew=frozenset({"main"})))
    assert [w.action for w in renewed.writes] == ["create", "stamp", "delete"]


def test_an_endpoint_made_by_hand_at_that_url_is_a_look_alike():
    model = Model()
    model.endpoints["we_1"] = HeldEndpoint("we_1", "https://shop.example/hook", ("invoice.paid",))
    assert [c.code for c in plan(usual(), model.held(), Kept(), NONE).conflicts] == ["OPS-S002"]


def test_without_a_domain_the_endpoint_waits_and_the_rest_goes_on():
    waiting = replace(usual(), endpoints=(endpoint(url="https://{domain}/hook"),))
    planned = plan(waiting, Model().held(), Kept(), NONE)
    assert list(planned.left) == ["main"] and not planned.conflicts and all(w.kind != "endpoint" for w in planned.writes)


@pytest.mark.parametrize("other", ["CAFE\u0301  Plan", "Caf\u00e9 plan ", "\uff23af\u00e9 Plan"], ids=["decomposed", "blanks", "full width"])
def test_one_name_in_other_letters_is_a_look_alike(other):
    from opskit.stripe.planning.alike import plain

    assert plain(other) == plain("Caf\u00e9 Plan")
