"""What a base URL is used for: the paths that a file (and the scripts a page loads) hangs behind the name it gives it."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from opskit.core.tree import Tree
from opskit.ports.sightings import OPEN, Sighting
from opskit.ports.spellings import EXPRESSION

NAMED = re.compile(
    rb"([A-Za-z_$][\w$]*)['\"]?\]?\s*(?::\s*[\w.\[\]|]+\s*)?(?:=(?!=)|:(?!/)|\()\s*(?:[^;{}\n]*?(?:\|\||\?\?|\bor\b|,|\(|\?|:)\s*)?[bfru]?['\"`]?(?:\w+://)?[^'\"`\s]*$"
)
SCRIPT = re.compile(rb"<script[^>]*\bsrc\s*=\s*['\"]([^'\":?#]+\.js)", re.I)
PATH = re.compile(rb"[:,]\s*['\"](/[A-Za-z][\w\-/.]*)['\"]")
LITERAL = re.compile(rb"\w\s*\(\s*[frb]?['\"`](/[\w\-./{}$]*)['\"`]")
COMMON = frozenset(
    b"url href src print log fetch get post open echo connect "
    b"name default value host server getenv get_env origin origins description text".split()
)


PROXIED = re.compile(rb"['\"](/[\w\-/.]*)['\"]\s*:\s*(?:\{\s*(?:target\s*:\s*)?)?['\"`](?:\w+://)?$")

MOUNTED = re.compile(
    rb"\.(?:use|all|get|post)\(\s*\[?\s*['\"`](/[\w\-/.]*)['\"`]\s*\]?\s*,\s*[\w.$]*[pP]roxy[\w.$]*\(\s*(?:\{[^{}]*?\btarget\s*:\s*)?['\"`](?:\w+://)?$"
)
LOCATED = re.compile(rb"\blocation\s+(?:=\s*|\^~\s*)?(/[\w\-/.]*)\s*\{[^{}]*\bproxy_pass\s+(?:\w+://)?$")


def base_name(tree: Tree, sighting: Sighting) -> bytes:
    """The variable or key that the sighted URL is given to, b"" where it has none of its own."""
    found = NAMED.search(_before(tree, sighting))
    return b"" if found is None or found[1].lower() in COMMON else found[1]


def uses(tree: Tree, sighting: Sighting) -> tuple[str, ...]:
    """Paths asked of a base URL, each behind the path that stands in it; () where the name is not used with any.
    A development server's proxy table (`"/api": "http://localhost:5000"`), a proxy's mount and nginx's location say the path in front."""
    if proxied := PROXIED.search(_before(tree, sighting)):
        return (proxied[1].decode() + OPEN,)
    data = tree.read(sighting.place.path) or b""
    front = data[max(0, sighting.used - 300) : sighting.used]
    if (b"roxy" in front) and (found := MOUNTED.search(front) or LOCATED.search(front)):
        return ((sighting.urls[0] if sighting.urls else found[1].decode()) + OPEN,)
    name, prefixes = base_name(tree, sighting), [url.rstrip("/") for url in sighting.urls] or [""]
    near = _near(tree, sighting.place.path, name) if name else ()
    return tuple(dict.fromkeys(prefix + path for prefix in prefixes for path in (*near, *_beside(tree, sighting))))


def _beside(tree: Tree, sighting: Sighting) -> Iterator[str]:
    """The paths in the same braces as an address that has none: `{url: "http://localhost:5000", health: "/healthz"}`."""
    data, at = tree.read(sighting.place.path) or b"", sighting.place.start
    left, right = data.rfind(b"{", max(0, at - 400), at), data.find(b"}", at, at + 400)
    if sighting.urls or left < 0 or right < 0 or b"}" in data[left:at] or b"{" in data[at:right] or data.count(b"://", left, right) > 1:
        return
    yield from (found.decode() for found in PATH.findall(data, left, right))


def _before(tree: Tree, sighting: Sighting) -> bytes:
    """The line up to the sighted address, at most 300 bytes of it."""
    data = tree.read(sighting.place.path) or b""
    return data[max(data.rfind(b"\n", 0, sighting.used) + 1, sighting.used - 300) : sighting.used]


@lru_cache(maxsize=4096)
def _near(tree: Tree, path: str, name: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for file in (path, *_scripts(tree, path)) for found in _behind(tree.read(file) or b"", name)))


def _scripts(tree: Tree, path: str) -> Iterator[str]:
    """The platform's own scripts that a page loads."""
    if path.lower().endswith((".html", ".htm")):
        for found in SCRIPT.findall(tree.read(path) or b""):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found.decode("utf-8", "replace")))
            if target in tree.known:
                yield target


IN_BRACES = re.compile(rb"\{(?:[\w$]+\.)*\Z")
CLOSED = re.compile(rb"\}((?:\$?\{[^{}\n]*\}|[^\s'\"`<>()\\,;?#])*)")
ADDED = re.compile(rb"\s*\+\s*[frb]?(?:['\"`]((?:\$?\{[^{}\n]*\}|[^'\"`\s?#])*)['\"`]|([A-Za-z_]))")
WORDS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")


def _occurrences(data: bytes, name: bytes) -> Iterator[tuple[bytes, bool]]:
    """(what stands behind the name, whether another name follows instead), wherever it is in braces or added to. The name is
    looked for first: a pattern that begins with any word would be tried at every byte."""
    at = data.find(name)
    while at >= 0:
        end = at + len(name)
        if at == 0 or data[at - 1] not in WORDS:
            if found := (CLOSED.match(data, end) if IN_BRACES.search(data, max(0, at - 100), at) else None):
                yield found[1], False
            elif found := ADDED.match(data, end):
                yield found[1] or b"", bool(found[2])
        at = data.find(name, end)


def _behind(data: bytes, name: bytes) -> Iterator[str]:
    """`${NAME}/x`, `f"{NAME}/x"`, `NAME + "/x"`; where only another name follows, the paths that the file's calls carry."""
    for behind, named in _occurrences(data, name):
        text = EXPRESSION.sub(OPEN, behind.decode("utf-8", "replace"))
        if text.startswith(OPEN) or named:
            yield from (EXPRESSION.sub(OPEN, found.decode("utf-8", "replace")) for found in LITERAL.findall(data))
        elif text.startswith("/"):
            yield text
