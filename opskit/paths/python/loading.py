"""How the modules of packages are loaded: under which package names every importer of a file means it, and what is run by itself."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname

from opskit.survey.python.closure import told_by
from opskit.survey.python.imports import Wanted
from opskit.survey.python.index import index_of
from opskit.survey.survey import Survey

ALONE = "nothing imports it: it may be run by itself"
_RUN = (r"(?:python|\bpyw?\b|\buv run\b|\bstart\b|\brun\b|\bexec\b|\bspawn|\bcall\b|executable)[^\n]{{0,200}}\b{name}\b"
        r"|[\"'](?:[^\"'\s]*[\\/])?{name}[\"']")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module that is only ever loaded as part of its package: below how many package names for certain. `exact`: always by its whole
    name. `reason` why nothing of it is certain, "" otherwise."""

    depth: int = 0
    exact: bool = False
    reason: str = ""


class Loading:
    """One a survey."""

    def __init__(self, survey: Survey) -> None:
        self.survey, self.tree, self.index = survey, survey.tree, index_of(survey.tree)
        self._known: dict[str, Loaded] = {}

    def of(self, path: str) -> Loaded:
        if path not in self._known:
            self._known[path] = Loaded(reason="it is imported in a circle that nothing outside begins")
            self._known[path] = self._of(path)
        return self._known[path]

    def chain(self, path: str) -> int:
        """How many packages the file lies in: folders with `__init__.py`, from its own upward."""
        folder, count = dirname(path), 0
        while folder and f"{folder}/__init__.py" in self.tree.known:
            folder, count = dirname(folder), count + 1
        return count

    def _of(self, path: str) -> Loaded:
        if not self.chain(path):
            return Loaded(reason="it lies in no package")
        if reason := self._run(path):
            return Loaded(reason=reason)
        found = list(self._importers(path))
        if wrong := next((one for one in found if one.reason), None):
            return wrong
        if not found:
            return Loaded(reason=ALONE)
        return Loaded(min(one.depth for one in found), all(one.exact for one in found))

    def _run(self, path: str) -> str:
        """Why the file may be started by itself."""
        data = self.tree.read(path) or b""
        if data.startswith(b"#!"):
            return "its first line makes a program of it"
        if path.endswith("__main__.py") or any(_is_guard(test) for test in self.index.module(path).all(ast.If)):
            return "it is run as a script too"
        if path in self._entries:
            return "a service is started with it"
        name = basename(path)
        run = re.compile(_RUN.format(name=re.escape(name)).encode(), re.I)
        named = self.tree.holding(self.tree.files, name.encode()) if name != "__init__.py" else ()
        other = next((each for each in named if each != path and run.search(self.tree.read(each) or b"")), "")
        return f"{other} may run it by itself" if other else ""

    @cached_property
    def _entries(self) -> frozenset[str]:
        return frozenset(service.path for service in self.survey.services)

    @cached_property
    def _search_paths(self) -> tuple[str, ...]:
        """Every folder that any file puts on sys.path."""
        putting = self.index.paths_holding(b"sys.path", b"addsitedir")
        return tuple(dict.fromkeys(base for path in putting for base in self.index.kept(path, told_by).search_paths))

    def _importers(self, path: str) -> Iterator[Loaded]:
        word = basename(dirname(path) if path.endswith("/__init__.py") else path.removesuffix(".py"))
        for importer in self.index.paths_holding(word.encode()):
            if importer != path and not self.index.error(importer)[0]:
                for want in self.index.kept(importer, told_by).wanted:
                    yield from self._meant(path, word, importer, want)

    def _meant(self, path: str, word: str, importer: str, want: Wanted) -> Iterator[Loaded]:
        own = int(path.endswith("/__init__.py"))
        for dotted in _names(want):
            parts = dotted.split(".")
            if parts[-1] == word or (want.level and not dotted and own):
                if want.level and self.index.file_of(dotted, want.level, importer) == path:
                    yield self._relative(path, importer, len(parts) - 1 + own if dotted else 0)
                elif not want.level and not self._is_library(path, dotted, importer) and self._is(path, dotted, importer):
                    yield self._absolute(path, importer, dotted, len(parts) - 1 + own)

    def _is_library(self, path: str, dotted: str, importer: str) -> bool:
        """Whether a bare name is the standard library's: only a script's own folder, or one on sys.path, comes before that."""
        bare = dotted in sys.stdlib_module_names and self.chain(importer) > 0
        return bare and dirname(path) not in self._search_paths and not self._run(importer)

    def _is(self, path: str, dotted: str, importer: str) -> bool:
        extra = (dirname(importer), *self.index.kept(importer, told_by).search_paths)
        if self.index.file_of(dotted, 0, importer, extra) == path:
            return True
        return any(self.index.file_of(dotted, 0, importer, (base,)) == path for base in self._search_paths)

    def _absolute(self, path: str, importer: str, dotted: str, packages: int) -> Loaded:
        if not packages:
            return Loaded(reason=f"{importer} imports it as `{dotted}`, outside its package")
        return Loaded(min(packages, self.chain(path)), packages == self.chain(path))

    def _relative(self, path: str, importer: str, below: int) -> Loaded:
        """As deep as its importer is loaded for certain; a relative import itself proves the importer's package."""
        here = self.of(importer)
        above = self.chain(importer) - here.depth if not here.reason else self.chain(importer) - 1
        depth = max(self.chain(path) - above, min(1 + below, self.chain(path)))
        return Loaded(depth, not here.reason and here.exact)


def _names(want: Wanted) -> Iterator[str]:
    """The dotted names that an import may load: the packages on the way too."""
    parts = want.dotted.split(".") if want.dotted else []
    yield from (".".join(parts[:end]) for end in range(0 if want.level else 1, len(parts) + 1))
    yield from (".".join((*parts, name)) for name in want.names if name != "*")


def _is_guard(test: ast.If) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test.test))


def package_of(path: str, depth: int) -> str:
    """The package's folder that lies so many packages above the file's own place."""
    folder = dirname(path)
    for _ in range(depth - 1):
        folder = dirname(folder)
    return folder


def dotted_from(path: str, package: str, module: str) -> str:
    """How the file spells a module of a package above it, from its own place: `._roots`, `..._roots`."""
    steps = dirname(path)[len(package) :].count("/")
    return "." * (steps + 1) + module


