"""What a value is: placeholder, weak, of the wrong type. False alarms cost more than misses, so both sides are listed."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.env.values import is_placeholder, mistyped, weakness

PLACEHOLDERS = [
    "your_api_key_here", "YOUR-KEY", "changeme", "change-me-in-production", "xxx", "XXXXXXXX", "<your key>", "[generate secure random key]",
    "{{API_KEY}}", "...", "TODO", "replace_me", "replace-with-your-key", "sk_test_...", "sk_test_[or sk_live_]", "sk_test_xxxxxxxx",
    "sk_test_your_key_here", "whsec_...", "whsec_[from Stripe dashboard]", "price_[create in Stripe]", "sk-ant-[Commander needs to provide]",
    "sk-ant-...", "ghp_xxxxxxxxxxxxxxxxxxxx", "postgresql://user:pass@host:5432/dbname", "postgres://username:password@localhost/db",
    "https://your-project.supabase.co", "enter_your_token", "insert-key-here", "mongodb://<user>:<password>@cluster",
]
REAL = [
    "true", "localhost", "smtp.gmail.com", "noreply@example.com", "example.com", "production", "pathology", "patch.example", "AC", "ACME",
    "my-bucket", "use-cache", '["a", "b"]', "[1,2,3]", "-", "0", "here", "admin", "My Shop", "insert-mode", "postgres://postgres:postgres@localhost:5432/db",
    "redis://localhost:6379/0", "postgresql://app:s3cr3tPw9@db.internal/x", "${OTHER}", "encrypted:BDx1", "https://api.example.com/v1", "sk-9fQ2kXw7Tz4LmB8vR1",
]


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_a_stand_in_counts_as_absent(value):
    assert is_placeholder(value)


@pytest.mark.parametrize("value", REAL)
def test_an_ordinary_value_is_no_placeholder(value):
    assert not is_placeholder(value)


@pytest.mark.parametrize("value", ["secret", "none", "test"])
def test_a_word_that_is_no_secret_is_a_placeholder_only_in_a_secret_s_place(value):
    assert is_placeholder(value, secret=True) and not is_placeholder(value)


@pytest.mark.parametrize(("value", "why"), [
    ("secret", "common words"), ("my-super-secret-jwt-key", "common words"), ("super_secret_key_2024", "common words"), ("Tr0ub4dor&3", "short"),
    ("0123456789abcdef0123456789abcdef", "pattern"), ("a" * 40, "pattern"), ("abcabcabcabcabcabcabc", "pattern"), ("hhhhhhjjjjjjkkkkkkllllll", "pattern"),
    ("my favourite bird 1", "randomness"),
])
def test_a_guessable_secret_is_told_with_its_reason(value, why):
    assert why in weakness(value)


@given(st.sampled_from([secrets.token_urlsafe, secrets.token_hex]), st.integers(20, 64))
def test_what_a_generator_makes_is_neither_weak_nor_a_placeholder(make, size):
    value = make(size)
    assert not weakness(value) and not is_placeholder(value, secret=True)


@pytest.mark.parametrize("value", ["${JWT}", "encrypted:BDx1", ""])
def test_what_is_resolved_later_is_not_judged(value):
    assert not weakness(value) and not is_placeholder(value, secret=True) and not mistyped("int", "N", value)


@pytest.mark.parametrize(("kind", "name", "value"), [
    ("int", "N", "abc"), ("str", "PORT", "abc"), ("str", "APP_PORT", "99999"), ("float", "RATE", "1,5"), ("bool", "DEBUG", "maybe"),
    ("url", "API", "api.shop.example"), ("url", "API", "https://"), ("url", "API", "http://[::1"), ("str", "DATABASE_URL", "localhost:5432"),
    ("url", "API", "https://a.b/c d"),
])
def test_a_value_of_the_wrong_type_is_told(kind, name, value):
    assert mistyped(kind, name, value)


@pytest.mark.parametrize(("kind", "name", "value"), [
    ("int", "N", "-3"), ("str", "PORT", "0"), ("float", "RATE", "1.5e3"), ("bool", "DEBUG", "False"), ("url", "API", "https://a.b/c"),
    ("str", "DATABASE_URL", "sqlite:///x.db"), ("str", "DATABASE_URL", "postgresql:///shop?host=/run"), ("str", "PORT", "tcp://10.0.0.1:80"), ("str", "NAME", "x"),
])
def test_a_value_of_the_right_type_is_silent(kind, name, value):
    assert not mistyped(kind, name, value)


@given(st.text(max_size=80), st.sampled_from(["int", "bool", "url", "float", "str"]))
def test_no_value_makes_the_judges_fail(value, kind):
    is_placeholder(value), is_placeholder(value, True), weakness(value), mistyped(kind, "A_PORT", value)
