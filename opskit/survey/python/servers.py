"""Python files that run as servers: each start file with the binds that starting it opens."""

from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.survey.facts import Bind
from opskit.survey.python.applications import application_of
from opskit.survey.python.binds import openings_in
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.module import Module
from opskit.survey.python.openings import CLUES, OPENS
from opskit.survey.python.reach import Spot, reached, spot_of


@dataclass(frozen=True, slots=True)
class Server:
    """`starters` are other files that do nothing but serve this one's application."""

    path: str
    binds: tuple[Bind, ...]
    starters: tuple[str, ...] = ()


Opened = dict[str, list[tuple[Spot | None, Bind]]]


def servers(index: Index) -> tuple[Server, ...]:
    """One a start file, sorted by path. A file that only sets another file's own server going is not one more server."""
    return index.tree.computed(_servers)


def _servers(tree: Tree) -> tuple[Server, ...]:
    index = index_of(tree)
    likely = (path for path in index.paths_holding(*CLUES) if OPENS.search(tree.read(path) or b""))
    opened, served = Opened(), dict[str, set[str]]()
    for module in index.visit(likely):
        if found := openings_in(index, module):
            opened[module.path] = [(spot_of(each.function), each.bind) for each in found]
            served[module.path] = {application_of(index, module, each.call, each.bind.framework) for each in found}
    own = {path: binds for path in opened if (binds := _started(index, index.module(path), opened))}
    borrowed = _borrowers(index, opened, own)
    return tuple(_joined({**borrowed, **own}, served))


def _joined(found: dict[str, list[Bind]], served: dict[str, set[str]]) -> Iterator[Server]:
    """A `run.py` that serves the application of `app/main.py` is that service, which `app/main.py` may be by itself; of several
    such files the one nearest the root stands for all."""
    single = {path: next(iter(files)) for path in found if len(files := served.get(path, set())) == 1}
    starters: dict[str, list[str]] = {}
    for path in sorted(found, key=lambda p: (p.count("/"), len(p), p)):
        home = single.get(path, "")
        if not home or (home in found and single.get(home)):
            continue
        kept = home if home in found else next((p for p in starters if single.get(p) == home), "")
        if kept:
            starters.setdefault(kept, []).append(path)
        else:
            starters.setdefault(path, [])
    gone = {path for files in starters.values() for path in files}
    for path, binds in sorted(found.items()):
        if path not in gone:
            more = [b for other in starters.get(path, ()) for b in found[other]]
            fresh = [b for b in more if b.place not in {own.place for own in binds}]
            yield Server(path, (*binds, *fresh), tuple(starters.get(path, ())))


def starters_of(index: Index) -> dict[str, str]:
    """File that only starts another file's application -> the file of the service that it starts."""
    return {starter: server.path for server in servers(index) for starter in server.starters}


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
