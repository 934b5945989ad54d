"""One request for every operation that the sandbox models, in an order in which each succeeds."""

from tests.sandbox.asking import filled

EVENTS = ["product.created", "price.created", "customer.created", "price.updated"]
ADDRESS = {"line1": "1 Main St", "city": "Ghent", "country": "BE", "postal_code": "9000"}

SCENE = [
    ("POST", "/v1/webhook_endpoints", {"url": "https://example.com/hook", "enabled_events": EVENTS, "description": "shop",
                                       "api_version": "2026-10-28.endive", "metadata": {"a": "b"}}),
    ("POST", "/v1/webhook_endpoints/{webhook_endpoint}", {"disabled": True, "enabled_events": ["*"], "url": "http://localhost:1/x"}),
    ("GET", "/v1/webhook_endpoints/{webhook_endpoint}", {}),
    ("GET", "/v1/webhook_endpoints", {"limit": 3}),
    ("POST", "/v1/products", {
        "id": "prod_a", "name": "A", "description": "first", "images": ["https://example.com/a.png"], "shippable": True,
        "marketing_features": [{"name": "fast"}], "package_dimensions": {"height": 1.5, "length": 2, "weight": 3, "width": 4},
        "statement_descriptor": "SHOP", "tax_code": "txcd_10000000", "unit_label": "seat", "url": "https://example.com", "metadata": {"k": "v"},
        "tax_details": {"tax_code": "txcd_10000000"}, "expand": ["default_price"],
        "default_price_data": {"currency": "usd", "unit_amount": 9900, "recurring": {"interval": "month"}},
    }),
    ("POST", "/v1/products/{id}", {"name": "A2", "metadata": {"k": "", "l": "w"}, "description": ""}),
    ("GET", "/v1/products/{id}", {"expand": ["default_price.product"]}),
    ("GET", "/v1/products", {"active": True, "created": {"gte": 1}}),
    ("POST", "/v1/prices", {
        "product": "prod_a", "currency": "USD", "unit_amount_decimal": "12.5", "lookup_key": "a_yearly", "nickname": "yearly",
        "recurring": {"interval": "year", "trial_period_days": 7}, "tax_behavior": "exclusive", "metadata": {"x": "1"},
        "currency_options": {"eur": {"unit_amount": 1100}}, "expand": ["currency_options", "product"],
    }),
    ("POST", "/v1/prices", {
        "product_data": {"name": "Metered"}, "currency": "jpy", "billing_scheme": "tiered", "tiers_mode": "volume", "expand": ["tiers"],
        "recurring": {"interval": "month", "usage_type": "licensed"}, "tiers": [{"up_to": 10, "unit_amount": 5}, {"up_to": "inf", "flat_amount": 7}],
    }),
    ("POST", "/v1/prices", {"product": "prod_a", "currency": "usd", "custom_unit_amount": {"enabled": True, "minimum": 100},
                            "transform_quantity": {"divide_by": 10, "round": "up"}}),
    ("POST", "/v1/prices/{price}", {"nickname": "year", "metadata": {"x": "2"}, "active": False}),
    ("GET", "/v1/prices/{price}", {"expand": ["product"]}),
    ("GET", "/v1/prices", {"recurring": {"interval": "month"}, "expand": ["data.product"]}),
    ("POST", "/v1/plans", {"currency": "usd", "interval": "month", "amount": 2000, "product": {"name": "P"}, "trial_period_days": 3}),
    ("POST", "/v1/plans/{plan}", {"nickname": "n", "metadata": {"a": "b"}}),
    ("GET", "/v1/plans/{plan}", {"expand": ["product"]}),
    ("GET", "/v1/plans", {"active": True}),
    ("DELETE", "/v1/plans/{plan}", {}),
    ("POST", "/v1/customers", {
        "email": "ann@example.com", "name": "Ann", "address": ADDRESS, "shipping": {"name": "Ann", "address": ADDRESS}, "phone": "1",
        "balance": -5, "invoice_settings": {"custom_fields": [{"name": "PO", "value": "7"}], "footer": "bye"}, "tax_exempt": "reverse",
        "preferred_locales": ["nl"], "metadata": {"a": "b"}, "expand": ["subscriptions", "sources", "tax_ids"],
    }),
    ("POST", "/v1/customers/{customer}", {"email": "bea@example.com", "invoice_settings": {"footer": "later"}}),
    ("GET", "/v1/customers/{customer}", {}),
    ("GET", "/v1/customers", {"email": "bea@example.com"}),
    ("POST", "/v1/customers/{customer}/sources", {"source": "tok_visa", "metadata": {"a": "b"}}),
    ("POST", "/v1/customers/{customer}/sources", {"source": "tok_amex", "expand": ["customer"]}),
    ("POST", "/v1/customers/{customer}/sources/{id}", {"exp_month": 3, "exp_year": 2031, "address_zip": "9000", "name": "Bea"}),
    ("GET", "/v1/customers/{customer}/sources/{id}", {}),
    ("GET", "/v1/customers/{customer}/sources", {"object": "card", "expand": ["data.customer"]}),
    ("POST", "/v1/customers/{customer}", {"source": "tok_mastercard", "expand": ["default_source", "sources"]}),
    ("DELETE", "/v1/customers/{customer}/sources/{id}", {}),
    ("POST", "/v1/customers", {"email": "cas@example.com", "source": "tok_visa_debit"}),
    *(("POST", "/v1/test_helpers/customers/{customer}/fund_cash_balance", {"amount": 1000, "currency": money, "reference": "F 7"})
      for money in ("usd", "eur", "gbp", "jpy", "mxn")),
    ("POST", "/v1/customers/{customer}/cash_balance", {"settings": {"reconciliation_mode": "manual"}}),
    ("GET", "/v1/customers/{customer}/cash_balance", {}),
    ("GET", "/v1/customers/{customer}/cash_balance_transactions", {}),
    ("GET", "/v1/customers/{customer}/cash_balance_transactions/{transaction}", {"expand": ["customer.cash_balance"]}),
    ("POST", "/v1/customers", {"email": "dan@example.com"}),
    ("POST", "/v1/coupons", {"id": "TEN", "percent_off": 10, "duration": "repeating", "duration_in_months": 3, "metadata": {"a": "b"}}),
    ("POST", "/v1/coupons/{coupon}", {"name": "Ten"}),
    ("GET", "/v1/coupons/{coupon}", {}),
    ("GET", "/v1/coupons", {}),
    ("POST", "/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": "TEN"}, "code": "SPRING", "restrictions": {"minimum_amount": 5}}),
    ("POST", "/v1/promotion_codes/{promotion_code}", {"active": False}),
    ("GET", "/v1/promotion_codes/{promotion_code}", {}),
    ("GET", "/v1/promotion_codes", {"active": False, "code": "SPRING", "expand": ["data.promotion.coupon"]}),
    ("POST", "/v1/tax_rates", {"display_name": "VAT", "inclusive": False, "percentage": 21, "country": "BE"}),
    ("POST", "/v1/tax_rates/{tax_rate}", {"active": False}),
    ("GET", "/v1/tax_rates/{tax_rate}", {}),
    ("GET", "/v1/tax_rates", {"active": False}),
    ("POST", "/v1/customers/{customer}", {"coupon": "TEN"}),
    ("DELETE", "/v1/customers/{customer}/discount", {}),
    ("DELETE", "/v1/coupons/{coupon}", {}),
    ("DELETE", "/v1/customers/{customer}", {}),
    ("GET", "/v1/customers/{customer}", {}),
    ("GET", "/v1/events", {"types": ["product.updated", "customer.updated", "price.updated"]}),
    ("GET", "/v1/events", {"limit": 100}),
    ("GET", "/v1/events/{id}", {}),
    ("GET", "/v1/account", {}),
    ("GET", "/v1/accounts/{account}", {}),
    ("POST", "/v1/products", {"id": "prod_bare", "name": "Bare"}),
    ("DELETE", "/v1/products/{id}", {}),
    ("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}", {}),
]


def play(caller):
    """[(route, status, body)] of the scene; an id in a path is that of the last object which such a request made."""
    last, played = {}, []
    for method, path, params in SCENE:
        older = {"stripe_version": "2024-06-20"} if "coupon" in params else {}
        asked = filled(path, last)
        status, body = caller.ask(method, asked, params, **older)
        played.append((f"{method} {path}", status, body))
        made = body["data"][0] if body["object"] == "list" and body["data"] else body
        if "id" in made and not path.endswith("}"):
            last["/v1/accounts" if path == "/v1/account" else asked] = made["id"]
    return played
