"""An object of the API before anything is known of it: every field of its class, empty, and how it is shown to a caller."""

from typing import Any

from opskit.sandbox.stripe.spec.shapes import Shape

# given only when expanded (their docstrings and docs.stripe.com/expand), so not in a plain answer
INCLUDED_ONLY = {
    "customer": ("cash_balance", "sources", "subscriptions", "tax", "tax_ids", "invoice_credit_balance"),
    "price": ("currency_options", "tiers"),
    "plan": ("tiers",),
}
# absent, not null, unless something sets them (optional, not nullable, in the types of `stripe` for Node)
ABSENT = {
    "account": ("deleted", "capabilities", "company", "controller", "external_accounts", "future_requirements", "groups", "individual",
                "requirements", "tos_acceptance"),
    "customer": ("deleted", "business_name", "individual_name", "customer_account"),
    "webhook_endpoint": ("deleted", "secret"), "price": ("deleted",), "plan": ("deleted",), "event": ("account", "context"),
    "coupon": ("deleted", "applies_to"),
    "card": ("deleted", "account", "available_payout_methods", "currency", "default_for_currency", "description", "iin", "issuer",
             "networks", "status"),
    "customer_cash_balance_transaction": ("adjusted_for_overdraft", "applied_to_payment", "refunded_from_payment",
                                          "transferred_to_balance", "unapplied_from_payment"),
}
EMPTY: dict[str, Any] = {"string": "", "integer": 0, "number": 0.0, "decimal": "0", "boolean": False, "true": True}


def skeleton(shape: Shape, kind: str = "") -> dict[str, Any]:
    """Every field of a record, null where it may be, else the emptiest value of its type. A map that need not be there is not: the
    official Python library takes none for null."""
    absent = ABSENT.get(kind, ("deleted",))
    return {field.name: blank(field.shape) for field in shape.fields
            if field.name not in absent and not (field.shape.kind == "map" and field.shape.nullable)}


def blank(shape: Shape) -> Any:
    if shape.nullable:
        return None
    if shape.kind == "record":
        return skeleton(shape)
    if shape.kind == "enum":
        return shape.values[0]
    if shape.kind == "array":
        return []
    if shape.kind in ("map", "any", "object"):
        return {}
    if shape.kind == "list":
        return {"object": "list", "data": [], "has_more": False, "url": ""}
    if shape.kind == "choice":
        return blank(shape.parts[0])
    return EMPTY.get(shape.kind, "")


def fit(shape: Shape, value: Any) -> Any:
    """A parameter's value in the shape that an answer gives it: records whole, what the answer has no place for left out."""
    if value is None:
        return blank(shape)
    if shape.kind == "record" and isinstance(value, dict):
        known = {field.name: field.shape for field in shape.fields}
        return skeleton(shape) | {name: fit(known[name], inner) for name, inner in value.items() if name in known}
    if shape.kind == "array" and isinstance(value, list):
        return [fit(shape.parts[0], inner) for inner in value]
    if shape.kind == "map" and isinstance(value, dict):
        return {name: fit(shape.parts[0], inner) for name, inner in value.items()}
    return value
