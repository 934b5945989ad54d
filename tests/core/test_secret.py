import json
import pickle
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opskit.core.secret import MASK, Redactor, Secret, hides
from opskit.core.vendors import KEYS, keys_of

VALUE = "correct-horse-battery"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, lambda s: f"{s:>30}", lambda s: f"{[s]}"], ids=["repr", "str", "format", "spec", "list"])
def test_a_secret_shows_as_a_mask(shown):
    assert VALUE not in shown(Secret(VALUE)) and MASK in shown(Secret(VALUE))


def test_a_secret_cannot_be_serialised():
    for dump in (json.dumps, pickle.dumps):
        with pytest.raises(TypeError):
            dump(Secret(VALUE))


def test_a_traceback_holds_no_secret():
    try:
        raise ValueError(Secret(VALUE))
    except ValueError as error:
        assert VALUE not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(("line", "left"), [
    (f"a={VALUE} b={VALUE}", f"a={MASK} b={MASK}"),
    ("postgresql://app:s3cr3t@db/x", f"postgresql://app:{MASK}@db/x"),
    ("key " + "sk_" + "live_" + "a1B2c3D4e5F6g7H8i9", f"key {MASK}"),
    ("the password is password", "the password is password"),
], ids=["several a line", "inside a URL", "a vendor's shape, never told", "a common word stays"])
def test_the_redactor(line, left):
    assert Redactor([VALUE, "password", "short"])(line) == left


def test_the_longer_of_two_values_is_masked_whole():
    assert Redactor([VALUE, VALUE + "-more"])(VALUE + "-more") == MASK


@pytest.mark.parametrize(("name", "vendor"), [("STRIPE_SECRET_KEY", "Stripe"), ("ANTHROPIC_API_KEY", "Anthropic"), ("STRIPE_PRICE_BUILDER", "Stripe")])
def test_a_variable_tells_its_vendor(name, vendor):
    assert {k.vendor for k in keys_of(name)} == {vendor}


def test_an_unknown_variable_has_none():
    assert keys_of("FAVOURITE_COLOUR") == ()


@pytest.mark.parametrize("key", [key for key in KEYS if key.shape], ids=lambda key: f"{key.vendor} {key.kind}")
@settings(max_examples=3, database=None, suppress_health_check=[HealthCheck.too_slow])  # a key of 2,000 letters on a busy machine
@given(st.data())
def test_every_shape_is_masked_in_a_long_text(key, data):
    token = data.draw(st.from_regex(key.shape, fullmatch=True))
    assert token not in Redactor()(f"{'x' * 99}\npath {token}\n{'y' * 99}")


@pytest.mark.parametrize(("name", "value", "hidden"), [
    ("TARGET", "frontend", False),
    ("DB_PASSWORD", "frontend", True),
    ("API_URL", "http://localhost:5000/api/auth", False),
    ("ORIGINS", "http://localhost:3000, http://localhost:8000", False),
    ("IMAGE", "shop/till-api:latest", False),
    ("REGION_OF", "us-east-1", False),
    ("HOOK", "https://hooks.example.com/services/T00AB00C1/B00DE00F2/Xk3pQ9vLm2Zt7Rw1", True),
    ("CACHE", "redis://:s3cr3tvalue@cache:6379", True),
    ("SESSION", "deadbeefcafebabe0123", True),
    ("ACCOUNT", "123e4567-e89b-12d3-a456-426614174000", True),
    ("PHRASE", "abcdefghijklmnopqrstuvwxyz", True),
    ("REPORT_DSN", "https://reports.example.com/99", True),
    ("AUTH_URL", "http://localhost:5000/api/auth", False),
    ("TOKEN_URL", "http://localhost:5000/token", False),
    ("BASIC_AUTH", "somebody:something", True),
    ("EMPTY", "", False),
], ids=lambda value: str(value)[:24])
def test_what_reads_as_words_or_as_an_address_is_hidden_only_under_the_name_of_a_secret(name, value, hidden):
    assert hides(name, value) is hidden
