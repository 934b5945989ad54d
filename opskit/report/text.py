"""The report for a person: the ten that harm most with their lines, then counts, then what to do next."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from opskit.core.finding import SEVERITIES
from opskit.report.diagnostic import diagnostic, in_short
from opskit.report.diff import diff_lines, plan_lines
from opskit.report.excerpt import visible
from opskit.report.grid import grid, standing, summed
from opskit.report.model import Report, Table
from opskit.report.rooms import WORD
from opskit.report.wrap import wrap

TOP = 10
SIGNS = {"+": "green", "-": "red", "~": "yellow", "@": "cyan", "!": "bold yellow", ">": "cyan"}


def render(report: Report, redact: Callable[[str], str], colour: bool = False, width: int = 80) -> str:
    """The whole report as one string; `redact` masks every piece before it is broken into lines, and all of it at the end."""
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=colour, color_system="standard" if colour else None, width=width, highlight=False,
                      emoji=False, markup=False, soft_wrap=False, no_color=not colour, legacy_windows=False)
    for table in report.tables:
        _table(console, table, redact, width)
    _lines(console, standing(report.standing, redact, width) if report.standing else ())
    worst, told = report.findings, set[str]()
    if len(worst) > TOP and not report.whole:
        console.print(Text(f"The {TOP} that harm most, of {len(worst)}:\n", "bold"))
    for finding in worst[:TOP]:
        _lines(console, diagnostic(finding, report, redact, width, docs=finding.code not in told))
        told.add(finding.code)
    if report.whole:
        _lines(console, [line for finding in worst[TOP:] for line in in_short(finding, redact, width)])
    _counts(console, report, redact, width)
    plan = list(_plan(report, redact, width))
    if plan and buffer.tell() and not buffer.getvalue().endswith("\n\n"):
        console.print()
    _lines(console, plan, apart=False)
    for note in report.notes:
        _prose(console, note, redact, width)
    if report.standing:
        console.print("" if buffer.getvalue().endswith("\n\n") else "\n", end="")
        _lines(console, [Text(line, "bold") for line in wrap(summed(report.standing), width, 0, 2)], apart=False)
    return redact("\n".join(line.rstrip() for line in buffer.getvalue().split("\n")))


def _lines(console: Console, lines: Iterable[Text], apart: bool = True) -> None:
    """Each line as it is: what is too long for the terminal is the terminal's to break."""
    lines = list(lines)
    for line in lines:
        console.print(line, soft_wrap=True)
    if lines and apart:
        console.print()


def _table(console: Console, table: Table, redact: Callable[[str], str], width: int) -> None:
    if table.title:
        console.print(Text(table.title, "bold"), soft_wrap=True)
    console.print(grid(table, redact, width))
    console.print()


def _prose(console: Console, note: str, redact: Callable[[str], str], width: int) -> None:
    """A closing line. Lines that are set in already, or several, stand as they are."""
    if "\n" in note or note.startswith(" "):
        console.print(Text(redact(note)), soft_wrap=True)
    else:
        _lines(console, map(Text, wrap(redact(visible(note)), width, 0, 2)), apart=False)


def _counts(console: Console, report: Report, redact: Callable[[str], str], width: int) -> None:
    """A line a room, by the word that `opskit check` takes for it, the worst first; then the sum."""
    findings = report.checked.findings
    counted = Counter((WORD[f.room], f.severity) for f in findings)
    rooms = sorted({room for room, _ in counted}, key=lambda room: ([-counted[room, s] for s in SEVERITIES], room))
    if len(rooms) > 1:
        rows = tuple((room, *(str(counted[room, s] or "-") for s in SEVERITIES)) for room in rooms)
        _table(console, Table("", ("room", "errors", "warnings", "notes"), rows), redact, width)
    told = [_plural(report.count(s), s) for s in SEVERITIES]
    told += [f"{report.ignored} ignored"] * bool(report.ignored) + [f"{report.copies} in copies of the same file"] * bool(report.copies)
    if count := len(report.checked.unresolved):
        told.append(f"{_plural(count, 'place')} not understood (--json lists {'it' if count == 1 else 'them'})")
    if report.files and (report.judged or findings):
        summed = f"{', '.join(told)}; {_plural(report.files, 'file')} in {report.seconds:.1f} s"
        _lines(console, [Text(line, "bold") for line in wrap(summed, width, 0, 2)], apart=False)
    if len(findings) > TOP and not report.whole:
        _prose(console, f"{len(findings) - TOP} more: opskit check {rooms[0]}, or --json", redact, width)


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _plan(report: Report, redact: Callable[[str], str], width: int) -> Iterator[Text]:
    if report.plan is None:
        return
    diff = report.diff and not report.applied
    for line in map(redact, map(visible, diff_lines(report.plan) if diff else plan_lines(report.plan, redact, width))):
        style = SIGNS.get(line[:1], "")
        yield Text(line, style) if diff else Text.assemble((line[:1], style), line[1:])
    for skipped in report.skipped[: TOP if not report.whole else None]:
        told = redact(visible(f"left alone: {skipped.finding.place}: {skipped.reason}"))
        first, *rest = wrap(told, width, 2, 4)
        yield Text.assemble(("! ", SIGNS["!"]), first)
        yield from map(Text, rest)
    if len(report.skipped) > TOP and not report.whole:
        yield Text(f"! left alone: {len(report.skipped) - TOP} more (--json lists them)")
    if report.held_back:
        told = f"{_plural(report.held_back, 'change')} held back: they want a person's eye; --review includes them"
        yield from map(Text, wrap(told, width, 0, 2))
