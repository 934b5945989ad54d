"""Prose in a column: broken at spaces, never inside a `command`, the next lines set in."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

PIECE = re.compile(r"(?:`[^`]*`|\S)+")


def wrap(text: str, width: int, before: int, indent: int) -> Iterator[str]:
    """Lines of at most `width` columns; the first begins at column `before`, the others at `indent`, spaces included.

    What has no space is never cut: a path or an address that is longer than the line stands whole.
    """
    line, reached, lead = "", before, ""
    for piece in PIECE.findall(text):
        length = cell_len(piece)
        if line.strip() and reached + 1 + length > width:
            yield line
            line, reached, lead = " " * indent, indent, ""
        line += lead + piece
        reached += len(lead) + length
        lead = " "
    yield line
