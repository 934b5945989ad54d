"""A host and its port under keys of their own: `{hostname: "localhost", path: "/x", port: 5000}`, and blocks of YAML, TOML and INI."""

import re
from collections.abc import Iterable, Iterator

from opskit.ports import spellings

ENTRY = re.compile(rb"(?P<indent>[ \t]*)(?:- (?P<dash>))?['\"]?[\w.-]+['\"]?[ \t]*[:=]")
SECTION = re.compile(rb"^[ \t]*\[{1,2}([^\[\]\n]+)\]{1,2}[ \t]*(?:[#;][^\n]*)?\r?$", re.M)
OPENING = re.compile(rb"^([ \t]*)(?:- )?['\"]?([\w.-]+)['\"]?:[ \t]*(?:#[^\n]*)?\r?$", re.M)
KEY = re.compile(rb"['\"]?([\w.-]+)['\"]?\s*[:=]\s*$")
FAR = 400


def paired(data: bytes, hosts: Iterable[int]) -> Iterator[re.Match[bytes]]:
    """The one `port: N` that stands with each `host: localhost`, of the places where a host's name stands."""
    for at in hosts:
        if spellings.CALLED.match(data, at) and spellings.PAIRED_HOST.search(data, max(0, at - 40), at):
            left, right = braces(data, at) or _block(data, at)
            found = list(spellings.PAIRED.finditer(data, left, right))
            if len(found) == 1:
                yield found[0]


def places(data: bytes, needle: bytes) -> Iterator[int]:
    """Where it stands, first to last, none over another."""
    at = data.find(needle)
    while at >= 0:
        yield at
        at = data.find(needle, at + len(needle))


def braces(data: bytes, at: int) -> tuple[int, int] | None:
    """The flat braces around a place, within 400 bytes."""
    left, right = data.rfind(b"{", max(0, at - FAR), at), data.find(b"}", at, at + FAR)
    if left < 0 or right < 0 or b"}" in data[left:at] or b"{" in data[at:right]:
        return None
    return left + 1, right


def heading(data: bytes, at: int) -> bytes:
    """The key that a place's braces or block is given to, b"" where there is none."""
    if span := braces(data, at):
        found = KEY.search(data, max(0, span[0] - 80), span[0] - 1)
        return found[1] if found else b""
    start = data.rfind(b"\n", 0, at) + 1
    entry = ENTRY.match(data, start)
    if entry is None:
        return b""
    window = max(0, start - FAR)
    section = list(SECTION.finditer(data, window, start))
    if section:
        return section[-1][1].strip().rpartition(b".")[2]
    own = len(entry["indent"])
    above = [m for m in OPENING.finditer(data, data.rfind(b"\n", 0, window) + 1, start) if len(m[1]) < own]
    return above[-1][2] if above else b""


def _block(data: bytes, at: int) -> tuple[int, int]:
    """The lines around a place that are entries on its own level."""
    start, end = data.rfind(b"\n", 0, at) + 1, _end(data, at)
    own = _level(data, start)
    if own is None:
        return start, start
    left, right = start, end
    while left > 0 and not _is_item(data, left) and start - left < FAR:
        above = data.rfind(b"\n", 0, left - 1) + 1
        if _level(data, above) != own:
            break
        left = above
    while right < len(data) and right - end < FAR and _level(data, right) == own and not _is_item(data, right):
        right = _end(data, right)
    return left, right


def _end(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end + 1


def _level(data: bytes, start: int) -> int | None:
    entry = ENTRY.match(data, start, _end(data, start))
    return None if entry is None else len(entry["indent"]) + 2 * (entry["dash"] is not None)


def _is_item(data: bytes, start: int) -> bool:
    entry = ENTRY.match(data, start, _end(data, start))
    return entry is not None and entry["dash"] is not None
