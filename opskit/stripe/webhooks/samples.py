"""Events as Stripe writes them, in the shapes of two API versions, for probes and tests.

Between them lies `basil` (2025-03-31): it moved `current_period_*` from the subscription to its items and `invoice.subscription`
to `invoice.parent` (docs.stripe.com/changelog/basil).
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BEFORE, AFTER = "2024-06-20", "2025-03-31.basil"
MONTH = 30 * 86400
KINDS = ("checkout.session.completed", "customer.subscription.updated", "customer.subscription.deleted", "invoice.paid",
         "invoice.payment_failed")

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Samples:
    """One buyer's events. `run` marks every id; `given` are values by dotted path that each event gets (`data.object.metadata.user`)."""

    run: str = field(default_factory=lambda: secrets.token_hex(5))
    version: str = AFTER
    given: Mapping[str, str] = field(default_factory=dict)

    def event(self, kind: str, mark: str, created: int, version: str = "", **changes: Any) -> Event:
        """An event of one kind; events of one `mark` share customer and subscription. An unknown kind carries a bare object."""
        version = version or self.version
        thing = {**self._object(kind, mark, created, version < AFTER), **changes}
        made: Event = {
            "id": f"evt_probe{self.run}{secrets.token_hex(6)}", "object": "event", "api_version": version, "created": created,
            "data": {"object": thing}, "livemode": False, "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None}, "type": kind,
        }
        for path, value in self.given.items():
            _set(made, path.split("."), value)
        return made

    def id(self, prefix: str, mark: str) -> str:
        return f"{prefix}_probe{self.run}{mark}"

    def _object(self, kind: str, mark: str, created: int, old: bool) -> dict[str, Any]:
        if kind.startswith("checkout.session."):
            return self._session(mark, created)
        if kind.startswith("customer.subscription."):
            return self._subscription(mark, created, old, "canceled" if kind.endswith("deleted") else "active")
        if kind.startswith("invoice."):
            return self._invoice(mark, created, old, "paid" if kind in ("invoice.paid", "invoice.payment_succeeded") else "open")
        if kind.startswith("payment_intent."):
            status = "succeeded" if kind.endswith("succeeded") else "requires_payment_method"
            return {"id": self.id("pi", mark), "object": "payment_intent", "amount": 9900, "currency": "usd", "status": status,
                    "customer": self.id("cus", mark), "metadata": {}, "receipt_email": self._email(mark), "created": created}
        return {"id": self.id("obj", mark), "object": kind.rpartition(".")[0], "created": created, "livemode": False, "metadata": {}}

    def _email(self, mark: str) -> str:
        return f"probe-{self.run}-{mark}@example.com"

    def _session(self, mark: str, created: int) -> dict[str, Any]:
        return {
            "id": self.id("cs_test", mark), "object": "checkout.session", "amount_subtotal": 9900, "amount_total": 9900,
            "client_reference_id": None, "created": created, "currency": "usd", "customer": self.id("cus", mark),
            "customer_details": {"address": None, "email": self._email(mark), "name": "Probe", "phone": None},
            "customer_email": self._email(mark), "expires_at": created + 86400, "livemode": False,
            "metadata": {"name": "Probe", "tier": "builder", "user_id": mark}, "mode": "subscription", "payment_status": "paid",
            "status": "complete", "subscription": self.id("sub", mark), "success_url": "https://example.com/thanks", "url": None,
        }

    def _subscription(self, mark: str, created: int, old: bool, status: str) -> dict[str, Any]:
        period = {"current_period_end": created + MONTH, "current_period_start": created}
        item = {"id": self.id("si", mark), "object": "subscription_item", **({} if old else period), "quantity": 1,
                "price": {"id": self.id("price", mark), "object": "price", "currency": "usd", "unit_amount": 9900,
                          "recurring": {"interval": "month", "interval_count": 1}}, "subscription": self.id("sub", mark)}
        ended = created if status == "canceled" else None
        return {
            "id": self.id("sub", mark), "object": "subscription", "cancel_at_period_end": False, "canceled_at": ended, "created": created,
            **(period if old else {}), "currency": "usd", "customer": self.id("cus", mark), "ended_at": ended,
            "items": {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"},
            "latest_invoice": self.id("in", mark), "livemode": False, "metadata": {"user_id": mark}, "status": status, "trial_end": None,
        }

    def _invoice(self, mark: str, created: int, old: bool, status: str) -> dict[str, Any]:
        subscription, paid = self.id("sub", mark), status == "paid"
        parent = {"parent": {"type": "subscription_details", "subscription_details": {"subscription": subscription, "metadata": {}}}}
        return {
            "id": self.id("in", mark), "object": "invoice", "amount_due": 9900, "amount_paid": 9900 if paid else 0, "attempt_count": 1,
            "billing_reason": "subscription_cycle", "created": created, "currency": "usd", "customer": self.id("cus", mark),
            "customer_email": self._email(mark), "hosted_invoice_url": "https://example.com/invoice",
            "lines": {"object": "list", "data": [], "has_more": False, "url": "/v1/invoices/lines"}, "livemode": False, "metadata": {},
            "next_payment_attempt": None if paid else created + 3 * 86400, "number": "PROBE-0001",
            **({"subscription": subscription, "paid": paid, "payment_intent": self.id("pi", mark)} if old else parent), "status": status,
        }


def written(event: Event) -> bytes:
    """The bytes as Stripe sends them: two spaces of indent, letters as they are."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def _set(holder: Any, path: list[str], value: str) -> None:
    """Only where the way there exists: an event without metadata keeps having none."""
    for part in path[:-1]:
        holder = holder.get(part) if isinstance(holder, dict) else None
    if isinstance(holder, dict):
        holder[path[-1]] = value
