"""From a plan to the exact bytes of every file: overlaps, groups and proofs decided before anything is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from opskit.core.change import Call, Change, FileCreate, FileDelete, FileEdit, Plan

Read = Callable[[str], bytes | None]
Prove = Callable[[str, bytes | None, bytes | None], str]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One file before and after; None stands for "not there". `mode` is for a file that is made."""

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0o644
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A change that fell out of the plan, and why."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What will be written. `changes` are those that stand, in their order."""

    rewrites: tuple[Rewrite, ...]
    calls: tuple[Call, ...]
    changes: tuple[Change, ...]
    dropped: tuple[Dropped, ...]


def no_proof(path: str, before: bytes | None, after: bytes | None) -> str:
    return ""


def settle(plan: Plan, read: Read, prove: Prove = no_proof) -> Settled:
    """Drop what overlaps, no longer fits or fails its proof, each with its whole group, until the rest stands.

    `read` gives a file's bytes or None; `prove` gives a reason when a file must not be written, else "".
    """
    standing, dropped = list(dict.fromkeys(plan.changes)), list[Dropped]()
    while True:
        refused = dict(_misfits(standing, read))
        rewrites = [] if refused else _rewrites(standing, read)
        refused |= dict(_unproved(rewrites, standing, prove))
        if not refused:
            calls = tuple(c for c in standing if isinstance(c, Call))
            return Settled(tuple(r for r in rewrites if r.before != r.after), calls, tuple(standing), tuple(dropped))
        standing, fallen = _without(standing, refused)
        dropped += fallen


def _files(changes: Iterable[Change]) -> list[FileEdit | FileCreate | FileDelete]:
    return sorted((c for c in changes if not isinstance(c, Call)), key=lambda c: c.path)


def _misfits(changes: list[Change], read: Read) -> Iterable[tuple[Change, str]]:
    for path, group in groupby(_files(changes), key=lambda c: c.path):
        on_file, data, reached = list(group), read(path), -1
        for change in on_file:
            if not isinstance(change, FileEdit):
                if isinstance(change, FileCreate) and data is not None and data != change.content:
                    yield change, "the file is there already with other content"
                elif len(on_file) > 1 and change is not on_file[0]:
                    yield change, "another change makes or removes the same file"
        edits = sorted((c for c in on_file if isinstance(c, FileEdit)), key=lambda c: (c.start, c.end))
        for edit in edits:
            if (data is None and (edit.end or edit.old)) or (data or b"")[edit.start : edit.end] != edit.old:
                yield edit, "the file has changed since it was read"
            elif edit.start < reached:
                yield edit, "overlaps another edit of the same bytes"
            reached = max(reached, edit.end)


def _rewrites(changes: list[Change], read: Read) -> list[Rewrite]:
    return [_rewrite(path, list(group), read(path)) for path, group in groupby(_files(changes), key=lambda c: c.path)]


def _rewrite(path: str, changes: list[FileEdit | FileCreate | FileDelete], before: bytes | None) -> Rewrite:
    match changes[0]:
        case FileCreate(content=content, mode=mode, secret=secret):
            return Rewrite(path, before, content, mode, secret)
        case FileDelete():
            return Rewrite(path, before, None)
    pieces, reached, text = list[bytes](), 0, before or b""
    for edit in sorted((c for c in changes if isinstance(c, FileEdit)), key=lambda c: (c.start, c.end)):
        pieces += [text[reached : edit.start], edit.new]
        reached = edit.end
    secret = any(isinstance(c, FileEdit) and c.secret for c in changes)
    return Rewrite(path, before, b"".join([*pieces, text[reached:]]), secret=secret)


def _unproved(rewrites: list[Rewrite], changes: list[Change], prove: Prove) -> Iterable[tuple[Change, str]]:
    failures = {r.path: reason for r in rewrites if (reason := prove(r.path, r.before, r.after))}
    return ((c, failures[c.path]) for c in _files(changes) if c.path in failures)


def _without(changes: list[Change], refused: dict[Change, str]) -> tuple[list[Change], list[Dropped]]:
    groups = {c.group: reason for c, reason in refused.items() if c.group}
    fallen = [
        Dropped(c, refused.get(c) or f"goes with a change that fell out: {groups[c.group]}")
        for c in changes
        if c in refused or (c.group and c.group in groups)
    ]
    gone = {f.change for f in fallen}
    return [c for c in changes if c not in gone], fallen
