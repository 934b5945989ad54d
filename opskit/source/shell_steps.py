"""What a script says to a shell, step by step, as far as it can be told without running it: loops over what is written out,
functions with their arguments, variables and arrays filled in. Shared by the readers of each shell."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from opskit.source.traced import Traced, read_traced

HERE = "\x01"
"""Stands for the script's own folder."""
MOST = 4000
"""Steps that one script may take: what goes beyond loops for ever."""
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Step:
    """A `line` to read; from `open` to `close` a shell of its own, whose folder (begun in `text`, where that says one) and
    variables end with it."""

    text: Traced
    kind: Literal["line", "open", "close"] = "line"


def lines_of(data: bytes) -> list[Traced]:
    """Without their ends."""
    lines, start = list[Traced](), 0
    for raw in data.splitlines(keepends=True):
        lines.append(read_traced(data, start, start + len(raw.rstrip(b"\r\n"))))
        start += len(raw)
    return lines


def limited(steps: Iterator[Step]) -> Iterator[Step]:
    """The first of them, as far as brackets nest no deeper than can be followed."""
    try:
        yield from islice(steps, MOST)
    except RecursionError:
        return
