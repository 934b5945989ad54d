"""One line of the platform's code, made safe to print, with a caret under the span."""

from collections.abc import Callable

from rich.cells import cell_len

from opskit.core.place import Place

WIDTH = 75


def excerpt(line: str, place: Place, redact: Callable[[str], str], width: int = WIDTH) -> tuple[str, str]:
    """(text, caret line) at most `width` columns wide; control and bidirectional characters show as �.

    The caret is empty where masking a secret has moved the text under it.
    """
    end = place.end_column if place.end_line == place.line else len(line) + 1
    parts = line[: place.column - 1], line[place.column - 1 : max(end, place.column + 1) - 1], line[max(end, place.column + 1) - 1 :]
    masked = [redact(visible(part)) for part in parts]
    if redact(visible(line)) != "".join(masked):
        return _clip(redact(visible(line)), 0, width)[0], ""
    before, span, _ = masked
    text, cut = _clip("".join(masked), cell_len(before), width)
    room = max(1, min(cell_len(span), cell_len(text) - (cell_len(before) - cut)))
    return text, " " * (cell_len(before) - cut) + "^" * room


def visible(text: str) -> str:
    text = text.replace("\t", "    ")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _clip(text: str, focus: int, width: int) -> tuple[str, int]:
    """At most `width` columns around `focus`, and how many columns were cut at the left (wide characters count as one here)."""
    if cell_len(text) <= width:
        return text, 0
    if focus < width - 10:
        return text[: width - 3] + "...", 0
    cut = focus - width // 2
    piece = text[cut + 3 : cut + width - 3]
    return f"...{piece}" + ("..." if cut + width - 3 < len(text) else ""), cut
