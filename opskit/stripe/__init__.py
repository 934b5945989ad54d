"""Stripe: the catalogue as code, and the receivers of its webhooks."""
