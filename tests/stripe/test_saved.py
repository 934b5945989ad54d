"""A plan put by, carried out in its own world only."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.cli.stripe_saved import read
from opskit.core.errors import OpskitError
from opskit.stripe.saved import is_whole
from tests.stripe.conftest import FILE


def writes(platform):
    return len(platform.sandbox.requests("POST", "DELETE"))


def key(platform, value="sk_test_" + "a1B2" * 6):
    (platform.root / ".env").write_text(f"STRIPE_SECRET_KEY={value}\n")
    return value


@pytest.fixture
def saved(platform):
    (platform.root / ".gitignore").write_text(".env\n")
    key(platform)
    assert platform.run("plan", "--save-plan", str(platform.root / "plan.json")).returncode == 1
    return platform.root / "plan.json"


def carry(platform, *words, **more):
    return platform.run("bootstrap", "--plan", str(platform.root / "plan.json"), "--yes", *words, **more)


def test_a_saved_plan_is_done_as_it_says_and_not_twice(platform, saved):
    text = saved.read_text()
    plan = json.loads(text)
    assert writes(platform) == 0 and "sk_test" not in text and "whsec" not in text
    done = carry(platform, "--json")
    assert done.returncode == 0, done.stderr
    assert 0 < len(plan["writes"]) == writes(platform)
    asked = writes(platform)
    again = carry(platform)
    assert again.returncode == 1 and "OPS-S009" in again.stderr and "prod_builder" in again.stderr and writes(platform) == asked
    assert platform.values["STRIPE_WEBHOOK_SECRET"] not in text


def renamed(platform):
    (platform.root / "stripe.yaml").write_text(FILE.replace("Studio", "Atelier"))


def taken(platform):
    platform.sandbox.client().v1.products.create(params={"name": "Other", "id": "prod_studio"})


def valued(platform):
    (platform.root / ".env.local").write_text("STRIPE_PRICE_BUILDER=price_old\n")


def moved(platform):
    (platform.root / "opskit.toml").write_text('version = 1\n[project]\nname = "shop"\n[env.dev]\ndomain = "else.example"\n')


@pytest.mark.slow
@pytest.mark.parametrize(("change", "told"), [
    (renamed, "stripe.yaml changed"), (taken, "what is to be written to Stripe changed"), (valued, "what .env lacks changed"),
    (moved, "the domain: shop.example then, else.example now"),
], ids=["stripe.yaml", "the account", "the environment", "the domain"])
def test_a_changed_world_is_refused_and_named_before_any_write(platform, saved, change, told):
    change(platform)
    asked = writes(platform)
    done = carry(platform)
    assert done.returncode == 1 and told in done.stderr and writes(platform) == asked and "STRIPE_PRICE" not in platform.values


@pytest.mark.slow
def test_another_account_is_refused(platform, saved, tmp_path_factory):
    from opskit.sandbox.stripe.server import Server
    from opskit.sandbox.stripe.settings import Settings

    with Server(Settings(data=tmp_path_factory.mktemp("other") / "state.sqlite")) as other:
        done = carry(platform, base=other.url)
    assert done.returncode == 1 and "the account: acct_" in done.stderr and "the address: " in done.stderr


@pytest.mark.slow
def test_an_object_of_ours_that_moved_on_is_named_and_others_are_not_minded(platform):
    key(platform)
    assert platform.run("bootstrap", "--yes").returncode == 0
    (platform.root / "stripe.yaml").write_text(FILE.replace("99.00", "129.00", 1))
    assert platform.run("plan", "--save-plan", str(platform.root / "plan.json")).returncode == 1
    client = platform.sandbox.client()
    client.v1.products.create(params={"name": "Somebody else's"})
    assert carry(platform, "--dry-run").returncode == 1
    client.v1.products.update("prod_studio", params={"description": "new"})
    done = carry(platform)
    assert done.returncode == 1 and "changed in Stripe: prod_studio" in done.stderr


@pytest.mark.slow
def test_a_plan_keeps_what_was_said_when_it_was_made(platform):
    key(platform)
    made = platform.sandbox.client().v1.products.create(params={"name": "Studio"})
    assert platform.run("plan", "--save-plan", str(platform.root / "plan.json")).returncode == 1 and not (platform.root / "plan.json").exists()
    assert platform.run("plan", "--adopt", made.id, "--domain", "a.example", "--save-plan", str(platform.root / "plan.json")).returncode == 1
    beside = carry(platform, "--adopt", made.id)
    assert beside.returncode == 2 and "--adopt beside --plan" in beside.stderr
    done = carry(platform)
    assert done.returncode == 0 and f"id: {made.id}" in (platform.root / "stripe.yaml").read_text(), done.stderr
    assert platform.sandbox.client().v1.webhook_endpoints.list().data[0].url.startswith("https://a.example/")


@pytest.mark.slow
def test_a_file_that_is_no_plan_is_not_written_over_and_an_old_plan_is(platform, saved):
    before = (platform.root / "stripe.yaml").read_bytes()
    done = platform.run("plan", "--save-plan", str(platform.root / "stripe.yaml"))
    assert done.returncode == 2 and "is no saved plan" in done.stderr and (platform.root / "stripe.yaml").read_bytes() == before
    assert platform.run("plan", "--save-plan", str(saved)).returncode == 1


@pytest.mark.parametrize("text", ["", "[]", '{"schema": "opskit.stripe-plan/1"}', "[" * 90000, '{"schema": "opskit.stripe-plan/2"}'],
                         ids=["nothing", "a list", "a head alone", "nested", "a newer one"])
def test_what_is_no_plan_is_told(tmp_path, text):
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(OpskitError, match="is not a plan that this opskit saved"):
        read(tmp_path / "plan.json")


@settings(max_examples=30, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_document_is_a_plan_or_is_not(document):
    assert is_whole(document) is False
