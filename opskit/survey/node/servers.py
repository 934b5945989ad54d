"""Files that Node starts as servers: each entry with the binds that starting it opens."""

import re
from dataclasses import dataclass, field

from opskit.core.tree import Tree
from opskit.survey.facts import Bind
from opskit.survey.node.binds import Opened, opened
from opskit.survey.node.modules import Module
from opskit.survey.node.openings import CLUES
from opskit.survey.node.outline import MODULE
from opskit.survey.node.program import Program
from opskit.survey.node.reach import Running
from opskit.survey.node.settings import Settled

FARTHEST = 3
HIDDEN = re.compile(r"(^|/)\.[^/]+/")  # what tools keep in folders of their own: examples, settings; no program of the platform


@dataclass(frozen=True, slots=True)
class Server:
    """`path` is started; `binds` are opened by it, its own file's first."""

    path: str
    binds: tuple[Bind, ...]


@dataclass
class Servers:
    """Which file starts which bind. A declared entry (a script's, a Procfile's) speaks for the files it loads; else the
    file whose own module level reaches the bind; else the nearest file that imports it and calls what opens it."""

    tree: Tree
    program: Program
    opened: dict[str, list[Opened]] = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)

    def find(self, declared: tuple[str, ...]) -> list[Server]:
        evaluator = Settled(self.program)
        for module in self.program.holding(*CLUES):
            if found := opened(evaluator, module):
                self.opened[module.source.path] = found
        taken: dict[str, list[Bind]] = {}
        left = {path for path in self.opened if not HIDDEN.search(path)}
        for path in declared:
            if path not in taken and self.program.module(path) and (binds := self.started(path)):
                taken[path] = binds
                left -= {p for p in self.opened if self._covers(path, p)}
        for path in sorted(left):
            for starter, binds in self._starters(path):
                taken.setdefault(starter, binds)
        return [Server(path, tuple(binds)) for path, binds in sorted(taken.items())]

    def started(self, path: str) -> list[Bind]:
        """The binds that run when `path` is started."""
        module = self.program.module(path)
        if module is None:
            return []
        if path not in self.running:
            self.running[path] = Running(self.program, module)
        found = [(p, o) for p in sorted(self.opened, key=lambda p: (p != path, p)) for o in self.opened[p] if self._runs(path, p, o)]
        return [self._own(path, p, o) if o.shared else o.bind for p, o in found]

    def _own(self, path: str, where: str, each: Opened) -> Bind:
        """The bind of a function that several files call, with the port that the files running here give it."""
        evaluator, module = Settled(self.program, frozenset(self.running[path].functions)), self.program.module(where)
        again = opened(evaluator, module) if module else []
        return next((o.bind for o in again if o.call.id == each.call.id), each.bind)

    def _runs(self, entry: str, path: str, each: Opened) -> bool:
        outline = self.program.outline(path)
        return outline is not None and self.running[entry].holds(path, outline.around.get(each.call.id, MODULE))

    def _covers(self, entry: str, path: str) -> bool:
        return all(self._runs(entry, path, each) for each in self.opened[path])

    def _starters(self, path: str) -> list[tuple[str, list[Bind]]]:
        if binds := self.started(path):
            return [(path, binds)]
        seen, waiting = {path}, [path]
        for _ in range(FARTHEST):
            importers: list[Module] = [m for p in waiting for m in self.program.importers(p) if m.source.path not in seen]
            found = [(m.source.path, binds) for m in importers if (binds := self.started(m.source.path))]
            if found:
                return found
            waiting = [m.source.path for m in importers]
            seen.update(waiting)
        return []
