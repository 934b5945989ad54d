"""What may be set about a sandbox: how it keeps, how it delivers, how it differs where Stripe's own behaviour is not certain."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`data`: the SQLite file (None: in memory). `retries`: seconds before each further delivery of an event that was not answered
    with 2xx (Stripe's own in test mode: three, over a few hours). `keys_expire`: seconds until an idempotency key is forgotten.
    `forward`: an origin such as http://127.0.0.1:8888 that events for endpoints elsewhere are sent to; without it they are held,
    since the sandbox speaks to loopback only. `all_prices`: a list of prices without `active` holds archived ones too (the
    published reference says it does not)."""

    data: Path | None = None
    fresh: bool = False
    retries: tuple[float, ...] = (5.0, 60.0, 600.0)
    timeout: float = 10.0
    keys_expire: float = 86400.0
    forward: str = ""
    all_prices: bool = False
