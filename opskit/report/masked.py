"""Secrets taken out before a format spells its strings: an escaped one looks like none."""

from collections.abc import Callable
from typing import Any


def masked(value: Any, redact: Callable[[str], str]) -> Any:
    """The same document with every string in it masked; keys are ours and stay."""
    match value:
        case str():
            return redact(value)
        case dict():
            return {key: masked(each, redact) for key, each in value.items()}
        case list() | tuple():
            return [masked(each, redact) for each in value]
    return value
