"""Behaviour by resource: what happens beyond create, retrieve, update, delete and list."""

from opskit.sandbox.stripe.generic import Handler
from opskit.sandbox.stripe.resources import accounts, customers, endpoints, events, plans, prices, products

HANDLERS: dict[str, Handler] = {
    **accounts.ROUTES, **customers.ROUTES, **endpoints.ROUTES, **events.ROUTES, **plans.ROUTES, **prices.ROUTES, **products.ROUTES,
}
# parameters that the published types do not let be emptied and that Stripe empties all the same (stripe/stripe-python#658)
EMPTIED: dict[str, frozenset[str]] = {"POST /v1/products/{id}": frozenset({"default_price"})}
