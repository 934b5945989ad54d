"""Amounts as people write them to the minor units that Stripe takes, and back. Never through a float.

Exponents: docs.stripe.com/currencies ("Minor units in API amounts", "Special cases").
"""

import re
from decimal import Decimal

ZERO = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE = frozenset("bhd jod kwd omr tnd".split())
WHOLE = frozenset("isk ugx".split())
CURRENCY = re.compile(r"[a-z]{3}")
AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?")
MOST = 99_999_999


class Unpayable(ValueError):
    """An amount that Stripe would not take as it is written; the message says why."""


def exponent(currency: str) -> int:
    """Decimals of a currency's minor unit. ISK and UGX have none, and are given with two all the same."""
    return 0 if currency in ZERO else 3 if currency in THREE else 2


def minor(text: str, currency: str) -> int:
    """`99.00` usd -> 9900, `500` jpy -> 500, `1.250` kwd -> 1250. Raises Unpayable."""
    if not AMOUNT.fullmatch(text):
        raise Unpayable(f"`{text[:40]}` is not an amount: write digits with a point, such as 99.00")
    digits, value = exponent(currency), Decimal(text)
    scaled = value.scaleb(digits)
    if scaled != scaled.to_integral_value():
        allowed = f"{digits} decimals" if digits else "no decimals"
        raise Unpayable(f"{text} has too many decimals: {currency.upper()} has {allowed}")
    units = int(scaled)
    if currency in THREE and units % 10:
        raise Unpayable(f"{text}: Stripe takes {currency.upper()} only with a 0 as its third decimal")
    if currency in WHOLE and units % 100:
        raise Unpayable(f"{text}: {currency.upper()} has no decimals")
    if units > MOST:
        raise Unpayable(f"{text} is more than Stripe's eight digits")
    return units


def major(units: int, currency: str) -> str:
    """9900 usd -> `99.00`; the inverse of `minor`."""
    digits = exponent(currency)
    return f"{Decimal(units).scaleb(-digits):.{digits}f}"


def told(units: int | None, currency: str, interval: str = "", count: int = 1) -> str:
    """`99.00 USD a month`, `25.00 USD every 3 months`, `10.00 USD once`."""
    if units is None:
        return "a price of tiers"
    each = "once" if not interval else f"a {interval}" if count == 1 else f"every {count} {interval}s"
    return f"{major(units, currency)} {currency.upper()} {each}"
