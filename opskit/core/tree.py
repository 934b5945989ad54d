"""The platform's files: which are its own, each read once, each parsed at most once for all rooms."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from opskit.core.finding import Unresolved
from opskit.core.listing import listed
from opskit.core.place import Lines, Place

T = TypeVar("T")
HUGE = 4 << 20
READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Tree:
    """A read-only view of one platform.

    `files` are paths relative to the root with `/`, sorted: what git tracks or would track, else what a walk
    finds, without dependencies, virtual environments, vendored and generated files. Links are never followed
    out of the root. What cannot be read is an `unread` value with its reason, never an exception.
    """

    def __init__(self, root: Path, leave_alone: Iterable[str] = (), huge: int = HUGE) -> None:
        self.root = root.resolve()
        self._base = str(self.root)
        self.unread: dict[str, str] = {}
        self._leave_alone, self._huge = tuple(leave_alone), huge
        self._bytes: dict[str, bytes | None] = {}
        self._parsed: dict[tuple[str, object], object] = {}
        self._lines: dict[str, Lines] = {}
        self._held: dict[tuple[bytes, ...], dict[str, bool]] = {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(path for path in listed(self.root, self._leave_alone) if self._is_ours(path))

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder below the root with one of the files in it, however deep."""
        parents = {path.rpartition("/")[0] for path in self.files}
        return frozenset("/".join(parts[:depth]) for parts in (p.split("/") for p in parents if p) for depth in range(1, len(parts) + 1))

    @cached_property
    def _lowered(self) -> tuple[str, ...]:
        return tuple(map(str.lower, self.files))

    def _is_ours(self, path: str) -> bool:
        full = f"{self._base}/{path}"
        try:
            mode = os.lstat(full).st_mode
            if not path.isprintable() and UNWRITABLE.search(path):
                return self._refuse(path, "its name is not UTF-8 or holds a control character: no file of text could name it")
            if stat.S_ISLNK(mode):
                if not Path(full).resolve().is_relative_to(self.root):
                    return self._refuse(path, "a link out of the platform, not followed")
                mode = os.stat(full).st_mode
        except FileNotFoundError as error:  # what was removed and not yet committed is still on git's list: no matter; a link to nothing is
            return os.path.lexists(full) and self._refuse(path, error.strerror or str(error))
        except (OSError, ValueError, RuntimeError) as error:
            return self._refuse(path, getattr(error, "strerror", None) or str(error))
        return stat.S_ISREG(mode) or self._refuse(path, "not a regular file")

    def _refuse(self, path: str, reason: str) -> bool:
        self.unread[path] = reason
        return False

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None where it is absent, huge or unreadable (`unread` says which)."""
        if path not in self._bytes:
            self._bytes[path] = self._load(path)
        return self._bytes[path]

    def _load(self, path: str) -> bytes | None:
        try:
            file = os.open(f"{self._base}/{path}", READING)
            try:
                if (size := os.fstat(file).st_size) > self._huge:
                    self._refuse(path, f"{size >> 20} MB, over the limit of {self._huge >> 20} MB")
                    return None
                return os.read(file, size)  # a file object would take as long again as all the rest
            finally:
                os.close(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._refuse(path, error.strerror or str(error))
            return None

    def parsed(self, path: str, reader: Callable[[str, bytes], T]) -> T | None:
        """`reader(path, bytes)`, once a run however many rooms ask; None where the file cannot be read."""
        key = (path, reader)
        if key not in self._parsed:
            data = self.read(path)
            self._parsed[key] = None if data is None else reader(path, data)
        return self._parsed[key]  # type: ignore[return-value]

    def computed(self, build: Callable[["Tree"], T]) -> T:
        """`build(tree)`, once a run: an index over many files that several readers share."""
        key = ("", build)
        if key not in self._parsed:
            self._parsed[key] = build(self)
        return self._parsed[key]  # type: ignore[return-value]

    def lines(self, path: str) -> Lines:
        if path not in self._lines:
            self._lines[path] = Lines(self.read(path) or b"")
        return self._lines[path]

    def place(self, path: str, start: int, end: int) -> Place:
        return self.lines(path).place(path, start, end)

    def ending(self, *suffixes: str) -> Iterator[str]:
        """Files whose name ends so, case ignored."""
        return (path for path, name in zip(self.files, self._lowered, strict=True) if name.endswith(suffixes))

    def holding(self, paths: Iterable[str], *needles: bytes) -> Iterator[str]:
        """Of `paths`, those whose bytes hold any needle: the prefilter before every parser."""
        known = self._held.setdefault(needles, {})
        for path in paths:
            if path not in known:
                data = self.read(path)
                known[path] = data is not None and any(needle in data for needle in needles)
            if known[path]:
                yield path

    def is_link(self, path: str) -> bool:
        """Whether the file is a link to another file of the platform: its bytes are that file's to edit."""
        return os.path.islink(os.path.join(self._base, path))

    @property
    def unresolved(self) -> list[Unresolved]:
        return [Unresolved(Place(path), reason) for path, reason in sorted(self.unread.items())]


def find_root(start: Path) -> Path:
    """The nearest folder upward that holds opskit.toml or a .git, else `start` itself."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "opskit.toml").is_file():
            return folder
        if (folder / ".git").exists():
            return folder
    return start


def long_path(path: Path) -> str:
    """`path` for an error message: relative to here where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
