"""One finding for a person: what, where, the line with a caret, what to do. The form is that of rustc."""

from collections.abc import Callable, Iterator

from rich.cells import cell_len
from rich.text import Text

from opskit.core.finding import Finding
from opskit.report.excerpt import excerpt, visible
from opskit.report.model import Report
from opskit.report.wrap import wrap

STYLE = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
MOST, LEAST = 110, 24


def diagnostic(finding: Finding, report: Report, redact: Callable[[str], str], width: int, docs: bool) -> Iterator[Text]:
    """`docs` adds the line that names the explanation."""
    style, number = STYLE[finding.severity], str(finding.place.line)
    pad = " " * max(3, len(number))
    yield from _head(finding, redact, width)
    yield Text.assemble(("  --> ", "blue"), redact(visible(str(finding.place))))
    line = report.source(finding.place.path, finding.place.line) if finding.place.column and not finding.data.get("secret") else ""
    label = redact(visible(finding.label))
    if line:
        text, caret = excerpt(line, finding.place, redact, min(MOST, max(LEAST, width - len(pad) - 2)))
        beside = bool(caret) and len(pad) + 2 + len(caret) + 1 + cell_len(label) <= width
        yield Text(f"{pad}|", "blue")
        yield Text.assemble((f"{number:>{len(pad)}}| ", "blue"), text)
        if caret:
            yield Text.assemble((f"{pad}| ", "blue"), (f"{caret} {label}".rstrip() if beside else caret, style))
        label = "" if beside else label
    told = [("note", label)] * bool(label) + [("also", redact(visible(str(place)))) for place in finding.also[:4]]
    told += [("also", f"{len(finding.also) - 4} more places")] * (len(finding.also) > 4)
    told += [("help", redact(visible(finding.help)))] * bool(finding.help)
    for word, text in told:
        yield from _told(pad, word, text, width)
    if docs:
        yield Text(f"{pad}= docs: opskit explain {finding.code}", "dim")


def in_short(finding: Finding, redact: Callable[[str], str], width: int) -> Iterator[Text]:
    """One finding in a list of many: the place first, as a terminal makes it clickable."""
    head = f"{finding.severity}[{finding.code}]"
    first, *rest = wrap(redact(visible(f"{finding.place}  {finding.message}")), width, len(head) + 1, 4)
    yield Text.assemble((head, STYLE[finding.severity]), f" {first}")
    yield from map(Text, rest)


def _head(finding: Finding, redact: Callable[[str], str], width: int) -> Iterator[Text]:
    head = f"{finding.severity}[{finding.code}]"
    first, *rest = wrap(redact(visible(finding.message)), width, len(head) + 2, 4)
    yield Text.assemble((head, STYLE[finding.severity]), (f": {first}", "bold"))
    yield from (Text(line, "bold") for line in rest)


def _told(pad: str, word: str, text: str, width: int) -> Iterator[Text]:
    before = f"{pad}= {word}: "
    first, *rest = wrap(text, width, len(before), len(before))
    yield Text.assemble((f"{pad}= ", "blue"), (f"{word}: ", "bold"), first)
    yield from map(Text, rest)
