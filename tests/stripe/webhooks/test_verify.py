"""`verify` names the check that fails; what it calls good the official library takes, and the other way round."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.secret import Secret
from opskit.stripe.webhooks.bodies import variants
from opskit.stripe.webhooks.delivery import Delivery, read_delivery
from opskit.stripe.webhooks.keyring import Known
from opskit.stripe.webhooks.signature import header
from opskit.stripe.webhooks.verify import Trial, verify

NOW = 1_790_000_000
MINE = Known("STRIPE_WEBHOOK_SECRET", ".env", Secret("whsec_" + "a" * 32))
LIVE = Known("STRIPE_WEBHOOK_SECRET", ".env.production", Secret("whsec_" + "b" * 32))
STRANGER = Secret("whsec_" + "c" * 32)
EVENT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {"name": "Zoë Ørsted", "amount": 9900}}}
BODY = json.dumps(EVENT, indent=2, ensure_ascii=False).encode()
SIGNED = header(BODY, [MINE.secret], NOW)


def judged(body=BODY, signed=SIGNED, expected=MINE, known=(MINE, LIVE), now=NOW, length=None):
    return verify(Trial(Delivery(body, signed, length), expected, known, now, {".env": "test", ".env.production": "live"}))


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
CASES = {
    "as it came": ({}, "verifies"),
    "no header": ({"signed": None}, "no-header"),
    "an empty header": ({"signed": " "}, "no-header"),
    "no timestamp": ({"signed": SIGNED.partition(",")[2]}, "malformed-header"),
    "a timestamp in milliseconds": ({"signed": SIGNED.replace(f"t={NOW}", f"t={NOW}000")}, "malformed-header"),
    "a signature cut short": ({"signed": SIGNED[:-6]}, "malformed-header"),
    "only v0": ({"signed": header(BODY, [MINE.secret], NOW, "v0")}, "no-v1"),
    "only a timestamp": ({"signed": f"t={NOW}"}, "no-v1"),
    "no secret anywhere": ({"expected": None, "known": ()}, "no-secret"),
    "the other mode's secret": ({"signed": header(BODY, [LIVE.secret], NOW)}, "other-secret"),
    "a secret that nobody here knows": ({"signed": header(BODY, [STRANGER], NOW)}, "unknown"),
    "a secret that was rolled": ({"signed": header(BODY, [STRANGER, MINE.secret], NOW)}, "verifies"),
    "a changed amount": ({"body": BODY.replace(b"9900", b"9901")}, "unknown"),
    "JSON.stringify": ({"body": json.dumps(EVENT, separators=(",", ":"), ensure_ascii=False).encode()}, "body-changed"),
    "json.dumps": ({"body": json.dumps(EVENT).encode()}, "body-changed"),
    "json.dumps with indent": ({"body": json.dumps(EVENT, indent=4).encode()}, "body-changed"),
    "a line end more": ({"body": BODY + b"\n"}, "body-changed"),
    "other line ends": ({"body": BODY.replace(b"\n", b"\r\n")}, "body-changed"),
    "a byte order mark": ({"body": b"\xef\xbb\xbf" + BODY}, "body-changed"),
    "base64 of a function's event": ({"body": base64.b64encode(BODY)}, "body-changed"),
    "read as Latin-1": ({"body": BODY.decode("latin-1").encode()}, "body-changed"),
    "half a body": ({"body": BODY[:60]}, "body-cut"),
    "less than Content-Length": ({"body": BODY[:-2], "length": len(BODY)}, "body-cut"),
    "no body": ({"body": b""}, "body-cut"),
    "301 s late": ({"now": NOW + 301}, "stale"),
    "299 s late": ({"now": NOW + 299}, "verifies"),
    "301 s early": ({"now": NOW - 301}, "future"),
    "30 s early": ({"now": NOW - 30}, "verifies"),
}


@pytest.mark.parametrize(("given", "cause"), CASES.values(), ids=CASES)
def test_the_failing_check_is_named(given, cause):
    verdict = judged(**given)
    assert verdict.cause == cause and verdict.accepted == (cause in ("verifies", "future"))


@pytest.mark.parametrize(("live", "told"), [(True, "the event is of live mode, and .env holds test keys"), (False, "no known secret fits")])
def test_an_event_of_the_other_mode_is_named(live, told):
    body = json.dumps({**EVENT, "livemode": live}).encode()
    assert judged(body, header(body, [STRANGER], NOW)).told.startswith(told)


def test_the_secret_that_fits_is_named_with_its_mode_and_never_shown():
    told = repr(judged(signed=header(BODY, [LIVE.secret], NOW)))
    assert ".env.production (live mode" in told and "whsec_" not in told


@given(st.recursive(st.none() | st.booleans() | st.integers() | WORDS, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner)))
@settings(max_examples=60)
def test_any_event_written_again_is_known_by_its_form(value):
    event = {"id": "evt_1", "data": value}
    signed = json.dumps(event, indent=2, ensure_ascii=False)
    assert signed.encode() in {v.body for v in variants(json.dumps(event, separators=(",", ":")).encode())}


REQUEST = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\nStripe-Signature: {SIGNED}\r\n\r\n".encode() + BODY
KEPT = {
    "a captured request": REQUEST,
    "header lines alone": f"stripe-signature: {SIGNED}\n\n".encode() + BODY,
    "a function's event": json.dumps({"headers": {"Stripe-Signature": SIGNED}, "body": BODY.decode()}).encode(),
    "a function's event in base64": json.dumps(
        {"headers": {"stripe-signature": SIGNED}, "body": base64.b64encode(BODY).decode(), "isBase64Encoded": True}
    ).encode(),
}


@pytest.mark.parametrize("data", KEPT.values(), ids=KEPT)
def test_a_kept_delivery_is_read_in_every_shape(data):
    found = read_delivery(data)
    assert (found.body, found.header) == (BODY, SIGNED)


@pytest.mark.parametrize("text", [SIGNED, f"Stripe-Signature: {SIGNED}", f"'{SIGNED}'"], ids=["value", "line", "quoted"])
def test_a_header_given_by_hand_may_be_the_whole_line(text):
    assert read_delivery(BODY, text) == Delivery(BODY, SIGNED)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"\x00" * 10, "\ud800".encode("utf-8", "surrogatepass")],
                         ids=["deep lists", "deep objects", "no UTF-8", "zeroes", "half a letter"])
def test_no_body_makes_it_fall_over(body):
    assert judged(body, header(body, [STRANGER], NOW)).cause in ("unknown", "body-cut")


@given(st.binary())
def test_reading_what_was_kept_never_loses_a_raw_body(data):
    assert b"stripe-signature" in data.lower() or b'"body"' in data or read_delivery(data).body == data
