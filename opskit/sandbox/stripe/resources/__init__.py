"""Behaviour by resource: what happens beyond create, retrieve, update, delete and list."""

from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.resources import accounts, cards, cash, coupons, customers, endpoints, events, plans, prices, products
from opskit.sandbox.stripe.spec.shapes import Field, Shape

HANDLERS: dict[str, Handler] = {
    **accounts.ROUTES, **cards.ROUTES, **cash.ROUTES, **coupons.ROUTES, **customers.ROUTES, **endpoints.ROUTES, **events.ROUTES,
    **plans.ROUTES, **prices.ROUTES, **products.ROUTES,
}
# what programs of older versions send, and the Stripe CLI: taken where a request does not name the pinned version
_COUPON = Field("coupon", Shape("string", nullable=True), False)
EARLIER: dict[str, tuple[Field, ...]] = {
    "POST /v1/customers": (_COUPON,), "POST /v1/customers/{customer}": (_COUPON,), "POST /v1/promotion_codes": (_COUPON,),
}
# parameters that the published types do not let be emptied and that Stripe empties all the same (stripe/stripe-python#658)
EMPTIED: dict[str, frozenset[str]] = {"POST /v1/products/{id}": frozenset({"default_price"})}
