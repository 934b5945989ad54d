"""`opskit stripe ...` as a person runs it: real processes, a real HTTP server that behaves as Stripe is documented to."""


def test_once_makes_everything_and_twice_is_once(platform):
    first = platform.run("bootstrap", "--yes")
    assert first.returncode == 0, first.stderr
    values = platform.values
    assert values["STRIPE_PRICE_BUILDER"].startswith("price_") and values["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")
    assert (platform.root / ".env").stat().st_mode & 0o777 == 0o600
    asked = len(platform.sandbox.requests("POST", "DELETE"))
    again = platform.run("bootstrap", "--yes")
    assert again.returncode == 0 and len(platform.sandbox.requests("POST", "DELETE")) == asked and platform.values == values
    assert values["STRIPE_WEBHOOK_SECRET"] not in first.stdout + first.stderr
