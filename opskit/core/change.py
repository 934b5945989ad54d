"""What a fix would do, as data: byte spans to replace, files to make or remove, calls to live systems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from opskit.core.finding import Skipped


@dataclass(frozen=True, slots=True)
class FileEdit:
    """Replace bytes [start, end) of `path`, which must hold `old` now. Edits of one `group` stand or fall together.

    Insertions at 0 into a file that is not there make it: several groups can share a new file. A file that gets a `secret` is
    nobody's but its owner's from then on.
    """

    path: str
    start: int
    end: int
    old: bytes
    new: bytes
    why: str
    group: str = ""
    code: str = ""
    secret: bool = False


def appended(path: str, data: bytes, text: str, why: str, group: str = "", code: str = "", secret: bool = False) -> FileEdit:
    """The edit at the end of a file of these bytes: in its own line ends, after the newline that it may lack. `text` has `\\n`."""
    eol = "\r\n" if b"\r\n" in data else "\n"
    gap = eol if data and not data.endswith((b"\n", b"\r")) else ""
    new = (gap + text.replace("\n", eol)).encode("utf-8", "surrogateescape")
    return FileEdit(path, len(data), len(data), b"", new, why, group, code, secret)


@dataclass(frozen=True, slots=True)
class FileCreate:
    """Make `path` with this content. Where the file exists with other content the group falls out."""

    path: str
    content: bytes
    why: str
    group: str = ""
    code: str = ""
    mode: int = 0o644
    secret: bool = False


@dataclass(frozen=True, slots=True)
class FileDelete:
    path: str
    why: str
    group: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An act on a live system, as data; an executor is handed in. Never undone by itself: `reverse` says how."""

    system: Literal["database", "stripe", "netlify", "packages"]
    action: str
    why: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    reverse: str = ""
    group: str = ""
    code: str = ""


Change = FileEdit | FileCreate | FileDelete | Call


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes with what was left alone and why. Plans of several rooms add up to one."""

    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    held_back: int = 0

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(self.changes + other.changes, self.skipped + other.skipped, self.held_back + other.held_back)

    def __bool__(self) -> bool:
        return bool(self.changes)
