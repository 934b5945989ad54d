"""How files spell an absolute path of one machine: found in bytes and in text, split, compared. No file is read here."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from opskit.paths.facts import Root

_MARK = re.compile(  # a colon, then a set: the engine looks for those two before anything else, faster than `find` does
    rb":[/\\](?!(?<=\\)[nr](?:[\s\\\"'{]|$))(?<=[A-Za-z]:.)(?:(?<![A-Za-z0-9_%][A-Za-z]:.)|(?<=\\[nrt][A-Za-z]:.))", re.S)
_HOMES = re.compile(rb"/(?:home|Users|mnt)/")
_SHARE = re.compile(rb"\\\\(?:\\\\[A-Za-z][\w.-]+\\\\[\w$]|(?<=[\s\"'=(]..)[A-Za-z][\w.-]+\\[\w$])", re.S)
_ENDS = "\\s\"'`<>|,;()\\[\\]&\x00-\x1f"
_SPACED = r"(?:Program Files(?: \(x86\))?|Documents and Settings|All Users|Application Data)(?=[\\/])"
_DRIVE = r"(?:(?<![A-Za-z0-9_%À-ɏ])|(?<=\\[nrt]))[A-Za-z]:(?:(?!\\[nr](?:[\s\\\"'{]|$))\\+|/(?!/)|//(?=[\w .-]+//))"
_HOME = r"(?:(?<![\w.:/~$}%)\]>*@\\-])|(?<=file://)|(?<=:-))(?:/home/|/Users/|/mnt/[a-z]/|/[a-z]/Users/)(?=[\w<{$%])"
_LISTED = r"(?<=:)(?:/home/|/Users/|/mnt/[a-z]/)(?=[\w<{$%])"
_UNC = r"(?<![\w.:\\/\])}])(?:\\\\\\\\(?=[A-Za-z][\w.-]+\\\\[\w$])|\\\\(?=[A-Za-z][\w.-]+\\[\w$][\w .$-]*(?:\\|[\"'\s]|$)))"
_HEAD = re.compile(f"{_DRIVE}|{_HOME}|(?P<listed>{_LISTED})|{_UNC}")
_SIGN = re.compile(r":(?=[\\/])|/(?=(?:home|Users|mnt)/)|\\(?=\\)")  # every head holds one: plain letters, which the engine flies over
_LIST = re.compile(r"\w*PATH\w*=[\"']?[^\s\"';|&]*:$")  # behind any other colon stands a host's or a container's
_BARE = re.compile(rf"(?:{_SPACED}|[^{_ENDS}:{{}}]|\{{[^{_ENDS}{{}}]*\}})*")
_QUOTED = {quote: re.compile(rf"[^{quote}<>|:\x00-\x1f]*(?={quote})") for quote in "\"'`"}
_ANCHOR = re.compile(r"(?P<drive>[A-Za-z]:)(?=[\\/])|[\\/]{2,4}(?P<server>[^\\/]+)[\\/]+(?P<share>[^\\/]+)|(?P<root>/)")
_WHOLE = re.compile(
    r"[A-Za-z]:(?:\\+|/(?!/)|//(?=[^/]+//))|\\\\[A-Za-z][\w.-]+\\[\w$]|(?:/home|/Users)/[\w<{$%]|/mnt/[a-z]/|/[a-z]/Users/"
)
_UNFIT = re.compile(r"[<>\"|\x00-\x1f]")
_REGEX = re.compile(r"\\[dwsbDWS][+*?)]|\[[^\]]*\][+*]|\(\?|\.[*+]")
_ARGUMENTS = re.compile(r"\.(?:exe|bat|cmd|py|sh|ps1|js)['\"]? |\s(?:--?[a-z]|/[a-z]\b|&&|>)", re.I)
_DEFECT = re.compile(r"([A-Za-z]):\\+(?:[\w.~ -]+\\)*[\w.~ -]+(?:\\|\.\w{1,5})?$")
_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\([abfnrtv]|[0-7]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|N\{)")
_ANY = re.compile(r"(?<!\\)(?:\\\\)*\\([^\\])")
_TOLD = {
    "a": "a bell", "b": "a backspace", "f": "a form feed", "n": "a line end", "r": "a carriage return", "t": "a tab", "v": "a vertical tab",
}


def holds(data: bytes) -> bool:
    """Whether the file may name a path of one machine: the prefilter before every parser."""
    return any(pattern.search(data) for pattern in (_MARK, _HOMES, _SHARE))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where paths stand in longer text, or in code by its letters: each to its closing quote, else to the next white space."""
    reached = 0
    for head in _heads(text):
        if head.start() < reached or (head["listed"] and not _LIST.search(text[max(0, head.start() - 300) : head.start()])):
            continue
        reached = _end(text, head.start(), head.end())
        if reached > head.end() or text[head.start()] not in "\\/":
            yield head.start(), reached


def _heads(text: str) -> Iterator[re.Match[str]]:
    """As `_HEAD.finditer`, tried only where one can begin."""
    behind = 0
    for sign in _SIGN.finditer(text):
        at = sign.start()
        for start in (at - 1,) if sign[0] == ":" else (at - 2, at) if sign[0] == "/" else (at,):
            if start >= behind and (head := _HEAD.match(text, start)):
                behind = head.end()
                yield head


def _end(text: str, start: int, body: int) -> int:
    quote = text[start - 1 : start]
    if quote == "=" or quote not in _QUOTED:
        opened = re.search(r"([\"'])[A-Za-z_]\w*=$", text[max(0, start - 60) : start])
        quote = opened[1] if opened else ""
    if quote and (closed := _QUOTED[quote].match(text, body)):
        return closed.end()
    found = _BARE.match(text, body)
    assert found is not None
    return body + len(found[0].rstrip(".!?*")) if found[0].rstrip(".!?*") else found.end()


def is_whole(value: str) -> bool:
    """Whether a string, escapes decoded, is nothing but one path: no command, no sentence, no regular expression."""
    return bool(_WHOLE.match(value)) and not (_UNFIT.search(value) or ":" in value[2:] or _ARGUMENTS.search(value) or _REGEX.search(value))


def escaped_away(spelled: str, drops: bool = False) -> str:
    """What an escape made of a path that was meant: "a tab" for `c:\\test` between plain quotes, "" where nothing was lost.

    `spelled` is the literal's text without quotes, not of a raw string. `Q:\\nWhat?` is no path: a letter before C wants more folders.
    `drops` is for JavaScript, which leaves out the backslash of an escape that it does not know (ECMA-262, NonEscapeCharacter).
    """
    found = _DEFECT.match(spelled)
    if found is None or ((found[1].upper() < "C" or found[1].upper() in "QX") and spelled.count("\\") < 2):
        return ""
    escape = (_ANY if drops else _ESCAPE).search(spelled)
    if drops and escape and escape[1] not in "bfnrtv0xu":
        return "no backslash"
    return _TOLD.get(escape[1], "another character") if escape and spelled[escape.end() :] else ""


@dataclass(frozen=True, slots=True)
class Split:
    """A path in pieces. `anchor` is `C:`, `\\\\server\\share` or `/`; `parts` hold no separator, no `.` and no `..`; `trailing` tells that
    a separator ended it."""

    anchor: str
    parts: tuple[str, ...]
    trailing: bool
    flavour: Literal["windows", "posix"]


def split(value: str) -> Split:
    """An absolute path's pieces, whatever its separators; doubled ones count once, `..` is resolved as `ntpath.normpath` does."""
    found = _ANCHOR.match(value)
    if found is None:
        return Split("", tuple(filter(None, re.split(r"[\\/]+", value))), value.endswith(("/", "\\")), "windows")
    posix = found["root"] is not None
    anchor = "/" if posix else found["drive"] or f"\\\\{found['server']}\\{found['share']}"
    parts = list[str]()
    for part in re.split("/+" if posix else r"[\\/]+", value[found.end() :]):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return Split(anchor, tuple(parts), bool(parts) and value.endswith("/" if posix else ("/", "\\")), "posix" if posix else "windows")


@lru_cache(1 << 16)
def key(value: str) -> tuple[str, ...]:
    """What two spellings of one folder share: case and separators of Windows do not count."""
    pieces = split(value)
    whole = (pieces.anchor, *pieces.parts)
    return whole if pieces.flavour == "posix" else tuple(piece.lower() for piece in whole)


def tail(value: str, prefix: str) -> tuple[str, ...] | None:
    """The pieces of `value` below the folder `prefix`, spelled as they are; () for the folder itself, None where it lies elsewhere."""
    whole, above = key(value), key(prefix)
    return split(value).parts[len(above) - 1 :] if whole[: len(above)] == above else None


def owner(value: str, roots: Iterable[Root]) -> tuple[Root, tuple[str, ...]] | None:
    """The root that a path hangs on, the longest that fits, with the pieces below it."""
    fitting = [(root, below) for root in roots if (below := tail(value, root.prefix)) is not None]
    return min(fitting, key=lambda pair: len(pair[1])) if fitting else None


def rest_of(spelled: str, prefix: str) -> str | None:
    """What stands in `spelled` behind the folder `prefix`, separators as they are; "" for the folder itself, None elsewhere."""
    pieces, between = split(prefix), r"[\\/]+(?:\.[\\/]+)*"
    posix = pieces.flavour == "posix"
    lead = "/+" if posix else re.escape(pieces.anchor) + between
    begun = re.match(lead + between.join(map(re.escape, pieces.parts)) + r"(?=[\\/]|$)", spelled, 0 if posix else re.I)
    return spelled[begun.end() :] if begun else None
