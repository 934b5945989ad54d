"""Development servers of Nx projects: `port` of a target whose executor serves (nx.dev, project configuration)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import PROJECTS, Homes
from opskit.ports.stated.numbers import digits, number
from opskit.source.json_text import read_json

SERVES = re.compile(r":(dev-server|module-federation-dev-server|server|serve|storybook|file-server)\Z")


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """One a target; each target is another server of the same project, `serve` the one that it is known by."""
    paths = (p for p in tree.ending("project.json") if posixpath.basename(p) == "project.json")
    for path in tree.holding(paths, b'"executor"'):
        document = tree.parsed(path, read_json)
        for name, target in document.table("targets").items() if document else ():
            node = target.at("options", "port")
            if (port := number(node)) is not None and node is not None and SERVES.search(target.text("executor")):
                yield Stated(
                    digits(tree, path, node),
                    port,
                    "bind",
                    homes.of(path),
                    "machine",
                    "nx",
                    "tcp",
                    "medium",
                    (f"port of the target {name}",),
                    editable=True,
                )


def _service(homes: Homes, path: str, name: str) -> str:
    """A library of the workspace has no package of its own: its folder names it."""
    folder = posixpath.dirname(path)
    has_package = any(f"{folder}/{each}" in homes.tree.known for each in PROJECTS)
    return homes.of(path) if has_package or not folder else name or posixpath.basename(folder)
