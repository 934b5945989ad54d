"""The report for a person: the ten that harm most with their lines, then counts, then what to do next."""

import io
from collections import Counter
from collections.abc import Callable

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from opskit.core.finding import SEVERITIES, Finding
from opskit.report.diff import diff_lines, plan_lines
from opskit.report.excerpt import excerpt, visible
from opskit.report.model import Report, Table
from opskit.report.rooms import ROOM

TOP = 10
STYLE = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def render(report: Report, redact: Callable[[str], str], colour: bool = False, width: int = 80) -> str:
    """The whole report as one string; `redact` masks every line of it once more at the end."""
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=colour, color_system="standard" if colour else None, width=width, highlight=False,
                      emoji=False, markup=False, soft_wrap=False, no_color=not colour, legacy_windows=False)
    for table in report.tables:
        _table(console, table)
    worst = report.findings
    for finding in worst[:TOP]:
        _diagnostic(console, finding, report, redact)
    if report.whole:
        _rest(console, worst[TOP:])
    _counts(console, report)
    _plan(console, report)
    for note in report.notes:
        console.print(Text(redact(note)), soft_wrap=True)
    return redact("\n".join(line.rstrip() for line in buffer.getvalue().split("\n")))


def _table(console: Console, table: Table) -> None:
    if table.title:
        console.print(Text(table.title, "bold"), soft_wrap=True)
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in table.columns:
        grid.add_column(column, overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(visible(cell)) for cell in row))
    console.print(grid)
    console.print()


def _diagnostic(console: Console, finding: Finding, report: Report, redact: Callable[[str], str]) -> None:
    head = (f"{finding.severity}[{finding.code}]", STYLE[finding.severity])
    console.print(Text.assemble(head, (f": {visible(finding.message)}", "bold")), soft_wrap=True)
    console.print(Text.assemble(("  --> ", "blue"), visible(str(finding.place))), soft_wrap=True)
    line = report.source(finding.place.path, finding.place.line) if finding.place.column and not finding.data.get("secret") else ""
    number = str(finding.place.line)
    pad = " " * max(3, len(number))
    if line:
        text, caret = excerpt(line, finding.place, redact)
        console.print(Text(f"{pad}|", "blue"))
        console.print(Text.assemble((f"{number:>{len(pad)}}| ", "blue"), text), soft_wrap=True)
        if caret:
            label = visible(finding.label)
            beside = len(caret) + len(label) < 74
            marked = (f"{caret} {label}".rstrip() if beside else caret, STYLE[finding.severity])
            console.print(Text.assemble((f"{pad}| ", "blue"), marked), soft_wrap=True)
            if not beside:
                console.print(Text(f"{pad}= note: {label}"), soft_wrap=True)
    for also in finding.also[:4]:
        console.print(Text(f"{pad}= also: {visible(str(also))}"), soft_wrap=True)
    if len(finding.also) > 4:
        console.print(Text(f"{pad}= also: {len(finding.also) - 4} more places"))
    if finding.help:
        console.print(Text(f"{pad}= help: {visible(finding.help)}"), soft_wrap=True)
    console.print(Text(f"{pad}= docs: opskit explain {finding.code}\n", "dim"))


def _rest(console: Console, findings: list[Finding]) -> None:
    for finding in findings:
        head = (f"{finding.severity}[{finding.code}]", STYLE[finding.severity])
        console.print(Text.assemble(head, f" {visible(str(finding.place))}  {visible(finding.message)}"), soft_wrap=True)
    if findings:
        console.print()


def _counts(console: Console, report: Report) -> None:
    findings = report.checked.findings
    rooms = Counter((f.room, f.severity) for f in findings)
    letters = sorted({room for room, _ in rooms})
    if len(letters) > 1:
        rows = tuple((ROOM[x], *(str(rooms[x, s] or "-") for s in SEVERITIES)) for x in letters)
        _table(console, Table("", ("room", "errors", "warnings", "notes"), rows))
    s = report.summary
    told = [_plural(int(s["errors"]), "error"), _plural(int(s["warnings"]), "warning"), _plural(int(s["notes"]), "note")]
    told += [f"{report.ignored} ignored"] * bool(report.ignored) + [f"{report.copies} in copies of the same file"] * bool(report.copies)
    told += [f"{len(report.checked.unresolved)} unresolved"] * bool(report.checked.unresolved)
    if report.files and (report.judged or findings):
        console.print(f"{', '.join(told)}; {report.files} files in {report.seconds:.1f} s")
    if len(findings) > TOP and not report.whole:
        console.print(f"{len(findings) - TOP} more: give a room (`opskit check ports`), or --json")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _plan(console: Console, report: Report) -> None:
    if report.plan is None:
        return
    lines = diff_lines(report.plan) if report.diff and not report.applied else plan_lines(report.plan)
    for line in lines:
        style = {"+": "green", "-": "red", "@": "cyan", "!": "yellow"}.get(line[:1], "")
        console.print(Text(visible(line), style), soft_wrap=True)
    for skipped in report.skipped[: TOP if not report.whole else None]:
        console.print(Text(f"! left alone: {visible(str(skipped.finding.place))}: {visible(skipped.reason)}", "yellow"), soft_wrap=True)
    if len(report.skipped) > TOP and not report.whole:
        console.print(f"! left alone: {len(report.skipped) - TOP} more (--json lists them)")
    if report.held_back:
        console.print(f"{_plural(report.held_back, 'change')} held back: they want a person's eye; --review includes them")
