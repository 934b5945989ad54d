"""stripe.yaml: what it may say, and what is told where it cannot be meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.stripe.money import THREE, WHOLE, ZERO, Unpayable, exponent, major, minor
from opskit.stripe.published import events, versions
from opskit.stripe.reading import read_catalogue
from tests.stripe.conftest import FILE


def faults(text):
    return [(fault.place.line, fault.message) for fault in read_catalogue("stripe.yaml", text.encode())[1]]


def test_the_usual_file():
    catalogue, wrong = read_catalogue("stripe.yaml", FILE.encode())
    assert not wrong and [(p.key, p.amount, p.lookup_key, p.env) for p in catalogue.prices] == [
        ("builder.monthly", 9900, "builder_monthly", ("STRIPE_PRICE_BUILDER",)), ("studio.monthly", 99900, "studio_monthly", ("STRIPE_PRICE_STUDIO",))]
    assert catalogue.endpoints[0].api_version == "2023-10-16" and catalogue.products[0].id == "prod_builder"


@pytest.mark.parametrize(("old", "new", "line", "said"), [
    ("99.00", "99.999", 8, "too many decimals"), ("99.00", "29.990000000000002", 8, "too many decimals"), ("99.00", "1e2", 8, "not an amount"),
    ("99.00", "99,00", 8, "has no setting `00`"), ("99.00", "-1", 8, "not an amount"), ("99.00", "", 8, "has no amount"),
    ("interval: month", "interval: fortnight", 8, "no interval"), ("interval: month", "interval: year, interval_count: 4", 8, "not from 1 to 3"),
    ("name: Studio", "nam: Studio", 10, "no setting `nam`"), ("  studio:", "  builder:", 9, "stands twice"),
    ("STRIPE_PRICE_STUDIO", "STRIPE_PRICE_BUILDER", 12, "two entries have the variable"), ("invoice.payment_failed", "invoice.payd", 16, "no event"),
    ('"2023-10-16"', '"2023-10-17"', 17, "no API version"), ("https://", "ftp://", 15, "no URL"), ("default: true", "default: 1", 8, "true or false"),
    ("env: STRIPE_WEBHOOK_SECRET", "env: a-b", 18, "no name of a variable"), ("version: 1", "version: 2", 1, "not a version"),
    ("version: 1", "version: [1", 2, "expected"), ("interval: month", "interval: month, column: tiers.id", 8, "which row"),
    ("interval: month", "interval: month, currency: dollars", 8, "no currency"),
    ("env: STRIPE_PRICE_BUILDER", "env: STRIPE_SECRET_KEY", 8, "would be written over"), ("{domain}", "{host}", 15, "another brace"),
    ("env: STRIPE_WEBHOOK_SECRET", "env: STRIPE_PUBLISHABLE_KEY", 18, "would be written over"), ("name: Studio", "name: Studio\n    id: a b", 11, "no id of a product"),
], ids=lambda value: str(value)[:24])
def test_what_cannot_be_meant_is_told_with_its_line(old, new, line, said):
    found = faults(FILE.replace(old, new, 1))
    assert any(at == line and said in message for at, message in found), found


@pytest.mark.parametrize(("text", "currency", "units"), [
    ("99.00", "usd", 9900), ("99", "usd", 9900), ("0.5", "eur", 50), ("500", "jpy", 500), ("500.00", "jpy", 500), ("1.250", "kwd", 1250),
    ("5", "ugx", 500), ("999999.99", "usd", 99999999)])
def test_amounts_become_minor_units(text, currency, units):
    assert minor(text, currency) == units


@pytest.mark.parametrize(("text", "currency"), [
    ("1.5", "jpy"), ("1.255", "kwd"), ("5.50", "ugx"), ("1000000.00", "usd"), ("1_000", "usd"), ("0x10", "usd"), (".5", "usd"), ("١", "usd")])
def test_amounts_that_stripe_would_not_take_are_refused(text, currency):
    with pytest.raises(Unpayable):
        minor(text, currency)


@given(st.integers(0, 99_999_999), st.sampled_from(sorted(ZERO | THREE | WHOLE | {"usd", "eur", "gbp"})))
def test_every_payable_amount_is_read_back_as_it_was(units, currency):
    units -= units % (10 if currency in THREE else 100 if currency in WHOLE else 1)
    assert minor(major(units, currency), currency) == units
    assert Decimal(major(units, currency)).scaleb(exponent(currency)) == units


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_without_an_exception(data):
    read_catalogue("stripe.yaml", data)


def test_events_and_versions_are_those_of_the_installed_library():
    import stripe

    assert {"*", "checkout.session.completed", "invoice.payment_failed"} <= events() and len(events()) > 200
    assert {stripe.api_version, "2023-10-16"} <= versions()
