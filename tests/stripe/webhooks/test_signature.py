"""Our signature against the official library's, both ways."""

import stripe
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.secret import Secret
from opskit.stripe.webhooks.signature import header, matches, read_header

SECRET = Secret("whsec_" + "a" * 32)
NOW = 1_790_000_000


@given(st.text(), st.integers(0, 2**40))
def test_it_is_the_official_signature(body, timestamp):
    official = stripe.WebhookSignature.generate_signature_header(body, SECRET.reveal(), timestamp)
    assert header(body.encode(), [SECRET], timestamp) == official and matches(body.encode(), SECRET, read_header(official))


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_the_official_library_takes_two_signatures_of_a_rolled_secret(body, old):
    both = header(body.encode(), [Secret(old), SECRET], NOW)
    assert stripe.WebhookSignature.verify_header(body, both, SECRET.reveal(), None)


@given(st.text())
def test_reading_a_header_never_fails(text):
    assert all(f"{scheme}={value}" in text for scheme, value in read_header(text).signatures)


def test_v0_alone_does_not_match():
    assert not matches(b"x", SECRET, read_header(header(b"x", [SECRET], NOW, "v0")))
