"""Every diagnostic code of every room, for `explain`, SARIF and the docs pages."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opskit.core.codes import Code

HOMES = {"webhooks": "stripe.webhooks"}
ROOMS = ("cli", "env", "db", "stripe", "webhooks", "paths", "deps", "ports", "services")


def home(room: str) -> str:
    """The package of a room by the name that people give it."""
    return f"opskit.{HOMES.get(room, room)}"


def catalogue() -> "dict[str, Code]":
    return {code.code: code for room in ROOMS for code in importlib.import_module(f"{home(room)}.codes").CODES}
