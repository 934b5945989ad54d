"""The test tokens of docs.stripe.com/testing that stand for cards, and what each comes to when it is attached to a customer."""

import hashlib
from dataclasses import dataclass
from typing import Any

from opskit.sandbox.stripe.wire.errors import ApiError, declined, no_such


@dataclass(frozen=True, slots=True)
class Plastic:
    brand: str
    last4: str
    funding: str = "credit"


CARDS = {
    "tok_visa": Plastic("Visa", "4242"), "tok_visa_debit": Plastic("Visa", "5556", "debit"),
    "tok_mastercard": Plastic("MasterCard", "4444"), "tok_mastercard_debit": Plastic("MasterCard", "8210", "debit"),
    "tok_mastercard_prepaid": Plastic("MasterCard", "5100", "prepaid"), "tok_amex": Plastic("American Express", "8431"),
    "tok_discover": Plastic("Discover", "1117"), "tok_diners": Plastic("Diners Club", "0004"), "tok_jcb": Plastic("JCB", "0505"),
    "tok_unionpay": Plastic("UnionPay", "0005"),
    "tok_chargeCustomerFail": Plastic("Visa", "0341"),  # is attached; only a charge of it fails
}
# code, decline_code, message, param: these are declined where a card is attached, since Stripe validates it then
DECLINED = {
    "chargeDeclined": ("card_declined", "generic_decline", "Your card was declined.", ""),
    "chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds", "Your card has insufficient funds.", ""),
    "chargeDeclinedLostCard": ("card_declined", "lost_card", "Your card was declined.", ""),
    "chargeDeclinedStolenCard": ("card_declined", "stolen_card", "Your card was declined.", ""),
    "chargeDeclinedExpiredCard": ("expired_card", "", "Your card has expired.", "exp_month"),
    "chargeDeclinedIncorrectCvc": ("incorrect_cvc", "", "Your card's security code is incorrect.", "cvc"),
    "chargeDeclinedProcessingError":
        ("processing_error", "", "An error occurred while processing your card. Try again in a little bit.", ""),
    "cvcCheckFail": ("incorrect_cvc", "", "Your card's security code is incorrect.", "cvc"),
}


def card_of(token: str) -> dict[str, Any]:
    """The fields of the card behind a token; an error of the card where it is declined, of the request where there is no such token."""
    refusal = DECLINED.get(token.removeprefix("tok_").removeprefix("visa_")) if token.startswith("tok_") else None
    if refusal:
        raise declined(*refusal)
    if token not in CARDS:
        raise _unknown(token)
    plastic = CARDS[token]
    return {"brand": plastic.brand, "last4": plastic.last4, "funding": plastic.funding,
            "fingerprint": hashlib.sha256(token.encode()).hexdigest()[:16]}


def _unknown(given: str) -> ApiError:
    kind = "source" if given.startswith(("src_", "card_", "ba_")) else "token"
    return no_such(kind, given[:80], "source", 400)
