"""The author's own absolute folders: under which `C:/Users/me/project` the code means this very platform."""

import re
from collections import defaultdict

from opskit.core.tree import Tree

ABSOLUTE = re.compile(rb"""(?:(?<![A-Za-z])[A-Za-z]:[\\/]|/(?:home|Users|root|mnt|opt|srv|var/www)/)"""
                      rb"""[^"'\s<>|*?:;,)]+(?: [^"'<>|*?:;,)]+)*""")
CLUES = (b":/", b":\\", b"/home/", b"/Users/", b"/root/", b"/mnt/", b"/opt/", b"/srv/", b"/var/www/")
ENOUGH = 2


def authors_roots(tree: Tree) -> tuple[str, ...]:
    """Absolute folders (with `/`) below which at least two of the platform's files are named in its Python code, longest
    first: the code of a laptop names the same files where they lay on it."""
    votes: dict[str, set[str]] = defaultdict(set)
    for path in tree.holding(tree.ending(".py", ".pyw"), *CLUES):
        for found in set(ABSOLUTE.findall(tree.read(path) or b"")):
            parts = found.decode("utf-8", "replace").replace("\\", "/").replace("//", "/").split("/")
            for cut in range(2, len(parts)):
                if (tail := "/".join(parts[cut:])) in tree.known:
                    votes["/".join(parts[:cut])].add(tail)
                    break
    return tuple(sorted((root for root, tails in votes.items() if len(tails) >= ENOUGH), key=lambda r: (-len(r), r)))
