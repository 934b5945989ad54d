"""JSON with byte spans (RFC 8259), tolerant of a BOM, comments and trailing commas as tsconfig.json has them."""

import json
import re

from opskit.source.located import Located

SPACE = re.compile(rb"(?:[\s,:]|//[^\n]*|/\*.*?\*/)*", re.S)
STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"')
SCALAR = re.compile(rb"[^\s,:\]\}\[\{\"/]+")
DEEPEST = 100


def read_json(path: str, data: bytes) -> Located | None:
    """Never raises: None where it is not JSON."""
    try:
        return _Reader(data).document()
    except (ValueError, IndexError):
        return None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def document(self) -> Located:
        found = self._value(0)
        self._skip()
        if self.position != len(self.data):
            raise ValueError("more than one value")
        return found

    def _skip(self) -> bytes:
        match = SPACE.match(self.data, self.position)
        self.position = match.end() if match else self.position
        return self.data[self.position : self.position + 1]

    def _value(self, depth: int) -> Located:
        mark, start = self._skip(), self.position
        if depth > DEEPEST:
            raise ValueError("too deep")
        if mark == b'"':
            return self._string()
        if mark in (b"{", b"["):
            self.position += 1
            return self._table(start, depth) if mark == b"{" else self._list(start, depth)
        match = SCALAR.match(self.data, self.position)
        if match is None:
            raise ValueError("no value")
        self.position = match.end()
        raw = match[0].decode("utf-8", "replace")
        return Located(json.loads(raw), start, self.position, raw)

    def _string(self) -> Located:
        match = STRING.match(self.data, self.position)
        if match is None:
            raise ValueError("an open string")
        self.position = match.end()
        text = json.loads(match[0])
        return Located(text, match.start(), match.end(), text, True)

    def _table(self, start: int, depth: int) -> Located:
        items: dict[str, Located] = {}
        while self._skip() != b"}":
            key = self._string()
            value = self._value(depth + 1)
            items[key.raw] = Located(value.value, value.start, value.end, value.raw, value.quoted, value.items, value.parts, key)
        self.position += 1
        return Located(None, start, self.position, items=items)

    def _list(self, start: int, depth: int) -> Located:
        parts: list[Located] = []
        while self._skip() != b"]":
            parts.append(self._value(depth + 1))
        self.position += 1
        return Located(None, start, self.position, parts=parts)
