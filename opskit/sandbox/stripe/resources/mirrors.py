"""A recurring price as the plan that it is too: one thing under two names, as Stripe keeps it for older programs."""

from typing import Any

SAME = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product", "tiers", "tiers_mode")
GIVEN = ("active", "billing_scheme", "currency", "metadata", "nickname", "tiers", "tiers_mode")
CHANGED = {"amount": "unit_amount", "amount_decimal": "unit_amount_decimal", "transform_usage": "transform_quantity"}
RECURRING = ("interval", "interval_count", "meter", "trial_period_days", "usage_type")


def as_plan(price: dict[str, Any]) -> dict[str, Any]:
    return {"object": "plan"} | {name: price[name] for name in SAME} | {name: price[other] for name, other in CHANGED.items()} \
        | {name: price["recurring"][name] for name in RECURRING}


def as_price_params(plan: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `plans.create` as those of `prices.create`."""
    found: dict[str, Any] = {name: plan[name] for name in GIVEN if name in plan}
    found |= {other: plan[name] for name, other in CHANGED.items() if name in plan}
    return found | {"recurring": {name: plan[name] for name in RECURRING if name in plan}}
