"""The fixture that users get, for our own tests."""

from opskit.sandbox.stripe.testing import stripe_library, stripe_sandbox, stripe_sandbox_settings

__all__ = ["stripe_library", "stripe_sandbox", "stripe_sandbox_settings"]
