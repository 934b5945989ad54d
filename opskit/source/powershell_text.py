"""Where PowerShell's statements, words and blocks begin and end: quotes, here-strings, comments and brackets nest."""

import re
from dataclasses import dataclass

from opskit.source.traced import Traced

PAIRS = {"(": ")", "{": "}", "[": "]"}
SKIPPED = re.compile(r"<#.*?#>|@\"[ \t]*\r?\n.*?\n\"@|@'[ \t]*\r?\n.*?\n'@|'(?:[^']|'')*'|(?:(?<=\s)|(?<=^))#[^\n]*", re.S | re.M)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a statement; `inside` of braces that are no table's."""

    text: Traced
    inside: bool


def skipped(text: str, at: int) -> int:
    """Where a quote or comment that begins here ends, `at` where none does."""
    if text[at] == '"':
        return _string(text, at)
    if text[at] in "<@'#" and (found := SKIPPED.match(text, at)):
        return found.end()
    return at


def _string(text: str, at: int) -> int:
    at += 1
    while at < len(text):
        if text[at] == "`":
            at += 2
        elif text.startswith("$(", at):
            at = closing(text, at + 1) + 1
        elif text[at] == '"':
            return at + 1
        else:
            at += 1
    return len(text)


def closing(text: str, opened: int) -> int:
    """Where the bracket at `opened` closes, the text's end where it does not."""
    depth, at = 0, opened
    while at < len(text):
        if (after := skipped(text, at)) > at:
            at = after
            continue
        depth += (text[at] in PAIRS) - (text[at] in ")}]")
        if depth == 0:
            return at
        at += 1
    return len(text)


def _split(text: str, ends: str, going_on: str = "") -> list[tuple[int, int]]:
    """The stretches between signs that stand in no bracket and no quote."""
    found, start, at = [], 0, 0
    while at < len(text):
        if (after := skipped(text, at)) > at:
            at = after
        elif text[at] in PAIRS:
            at = closing(text, at) + 1
        elif text[at] in ends and not (going_on and text[start:at].rstrip(" \t\r")[-1:] in going_on):
            found.append((start, at))
            start = at = at + 1
        else:
            at += 1
    return [*found, (start, len(text))]


def statements(text: Traced) -> list[Traced]:
    """Statements in their order, comments that stand alone left out; a pipe or comma at a line's end goes on."""
    spans = _split(text.text, "\n;", "|,`")
    found = (text.cut(*span).stripped() for span in spans)
    return [s for each in found if (s := _uncommented(each)).text]


def _uncommented(said: Traced) -> Traced:
    """Without the comments in front of it."""
    while said.text.startswith(("#", "<#")):
        found = SKIPPED.match(said.text)
        said = said.cut(found.end() if found else len(said.text)).stripped()
    return said


def listed(text: Traced, ends: str) -> list[Traced]:
    found = (_uncommented(text.cut(*span).stripped()) for span in _split(text.text, ends))
    return [each for each in found if each.text]


def tokens(text: Traced) -> list[Traced]:
    """Words: what stands between blanks, in quotes or brackets; commas join what follows."""
    spans = _split(text.text, " \t\r\n")
    found = list[Traced]()
    for span in spans:
        word = text.cut(*span)
        if not word.text.strip("` \t\r\n"):
            continue
        joins = found and (found[-1].text.endswith(",") or word.text.startswith(","))
        if joins:
            found[-1] = found[-1] + word
        else:
            found.append(word)
    return found


def parts_of(said: Traced) -> list[Part]:
    """The statement in front of, inside and behind its script blocks."""
    text, found, start, at = said.text, list[Part](), 0, 0
    while at < len(text):
        if (after := skipped(text, at)) > at:
            at = after
        elif text[at] == "{" and text[max(0, at - 1) : at] not in ("@", "$"):
            end = closing(text, at)
            found += [Part(said.cut(start, at), False), Part(said.cut(at + 1, end), True)]
            start = at = end + 1
        else:
            at += 1
    return [*found, Part(said.cut(start), False)]


def bare(text: str) -> str:
    """The text without what stands in quotes and comments."""
    found, at = [], 0
    while at < len(text):
        after = skipped(text, at)
        if after == at:
            found.append(text[at])
            after += 1
        at = after
    return "".join(found)
