"""All Python files of a platform as one index: which file an import means, and each file's Module, made once."""

import ast
import re
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname, join, normpath
from typing import TypeVar
from weakref import WeakValueDictionary

from opskit.core.tree import Tree
from opskit.source.python import PythonSource, read_python
from opskit.survey.python.module import Module

T = TypeVar("T")
PROJECTS = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})
HEAD = re.compile(rb"^(class|def|async def)[ \t]+(\w+)", re.MULTILINE)
ROOM, FEWEST = 5_000_000, 48  # bytes of source whose trees stay, some 50 times that in memory; so many files stay whatever their size


@dataclass(frozen=True, slots=True)
class Outline:
    """A class by its names alone: its own methods, and what each base is called ("" where it cannot be told)."""

    methods: frozenset[str]
    bases: tuple[str, ...]


class Index:
    """Built once a tree (`index_of`).

    Syntax trees are large: those of the files asked for last stay, and that of a file which somebody still holds. What is kept of a
    file for longer (`kept`) must hold no node of it: a later Module of the same file has other nodes.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._alive: WeakValueDictionary[str, Module] = WeakValueDictionary()
        self._recent: dict[str, Module] = {}
        self._held = 0
        self._errors: dict[str, tuple[str, int]] = {}
        self._heads: dict[str, dict[bytes, bool]] = {}
        self._kept: dict[Hashable, object] = {}
        self._found: dict[tuple[str, str], str] = {}
        self._files: dict[tuple[str, int, str, tuple[str, ...]], str] = {}
        self._based: dict[str, tuple[str, ...]] = {}
        self.outlines: dict[str, dict[str, Outline]] = {}
        self.exports: dict[tuple[str, str], str] = {}
        self.members: dict[tuple[str, str], str] = {}
        self.calls: dict[str, str] = {}
        self.asked: set[ast.AST] = set()  # expressions being evaluated now: one that leads back to itself has no value

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
        module = self._recent.pop(path, None)
        if module is None:
            module = self._alive.get(path) or self._read(path)
            self._held += len(module.source.data)
        self._recent[path] = module
        while self._held > ROOM and len(self._recent) > FEWEST:
            self._held -= len(self._recent.pop(next(iter(self._recent))).source.data)
        return module

    def _read(self, path: str) -> Module:
        module = self._alive[path] = Module(read_python(path, self.tree.read(path) or b""))
        self._errors[path] = module.source.error, module.source.error_line
        return module

    def error(self, path: str) -> tuple[str, int]:
        """Why a file does not parse and where, ("", 0) where it does."""
        if path not in self._errors:
            source = read_python(path, self.tree.read(path) or b"")
            self._errors[path] = source.error, source.error_line
        return self._errors[path]

    def paths_holding(self, *needles: bytes) -> Iterator[str]:
        return self.tree.holding(self.paths, *needles)

    def modules(self, *needles: bytes) -> Iterator[Module]:
        """Modules whose bytes hold any needle, in no order."""
        return self.visit(self.paths_holding(*needles))

    def visit(self, paths: Iterable[str]) -> Iterator[Module]:
        """In no order: those whose trees are at hand before the others."""
        waiting = dict.fromkeys(paths)
        while waiting:
            path = next((near for near in reversed(self._recent) if near in waiting), None) or next(iter(waiting))
            del waiting[path]
            yield self.module(path)

    def heads(self, path: str) -> dict[bytes, bool]:
        """Functions and classes (True) whose `def` or `class` begins a line: what imports mean most, known without a parse."""
        if path not in self._heads:
            self._heads[path] = {name: kind == b"class" for kind, name in HEAD.findall(self.tree.read(path) or b"")}
        return self._heads[path]

    def kept(self, path: str, find: Callable[["Index", Module], T]) -> T:
        """What `find` tells of a file, worked out once however many services load it."""
        key = (path, find)
        if key not in self._kept:
            self._kept[key] = find(self, self.module(path))
        return self._kept[key]  # type: ignore[return-value]

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


def source_of(tree: Tree, path: str) -> PythonSource | None:
    """A file's syntax as the survey has it, None where it cannot be read. Hold it no longer than the file is looked at."""
    return index_of(tree).module(path).source if tree.read(path) is not None else None
