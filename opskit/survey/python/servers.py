"""Python files that run as servers: each start file with the binds that starting it opens."""

from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.survey.facts import Bind
from opskit.survey.python.binds import openings_in
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.module import Module
from opskit.survey.python.openings import CLUES, OPENS
from opskit.survey.python.reach import Spot, reached, spot_of


@dataclass(frozen=True, slots=True)
class Server:
    path: str
    binds: tuple[Bind, ...]


Opened = dict[str, list[tuple[Spot | None, Bind]]]


def servers(index: Index) -> tuple[Server, ...]:
    """One a start file, sorted by path. A file that only sets another file's own server going is not one more server."""
    return index.tree.computed(_servers)


def _servers(tree: Tree) -> tuple[Server, ...]:
    index = index_of(tree)
    likely = (path for path in index.paths_holding(*CLUES) if OPENS.search(tree.read(path) or b""))
    opened = {m.path: found for m in index.visit(likely)
              if (found := [(spot_of(m.function(call)), bind) for call, bind in openings_in(index, m)])}
    own = {path: binds for path in opened if (binds := _started(index, index.module(path), opened))}
    borrowed = _borrowers(index, opened, own)
    return tuple(Server(path, tuple(binds)) for path, binds in sorted({**borrowed, **own}.items()))


def _started(index: Index, module: Module, opened: Opened) -> list[Bind]:
    running = reached(index, module)
    found: list[Bind] = []
    for path, functions in running.items():
        for spot, bind in opened.get(path, ()):
            if spot in functions and (path == module.path or bind.place not in [b.place for b in found]):
                found.append(bind)
    return found


def _borrowers(index: Index, opened: Opened, own: dict[str, list[Bind]]) -> dict[str, list[Bind]]:
    """Files with a `__main__` block that open a port only through another file's function."""
    waiting = set(opened) - set(own)
    if not waiting:
        return {}
    found = {}
    stems = tuple(path.removesuffix(".py").rsplit("/", 1)[-1].encode() for path in waiting)
    for path in index.tree.holding(index.paths_holding(*stems), b"__main__"):
        if path not in opened and (binds := _started(index, index.module(path), {p: opened[p] for p in waiting})):
            found[path] = binds
    return found
