"""Where something stands in a file: byte span for editing, line and column for reading."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span of one file.

    `path` is relative to the platform's root, with `/`. Lines and columns count from 1 (columns in
    code points); line 0 means the file as a whole. `start` and `end` are byte offsets, end exclusive.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class Lines:
    """The line table of one file's bytes: offsets to places and back, made when first asked for.

    A carriage return alone ends a line too, as for Python's tokenizer, YAML and editors.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0, *accumulate(map(len, self.data.splitlines(keepends=True)))]
        return starts if self.data.endswith((b"\n", b"\r")) or not self.data else starts[:-1]

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of a byte offset, both from 1."""
        line = bisect_right(self._starts, offset)
        before = self.data[self._starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def offset(self, line: int, byte_column: int) -> int:
        """Byte offset of a line (from 1) and a byte column (from 0), as `ast` counts them."""
        return self._starts[line - 1] + byte_column

    def text(self, line: int) -> str:
        """The line's text without its end, for a report."""
        end = self._starts[line] if line < len(self._starts) else len(self.data)
        return self.data[self._starts[line - 1] : end].decode("utf-8", "replace").rstrip("\r\n")

    def place(self, path: str, start: int, end: int) -> Place:
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Place(path, line, column, end_line, end_column, start, end)

    def __len__(self) -> int:
        return len(self._starts)
