"""Money in a price: amounts whole and decimal, tiers, currencies."""

from decimal import Decimal
from typing import Any

from opskit.sandbox.stripe.wire.errors import ApiError, exclusive, missing_param, refused

# docs.stripe.com/currencies
CURRENCIES = frozenset(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk "
    "djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw "
    "kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr "
    "pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std svc szl thb tjs tnd top try ttd twd tzs uah ugx usd usdc uyu uzs "
    "vnd vuv wst xaf xcd xcg xof xpf yer zar zmw".split()
)
MOST = 99_999_999_999


def currency(given: str, param: str) -> str:
    code = given.lower()
    if code not in CURRENCIES:
        raise ApiError(400, f"Invalid currency: {given[:20]}. Stripe currently supports these currencies: {', '.join(sorted(CURRENCIES))}",
                       param=param)
    return code


def amounts(params: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """unit_amount and unit_amount_decimal as an answer shows them: both, the whole one null where the decimal is no whole number."""
    if "unit_amount" in params and "unit_amount_decimal" in params:
        raise exclusive("unit_amount", "unit_amount_decimal")
    scheme, custom = params.get("billing_scheme", "per_unit"), params.get("custom_unit_amount")
    given = params.get("unit_amount", params.get("unit_amount_decimal"))
    if given is None and scheme == "per_unit" and not custom:
        name = f"{prefix}[unit_amount]" if prefix else "unit_amount"
        raise missing_param(name, "Either `unit_amount`, `unit_amount_decimal`, or `custom_unit_amount` must be provided.")
    if custom and params.get("recurring"):
        raise refused("You cannot use `custom_unit_amount` with a recurring price.", "custom_unit_amount")
    return both(given, "unit_amount", f"{prefix}[unit_amount]" if prefix else "unit_amount")


def both(given: int | str | None, name: str, param: str) -> dict[str, Any]:
    if given is None:
        return {name: None, f"{name}_decimal": None}
    number = Decimal(given)
    if number < 0:
        raise ApiError(400, "Invalid non-negative integer", code="parameter_invalid_integer", param=param)
    if number > MOST:
        raise ApiError(400, f"Invalid integer: must be at most {MOST}", code="parameter_invalid_integer", param=param)
    return {name: int(number) if number == int(number) else None, f"{name}_decimal": format(number.normalize(), "f")}


def tiers(params: dict[str, Any], scheme: str) -> dict[str, Any]:
    """A tiered price's steps; the last goes on without end."""
    if scheme == "per_unit":
        if params.get("tiers"):
            raise refused("You may only specify `tiers` when `billing_scheme=tiered`.", "tiers")
        return {"tiers": None}
    for name in ("tiers", "tiers_mode"):
        if not params.get(name):
            raise missing_param(name, f"You must specify `{name}` when `billing_scheme=tiered`.")
    if params["tiers"][-1]["up_to"] != "inf":
        raise refused("The last tier must have `up_to` set to `inf`.", "tiers")
    return {"tiers": [_tier(tier, i) for i, tier in enumerate(params["tiers"])], "unit_amount": None, "unit_amount_decimal": None}


def _tier(tier: dict[str, Any], index: int) -> dict[str, Any]:
    found: dict[str, Any] = {"up_to": None if tier["up_to"] == "inf" else tier["up_to"]}
    for name in ("flat_amount", "unit_amount"):
        found |= both(tier.get(name, tier.get(f"{name}_decimal")), name, f"tiers[{index}][{name}]")
    return found


def options(price: dict[str, Any], given: dict[str, Any] | None) -> dict[str, Any]:
    """currency_options as an expanded answer shows them: the price's own currency first, then the others."""
    own = {name: price[name] for name in ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")}
    found = {price["currency"]: own}
    for code, option in (given or {}).items():
        name = f"currency_options[{code}]"
        if currency(code, name) == price["currency"]:
            raise refused("You are specifying an update to a currency option that matches the top-level currency for this price. "
                          "Please remove this currency option and update the top-level params instead.", name)
        amount = option.get("unit_amount", option.get("unit_amount_decimal"))
        found[code] = {"custom_unit_amount": _custom(option.get("custom_unit_amount")),
                       "tax_behavior": option.get("tax_behavior", "unspecified"), **both(amount, "unit_amount", f"{name}[unit_amount]")}
    return found


def _custom(given: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: given.get(name) for name in ("maximum", "minimum", "preset")} if given and given["enabled"] else None
