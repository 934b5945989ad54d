"""Which domain the platform's site has, as its own files say it: where a checkout returns to, a CNAME, a page's canonical address."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from posixpath import basename

from opskit.core.tree import Tree

HOST = rb"https?://((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})(?![a-z0-9.-])"
RETURN = re.compile(rb"(?:success|cancel|return)_?[uU]rl['\"]?\s*[:=]\s*[^\n]{0,80}?" + HOST, re.I)
FALLBACK = re.compile(rb"(?<![A-Z_])(?:SITE_URL|APP_URL|PUBLIC_URL|process\.env\.URL|FRONTEND_URL|DOMAIN)\b[^\n]{0,40}?" + HOST)
CANONICAL = re.compile(rb"(?:rel=['\"]canonical['\"]|property=['\"]og:url['\"])[^\n>]{0,60}?" + HOST, re.I)
CODE = (".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte")
PAGES = (".html", ".htm", ".astro")
FOREIGN = re.compile(rb"(?:^|\.)(?:example\.(?:com|org|net)|stripe\.com|github\.com|google\.com|localhost|yoursite\.\w+|yourdomain\.\w+|"
                     rb"your-?\w*\.\w+)$|^your")
ALIKE = 0.85


def domains(tree: Tree) -> list[tuple[str, int]]:
    """Hosts with how often they are named, the most often first. Where a checkout returns to weighs most; `www.` is left out."""
    seen: Counter[str] = Counter()
    for host, weight in _seen(tree):
        name = host.lower().removeprefix(b"www.")
        if not FOREIGN.search(name) and b"--" not in name:
            seen[name.decode()] += weight
    return seen.most_common()


def _seen(tree: Tree) -> Iterator[tuple[bytes, int]]:
    for path in tree.holding(tree.ending(*CODE), b"_url", b"_URL", b"Url", b".URL", b"DOMAIN"):
        data = tree.read(path) or b""
        for pattern in (RETURN, FALLBACK):
            yield from ((found[1], 3) for found in pattern.finditer(data))
    for path in tree.holding(tree.ending(*PAGES), b"canonical", b"og:url"):
        yield from ((found[1], 1) for found in CANONICAL.finditer(tree.read(path) or b""))
    for path in tree.files:
        if basename(path) == "CNAME":
            name = (tree.read(path) or b"").strip().lower()
            if re.fullmatch(rb"[a-z0-9.-]+\.[a-z]{2,24}", name):
                yield name, 5


def spelled_apart(found: list[tuple[str, int]]) -> list[str]:
    """The first host with those that look like another spelling of it; one alone is certain."""
    if not found:
        return []
    first = found[0][0]
    return [name for name, _ in found if name == first or SequenceMatcher(None, first, name).ratio() >= ALIKE]


def certain(found: list[tuple[str, int]]) -> str:
    """The one domain that is meant, "" where two are in question."""
    if not found or len(spelled_apart(found)) > 1:
        return ""
    return found[0][0] if len(found) == 1 or found[0][1] >= 2 * found[1][1] else ""
