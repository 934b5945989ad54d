"""Paths in notebooks: the letters of the file, each told with the cell that it stands in; what a cell once printed is no code."""

import re
from dataclasses import replace

from opskit.paths.facts import Sighting
from opskit.paths.lines import read_lines
from opskit.source.json_text import read_json
from opskit.source.located import Located

_ESCAPE = re.compile(rb"\\.", re.S)
_LONE = re.compile(r"\\(.?)", re.S)
_COMMENT = re.compile(rb"[\[\s\",]*#")  # behind the quote that begins the line of the cell


def read_notebook(path: str, data: bytes) -> tuple[Sighting, ...]:
    """Never raises; of a file that is no notebook the plain matches."""
    found = read_lines(path, data, "notebook")
    document = read_json(path, data)
    cells = document.list("cells") if document is not None else []
    return tuple(_told(data, _ended(one), cells) for one in found)


def _ended(one: Sighting) -> Sighting:
    """Only as far as JSON's next escape: the quote or the end of the line that stands behind the path."""
    over = next((found.start() for found in _LONE.finditer(one.spelled) if found[1] not in ("\\", "/")), None)
    if over is None:
        return one
    spelled, cut = one.spelled[:over], len(one.spelled) - over
    place = replace(one.place, end=one.place.end - len(one.spelled[over:].encode()), end_column=one.place.end_column - cut)
    return replace(one, place=place, spelled=spelled, value="\\" * one.value.startswith("\\\\") + re.sub(r"\\+", r"\\", spelled))


def _told(data: bytes, one: Sighting, cells: list[Located]) -> Sighting:
    number, cell = next(((n, c) for n, c in enumerate(cells, 1) if c.start <= one.place.start < c.end), (0, None))
    source = cell.at("source") if cell is not None else None
    if cell is None or source is None or not source.start <= one.place.start < source.end:
        return replace(one, form="text", note=f"what cell {number} printed" if number else "", reason="a record for people: not rewritten")
    ends = [found.end() for found in _ESCAPE.finditer(data, source.start, one.place.start) if found[0] == b"\\n"]
    note = f"cell {number}, line {len(ends) + 1}"
    if cell.text("cell_type") != "code":
        return replace(one, form="text", note=note, reason="a record for people: not rewritten")
    before = data[ends[-1] if ends else source.start : one.place.start]
    return replace(one, form="comment" if _COMMENT.match(before) else "cell", note=note)
