"""What a person sees of running services: prefixed lines, states as sentences, rows of a table."""

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from opskit.services.logs import COLOUR

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
GOOD, WAITING = ("ready", "disabled", "stopped"), ("pending", "starting", "restarting")
FACTS = ("name", "path", "command", "port", "state", "url", "enabled", "reason", "pid", "loopback", "failures")


def prefixed(name: str, text: str, width: int, colour: bool) -> str:
    """Each line behind its service's name; colours of the service itself only where we have colours too."""
    head = f"{name:<{width}} | "
    if colour:
        head = f"\x1b[{COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]}m{head}\x1b[0m"
    lines = (text if colour else COLOUR.sub("", text)).rstrip("\n").split("\n")
    reset = "\x1b[0m" if colour and "\x1b[" in text else ""
    return "".join(f"{head}{line}{reset}\n" for line in lines)


def sentence(row: Mapping[str, Any]) -> str:
    """One state as a line; "" for those that tell a person nothing new."""
    name, state, reason = row["name"], row["state"], row["reason"]
    if state == "ready":
        where = row["url"] or (f"port {row['port']}" if row["port"] else "")
        return f"{name} is ready{' on ' + where if where else ''}"
    if state in ("pending", "starting", "disabled"):
        return ""
    return f"{name} is {state}{': ' + reason if reason else ''}"


def facts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as `facts.services` of the JSON report."""
    return [{key: {**row, "loopback": loopback(row)}[key] for key in FACTS} for row in rows]


def loopback(row: Mapping[str, Any]) -> str:
    """How a service is kept on loopback: by a hook, not at all because it is exposed, or only watched."""
    if row["exposed"]:
        return "exposed"
    return f"kept by a {row['hook']} hook" if row["hook"] else "watched, no hook can keep it"


COLUMNS = ("service", "state", "where", "pid")


def table(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Rows for a person: name, state, where, pid; disabled ones are told by `reasons` alone."""
    return tuple((row["name"], row["state"], row["url"] or (f"port {row['port']}" if row["port"] else "-"), str(row["pid"] or "-"))
                 for row in rows if row["state"] != "disabled")


def reasons(rows: Iterable[Mapping[str, Any]], everything: bool = False) -> tuple[str, ...]:
    """A line for each row that has something to say; disabled ones are counted, or with `everything` told too."""
    rows = list(rows)
    disabled = [row for row in rows if row["state"] == "disabled"]
    told = [row for row in rows if everything or row["state"] != "disabled"]
    lines = tuple(f"{row['name']}: {said}" for row in told if (said := why(row)))
    return (*lines, *([f"{len(disabled)} disabled: `opskit status --all` tells why"] if disabled and not everything else ()))


def why(row: Mapping[str, Any]) -> str:
    notes = [row["reason"]] if row["reason"] else [row["state"]] if row["state"] == "disabled" else []
    if row["state"] == "ready" and (row["exposed"] or not row["hook"]) and row["url"]:
        notes.append(loopback(row))
    if "ModuleNotFoundError" in row["reason"] or "Cannot find module" in row["reason"]:
        notes.append("`opskit deps install` brings what is missing")
    return "; ".join(notes)


def is_settled(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Nothing is on its way any more: what is still pending waits for what will not come."""
    states = [row["state"] for row in rows]
    moving = [state for state in states if state in ("starting", "restarting")]
    blocked = all(_waits_in_vain(row) for row in rows if row["state"] == "pending")
    return not moving and blocked


def _waits_in_vain(row: Mapping[str, Any]) -> bool:
    return bool(re.search(r"\((failed|stopped|disabled|unhealthy|pending)\)", row["reason"]))


def not_ready(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Services that should serve and do not. One that ended by itself, well, is none of them."""
    return [row for row in rows if row["enabled"] and row["state"] not in GOOD]
