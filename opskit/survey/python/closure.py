"""Which of the platform's own files starting a Python file loads, and which third-party modules they want."""

from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import dirname

from opskit.survey.facts import Import
from opskit.survey.python.imports import Wanted, own_files, search_paths, third_party, wanted
from opskit.survey.python.index import Index


@dataclass(frozen=True, slots=True)
class Closure:
    """`files`: the entry first, then in the order they are met. `imports`: sorted by place."""

    files: tuple[str, ...]
    imports: tuple[Import, ...]


class Closures:
    """Makes closures; the imports of a file are read once however many services share it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._wanted: dict[str, tuple[Wanted, ...]] = {}
        self._added: dict[str, tuple[str, ...]] = {}

    def of(self, entry: str, cwd: str = ".", also: Iterable[str] = ()) -> Closure:
        """`cwd` is where `python -m` and ASGI servers import from; `also` are files loaded besides."""
        base = ("" if cwd in (".", "") else cwd,)
        extra: tuple[str, ...] = (dirname(entry), *base)
        files: dict[str, None] = dict.fromkeys((entry, *also))
        imports: dict[tuple[str, str], Import] = {}
        waiting = list(files)
        while waiting:
            path = waiting.pop(0)
            extra = tuple(dict.fromkeys((*extra, *self._search_paths(path))))
            for want in self._of_file(path):
                for found in third_party(self.index, self.index.module(path), want, extra):
                    kept = imports.get((path, found.dotted))
                    if kept is None or (kept.optional and not found.optional):
                        imports[path, found.dotted] = found
                fresh = [f for f in own_files(self.index, want, path, extra) if f not in files and not want.typing_only]
                files.update(dict.fromkeys(fresh))
                waiting.extend(fresh)
        return Closure(tuple(files), tuple(sorted(imports.values(), key=lambda i: (i.place, i.dotted))))

    def _of_file(self, path: str) -> tuple[Wanted, ...]:
        if path not in self._wanted:
            self._wanted[path] = wanted(self.index, self.index.module(path))
        return self._wanted[path]

    def _search_paths(self, path: str) -> tuple[str, ...]:
        if path not in self._added:
            self._added[path] = search_paths(self.index, self.index.module(path))
        return self._added[path]
