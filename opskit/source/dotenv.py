"""Dotenv files: bytes to entries that lie end to end over the whole file, each key and value with its byte span.

The dialect is python-dotenv's (its parser is the oracle of the tests); what other readers make of the same bytes is a rule's business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from opskit.core.place import Lines, Place

Span = tuple[int, int]

BLANK = re.compile(r"\s*")
EXPORT = re.compile(r"(?:export[^\S\r\n]+)?")
QUOTED_KEY = re.compile(r"'([^']+)'")
BARE_KEY = re.compile(r"([^=\#\s]+)")
SPACE = re.compile(r"[^\S\r\n]*")
SINGLE = re.compile(r"'((?:\\.|[^'\\])*)'", re.S)
DOUBLE = re.compile(r'"((?:\\.|[^"\\])*)"', re.S)
TO_END = re.compile(r"[^\r\n]*")
INLINE = re.compile(r"\s+#.*")
COMMENT = re.compile(r"(?:[^\S\r\n]*#[^\r\n]*)?")
LINE_END = re.compile(r"[^\S\r\n]*(?:\r\n|\n|\r|$)")
REST = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
ESCAPES = {"\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
DEV = "dev"  # the environment that no --env names
TEMPLATES = ("example", "sample", "template", "dist", "schema", "defaults", "tpl", "tmpl")
OTHERS = (".ts", ".js", ".mjs", ".py", ".md", ".vault")
PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=^-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch of the file: a blank, a comment line, a binding, or a malformed line with its `fault` and where it is.

    `value` is None for a key without `=`. `value_span` covers the quotes; spans are byte offsets, end exclusive.
    `comment` is the text after `#`, of the line or beside the value.
    """

    kind: Literal["blank", "comment", "binding", "malformed"]
    span: Span
    key: str = ""
    value: str | None = None
    key_span: Span = (0, 0)
    value_span: Span = (0, 0)
    quote: Literal["", "'", '"'] = ""
    export: bool = False
    comment: str = ""
    fault: str = ""
    fault_span: Span = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class DotenvSource:
    """One file. `entries` lie end to end: joined, their bytes are the file."""

    path: str
    data: bytes
    entries: tuple[Entry, ...]
    lines: Lines

    @property
    def bindings(self) -> list[Entry]:
        return [e for e in self.entries if e.kind == "binding"]

    @property
    def values(self) -> dict[str, str]:
        """What a program sees, references not resolved: of a key that stands twice the last; a key without `=` is none."""
        found = {e.key: e.value for e in self.bindings}
        return {key: value for key, value in found.items() if value is not None}

    def last(self, name: str) -> Entry | None:
        """The line that decides what `name` is: the last that gives it a value."""
        return next((entry for entry in reversed(self.bindings) if entry.key == name and entry.value is not None), None)

    def inside(self, entry: Entry) -> Place:
        """Where its value stands, without its quotes."""
        start, end = entry.value_span
        return self.place((start + len(entry.quote), end - len(entry.quote)))

    def place(self, span: Span) -> Place:
        return self.lines.place(self.path, *span)


class _Fault(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


def read_dotenv(path: str, data: bytes) -> DotenvSource:
    """Never raises. Bytes that are not UTF-8 stay as they are (surrogates in the values); a byte order mark is no key's part."""
    text = data.decode("utf-8", "surrogateescape")
    mark = len(text) - len(text := text.removeprefix("\ufeff"))
    if data.isascii():
        offsets: list[int] | range = range(len(text) + 1)
    else:
        offsets = list(accumulate((len(c.encode("utf-8", "surrogateescape")) for c in text), initial=3 * mark))
    return DotenvSource(path, data, tuple(_entries(text, offsets, 3 * mark)), Lines(data))


def _entries(text: str, offsets: "list[int] | range", start: int) -> Iterator[Entry]:
    if start:
        yield Entry("blank", (0, start))
    position = 0
    while position < len(text):
        begun = _match(BLANK, text, position).end()
        if begun > position:
            yield Entry("blank", (offsets[position], offsets[begun]))
        position = begun
        if begun < len(text):
            reader = _Reader(text, begun)
            entry = reader.entry(offsets)
            position = reader.at
            yield entry


def _match(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    found = pattern.match(text, at)
    assert found is not None
    return found


class _Reader:
    """One binding, step by step; `at` is how far it came, also when it failed."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.start, self.at = text, at, at

    def entry(self, offsets: "list[int] | range") -> Entry:
        def span(of: Span) -> Span:
            return offsets[of[0]], offsets[of[1]]

        try:
            found = self._binding()
        except _Fault as fault:
            failed = self.at
            self.at = _match(REST, self.text, failed).end()
            seen = len(self.text[failed : self.at].rstrip("\r\n"))
            return Entry("malformed", span((self.start, self.at)), fault=fault.reason, fault_span=span((failed, failed + seen)))
        kind, key, value, key_span, value_span, quote, export, comment = found
        return Entry(kind, span((self.start, self.at)), key, value, span(key_span), span(value_span), quote, export, comment)

    def _binding(self) -> tuple[Literal["comment", "binding"], str, str | None, Span, Span, Literal["", "'", '"'], bool, str]:
        export = self._take(EXPORT).end() > self.start
        if self._next() == "#":
            comment = self._take(COMMENT)[0]
            self._end()
            return "comment", "", None, (0, 0), (0, 0), "", export, comment.lstrip("# \t")
        key, key_span = self._key()
        self._take(SPACE)
        value, value_span, quote = None, (self.at, self.at), ""
        if self._next() == "=":
            self.at += 1
            spaced = self._take(SPACE)[0] != ""
            value_span = (self.at, self.at)
            value, quote = ("", "") if spaced and self._next() == "#" else self._value()
            value_span = (value_span[0], self.at)
        comment = self._take(COMMENT)[0]
        self._end("" if value is None else quote or "value")
        return "binding", key, value, key_span, value_span, quote, export, comment.lstrip().lstrip("#").strip()  # type: ignore[return-value]

    def _key(self) -> tuple[str, Span]:
        quoted = self._next() == "'"
        found = (QUOTED_KEY if quoted else BARE_KEY).match(self.text, self.at)
        if found is None:
            raise _Fault("a quote around the name that is never closed" if quoted else "no name before the `=`")
        self.at = found.end()
        return _newlines(found[1]), found.span(1)

    def _value(self) -> tuple[str, str]:
        quote = self._next()
        if quote in ("'", '"') and quote:
            found = (SINGLE if quote == "'" else DOUBLE).match(self.text, self.at)
            if found is None:
                raise _Fault("a quote that is never closed")
            self.at = found.end()
            return _unescaped(_newlines(found[1]), "\\'" if quote == "'" else "\\'\"abfnrtv"), quote
        raw = self._peek(TO_END)
        value = INLINE.sub("", raw).rstrip()
        self.at += len(value)
        return value, ""

    def _peek(self, pattern: re.Pattern[str]) -> str:
        return _match(pattern, self.text, self.at)[0]

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = _match(pattern, self.text, self.at)
        self.at = found.end()
        return found

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _end(self, after: str = "") -> None:
        found = LINE_END.match(self.text, self.at)
        if found is None:
            raise _Fault("text after the closing quote" if after else "no `=` after the name")
        self.at = found.end()


def _newlines(text: str) -> str:
    """Python opens text files with universal newlines, so a value over several lines holds bare ones."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unescaped(text: str, known: str) -> str:
    return re.sub(r"\\(.)", lambda m: ESCAPES[m[1]] if m[1] in known else m[0], text, flags=re.S) if "\\" in text else text


def spelled(value: str) -> str:
    """A spelling of `value` that reads back as itself: bare where every dotenv reader agrees, else quoted."""
    if PLAIN.fullmatch(value) or not value:
        return value
    if "'" not in value and "\\" not in value and "\r" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def files_of(environment: str = DEV) -> tuple[str, ...]:
    """The platform's dotenv files for `--env`, the one that wins first; new values go into the last."""
    return (".env.local", ".env") if environment == DEV else (f".env.{environment}.local", f".env.{environment}")


def is_values_file(path: str) -> bool:
    """`.env`, `.env.local`, `.env.production`, ...: values, not a template that is meant to be in git."""
    name = path.rpartition("/")[2]
    return (name == ".env" or name.startswith(".env.")) and not is_template(path) and not name.endswith(OTHERS)


def is_template(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return "env" in name.split(".") and any(word in name.split(".") for word in TEMPLATES)
