import pytest

from opskit.core.vendors import KEYS
from opskit.env.names import is_connection, is_database, is_given, is_own, is_public, is_secret, provider


@pytest.mark.parametrize("name", ["JWT_SECRET_KEY", "SECRET_KEY", "SESSION_SECRET", "APP_KEY", "NEXTAUTH_SECRET", "ENCRYPTION_KEY", "FERNET_KEY", "CSRF_SECRET"])
def test_what_signs_is_made_by_opskit(name):
    assert is_own(name) and is_secret(name) and provider(name) == "opskit"


@pytest.mark.parametrize("name", ["STRIPE_SECRET_KEY", "GOOGLE_CLIENT_SECRET", "API_KEY", "WEBHOOK_SECRET", "TWITTER_API_SECRET", "DB_PASSWORD", "AUTH_TOKEN", "AWS_SECRET_ACCESS_KEY",
                                  "SMTP_PASS", "API_KEY_2", "APIKEY", "DB_PASSWORD_PROD"])
def test_what_somebody_else_gives_out_is_a_secret_that_opskit_cannot_make(name):
    assert is_secret(name) and not is_own(name)


@pytest.mark.parametrize("name", ["TOKEN_URL", "ACCESS_TOKEN_EXPIRE_MINUTES", "MAX_TOKENS", "KEYBOARD", "MONKEY", "AIRTABLE_BASE_ID", "SECRET_NAME", "PORT", "PASSWORD_RESET_RATE_LIMIT_PER_HOUR", "AUTH_KEY_STORAGE_BACKEND", "PASSWORD_RESET_EMAIL", "CACHE_KEY",
                                  "NEXT_PUBLIC_API_KEY", "STRIPE_PUBLISHABLE_KEY", "KEY_PATH", "JWT_ALGORITHM"])
def test_a_setting_about_a_secret_is_none(name):
    assert not is_secret(name) and not is_own(name)


@pytest.mark.parametrize(("name", "who"), [("HOME", "system"), ("NETLIFY", "system"), ("STRIPE_WEBHOOK_SECRET", "Stripe"), ("DATABASE_URL", "opskit"),
                                           ("SHOP_REGION", "operator"), ("ADMIN_PORT", "opskit")])
def test_who_provides_it(name, who):
    assert provider(name, frozenset({"ADMIN_PORT"})) == who


def test_kinds_of_names():
    assert is_given("PATH") and not is_given("PATHS") and is_database("DATABASE_URL") and not is_database("SHOP_DATABASE_URL")
    assert is_connection("SHOP_DATABASE_URL") and is_connection("REDIS_URL") and not is_connection("API_URL")
    assert is_public("VITE_KEY") and not is_public("PUBLISHER")


def test_every_vendor_s_own_names_are_secrets_where_the_key_has_a_shape_and_a_page_to_get_it():
    assert all(key.url.startswith("https://") for key in KEYS)
