"""Every service of the platform, one value each, whichever language and declaration shows it."""

import re
from collections import Counter
from dataclasses import replace
from posixpath import basename, dirname, splitext

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.facts import Service
from opskit.survey.python.index import index_of
from opskit.survey.python.servers import servers


def find_services(tree: Tree) -> tuple[Service, ...]:
    """Sorted by name; names are unique."""
    index = index_of(tree)
    found = [Service(server.path, server.path, "server", "python", ("python", server.path), binds=server.binds, closure=(server.path,))
             for server in servers(index)]
    names = unique_names([service.path for service in found])
    return tuple(sorted((replace(s, name=names[s.path]) for s in found), key=lambda s: s.name))


def find_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    return ()


def unique_names(paths: list[str]) -> dict[str, str]:
    stems = {path: kebab(splitext(basename(path))[0]) for path in paths}
    often = Counter(stems.values())
    return {path: stem if often[stem] == 1 else kebab(f"{basename(dirname(path)) or 'root'}-{stem}") for path, stem in stems.items()}


def kebab(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "service"
