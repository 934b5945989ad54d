"""Procfile lines (devcenter.heroku.com/articles/procfile): `name: command`, with byte spans."""

import re
from dataclasses import dataclass

LINE = re.compile(rb"^[ \t]*([A-Za-z0-9_-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.M)


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """`start` and `end` are the bytes of the command."""

    name: str
    command: str
    start: int
    end: int


def read_procfile(path: str, data: bytes) -> tuple[ProcessLine, ...]:
    """Comments and lines of another form are none."""
    return tuple(ProcessLine(m[1].decode(), m[2].decode("utf-8", "replace"), *m.span(2)) for m in LINE.finditer(data) if m[2])
