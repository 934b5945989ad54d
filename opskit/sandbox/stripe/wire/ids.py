"""Ids with the prefixes that Stripe's have, by the object's name."""

import secrets
import string

PREFIXES = {
    "account": "acct", "billing_portal.configuration": "bpc", "card": "card", "charge": "ch", "customer": "cus",
    "customer_cash_balance_transaction": "ccsbtxn", "discount": "di",
    "event": "evt", "plan": "plan", "price": "price", "product": "prod", "promotion_code": "promo", "request": "req",
    "shipping_rate": "shr", "tax_rate": "txr", "webhook_endpoint": "we",
}
LENGTHS = {"customer": 14, "product": 14, "coupon": 8, "request": 14, "account": 16}
ALPHABET = string.ascii_letters + string.digits


def new_id(kind: str) -> str:
    """A fresh id such as `price_1a2B...`; a coupon's has no prefix."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTHS.get(kind, 24)))
    prefix = "" if kind == "coupon" else PREFIXES.get(kind, kind.rsplit(".", 1)[-1])
    return f"{prefix}_{text}" if prefix else text
