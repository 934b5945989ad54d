"""A customer's cash balance: funded by the test helper, told of; what it pays is not modelled here."""

from typing import Any

from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import Handler, Page
from opskit.sandbox.stripe.lists import OF_CUSTOMER, page
from opskit.sandbox.stripe.resources.amounts import currency
from opskit.sandbox.stripe.store import Kept
from opskit.sandbox.stripe.wire.errors import ApiError, no_such, refused

TRANSACTION = "customer_cash_balance_transaction"
SENDER = "Opskit Sandbox"
# by currency: the kind of bank transfer and what its record tells of the sender
TRANSFERS: dict[str, tuple[str, dict[str, str] | None]] = {
    "usd": ("us_bank_transfer", {"network": "ach", "sender_name": SENDER}),
    "eur": ("eu_bank_transfer", {"bic": "BANKDEAAXXX", "iban_last4": "7089", "sender_name": SENDER}),
    "gbp": ("gb_bank_transfer", {"account_number_last4": "6789", "sender_name": SENDER, "sort_code": "108800"}),
    "jpy": ("jp_bank_transfer", {"sender_bank": "STRIPE TEST BANK", "sender_branch": "TEST BRANCH", "sender_name": SENDER}),
    "mxn": ("mx_bank_transfer", None),
}


def fund(desk: Desk) -> Kept:
    """An incoming bank transfer in test mode."""
    amount, money, customer = desk.params["amount"], currency(desk.params["currency"], "currency"), _customer(desk)
    if amount < 1:
        raise ApiError(400, "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount")
    if money not in TRANSFERS:
        raise refused(f"Bank transfers are made in {', '.join(TRANSFERS)}, not in {money}.", "currency")
    balance = _balance(desk, customer)
    available = dict(balance.body["available"] or {})
    available[money] = available.get(money, 0) + amount
    balance.body["available"] = available
    _save(desk, balance)
    kind, sender = TRANSFERS[money]
    transfer: dict[str, Any] = {"type": kind, "reference": desk.params.get("reference")} | ({kind: sender} if sender else {})
    body = desk.blank(TRANSACTION, {}, customer=customer, currency=money, net_amount=amount, ending_balance=available[money],
                      type="funded", funded={"bank_transfer": transfer})
    made = desk.add(TRANSACTION, body)
    desk.emit("cash_balance.funds_available", balance.body)
    return made


def retrieve(desk: Desk) -> Kept:
    return _balance(desk, _customer(desk))


def update(desk: Desk) -> Kept:
    balance = _balance(desk, _customer(desk))
    mode = (desk.params.get("settings") or {}).get("reconciliation_mode")
    if mode:
        merchant = mode == "merchant_default"
        balance.body["settings"] = {"reconciliation_mode": "automatic" if merchant else mode, "using_merchant_default": merchant}
        _save(desk, balance)
    return balance


def transaction(desk: Desk) -> Kept:
    found = desk.store.get(TRANSACTION, desk.id)
    if found is None or found.body["customer"] != _customer(desk):
        raise no_such(TRANSACTION, desk.id)
    return found


def listing(desk: Desk) -> Page:
    return page(desk.store, TRANSACTION, desk.params, [OF_CUSTOMER], [_customer(desk)])


def funded(desk: Desk, customer: str) -> bool:
    balance = desk.store.get("cash_balance", customer)
    return balance is not None and balance.body["available"] is not None


def _customer(desk: Desk) -> str:
    return desk.find("customer", desk.ids["customer"], "customer").id


def _balance(desk: Desk, customer: str) -> Kept:
    """It has no id of its own and is kept under its customer's; one that nothing was done to is not kept."""
    body = {"object": "cash_balance", "available": None, "customer": customer, "customer_account": None, "livemode": False,
            "settings": {"reconciliation_mode": "automatic", "using_merchant_default": True}}
    return desk.store.get("cash_balance", customer) or Kept("cash_balance", customer, body)


def _save(desk: Desk, balance: Kept) -> None:
    if balance.seq:
        desk.store.save(balance)
    else:
        desk.store.insert(balance)


ROUTES: dict[str, Handler] = {
    "POST /v1/test_helpers/customers/{customer}/fund_cash_balance": fund, "GET /v1/customers/{customer}/cash_balance": retrieve,
    "POST /v1/customers/{customer}/cash_balance": update, "GET /v1/customers/{customer}/cash_balance_transactions": listing,
    "GET /v1/customers/{customer}/cash_balance_transactions/{transaction}": transaction,
}
