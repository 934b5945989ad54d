"""`[dev]` of netlify.toml: the port of `netlify dev`, and the one it sends to (docs.netlify.com, file-based configuration)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated

DEV = re.compile(rb"^[ \t]*\[dev\][ \t]*(?:#[^\n]*)?\r?$(?P<body>(?:\n(?![ \t]*\[)[^\n]*)*)", re.M)
KEY = re.compile(rb"^[ \t]*(?P<key>port|targetPort|functionsPort)[ \t]*=[ \t]*(?P<port>\d{2,5})\b", re.M)
DEFAULT = 8888


def stated(tree: Tree) -> Iterator[Stated]:
    for path in (p for p in tree.ending("netlify.toml") if posixpath.basename(p) == "netlify.toml"):
        section = DEV.search(tree.read(path) or b"")
        if section is None:
            continue
        told = {m["key"]: m for m in KEY.finditer(section.string, section.start("body"), section.end("body"))}
        for key, match in told.items():
            role = "reference" if key == b"targetPort" else "bind"
            yield Stated(
                tree.place(path, *match.span("port")),
                int(match["port"]),
                "bind" if role == "bind" else "reference",
                "netlify-dev" if role == "bind" else "",
                "machine",
                "netlify",
                via=(f"{key.decode()} of [dev]",),
                editable=True,
            )
        if b"port" not in told:
            at = section.start()
            yield Stated(
                tree.place(path, at, at),
                DEFAULT,
                "bind",
                "netlify-dev",
                "machine",
                "netlify",
                "tcp",
                "medium",
                (f"netlify dev takes {DEFAULT} when none is said",),
            )
