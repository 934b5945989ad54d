"""Vendors' tokens that stand in the tree: which kind, where; their text never leaves this file."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.core.vendors import KEYS, Key
from opskit.env.files import is_fixture
from opskit.source.dotenv import is_values_file

# what every token of a kind without a prefix of its own holds
HELD = {"Telegram bot token": ":AA", "Discord webhook URL": "/api/webhooks/", "Slack webhook URL": "hooks.slack.com/",
        "Google OAuth client secret": "GOCSPX-"}
EXAMPLE = re.compile(rb"example|placeholder|x{4,}|your|0{8}|1234567|abcdef|\.\.\.|dummy|sample|fake|redacted|replace|changeme|insert|here$",
                     re.I)
PUBLIC_BY_DESIGN = frozenset({("Google", "API key")})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of token as the scan looks for it; `rank` is its row in the table of keys."""

    rank: int
    key: Key
    shape: re.Pattern[bytes]


def _kinds() -> tuple[tuple[re.Pattern[bytes], frozenset[Kind]], ...]:
    """Kinds by the first byte of what their tokens hold: a search for one byte and its few continuations goes over a file as fast as
    memory allows, so a tree is read a dozen times instead of once a kind. The boundary before a token is looked at afterwards."""
    groups = defaultdict[str, dict[str, set[Kind]]](lambda: defaultdict(set))
    for rank, key in enumerate(KEYS):
        if key.shape:
            kind = Kind(rank, key, re.compile(key.shape.replace(r"\b", "").encode()))
            for literal in key.prefixes or (HELD[f"{key.vendor} {key.kind}"],):
                groups[literal[0]][literal[1:]].add(kind)
    return tuple(
        (re.compile(re.escape(first.encode()) + b"(?:" + b"|".join(re.escape(rest.encode()) for rest in sorted(rests)) + b")"),
         frozenset(kind for kinds in rests.values() for kind in kinds))
        for first, rests in sorted(groups.items())
    )


KINDS = _kinds()


@dataclass(slots=True)
class Leak:
    """One token, at every place where it stands."""

    key: Key
    places: list[Place]


def leaks(tree: Tree) -> tuple[Leak, ...]:
    """Every token in the tree that looks real, in the order of the files; `.env` files have rules of their own."""
    found = dict[bytes, Leak]()
    for path in tree.files:
        data = None if is_values_file(path) else tree.read(path)
        if data and b"\0" not in data[:1024]:
            for start, end, key in tokens(data):
                digest = hashlib.sha256(data[start:end]).digest()
                found.setdefault(digest, Leak(key, [])).places.append(tree.place(path, start, end))
    return tuple(found.values())


def tokens(data: bytes) -> Iterator[tuple[int, int, Key]]:
    """Spans of the tokens in one file, first kind in the table first; a span counts once."""
    taken: list[tuple[int, int]] = []
    for kind in sorted({k for needle, kinds in KINDS if needle.search(data) for k in kinds}, key=lambda k: k.rank):
        for match in kind.shape.finditer(data):
            start, end = match.span()
            if not _continues(data, start) and looks_real(match[0], kind.key) and not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                yield start, end, kind.key


def _continues(data: bytes, start: int) -> bool:
    """Whether the token is only the tail of a longer word (`task-...` holds `sk-`)."""
    before = data[start - 1 : start]
    return (before.isalnum() and before.isascii()) or before in (b"_", b"-")


def looks_real(token: bytes, key: Key) -> bool:
    """Not an example: no filler words, no run of one character, letters and digits mixed as a generator mixes them."""
    body = token
    for prefix in sorted(key.prefixes, key=len, reverse=True):
        if token.startswith(prefix.encode()):
            body = token[len(prefix) :]
            break
    if EXAMPLE.search(body) or len(body) < 8:
        return False
    commonest = Counter(body).most_common(1)[0][1]
    digits, letters = sum(48 <= b < 58 for b in body), sum(chr(b).isalpha() for b in body)
    words = body.replace(b"_", b"-").split(b"-")
    return commonest <= len(body) // 3 and digits > 0 and letters > 0 and len(set(body)) >= 8 and (len(words) < 4 or digits > 4)


def leak_findings(tree: Tree) -> Iterator[Finding]:
    for leak in leaks(tree):
        key, places = leak.key, leak.places
        mild = (key.vendor, key.kind) in PUBLIC_BY_DESIGN or key.kind.startswith("test ") or all(is_fixture(p.path) for p in places)
        where = "" if len(places) == 1 else f", in {len(places)} places"
        yield Finding(
            "OPS-E014", "warning" if mild else "error", f"{key.vendor} {key.kind} in the tree{where}", places[0],
            help=f"rotate it at {key.url}; then read it from the environment", label=f"{key.vendor} {key.kind}",
            harm=60 if mild else 100 if key.live else 95, also=tuple(places[1:]),
            data={"vendor": key.vendor, "kind": key.kind, "places": len(places), "url": key.url},
        )
