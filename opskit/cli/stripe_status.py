"""What `opskit stripe status` compares beside the plan."""

import os
from collections.abc import Iterator

from opskit.cli.session import Session
from opskit.cli.stripe_account import Situation
from opskit.core.finding import Finding


def differences(session: Session, seen: Situation) -> Iterator[Finding]:
    """Variables that the process environment overrides."""
    for value in seen.values:
        if value.name in os.environ and value.kind == "price" and os.environ[value.name] != value.shown:
            place = next(p.place for p in seen.catalogue.prices if p.key == value.key)
            yield Finding("OPS-S011", "warning", f"the environment sets {value.name} to another id, and wins over {seen.files[-1]}", place,
                          help=f"unset {value.name}", harm=45)
