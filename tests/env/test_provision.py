"""`.env` from the contract: what is made, what is left to a person, and what is never touched."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.change import FileCreate, Plan
from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.core.settle import settle
from opskit.env.provision import generated, make_secret, provision
from opskit.env.values import weakness
from opskit.source.dotenv import read_dotenv
from tests.env.conftest import read, service

READS = [read("JWT_SECRET"), read("STRIPE_SECRET_KEY"), read("REGION", False, "eu"), read("DATABASE_URL"), read("PORT", False, "5000"), read("SHOP_NAME"),
         read("MAIL_TOKEN", False, "fallback-token")]


def after(survey, found=None):
    """.env after the change, or as it is where nothing changes."""
    settled = settle(Plan((found or provision(survey)).changes), survey.tree.read)
    return settled.rewrites[0].after.decode() if settled.rewrites else (survey.tree.read(".env") or b"").decode()


def values(text):
    return {k: v for k, v in read_dotenv(".env", text.encode()).values.items() if v}


def test_a_new_file_is_private_and_holds_secrets_and_defaults_only(platform):
    found = provision(platform({"app.py": ""}, READS))
    [change] = found.changes
    assert isinstance(change, FileCreate) and (change.mode, change.secret) == (0o600, True)
    held = values(change.content.decode())
    assert set(held) == {"JWT_SECRET", "REGION"} and not weakness(held["JWT_SECRET"]) and set(found.made) == {"JWT_SECRET"}


def test_a_vendor_s_key_is_a_comment_with_where_to_get_it_and_no_value(platform):
    text = after(platform({"app.py": ""}, READS))
    assert "https://dashboard.stripe.com/test/apikeys:\n# STRIPE_SECRET_KEY=\n" in text and "fallback" not in text.replace("has a fallback", "")


def test_what_a_person_must_provide_names_who_waits_and_what_then(platform):
    needs = {n.name: n for n in provision(platform({"app.py": ""}, READS)).needs}
    assert set(needs) == {"STRIPE_SECRET_KEY", "DATABASE_URL", "SHOP_NAME"}
    assert (needs["STRIPE_SECRET_KEY"].services, needs["STRIPE_SECRET_KEY"].provider) == (("shop",), "Stripe")
    assert needs["DATABASE_URL"].command == "opskit db init" and needs["STRIPE_SECRET_KEY"].url.startswith("https://")


EXISTING = {
    "a hand-edited secret": ("JWT_SECRET=mine\n", "mine"), "quoted and commented": ("export JWT_SECRET='mine' # hands off\n", "mine"),
    "no last newline": ("REGION=us", None), "windows": ("REGION=us\r\nA=1\r\n", None), "malformed": ('A="x\nREGION=us\n', None),
    "empty secret": ("JWT_SECRET=\nREGION=us\n", None), "placeholder secret": ("JWT_SECRET=your_secret_here # x\n", None), "key alone": ("JWT_SECRET\n", None),
}


@pytest.mark.parametrize(("before", "kept"), EXISTING.values(), ids=EXISTING)
def test_an_existing_file_keeps_its_values_and_gets_a_strong_secret(platform, before, kept):
    text = after(platform({"app.py": "", ".env": before}, READS))
    held = values(text)
    assert kept is None or held["JWT_SECRET"] == kept
    assert kept is not None or (not weakness(held["JWT_SECRET"]) and len(held["JWT_SECRET"]) > 30)
    assert ("REGION=us" in before) <= (held["REGION"] == "us")


@pytest.mark.parametrize(("before", "kept"), EXISTING.values(), ids=EXISTING)
def test_the_second_run_changes_nothing(platform, tmp_path, before, kept):
    text = after(platform({"app.py": "", ".env": before}, READS))
    assert provision(platform({".env": text}, READS)).changes == ()


def test_lines_that_are_there_stay_byte_for_byte(platform):
    before = "# mine\r\nREGION = us\r\n\r\nODD KEY\r\nJWT_SECRET=mine"
    assert after(platform({"app.py": "", ".env": before}, READS)).startswith(before + "\r\n")


@pytest.mark.parametrize("url", ["", "DATABASE_URL=postgresql://user:pass@host:5432/dbname\n", "DATABASE_URL=postgresql://me:9f3a71c0@127.0.0.1:5433/shop\n"],
                         ids=["absent", "placeholder", "set"])
def test_the_database_s_line_is_left_to_db_init_in_either_order(platform, url):
    survey = platform({"app.py": "", ".env": url}, READS)
    assert after(survey).count("DATABASE_URL") == url.count("DATABASE_URL")
    assert any(n.name == "DATABASE_URL" for n in provision(survey).needs) is ("9f3a71c0" not in url)


def test_the_contract_s_own_values_and_order_win(platform):
    contract = "# @public\nSHOP_NAME=Corner\nREGION=ap\nMAIL_TOKEN=your_token_here\nEXTRA_SECRET_KEY=\nCACHE=C:/Users/me/cache\n"
    text = after(platform({"app.py": "", ".env.example": contract}, READS))
    held = values(text)
    assert held["SHOP_NAME"] == "Corner" and held["REGION"] == "ap" and "MAIL_TOKEN" not in held and "CACHE" not in held
    assert text.index("SHOP_NAME") < text.index("JWT_SECRET")


def test_a_secret_in_the_contract_is_never_copied(platform):
    text = after(platform({"app.py": "", ".env.example": "MAIL_TOKEN=real-looking-9f3a\nJWT_SECRET=shared-by-all\n"}, READS))
    assert "9f3a" not in text and "shared" not in text


def test_env_local_counts_as_set(platform):
    assert "JWT_SECRET" not in after(platform({"app.py": "", ".env.local": "JWT_SECRET=mine\n"}, READS))


def test_a_fernet_key_is_32_bytes_in_padded_base64():
    assert len(base64.urlsafe_b64decode(make_secret("FERNET_KEY", 64).reveal())) == 32


@given(st.integers(16, 64))
def test_a_secret_holds_the_bytes_asked_for(size):
    assert len(make_secret("X", size).reveal()) >= size * 4 // 3


@pytest.mark.parametrize("before", [None, "A=1", "JWT_SECRET=old # keep\nB=1\n", "JWT_SECRET=one\nJWT_SECRET='two'\n"])
def test_a_generated_secret_takes_the_place_of_the_last_value(platform, before):
    survey = platform({"app.py": "", **({} if before is None else {".env": before})}, [])
    settled = settle(Plan((generated(survey.tree, "JWT_SECRET", Secret("n" * 9)),)), survey.tree.read)
    text = settled.rewrites[0].after.decode()
    assert values(text)["JWT_SECRET"] == "n" * 9 and text.count("JWT_SECRET") == max(1, (before or "").count("JWT_SECRET"))


def test_a_quote_that_is_never_closed_is_told_before_it_swallows_new_lines(platform):
    survey = platform({"app.py": "", ".env": "A=1\nB='x\n"}, [read("TITLE", False, "Corner shop")])
    with pytest.raises(OpskitError, match=r"\.env:2:3 holds a quote"):
        provision(survey)


def test_no_secret_shows_in_what_is_told(platform):
    found = provision(platform({"app.py": ""}, READS))
    assert found.made["JWT_SECRET"].reveal() not in repr((found.made, found.needs))


def test_needs_of_stopped_services_are_none(platform):
    assert provision(platform({"app.py": ""}, READS, [service("shop", "app.py", enabled=False)])).needs == ()
