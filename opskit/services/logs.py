"""One service's output: whole lines, secrets masked, into a file that rotates and to whoever follows."""

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from opskit.core.secret import Redactor

SIZE, KEEP, LONGEST, REMEMBERED = 5 << 20, 3, 64 << 10, 12
ESCAPES = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-ln-~]|[@-Z\\^_])|[\x00-\x08\x0b-\x1a\x7f]")
COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
ERROR = re.compile(r"(Uncaught )?[\w.]*(Error|Exception)( \[\w+\])?: ")


class Splitter:
    """Bytes as they come in, whole lines out. A line over 64 KiB is cut, so that none can fill the memory."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        """All complete lines, each with its newline; b"" while there is none."""
        data = self._rest + data
        end = data.rfind(b"\n") + 1
        self._rest = data[end:]
        if len(self._rest) <= LONGEST:
            return data[:end]
        whole, self._rest = data + b"\n", b""
        return whole

    def rest(self) -> bytes:
        """What stood after the last newline, as a line, when no more will come."""
        rest, self._rest = self._rest, b""
        return rest + b"\n" if rest else b""


class LogFile:
    """`NAME.log`, appended to, renamed to `NAME.log.1` ... `.3` at 5 MiB. A full disk loses lines and counts them."""

    def __init__(self, path: Path, size: int = SIZE, keep: int = KEEP) -> None:
        self.path, self.lost = path, 0
        self._size, self._keep = size, keep
        self._open()

    def _open(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._written = os.fstat(self._descriptor).st_size

    def write(self, data: bytes) -> None:
        try:
            if self._written and self._written + len(data) > self._size:
                self._rotate()
            os.write(self._descriptor, data)
            self._written += len(data)
        except OSError:
            self.lost += data.count(b"\n")

    def _rotate(self) -> None:
        os.close(self._descriptor)
        for number in range(self._keep, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            if newer.exists():
                os.replace(newer, older)
        self._open()

    def close(self) -> None:
        os.close(self._descriptor)


class Log:
    """From a pipe's bytes to the file and the followers. `redact` stands before both; a followers' block has several lines."""

    def __init__(self, name: str, file: LogFile, redact: Redactor, follow: Callable[[str, str], None],
                 clock: Callable[[], float] = time.time) -> None:
        self.name, self.file, self.redact = name, file, redact
        self._follow, self._clock, self._splitter = follow, clock, Splitter()
        self.last: list[str] = []

    def feed(self, data: bytes) -> None:
        self._tell(self._splitter.feed(data))

    def flush(self) -> None:
        self._tell(self._splitter.rest())

    def say(self, text: str) -> None:
        """A line of opskit's own among the service's."""
        self._tell(f"opskit: {text}\n".encode())

    def last_words(self) -> str:
        """What it said last that tells something, as the end of a sentence: an error where there is one."""
        said = [line for line in self.last if line and line == line.lstrip() and not line.startswith("opskit: ")]
        errors = [line for line in said if ERROR.match(line)]  # Node ends its traceback with its version
        return f"; its last words: {(errors or said)[-1][:200]}" if said else "; it has printed nothing"

    def _tell(self, lines: bytes) -> None:
        if not lines:
            return
        text = clean(self.redact(lines.decode("utf-8", "replace")))
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S ", time.localtime(self._clock()))
        plain = COLOUR.sub("", text)
        self.file.write((stamp + plain[:-1].replace("\n", "\n" + stamp) + "\n").encode("utf-8", "replace"))
        self.last = [*self.last, *plain.splitlines()[-REMEMBERED:]][-REMEMBERED:]
        self._follow(self.name, text)


def clean(text: str) -> str:
    """Colours stay; every other escape and control character goes: a log must not move a terminal's cursor or set its title."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Line:
    """One stored line. `when` sorts as text: local time to the second."""

    when: str
    name: str
    text: str


def stored(folder: Path, name: str, count: int) -> list[Line]:
    """The last `count` lines of a service's log, oldest first, from the rotated files too."""
    lines: list[bytes] = []
    for path in (folder / f"{name}.log", *(folder / f"{name}.log.{number}" for number in range(1, KEEP + 1))):
        if len(lines) >= count or not path.is_file():
            break
        lines = [*_tail(path, count - len(lines)), *lines]
    return [_line(name, raw.decode("utf-8", "replace")) for raw in lines]


def _tail(path: Path, count: int) -> list[bytes]:
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        data = b""
        while position and data.count(b"\n") <= count:
            step = min(position, 1 << 16)
            position -= step
            file.seek(position)
            data = file.read(step) + data
    return data.splitlines()[-count:] if count else []


def _line(name: str, raw: str) -> Line:
    when, _, text = raw.partition(" ")
    return Line(when, name, text)


def names(folder: Path) -> Iterator[str]:
    """Services that have a log."""
    return (path.name.removesuffix(".log") for path in sorted(folder.glob("*.log")) if path.name != "supervisor.log")
