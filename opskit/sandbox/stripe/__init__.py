"""A stateful local Stripe API that the official SDKs and the Stripe CLI reach with only the base address changed.

The router, the request validator and the shapes of answers come from the installed `stripe` package (`spec/`), which is
generated from Stripe's published API; `resources/` is hand-written where state, time or events change.
"""
