"""Where files speak of a port of this machine: URLs, host and port, tunnels; each with the digits' exact bytes."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports import spellings
from opskit.ports.pairs import paired, places

Role = Literal["reference", "tunnel", "default", "doc", "bind"]

DOCUMENTS = (".md", ".markdown", ".mdx", ".txt", ".rst", ".adoc", ".bak", ".backup", ".old", ".orig", ".log", ".srt", ".jsonl", ".csv")
BINARY = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".pdf", ".zip", ".gz", ".woff", ".woff2", ".ttf", ".mp3", ".mp4", ".wav", ".db",
    ".sqlite", ".sqlite3", ".pyc", ".exe", ".dll", ".so", ".lock", ".svg", ".map", ".wasm",
)
OPEN = "\0"
TUNNELS = (b"ngrok", b"cloudflared", b"ssh")
NAMED = re.compile(rb"['\"]?\bport['\"]?\s*[:=]\s*['\"]?(\d+)\b(?!\.)", re.I)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One mention. `place` spans the digits; `urls` are the paths asked for behind them, each expression in one as OPEN;
    `also` are more literals of the same number that stand beside it (`port: 5000` in the same braces). `comment` is one
    that no program reads, `asks` one that calls nobody and only asks who holds the port. `used` is where the URL stands,
    which is elsewhere than `place` for a constant."""

    place: Place
    port: int
    role: Role
    scheme: str = ""
    urls: tuple[str, ...] = ()
    also: tuple[Place, ...] = ()
    comment: bool = False
    used: int = 0
    asks: bool = False


def sightings(tree: Tree) -> tuple[Sighting, ...]:
    """Every mention in the platform's text files, in the files' order."""
    return tree.computed(_all)


def named_ports(tree: Tree) -> set[int]:
    """Numbers that any file calls a port, whatever they are for (`hmr: {port: 1421}`): none of them is free to take."""
    texts = (p for p in tree.files if not p.lower().endswith((*BINARY, *DOCUMENTS)))
    held = (tree.read(path) or b"" for path in tree.holding(texts, b"port", b"Port", b"PORT"))
    found = (NAMED.match(data, at) for data in held for at in places(data.lower(), b"port"))
    return {int(m[1]) for m in found if m and 0 < int(m[1]) < 65536}


def environment_files(tree: Tree) -> tuple[str, ...]:
    """.env files beside any file of the platform, also those that git ignores; examples and templates left out."""
    return tree.computed(_environment_files)


def _environment_files(tree: Tree) -> tuple[str, ...]:
    named = [p for p in tree.files if re.fullmatch(r"\.env(\.(?!example|template|sample|dist)\w+)*", p.rsplit("/", 1)[-1])]
    folders = {"", *(f"{p.rpartition('/')[0]}/" for p in tree.files if "/" in p)}
    ignored = (f"{folder}{name}" for folder in sorted(folders) for name in (".env", ".env.local"))
    return tuple(dict.fromkeys((*named, *(p for p in ignored if tree.read(p) is not None))))


def _all(tree: Tree) -> tuple[Sighting, ...]:
    paths = dict.fromkeys((*(p for p in tree.files if not p.lower().endswith(BINARY)), *environment_files(tree)))
    return tuple(s for path in tree.holding(paths, *spellings.NEEDLES) if not tree.is_link(path) for s in sighted(tree, path))


def sighted(tree: Tree, path: str) -> Iterator[Sighting]:
    """The mentions of one file, in its order, each digit once."""
    data = tree.read(path) or b""
    if b"\0" in data[:4096]:
        return
    by_digits = defaultdict[tuple[int, int], list[Sighting]](list)
    for match, spelling in sorted(_matches(data), key=lambda each: each[0].start()):
        span = _digits(data, match)
        if span is not None and int(data[slice(*span)]) < 65536:
            found = _sighting(tree, path, match, span, spelling)
            if found is not None:
                by_digits[span].append(found)
    for _, same in sorted(by_digits.items()):
        yield replace(same[0], urls=tuple(dict.fromkeys(url for s in same for url in s.urls)))


def _matches(data: bytes) -> Iterator[tuple[re.Match[bytes], re.Pattern[bytes]]]:
    """Each with its spelling, tried where its first word or a host's name stands: far quicker than at every byte."""
    hosts = [at for host in spellings.HOSTS for at in places(data, host)]
    for spelling, lead in (spellings.ADDRESS, 0), (spellings.FILLED, 0), (spellings.QUOTED, 1):
        yield from ((match, spelling) for at in hosts if at >= lead and (match := spelling.match(data, at - lead)))
    quoted = (at for at in hosts if data[at - 1 : at] in (b"'", b'"', b"`"))
    named = dict.fromkeys(found[1] for at in quoted if (found := spellings.CONSTANT.search(data, max(0, at - 80), at)))
    joined = (name for name in named if any(spellings.JOINS.match(data, at + len(name)) for at in places(data, name)))
    yield from ((match, spellings.ADDRESS) for name in joined if len(name) > 1 for match in _through(name).finditer(data))
    yield from ((match, spellings.PAIRED) for match in paired(data, hosts))
    if any(spellings.PROBED.match(data, at) for at in hosts):
        yield from ((match, spellings.PROBE) for match in spellings.PROBE.finditer(data))
    for spelling, words in spellings.COMMANDS:
        begins = sorted(at for word in words if word in data for at in places(data.lower(), word))
        yield from ((match, spelling) for at in begins if (match := spelling.match(data, at)))


_through = lru_cache(maxsize=256)(spellings.through)


def _digits(data: bytes, match: re.Match[bytes]) -> tuple[int, int] | None:
    """Where the number stands: in the mention itself, or in the one constant of this file that it names."""
    word = match.lastgroup or ""
    if word not in ("name", "held"):
        return match.span(word)
    held = [given.span(1) for at in places(data, match[word]) if (given := _given(data, at, at + len(match[word])))]
    return held[0] if len(held) == 1 else None


def _given(data: bytes, start: int, end: int) -> re.Match[bytes] | None:
    """The number that the name at a place is given there."""
    declared = spellings.DECLARED.fullmatch(data, data.rfind(b"\n", 0, start) + 1, start)
    return spellings.GIVEN.match(data, end) if declared else None


def _sighting(tree: Tree, path: str, match: re.Match[bytes], span: tuple[int, int], spelling: re.Pattern[bytes]) -> Sighting | None:
    data = match.string
    line = data.rfind(b"\n", 0, match.start()) + 1
    before = data[max(line, match.start() - 400) : match.start()]
    if b"new URL(" in before and spellings.PARSER_BASE.search(before):
        return None
    if spelling is spellings.QUOTED and not spellings.BEFORE_QUOTED.search(before):
        return None
    found = spellings.SCHEME.search(before) if spelling in (spellings.ADDRESS, spellings.FILLED) and b"://" in before else None
    scheme = found[1].decode().lower() if found else ""
    urls = (_url(data, match.end()),) if spelling is spellings.ADDRESS else ()
    if spelling is spellings.FILLED:
        urls = (_url((match["tail"] or b"") + b'"', 0),)
    comment = bool(spellings.COMMENT.match(data, line)) and not is_document(path)
    role = _role(path, match, before, scheme, spelling)
    asked, also = tuple(url for url in urls if url), _beside(tree, path, data, span)
    return Sighting(tree.place(path, *span), int(data[slice(*span)]), role, scheme, asked, also, comment, match.start(),
                    spelling is spellings.HELD)


def _role(path: str, match: re.Match[bytes], before: bytes, scheme: str, spelling: re.Pattern[bytes]) -> Role:
    if is_document(path):
        return "doc"
    lowered = before.lower()
    if spelling is spellings.TUNNEL or (any(word in lowered for word in TUNNELS) and spellings.THROUGH.search(before)):
        return "tunnel"
    if not scheme and b"0.0.0.0" in match[0]:
        return "bind"
    return "default" if match.lastgroup in ("fallback", "name", "held") else "reference"


def is_document(path: str) -> bool:
    name = path.lower()
    return name.endswith(DOCUMENTS) or ".backup" in name or ".bak." in name


def _url(data: bytes, start: int) -> str:
    """The path, query cut off; OPEN where an expression stands and where the literal is joined to something."""
    tail = spellings.TAIL.match(data, start)
    assert tail is not None
    text = spellings.EXPRESSION.sub(OPEN, tail[0].decode("utf-8", "replace"))
    if spellings.JOINED.match(data, tail.end(), tail.end() + 12):
        text += OPEN
    text = re.split(r"[?#]", text)[0].rstrip(".:!")
    return text if text[:1] in ("/", OPEN) else ""


def _beside(tree: Tree, path: str, data: bytes, span: tuple[int, int]) -> tuple[Place, ...]:
    """`port: N` of the same number inside the same braces, within 400 bytes."""
    left, right = data.rfind(b"{", max(0, span[0] - 400), span[0]), data.find(b"}", span[1], span[1] + 400)
    if left < 0 or right < 0 or b"}" in data[left : span[0]] or b"{" in data[span[1] : right]:
        return ()
    named = (m for m in NAMED.finditer(data, left, right) if m[1] == data[slice(*span)] and m.start(1) != span[0])
    return tuple(tree.place(path, *m.span(1)) for m in named)
