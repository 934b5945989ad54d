"""Catalogues for the tests: one of the usual kind, and random ones with few enough names that edits meet."""

from hypothesis import strategies as st

from opskit.stripe.catalogue import Catalogue, Endpoint, Price, Product

EVENTS = ("checkout.session.completed", "invoice.paid", "customer.subscription.deleted")


def price(product, name="monthly", amount=9900, interval="month", **more):
    key = f"{product}.{name}"
    more.setdefault("lookup_key", key.replace(".", "_"))
    return Price(key, amount, more.pop("currency", "usd"), interval, more.pop("count", 1), **more)


def product(key="builder", *prices, id="", name="", **fields):
    return Product(key, id or f"prod_{key}", name or key.title(), fields, prices or (price(key),))


def endpoint(key="main", url="https://shop.example/hook", events=EVENTS[:1], **more):
    return Endpoint(key, url, events, more.pop("env", f"STRIPE_{key.upper()}_SECRET"), **more)


def usual(**more):
    tiers = (product("builder", price("builder", default=True, env=("STRIPE_PRICE_BUILDER",))),
             product("studio", price("studio", amount=99900, env=("STRIPE_PRICE_STUDIO",))))
    return Catalogue(tiers, (endpoint(env="STRIPE_WEBHOOK_SECRET"),), "shop", **more)


@st.composite
def products(draw, key):
    names = draw(st.lists(st.sampled_from(("a", "b", "c")), unique=True, max_size=3))
    marked = draw(st.sampled_from((*names, "")))
    prices = []
    for name in names:
        lookup = draw(st.sampled_from((f"{key}_{name}", f"{key}_{name}_v2")))
        prices.append(price(key, name, draw(st.sampled_from((500, 900, 1200))), draw(st.sampled_from(("month", "year", ""))),
                            lookup_key=lookup, nickname=draw(st.sampled_from(("", "nick"))), default=name == marked,
                            tax_behavior=draw(st.sampled_from(("", "", "exclusive")))))
    fields = draw(st.fixed_dictionaries({}, optional={"description": st.sampled_from(("", "one", "two"))}))
    return Product(key, draw(st.sampled_from((f"prod_{key}", f"prod_{key}_2"))), draw(st.sampled_from((key, key.upper()))), fields, tuple(prices))


@st.composite
def catalogues(draw):
    keys = draw(st.lists(st.sampled_from(("one", "two", "three")), unique=True, max_size=3))
    hooks = draw(st.lists(st.sampled_from(("main", "other")), unique=True, max_size=2))
    made = tuple(endpoint(h, draw(st.sampled_from((f"https://x.example/{h}", f"https://y.example/{h}"))), draw(st.sampled_from((EVENTS[:1], EVENTS))),
                          api_version=draw(st.sampled_from(("", "2023-10-16", "2025-03-31.basil")))) for h in hooks)
    return Catalogue(tuple(draw(products(key)) for key in keys), made, "shop")
