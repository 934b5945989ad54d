"""Events reach endpoints signed, again after a refusal, nowhere but on this machine."""

import json
import time

import pytest

from opskit.sandbox.stripe.delivery import target_of
from opskit.sandbox.stripe.server import Server
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.testing import Sandbox


@pytest.fixture
def stripe_sandbox_settings():
    return Settings(retries=(0.05, 0.05))


@pytest.fixture
def v1(stripe_sandbox):
    return stripe_sandbox.client().v1


def listen(v1, sink, *types, path="/hook", **more):
    return v1.webhook_endpoints.create({"url": sink.origin + path, "enabled_events": list(types) or ["*"], **more})


def types_of(sink, secret):
    return [event.type for event in sink.events(secret)]


def test_events_come_in_order_and_the_official_library_accepts_them(v1, sink, stripe_sandbox):
    secret = listen(v1, sink).secret
    product = v1.products.create({"name": "Zoë ☕"}).id
    v1.products.update(product, {"name": "Z"})
    v1.products.delete(product)
    stripe_sandbox.settle()
    assert types_of(sink, secret) == ["product.created", "product.updated", "product.deleted"]
    assert sink.events(secret)[1].data.previous_attributes["name"] == "Zoë ☕"


def test_an_endpoint_gets_what_it_asked_for_in_the_version_it_named(v1, sink, stripe_sandbox):
    secret = listen(v1, sink, "product.deleted", api_version="2024-06-20").secret
    v1.products.delete(v1.products.create({"name": "x"}).id)
    stripe_sandbox.settle()
    assert [(event.type, event.api_version) for event in sink.events(secret)] == [("product.deleted", "2024-06-20")]


def test_a_change_of_nothing_is_no_event(v1):
    product = v1.products.create({"name": "x"}).id
    v1.products.update(product, {"name": "x"})
    assert not v1.events.list({"type": "product.updated"}).data


def test_what_was_refused_comes_again_the_same(v1, sink, stripe_sandbox):
    sink.answers = [500, 302]
    listen(v1, sink)
    v1.products.create({"name": "x"})
    stripe_sandbox.settle()
    assert len(sink.got) == 3 and len({json.loads(body)["id"] for _, body, _ in sink.got}) == 1
    assert stripe_sandbox.deliveries()[0]["state"] == "delivered"
    assert v1.events.list({"delivery_success": True}).data[0].pending_webhooks == 0


def test_after_the_last_try_it_has_failed_and_is_listed_so(v1, sink, stripe_sandbox):
    sink.answers = [500] * 3
    listen(v1, sink)
    event = v1.products.create({"name": "x"}) and v1.events.list().data[0]
    stripe_sandbox.settle()
    assert stripe_sandbox.deliveries()[0]["state"] == "failed"
    assert [each.id for each in v1.events.list({"delivery_success": False}).data] == [event.id]


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_an_endpoint_that_is_gone_gets_nothing_more(v1, sink, stripe_sandbox, how):
    sink.answers = [500]
    endpoint = listen(v1, sink)
    stripe_sandbox.arm("hold=0.3")
    v1.products.create({"name": "x"})
    v1.webhook_endpoints.update(endpoint.id, {"disabled": True}) if how == "disabled" else v1.webhook_endpoints.delete(endpoint.id)
    stripe_sandbox.settle()
    v1.products.create({"name": "y"})
    assert len(stripe_sandbox.deliveries()) == 1 and stripe_sandbox.deliveries()[0]["state"] in ("canceled", "delivered")


def test_duplicates_and_another_order_can_be_ordered(v1, sink, stripe_sandbox):
    secret = listen(v1, sink).secret
    stripe_sandbox.arm("duplicate", "event product.created")
    stripe_sandbox.arm("reorder", "event product.updated")
    product = v1.products.create({"name": "x"}).id
    v1.products.update(product, {"name": "y"})
    v1.products.delete(product)
    stripe_sandbox.settle()
    assert types_of(sink, secret) == ["product.created"] * 2 + ["product.deleted", "product.updated"]


def test_nothing_leaves_this_machine(v1, stripe_sandbox):
    v1.webhook_endpoints.create({"url": "https://shop.example.com/hook", "enabled_events": ["*"]})
    v1.products.create({"name": "x"})
    stripe_sandbox.settle()
    assert stripe_sandbox.deliveries()[0]["state"] == "held"


def test_events_for_elsewhere_go_where_the_operator_says(sink, stripe_library):
    with Server(Settings(forward=sink.origin), library=stripe_library) as server:
        sandbox = Sandbox(server)
        v1 = sandbox.client().v1
        secret = v1.webhook_endpoints.create({"url": "https://shop.example.com/.netlify/hook?a=1", "enabled_events": ["*"]}).secret
        v1.products.create({"name": "x"})
        sandbox.settle()
    assert types_of(sink, secret) == ["product.created"] and sink.got[0][0] == "/.netlify/hook?a=1"


@pytest.mark.parametrize(("url", "target"), [
    ("http://localhost:8888/a", "http://localhost:8888/a"), ("http://127.8.8.8/a", "http://127.8.8.8/a"), ("http://[::1]:1/a", "http://[::1]:1/a"),
    ("https://shop.localhost/a", "https://shop.localhost/a"), ("https://example.com/a?b=c", ""), ("http://127.0.0.1.example.com/a", ""),
    ("http://localhost.example.com", ""), ("http://10.0.0.1/", ""), ("http://169.254.169.254/", ""),
])
def test_only_loopback_is_on_this_machine(url, target):
    assert target_of(url) == target


def test_what_was_pending_when_the_sandbox_stopped_comes_after_its_next_start(tmp_path, sink, stripe_library):
    settings = Settings(data=tmp_path / "state", retries=(0.2,))
    sink.answers = [500]
    with Server(settings, library=stripe_library) as server:
        v1 = Sandbox(server).client().v1
        secret = listen(v1, sink).secret
        v1.products.create({"name": "x"})
        for _ in range(200):
            if sink.got:
                break
            time.sleep(0.01)
    with Server(settings, library=stripe_library) as server:
        Sandbox(server).settle()
    assert types_of(sink, secret) == ["product.created"] * 2
