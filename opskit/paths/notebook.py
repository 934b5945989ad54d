"""Paths in notebooks: the letters of the file, each told with the cell that it stands in; what a cell once printed is no code."""

from dataclasses import replace

from opskit.paths.facts import Sighting
from opskit.paths.lines import read_lines
from opskit.source.json_text import read_json
from opskit.source.located import Located


def read_notebook(path: str, data: bytes) -> tuple[Sighting, ...]:
    """Never raises; of a file that is no notebook the plain matches."""
    found = read_lines(path, data, "notebook")
    document = read_json(path, data)
    cells = document.list("cells") if document is not None else []
    return tuple(_told(one, cells) for one in found)


def _told(one: Sighting, cells: list[Located]) -> Sighting:
    number, cell = next(((n, c) for n, c in enumerate(cells, 1) if c.start <= one.place.start < c.end), (0, None))
    source = cell.at("source") if cell is not None else None
    if cell is None or source is None or not source.start <= one.place.start < source.end:
        return replace(one, form="text", note=f"what cell {number} printed" if number else "", reason="a record for people: not rewritten")
    if cell.text("cell_type") != "code":
        return replace(one, form="text", note=f"cell {number}", reason="a record for people: not rewritten")
    return replace(one, form="comment" if _is_comment(one, source) else "cell", note=f"cell {number}")


def _is_comment(one: Sighting, source: Located) -> bool:
    line = next((part.raw for part in source.parts or [source] if part.start <= one.place.start < part.end), "")
    return line.lstrip().startswith("#")
