"""Where a key may go, and what a live account wants said."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.errors import OpskitError
from opskit.stripe.catalogue import Catalogue
from opskit.stripe.guard import OFFICIAL, addressed, agreed, guard_live
from opskit.stripe.remote import Held
from tests.stripe.catalogues import catalogues
from tests.stripe.model import Model

TEST, LIVE = {"STRIPE_SECRET_KEY": "sk_test_" + "4" * 24}, {"STRIPE_SECRET_KEY": "sk_live_" + "4" * 24}
LOCAL = "http://127.0.0.1:12111"


def test_the_first_source_that_has_a_key_wins_and_stand_ins_are_none():
    found = addressed({"the environment": {"STRIPE_SECRET_KEY": "sk_test_..."}, ".env": TEST}, OFFICIAL)
    assert found.source == "STRIPE_SECRET_KEY from .env" and not found.live and "444" not in repr(found)


@pytest.mark.parametrize(("sources", "base", "code"), [
    ({}, OFFICIAL, "OPS-S007"), ({".env": TEST}, "http://10.0.0.7:80", "OPS-S006"), ({".env": TEST}, "https://api.stripe.com.evil.example", "OPS-S006"),
    ({".env": TEST}, "http://127.0.0.1:1/v1", "OPS-S006"), ({".env": LIVE}, LOCAL, "OPS-S006"),
    ({".env": {**TEST, "STRIPE_PUBLISHABLE_KEY": "pk_live_" + "4" * 24}}, OFFICIAL, "OPS-S006"),
    *(({".env": TEST}, base, "OPS-S006") for base in (
        "http://evil.example\\@127.0.0.1:1", "https://api.stripe.com\\@127.0.0.1", "http://u:p@127.0.0.1:1", "http://127.0.0.1:abc",
        "http://127.0.0.1:99999", "http://127.0.0.1:1?x", "http://127.999.0.1:1", "http://[::1", "http://127.0.0.1:1 ", "")),
    ({".env": {"STRIPE_SECRET_KEY": "pk_test_" + "4" * 24}}, OFFICIAL, "OPS-S007"),
], ids=["no key", "elsewhere", "looks like Stripe", "a path", "a live key to a sandbox", "both modes in one file",
        "a host before a backslash", "Stripe before a backslash", "a password", "a port that is none", "a port too high", "a query", "no address",
        "no end", "a space", "nothing", "a publishable key where the secret one belongs"])
def test_what_is_refused_before_any_call(sources, base, code):
    with pytest.raises(OpskitError) as refused:
        addressed(sources, base)
    assert refused.value.code == code and "444" not in refused.value.message


def test_a_sandbox_wants_no_key_of_one_s_own():
    assert addressed({}, LOCAL).key.reveal().startswith("sk_test_")


@pytest.mark.parametrize(("live", "confirm"), [(False, ()), (True, ()), (False, ("acct_1",)), (True, ("acct_2",))])
def test_a_live_account_wants_both_words(live, confirm):
    with pytest.raises(OpskitError, match="live"):
        guard_live(Held("acct_1", True), live, confirm)


def test_both_words_open_a_live_account_and_a_test_account_wants_none():
    guard_live(Held("acct_1", True), True, ("acct_1",))
    guard_live(Held("acct_1", False), False, ())


def test_an_account_that_stripe_yaml_does_not_name_is_refused():
    with pytest.raises(OpskitError, match="acct_1"):
        agreed(Catalogue(accounts={"test": "acct_2"}), Held("acct_1", False))


class Untouchable:
    """A client that fails at the first look."""

    def __getattr__(self, name):
        raise AssertionError(f"a live account was called: {name}")


@settings(max_examples=40, deadline=None)
@given(catalogue=catalogues(), live=st.booleans(), confirm=st.sampled_from(((), ("acct_other",))))
def test_nothing_is_written_to_a_live_account_without_both_words(tmp_path_factory, catalogue, live, confirm):
    from opskit.cli.session import Session
    from opskit.cli.stripe_account import Situation
    from opskit.cli.stripe_bootstrap import Agreeing, run
    from opskit.stripe.pending import Store
    from opskit.stripe.planning.planner import plan
    from opskit.stripe.planning.steps import Choice

    root = tmp_path_factory.mktemp("live")
    held, planned = Model(live=True).held(), plan(catalogue, Model(live=True).held(), Model().kept(), Choice())
    seen = Situation(catalogue, addressed({".env": LIVE}, OFFICIAL), Untouchable(), Store(root, held.account, "live", "shop"), held, planned, {}, (),
                     (".env.local", ".env"), Choice())
    session = Session(SimpleNamespace(obj={"root": root}), "stripe bootstrap", "json", output=root / "report.json")
    if not planned.writes:
        assert run(session, seen, Agreeing(False, True, live, confirm, "dev")) == 0
        return
    with pytest.raises(OpskitError, match="live"):
        run(session, seen, Agreeing(False, True, live, confirm, "dev"))


def test_a_publishable_key_in_the_secret_one_s_place_is_named_and_not_shown():
    with pytest.raises(OpskitError, match=r"STRIPE_SECRET_KEY from \.env holds none"):
        addressed({".env": {"STRIPE_SECRET_KEY": "pk_test_" + "4" * 24}}, OFFICIAL)


@pytest.mark.parametrize("base", ["127.0.0.1:12111", "http://127.0.0.1:12111/v1", "localhost:80/"])
def test_a_sandbox_s_address_in_another_form_is_told_how_to_be_written(base):
    with pytest.raises(OpskitError) as refused:
        addressed({".env": TEST}, base)
    assert refused.value.help == f"write http://{base.split('://')[-1].split('/')[0]}"
