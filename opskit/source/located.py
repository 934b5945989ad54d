"""Documents (JSON, YAML) as values that know their byte spans: what a report points at and an edit replaces."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """A scalar (`value`: str, int, float, bool or None), a mapping (`items`) or a list (`parts`); `start` and `end` are
    bytes, quotes included. `raw` is a scalar's text as written, without quotes."""

    value: Any = None
    start: int = 0
    end: int = 0
    raw: str = ""
    quoted: bool = False
    items: "dict[str, Located] | None" = None
    parts: "list[Located] | None" = None
    key: "Located | None" = field(default=None)

    def at(self, *keys: str | int) -> "Located | None":
        """The value under a path of keys, None where there is none."""
        here: Located | None = self
        for key in keys:
            if here is None:
                return None
            if isinstance(key, int):
                here = here.parts[key] if here.parts is not None and 0 <= key < len(here.parts) else None
            else:
                here = (here.items or {}).get(key)
        return here

    def text(self, *keys: str | int) -> str:
        """A scalar under a path as text, "" where there is none."""
        found = self.at(*keys)
        return found.raw if found is not None and found.items is None and found.parts is None and found.value is not None else ""

    def table(self, *keys: str | int) -> "dict[str, Located]":
        found = self.at(*keys)
        return found.items or {} if found is not None else {}

    def list(self, *keys: str | int) -> "list[Located]":
        found = self.at(*keys)
        return found.parts or [] if found is not None else []

    def inner(self) -> tuple[int, int]:
        """The bytes of a scalar inside its quotes."""
        return self.start + self.quoted, self.end - self.quoted
