"""What stands around a path in a batch file. cmd puts in `%NAME%` before it looks for parentheses, for quotes and for the next command:
what was one plain word may end a block then, so that it wants quotes, or stays.

Source: learn.microsoft.com, Windows commands `set`, `for`, `if`, `call`; the order of cmd's phases as its users measured it.
"""

import re

_SET = re.compile(rb"\bset\s+([A-Za-z_][\w.]*=[^\"&|<>^()\r\n]*)$", re.I)
_UNQUOTED = re.compile(rb"\bset\s+(?!/)[^\"=\s]+=[^\"]*$", re.I)
_VALUE = re.compile(rb"[^\"&|<>^()\r\n]*(?=[)&]|\r?\n|$)")
_FOR = re.compile(rb"\bfor\b\s*(/[a-z])?[^(]*\bin\s*\(([^)]*)$", re.I)
_CALLED = re.compile(rb"\bcall\s+:\w+[^&|]*$", re.I)
_ARGUMENT = re.compile(rb"(?<!%)%[1-9*]")
_OPENED, _CLOSED = re.compile(rb"\(\s*$"), re.compile(rb"\s*@?\)")
_NOTE = re.compile(rb"\s*@?(?:rem\b|::)", re.I)


def value_of(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the quotes go that make `set NAME=...` around a path one word whatever the folder is called; None where it is no such line,
    or none that quotes can be put around."""
    line = data.rfind(b"\n", 0, start) + 1
    named, rest = _SET.search(data[line:start]), _VALUE.match(data, start)
    return (line + named.start(1), rest.end()) if named and rest and not data[line:start].count(b'"') % 2 else None


def hindered(data: bytes, start: int, end: int) -> str:
    """Why a variable would not mean the folder where the path stands; "" where it would, with quotes around it."""
    before, line = data[data.rfind(b"\n", 0, start) + 1 : start], data.rfind(b"\n", 0, start) + 1
    quoted = before.count(b'"') % 2
    if looped := _FOR.search(before):
        return "" if quoted or looped[2].lstrip().startswith((b"'", b"`")) else _looped(looped[1], data[start:end])
    if not quoted and _CALLED.search(before) and _ARGUMENT.search(data):
        return "handed to a label of the script, which would take its quotes too"
    if not quoted and _UNQUOTED.search(before) and value_of(data, start) is None and _in_block(data, line, before):
        return "set inside parentheses, beside signs that no quotes go around: a folder with a parenthesis in its name would end the block"
    return ""


def _looped(switch: bytes | None, word: bytes) -> str:
    if (switch or b"").lower() == b"/f":
        return "the file that a `for /f` reads: between quotes it would be a text"
    return "" if re.search(rb"[*?]", word) else "an item of a `for`: quotes would become part of it"


def _in_block(data: bytes, line: int, before: bytes) -> bool:
    depth = 0
    for each in data[:line].splitlines():
        if not _NOTE.match(each):
            depth = max(0, depth - bool(_CLOSED.match(each))) + bool(_OPENED.search(each))
    return depth > 0 or b"(" in re.sub(rb'"[^"]*"|\^.', b"", before)
