"""All Python files of a platform as one index: which file an import means, and each file's Module, made once."""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname, join, normpath

from opskit.core.tree import Tree
from opskit.source.python import read_python
from opskit.survey.facts import Fault
from opskit.survey.python.module import Module

PROJECTS = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})


@dataclass(frozen=True)
class _Reader:
    """Reads a file through the tree's own parse, so that rooms which ask for the bare source share it."""

    tree: Tree

    def __call__(self, path: str, data: bytes) -> Module:
        source = self.tree.parsed(path, read_python)
        return Module(source or read_python(path, data))


class Index:
    """Built once a tree (`index_of`)."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._reader = _Reader(tree)
        self._found: dict[tuple[str, str], str] = {}
        self._files: dict[tuple[str, int, str, tuple[str, ...]], str] = {}
        self._based: dict[str, tuple[str, ...]] = {}
        self._faults: dict[str, tuple[Fault, ...]] = {}
        self.asked: set[ast.AST] = set()  # expressions being evaluated now: one that leads back to itself has no value
        self.names: dict[tuple[str, int], str] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """A link to another file of the platform is that file."""
        return tuple(path for path in self.tree.ending(".py", ".pyw") if not self.tree.is_link(path))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders that hold Python files, themselves or below."""
        found: set[str] = set()
        for path in self.paths:
            while path := dirname(path):
                found.add(path)
        return frozenset(found)

    @cached_property
    def installed(self) -> tuple[str, ...]:
        """Folders that installing the platform's own distributions puts on `sys.path`: beside a pyproject.toml, setup.py or
        setup.cfg, or its `src` (packaging.python.org, "src layout vs flat layout")."""
        homes = {dirname(p) for p in self.tree.ending("pyproject.toml", "setup.py", "setup.cfg") if p.rpartition("/")[2] in PROJECTS}
        return tuple(sorted(join(home, "src") if join(home, "src") in self.folders else home for home in homes))

    @cached_property
    def tops(self) -> frozenset[str]:
        """What an import of the platform's own can begin with: names of its Python files and of the folders that hold them."""
        return frozenset(basename(path).removesuffix(".py") for path in (*self.paths, *self.folders))

    def module(self, path: str) -> Module:
        module = self.tree.parsed(path, self._reader)
        return module if module is not None else Module(read_python(path, b""))

    def modules(self, *needles: bytes) -> Iterator[Module]:
        """Modules whose bytes hold any needle; all of them where none is given."""
        for path in self.tree.holding(self.paths, *needles) if needles else self.paths:
            yield self.module(path)

    def faults(self, path: str, find: Callable[[Module], tuple[Fault, ...]]) -> tuple[Fault, ...]:
        """A file's faults, looked for once however many services load it."""
        if path not in self._faults:
            self._faults[path] = find(self.module(path))
        return self._faults[path]

    def file_of(self, dotted: str, level: int, importer: str, extra: tuple[str, ...] = ()) -> str:
        """The platform's file that `import dotted` in `importer` loads, "" where it is not the platform's own.

        Looked for where Python would (PEP 328 for relative ones; the script's folder first), then in `extra`, every
        folder above the importer (the working directory of a service), `src` layouts there, and the platform's own
        distributions.
        """
        if not level and dotted and dotted.partition(".")[0] not in self.tops:
            return ""
        key = (dotted, level, dirname(importer), extra)
        if key not in self._files:
            self._files[key] = self._file_of(*key)
        return self._files[key]

    def _file_of(self, dotted: str, level: int, folder: str, extra: tuple[str, ...]) -> str:
        if level:
            for _ in range(level - 1):
                folder = dirname(folder)
            return self._in(folder, dotted)
        for base in (*extra, *self._bases(folder)):
            if found := self._in(base, dotted):
                return found
        return self._distributed(dotted)

    def _distributed(self, dotted: str) -> str:
        """The one file that the platform's own distributions have for a package by this name."""
        top = dotted.partition(".")[0]
        if not top or top in sys.stdlib_module_names:
            return ""
        bases = (b for b in self.installed if b.endswith("src") or join(b, top) in self.folders)
        found = {path for base in bases if (path := self._in(base, dotted))}
        return found.pop() if len(found) == 1 else ""

    def _bases(self, folder: str) -> tuple[str, ...]:
        if folder not in self._based:
            nested = (layout for name in ("src", "lib") if (layout := join(folder, name)) in self.folders)
            self._based[folder] = (folder, *nested, *(self._bases(dirname(folder)) if folder else ()))
        return self._based[folder]

    def _in(self, base: str, dotted: str) -> str:
        key = (base, dotted)
        if key not in self._found:
            self._found[key] = self._locate(normpath(base) if base else "", dotted)
        return self._found[key]

    def _locate(self, base: str, dotted: str) -> str:
        stem = join(base, *dotted.split(".")) if dotted else base
        return next((c for c in (f"{stem}.py", join(stem, "__init__.py")) if c in self.tree.known), "")


def index_of(tree: Tree) -> Index:
    return tree.computed(Index)
