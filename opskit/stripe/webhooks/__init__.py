"""Webhooks: who receives them, whether they hold, and what Stripe has on file for them."""
