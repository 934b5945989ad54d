"""A psql script cut into statements, COPY data, meta-commands and the space between: the pieces tile the file.

As psql does it (mainloop.c, psqlscan.l): `;` ends a statement outside parentheses and outside BEGIN ATOMIC bodies,
`COPY ... FROM stdin` is followed by data up to `\\.`, a backslash outside quotes begins a meta-command to the line's end.
"""

import re
from dataclasses import dataclass
from typing import Literal

from opskit.pg.tokens import Dialect, Token, next_token, pattern_of, skip_rows

PieceKind = Literal["statement", "data", "meta", "space"]
DATA_END = re.compile(rb"^\\\.[ \t]*\r?(?:\n|\Z)", re.M)
CONFORMING = re.compile(
    rb"\bset\s+(?:session\s+|local\s+)?standard_conforming_strings\s*(?:=|to)\s*'?(on|true|yes|1|off|false|no|0)\b", re.I
)
DELIMITER = re.compile(rb"delimiter[ \t]+(\S+)[^\n]*", re.I)
WORDS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes [start, end) of the script. A statement's span runs from its first token to its `;`, which may be missing at
    the file's end (`closed`). `words` are its first words in lower case."""

    kind: PieceKind
    start: int
    end: int
    words: tuple[str, ...] = ()
    closed: bool = True


def scan(data: bytes, dialect: Dialect = "postgresql") -> tuple[Piece, ...]:
    """Never raises. The pieces are in order, and each begins where the last one ended."""
    return tuple(_Scanner(data, dialect).run())


class _Scanner:
    def __init__(self, data: bytes, dialect: Dialect) -> None:
        self.data, self.dialect, self.delimiter = data, dialect, b";"
        self.pattern = pattern_of(dialect, False)
        self.pieces: list[Piece] = []
        self.position = 0
        self.switches = b"standard_conforming_strings" in data.lower()

    def run(self) -> list[Piece]:
        while self.position < len(self.data):
            token = self._peek(self.position)
            if token.blank:
                self._space(token.end)
            elif token.text == "\\" and self.dialect == "postgresql":
                self._put("meta", self._line_end(token.start))
            elif token.text == "delimiter" and self.dialect == "mysql" and (match := DELIMITER.match(self.data, token.start)):
                self.delimiter = match[1]
                self._put("meta", match.end())
            else:
                self._statement()
        return self.pieces

    def _peek(self, at: int) -> Token:
        return next_token(self.data, at, len(self.data), self.pattern, self.dialect)

    def _put(self, kind: PieceKind, end: int, words: tuple[str, ...] = (), closed: bool = True) -> None:
        self.pieces.append(Piece(kind, self.position, end, words, closed))
        self.position = end

    def _space(self, end: int) -> None:
        if self.pieces and self.pieces[-1].kind == "space":
            self.pieces[-1] = Piece("space", self.pieces[-1].start, end)
            self.position = end
        else:
            self._put("space", end)

    def _line_end(self, start: int) -> int:
        found = self.data.find(b"\n", start)
        return len(self.data) if found < 0 else found

    def _statement(self) -> None:
        at, reached, words, nesting, copies = self.position, self.position, list[str](), _Nesting(), False
        before = ""
        while at < len(self.data):
            if not nesting.deep and self.data.startswith(self.delimiter, at):
                self._close(at + len(self.delimiter), tuple(words), copies)
                return
            if (
                words[:1] == ["insert"]
                and len(words) > 2
                and self.delimiter == b";"
                and (end := skip_rows(self.data, at, self.pattern)) > at
            ):
                at = reached = end
                continue
            token = self._peek(at)
            if token.text == "\\" and self.dialect == "postgresql":
                break
            if not token.blank:
                reached = token.end
                nesting.see(token, words)
            if token.kind == "word":
                copies = copies or (words[:1] == ["copy"] and before == "from" and token.text == "stdin")
                words, before = [*words, token.text][:WORDS], token.text
            at = token.end
        end = self.position + len(self.data[self.position : reached].rstrip())
        self._put("statement", end, tuple(words), closed=False)

    def _close(self, end: int, words: tuple[str, ...], copies: bool) -> None:
        if self.switches and (match := CONFORMING.match(self.data, self.position, end)):
            self.pattern = pattern_of(self.dialect, match[1].lower() in (b"off", b"false", b"no", b"0"))
        self._put("statement", end, words)
        if copies:
            begin = min(self._line_end(end) + 1, len(self.data))
            if begin > end:
                self._space(begin)
            match = DATA_END.search(self.data, begin)
            stop = match.end() if match else len(self.data)
            if stop > begin:
                self._put("data", stop)


class _Nesting:
    """How deep in parentheses and in a BEGIN ATOMIC body, where `;` does not end the statement."""

    def __init__(self) -> None:
        self.parens = self.blocks = 0

    @property
    def deep(self) -> bool:
        return self.parens > 0 or self.blocks > 0

    def see(self, token: Token, words: list[str]) -> None:
        match token.text:
            case "(":
                self.parens += 1
            case ")":
                self.parens = max(0, self.parens - 1)
            case "begin" if words[:1] == ["create"] and {"function", "procedure"} & set(words[1:4]):
                self.blocks += 1
            case "case" if self.blocks:
                self.blocks += 1
            case "end" if self.blocks:
                self.blocks -= 1
