"""Tables and criteria for a person, whole at 80 columns: names are not broken, prose is."""

from collections.abc import Callable, Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text

from opskit.report.excerpt import visible
from opskit.report.model import Standing, Table
from opskit.report.wrap import wrap

MARK = {"holds": ("ok", "bold green"), "does not hold": ("NO", "bold red"), "not looked at yet": ("??", "bold yellow")}
PROSE = 20


def grid(table: Table, redact: Callable[[str], str], width: int) -> RenderableType:
    """Numbers to the right; one column, the widest, is broken where the table is too wide, all where that is not enough."""
    rows = [[redact(visible(cell)) for cell in row] for row in table.rows]
    widths = [max(map(cell_len, (name, *cells))) for name, *cells in zip(table.columns, *rows, strict=True)]
    widest = max(range(len(widths)), key=widths.__getitem__, default=0)
    is_narrow = sum(widths) - widths[widest] + 2 * len(widths) + PROSE > width
    drawn = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for at, name in enumerate(table.columns):
        number = bool(rows) and all(row[at].isdecimal() or row[at] == "-" for row in rows)
        drawn.add_column(name, overflow="fold", justify="right" if number else "left", no_wrap=at != widest and not is_narrow)
    for row in rows:
        drawn.add_row(*map(Text, row))
    return drawn


def standing(rows: tuple[Standing, ...], redact: Callable[[str], str], width: int) -> Iterator[Text]:
    """Each with what was seen and the command that brings it about."""
    for row in rows:
        mark, style = MARK[row.state]
        name, message = redact(visible(row.name)), redact(visible(row.message))
        yield Text.assemble((mark, style), "  ", (name, "bold"))
        first, *rest = wrap(message, width, 4, 4)
        yield from map(Text, (f"    {first}", *rest))
        if row.help:
            yield Text.assemble(("    next: ", "dim"), redact(visible(row.help)))


def summed(rows: tuple[Standing, ...]) -> str:
    """`3 of 8 hold; 4 do not; 1 not looked at yet`."""
    holds, fails, unseen = (sum(row.state == state for row in rows) for state in MARK)
    told = [f"{fails} do{'es' * (fails == 1)} not"] * bool(fails) + [f"{unseen} not looked at yet"] * bool(unseen)
    return "; ".join([f"{holds} of {len(rows)} hold", *told])
