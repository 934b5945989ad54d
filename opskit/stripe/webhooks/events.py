"""Which strings are Stripe's event types: those that the official library lists, and what is spelled like one."""

import re
from difflib import get_close_matches
from functools import cache

from opskit.stripe.published import events

SPELLED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,4}")
WORDS = ("created", "updated", "deleted", "succeeded", "failed", "completed", "complete", "paid", "expired", "canceled", "cancelled",
         "success")


@cache
def event_types() -> frozenset[str]:
    """Every type that an endpoint can ask for, "*" left out."""
    return events() - {"*"}


@cache
def _firsts() -> frozenset[str]:
    return frozenset(kind.partition(".")[0] for kind in event_types())


def is_event(text: str) -> bool:
    """Whether a string is an event type of Stripe's, or one misspelled: a thing that has events, and what happens to things."""
    if text in event_types():
        return True
    head, _, last = text.rpartition(".")
    return bool(SPELLED.fullmatch(text)) and head.partition(".")[0] in _firsts() and (last in WORDS or _near(text))


@cache
def _near(text: str) -> bool:
    return bool(get_close_matches(text, event_types(), 1, 0.9))


def is_prefix(text: str) -> bool:
    """`invoice.`, as `startswith` asks for it."""
    return text.endswith(".") and any(kind.startswith(text) for kind in event_types())
