"""SQL's tokens over bytes: strings, quoted names, dollar quotes, nested comments, words. Never raises, leaves nothing out.

Rules: PostgreSQL's manual 4.1 and psqlscan.l; MySQL's manual 9.1 and 9.7 for its dialect. Bytes, because ASCII never occurs
inside a UTF-8 sequence and every offset is then the file's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["space", "comment", "string", "name", "dollar", "word", "number", "sign"]
Dialect = Literal["postgresql", "mysql"]

_WORD = rb"[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*"
_COMMON = rb"""
  (?P<space>[ \t\r\n\f\v\0]++|\A\xef\xbb\xbf)
 |(?P<open>/\*)
 |(?P<name>`[^`\r\n]*+`%(doubled)s)
 |(?P<string>%(string)s)
 |(?P<word>%(word)s)
 |(?P<number>[0-9][A-Za-z0-9_]*+(?:\.[0-9]+)?)
 |(?P<sign>.)
"""
_HASH = rb"(?:(?<=[\n,(])|\A)[ \t]*+\#(?![>\#=-])[^\n]*+"
_ESCAPED, _PLAIN = rb"'(?:[^'\\]++|''|\\.)*+(?:'|\\?\Z)", rb"'(?:[^']++|'')*+(?:'|\Z)"


def _compiled(string: bytes, comment: bytes, dollar: bytes, doubled: bytes) -> re.Pattern[bytes]:
    pattern = b"(?P<comment>" + comment + b")|" + dollar + _COMMON % {b"string": string, b"word": _WORD, b"doubled": doubled}
    return re.compile(pattern, re.X | re.S)


_DOLLAR = rb"(?P<dollar>\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+)?\$)|"
_DOUBLED = rb'|"(?:[^"]++|"")*+(?:"|\Z)'
_STANDARD = _compiled(rb"[eE]" + _ESCAPED + rb"|" + _PLAIN, rb"--[^\n]*+|" + _HASH, _DOLLAR, _DOUBLED)
_BACKSLASH = _compiled(rb"[eE]?" + _ESCAPED, rb"--[^\n]*+|" + _HASH, _DOLLAR, _DOUBLED)
_MYSQL = _compiled(_ESCAPED + rb'|"(?:[^"\\]++|""|\\.)*+(?:"|\\?\Z)', rb"--(?=[ \t\r\n]|\Z)[^\n]*+|\#[^\n]*+", b"", b"")
_EDGE = re.compile(rb"/\*|\*/")


def _row(string: bytes) -> re.Pattern[bytes]:
    # groups repeat without `*+`: Python before 3.11.5 goes on from the wrong place when one fails inside (cpython issue 106052).
    # A string has one way to end, so what is given back is never read in another way
    plain = rb"[^;()'\"$\\/#`\-\n\w\x80-\xff]++|[\w\x80-\xff]++(?![\w'$\x80-\xff])|(?<![\w\x80-\xff])" + string
    return re.compile(rb"(?:" + plain + rb"|\((?:" + plain + rb")*\)){1,500}", re.S)


_ROWS = {
    _STANDARD: _row(rb"'(?:[^']++|'')*'(?!')"),
    **dict.fromkeys((_BACKSLASH, _MYSQL), _row(rb"'(?:[^'\\]++|''|\\.)*'(?!')")),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A span. `text` is a word folded to lower case, a sign as it is, else empty."""

    kind: Kind
    start: int
    end: int
    text: str = ""

    @property
    def blank(self) -> bool:
        return self.kind in ("space", "comment")


def tokens(
    data: bytes, start: int = 0, end: int | None = None, dialect: Dialect = "postgresql", backslash: bool = False
) -> Iterator[Token]:
    """Tokens that tile data[start:end]. What is not closed reaches to the end. `backslash`: standard_conforming_strings is off."""
    pattern = _MYSQL if dialect == "mysql" else _BACKSLASH if backslash else _STANDARD
    end = len(data) if end is None else end
    while start < end:
        token = next_token(data, start, end, pattern, dialect)
        yield token
        start = token.end


def pattern_of(dialect: Dialect, backslash: bool) -> re.Pattern[bytes]:
    return _MYSQL if dialect == "mysql" else _BACKSLASH if backslash else _STANDARD


def skip_rows(data: bytes, start: int, pattern: re.Pattern[bytes]) -> int:
    """Past what cannot end an INSERT: numbers, whole strings, flat parentheses. Dumps are mostly that, so it is one regular expression."""
    rows = _ROWS[pattern]
    while match := rows.match(data, start):
        start = match.end()
    return start


def next_token(data: bytes, start: int, end: int, pattern: re.Pattern[bytes], dialect: Dialect) -> Token:
    match = pattern.match(data, start, end)
    assert match is not None and match.lastgroup
    kind, stop = match.lastgroup, match.end()
    match kind:
        case "open":
            return Token("comment", start, _comment_end(data, stop, end, dialect == "postgresql"))
        case "dollar":
            close = data.find(match[0], stop, end)
            return Token("dollar", start, end if close < 0 else close + len(match[0]))
        case "word":
            return Token("word", start, stop, match[0].decode("utf-8", "replace").lower())
        case "sign":
            return Token("sign", start, stop, chr(data[start]))
    return Token(kind, start, stop)  # type: ignore[arg-type]


def _comment_end(data: bytes, start: int, end: int, nested: bool) -> int:
    depth = 1
    for edge in _EDGE.finditer(data, start, end):
        if edge[0] == b"*/":
            depth -= 1
        elif nested:
            depth += 1
        if not depth:
            return edge.end()
    return end
