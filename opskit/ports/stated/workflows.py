"""Service containers of GitHub workflows: host ports on the runner (docs.github.com, workflow syntax, jobs.<id>.services)."""

import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

PUBLISHED = re.compile(r"(?P<port>\d{1,5}):(?P<inside>\d{1,5})(?P<proto>/udp|/tcp)?\Z")


def stated(tree: Tree) -> Iterator[Stated]:
    paths = (p for p in tree.ending(".yml", ".yaml") if ".github/workflows/" in p)
    for path in tree.holding(tree.holding(paths, b"services:"), b"ports"):
        document = tree.parsed(path, read_yaml)
        for job in (document.table("jobs") if document else {}).values():
            for name, body in job.table("services").items():
                for item in body.list("ports"):
                    yield from _published(tree, path, name, item)


def _published(tree: Tree, path: str, name: str, item: Located) -> Iterator[Stated]:
    match = PUBLISHED.match(item.raw)
    if match is not None and 0 < int(match["port"]) < 65536:
        start = item.start + item.quoted
        place = tree.place(path, start + match.start("port"), start + match.end("port"))
        yield Stated(
            place,
            int(match["port"]),
            "publish",
            name,
            "workflow",
            "workflow",
            "udp" if match["proto"] == "/udp" else "tcp",
            via=(f"container port {match['inside']}",),
            editable=True,
        )
