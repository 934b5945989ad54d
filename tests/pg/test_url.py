"""A URL read before anything connects: what is wrong, what mends it, and never the password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.secret import Secret
from opskit.pg.doctor import mended_url, read_url
from opskit.pg.url import Address, is_placeholder, split_url

CASES = {
    "raw at": ("postgresql://app:p@ss@127.0.0.1:5432/db", "raw character", "postgresql://app:p%40ss@127.0.0.1:5432/db"),
    "raw slash": ("postgresql://app:a/b@h:5/db", "raw character", "postgresql://app:a%2Fb@h:5/db"),
    "raw hash": ("postgresql://app:a#b@h/db", "raw character", "postgresql://app:a%23b@h/db"),
    "raw percent": ("postgresql://app:100%sure@h/db", "raw character", "postgresql://app:100%25sure@h/db"),
    "raw question": ("postgresql://app:a?b@h/db", "raw character", "postgresql://app:a%3Fb@h/db"),
    "psql pasted": ("psql 'postgresql://a:b@h/d'", "pasted", "postgresql://a:b@h/d"),
    "quotes": ('"postgresql://a:b@h/d"', "pasted", "postgresql://a:b@h/d"),
    "newline": ("postgresql://a:b@h/d\n", "newline", "postgresql://a:b@h/d"),
    "prisma": ("postgresql://a:b@h/d?pgbouncer=true&sslmode=require", "foreign parameter", "postgresql://a:b@h/d?sslmode=require"),
    "sqlalchemy": ("postgresql+psycopg://a:b@h/d", "sqlalchemy", "postgresql://a:b@h/d"),
    "sslmode": ("postgresql://a:b@h/d?sslmode=true", "sslmode", None),
    "mysql": ("mysql://a:b@h/d", "scheme", None),
    "no url": ("foo", "unreadable", None),
    "port too large": ("postgresql://a:b@h:99999/d", "unreadable", None),
}
SAMPLES = ["", "  ", "postgresql://user:password@host:5432/dbname", "your_database_url_here", "postgresql://postgres:[YOUR-PASSWORD]@db.ref.supabase.co:5432/postgres",
           "postgres://<user>:<pass>@<host>/<db>", "postgresql://user:pass@localhost:5432/mydb", "changeme", "${DATABASE_URL}", "postgresql://..."]
REAL = ["postgresql://postgres:postgres@localhost:5432/shop", "postgresql://localhost/x", "postgresql://app:s3cret@127.0.0.1/app", "postgresql://u:hunter22@db.example.com/prod"]


@pytest.mark.parametrize("raw, kind, mended", CASES.values(), ids=CASES)
def test_each_trouble_is_named_with_its_mend(raw, kind, mended):
    _, troubles = read_url(raw)
    assert troubles[0].fatal and troubles[0].kind == kind and troubles[0].mend
    assert mended_url(raw) == (Secret(mended) if mended else None)


@pytest.mark.parametrize("raw, kind, mended", CASES.values(), ids=CASES)
def test_no_trouble_shows_the_password(raw, kind, mended):
    address, troubles = read_url(raw)
    secret = address.password.reveal() if address else ""
    assert all(len(secret) < 2 or secret not in f"{t.cause} {t.mend} {t!r}" for t in troubles)
    assert address is None or len(secret) < 2 or secret not in repr(address) + address.masked()


@pytest.mark.parametrize("text", SAMPLES)
def test_a_sample_counts_as_absent(text):
    assert is_placeholder(text) and read_url(text)[0] is None


@pytest.mark.parametrize("text", REAL)
def test_a_real_url_is_no_sample(text):
    assert not is_placeholder(text) and mended_url(text) == Secret(text)


WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")) | st.sampled_from("@/#?% [](&=+"), min_size=1, max_size=12)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@given(NAMES, WORDS, NAMES, st.integers(1, 65535), NAMES)
def test_what_is_written_reads_back(user, password, host, port, database):
    address = Address("postgresql", user, Secret(password), host, port, database)
    again = split_url(address.text().reveal())
    assert again == address


@given(NAMES, st.text(st.characters(codec="ascii", categories=("L", "N")) | st.sampled_from("@/#?"), min_size=1, max_size=10), NAMES)
def test_a_raw_password_is_encoded_so_that_libpq_reads_it_whole(user, password, database):
    from psycopg.conninfo import conninfo_to_dict

    mended = mended_url(f"postgresql://{user}:{password}@127.0.0.1:5432/{database}")
    if mended and not is_placeholder(f"postgresql://{user}:{password}@127.0.0.1:5432/{database}"):
        assert conninfo_to_dict(mended.reveal())["password"] == password


@given(st.text(max_size=60))
def test_no_text_raises(text):
    read_url(text), mended_url(text), read_url(f"postgresql://{text}")


@pytest.mark.parametrize(("text", "told"), [
    ("postgresql://s3cret-t0ken@db.test/app", "postgresql://***@db.test/app"),
    ("postgresql://postgres@localhost/app", "postgresql://postgres@localhost/app"),
], ids=["a password where the user stands", "a local user who needs none"])
def test_a_user_alone_may_be_a_password(text, told):
    assert split_url(text).masked() == told
