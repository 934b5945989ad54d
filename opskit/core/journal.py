"""What opskit wrote, so that it can be taken back byte for byte, whatever instant it was stopped at.

`.opskit/journal/NNNN/` holds `entry.json` and the before-images as raw bytes. The entry is written before the
first file is touched, each file is replaced whole, and the entry is closed last: an entry still `open` names a
run that was cut short, and `undo` takes back what of it was written.
"""

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.settle import Settled
from opskit.core.state import NAME, state_folder, write_private
from opskit.core.write import Written, restore, write


@dataclass(frozen=True, slots=True)
class Entry:
    """One applied plan. `state` is open, done or undone; digests are SHA-256 in hex, "" for "not there"."""

    number: int
    command: str
    when: str
    state: str = "open"
    files: tuple[Written, ...] = ()
    calls: tuple[dict[str, str], ...] = field(default=())


def digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


class Journal:
    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        return self.root / NAME / "journal"

    def entries(self) -> list[Entry]:
        """All entries, oldest first. A folder without an entry was cut short before it wrote anything."""
        found = []
        for folder in sorted(self.folder.glob("[0-9]*")) if self.folder.is_dir() else []:
            if (folder / "entry.json").is_file():
                found.append(_load(folder / "entry.json"))
        return found

    def apply(self, settled: Settled, command: str, when: str) -> Entry:
        """Write every file of a settled plan; on failure what was written is put back and the error is raised."""
        number = 1 + max((int(f.name) for f in self.folder.glob("[0-9]*")), default=0) if self.folder.is_dir() else 1
        folder = state_folder(self.root, "journal", f"{number:04d}")
        files = []
        try:
            for index, rewrite in enumerate(settled.rewrites):
                if rewrite.before is not None:
                    write_private(folder / f"{index}", rewrite.before)
                files.append(Written.of(self.root, rewrite, digest(rewrite.before), digest(rewrite.after)))
            calls = tuple({"system": c.system, "action": c.action, "reverse": c.reverse} for c in settled.calls)
            entry = Entry(number, command, when, files=tuple(files), calls=calls)
            self._save(entry)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise OpskitError(f"cannot keep a before-image: {error.strerror}; nothing was changed", code="OPS-X008",
                              help="make room on the disk, then run it again") from error
        try:
            for written, rewrite in zip(entry.files, settled.rewrites, strict=True):
                write(self.root, written, rewrite)
            done = replace(entry, state="done")
            self._save(done)
        except BaseException as error:
            as_before = self._given_up(entry)
            if not isinstance(error, OSError | OpskitError):
                raise
            reason = error.message if isinstance(error, OpskitError) else f"cannot write {written.path}: {error.strerror}"
            rest = "every file is as it was" if as_before else "opskit undo takes back what was written"
            raise OpskitError(f"{reason}; {rest}", code="OPS-X008", help="mend the cause, then run it again") from error
        return done

    def _given_up(self, entry: Entry) -> bool:
        """Whether all was put back; where even that finds no room the entry stays open, for `undo` later."""
        try:
            self._take_back(entry)
        except OSError:
            return False
        with suppress(OSError):
            self._save(replace(entry, state="undone"))
        return True

    def undo(self, entry: Entry) -> list[str]:
        """Take an entry back. Returns the files that have moved on since, which were left alone."""
        moved = self._take_back(entry)
        if not moved:
            self._save(replace(entry, state="undone"))
        return moved

    def _take_back(self, entry: Entry) -> list[str]:
        moved = []
        for index, written in reversed(list(enumerate(entry.files))):
            image = self._folder(entry.number) / f"{index}"
            before = image.read_bytes() if written.before else None
            if not restore(self.root, written, before):
                moved.append(written.path)
        return moved[::-1]

    def last_digests(self) -> dict[str, str]:
        """What opskit itself last left in each file: its own edits do not count as somebody's uncommitted work."""
        return {w.path: w.after for entry in self.entries() if entry.state != "undone" for w in entry.files}

    def _folder(self, number: int) -> Path:
        return self.folder / f"{number:04d}"

    def _save(self, entry: Entry) -> None:
        write_private(self._folder(entry.number) / "entry.json", json.dumps(asdict(entry), indent=1).encode())


def _load(path: Path) -> Entry:
    try:
        raw: dict[str, Any] = json.loads(path.read_bytes())
        return Entry(**{**raw, "files": tuple(Written(**w) for w in raw["files"]), "calls": tuple(raw["calls"])})
    except (ValueError, TypeError, KeyError) as error:
        raise OpskitError(f"the journal's entry {os.fspath(path)} cannot be read", code="OPS-X009",
                          help="move that folder away; its before-images beside it are plain files") from error
