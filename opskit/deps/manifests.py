"""The platform's Python manifests: which stand where, what they take in, and which of them speaks for a file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from posixpath import basename, dirname, join, normpath

from opskit.core.tree import Tree
from opskit.source.pyproject import read_pipfile, read_pyproject
from opskit.source.requirements import Declaration, Include, Requirement, read_requirements
from opskit.source.setuptools import read_setup_cfg, read_setup_py

PLAIN = re.compile(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)$", re.I)
FOR_PEOPLE = re.compile(r"(?:^|[-_./])(?:dev|test|tests|testing|lint|docs?|ci|build|local)(?:[-_./]|$)", re.I)
OTHERS = {"pyproject.toml": read_pyproject, "Pipfile": read_pipfile, "setup.cfg": read_setup_cfg, "setup.py": read_setup_py}
ORDER = ("requirements.txt", "requirements.in", "pyproject.toml", "Pipfile", "setup.cfg", "setup.py")


@dataclass(frozen=True, slots=True)
class Shelf:
    """All manifests of one folder as one: `declarations` with their includes followed, `missing` includes that lead nowhere.
    `constraints` only narrow versions, they declare nothing."""

    folder: str
    declarations: tuple[Declaration, ...]
    constraints: tuple[Declaration, ...] = ()
    missing: tuple[Include, ...] = ()
    project: str = ""

    @property
    def requirements(self) -> Iterator[Requirement]:
        return (r for d in self.declarations for r in d.requirements)

    @property
    def names(self) -> frozenset[str]:
        """Canonical names of what is declared, extras and groups too."""
        return frozenset(r.name for r in self.requirements if r.name)

    @property
    def main(self) -> Declaration:
        """Where a missing package is added: requirements.txt, else what stands for it."""
        own = [d for d in self.declarations if shelf_folder(d.path) == self.folder] or list(self.declarations)
        return min(own, key=_rank)


@dataclass(frozen=True)
class Manifests:
    """`projects` are the platform's own distributions by canonical name, with the folder each stands in."""

    shelves: dict[str, Shelf] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)

    def nearest(self, path: str) -> Shelf | None:
        """The shelf of the folder of `path` or of the nearest one above it that has any."""
        folder = dirname(path)
        while True:
            if folder in self.shelves:
                return self.shelves[folder]
            if not folder:
                return None
            folder = dirname(folder)

    def local(self, requirement: Requirement, folder: str) -> str | None:
        """The folder of the platform's own project that a requirement means, None where it comes from outside."""
        if requirement.name in self.projects:
            return self.projects[requirement.name]
        if requirement.location and not re.match(r"[a-z+]+://", requirement.location):
            path = normpath(join(folder, requirement.location.removeprefix("file:").partition("[")[0]))
            return "" if path == "." else path
        return None


def shelf_folder(path: str) -> str:
    """The folder that a manifest speaks for: requirements/base.txt speaks for the folder above."""
    folder = dirname(path)
    return dirname(folder) if basename(folder).lower() == "requirements" else folder


def find_manifests(tree: Tree) -> Manifests:
    """Every manifest of the tree. Asked through `tree.computed`, so that all rules share one."""
    by_folder: dict[str, list[Declaration]] = {}
    for path in tree.files:
        declaration = declaration_of(tree, path)
        if declaration is not None:
            by_folder.setdefault(shelf_folder(path), []).append(declaration)
    shelves = {folder: _shelf(tree, folder, found) for folder, found in by_folder.items()}
    projects = {s.project: s.folder for s in shelves.values() if s.project}
    return Manifests({f: s for f, s in shelves.items() if s.declarations}, projects)


def declaration_of(tree: Tree, path: str) -> Declaration | None:
    """The manifest at `path`, None where it is none: other files, prose that happens to be called requirements."""
    name = basename(path)
    if name in OTHERS:
        declaration = tree.parsed(path, OTHERS[name])
        empty = declaration is None or not (declaration.requirements or declaration.error or declaration.project or declaration.end >= 0)
        return None if empty else declaration
    inside = basename(dirname(path)).lower() == "requirements" and name.endswith((".txt", ".in"))
    if not (PLAIN.match(name) or inside):
        return None
    declaration = tree.parsed(path, read_requirements)
    if declaration is not None and sum(bool(r.error) for r in declaration.requirements) * 2 > len(declaration.requirements) > 3:
        return None
    return declaration


def _speaking(found: list[Declaration]) -> list[Declaration]:
    """Without the lists of one program (`scraper_requirements.txt`) where the folder has a manifest of its own: their pins hold for
    that program alone, and in an environment that all share they would hold everybody back."""
    general = [d for d in found if not _of_one_program(basename(d.path))]
    return general or found


def _of_one_program(name: str) -> bool:
    prefix = re.match(r"(.+)[-_.]requirements?(?:[-_.].*)?\.(?:txt|in)$", name, re.I)
    return bool(prefix and not FOR_PEOPLE.search(prefix[1]))


def _shelf(tree: Tree, folder: str, found: list[Declaration]) -> Shelf:
    taken, constraints, missing = dict[str, Declaration](), dict[str, Declaration](), list[Include]()
    waiting = sorted(_speaking(found), key=_rank)
    while waiting:
        declaration = waiting.pop(0)
        if declaration.path in taken:
            continue
        taken[declaration.path] = declaration
        for include in declaration.includes:
            target = normpath(join(dirname(declaration.path), include.path.partition("[")[0])).removeprefix("./")
            if include.kind == "-e":
                if taken[declaration.path].requirements is not None:
                    taken[declaration.path] = _with(taken[declaration.path], include)
            elif re.match(r"[a-z]+://", include.path):
                continue
            elif target not in tree.known or (read := tree.parsed(target, read_requirements)) is None:
                missing.append(include)
            elif include.kind == "-c":
                constraints[target] = read
            else:
                waiting.append(read)
    for path in constraints:
        taken.pop(path, None)
    project = next((d.project for d in taken.values() if d.project), "")
    return Shelf(folder, tuple(taken.values()), tuple(constraints.values()), tuple(missing), project)


def _with(declaration: Declaration, editable: Include) -> Declaration:
    """`-e ../package` is a requirement that comes from a folder."""
    named = editable.path.rpartition("#egg=")[2] if "#egg=" in editable.path else ""
    one = Requirement(named.lower().replace("_", "-"), editable.path, editable.place, named, location=editable.path)
    return replace(declaration, requirements=(*declaration.requirements, one))


def _rank(declaration: Declaration) -> tuple[int, bool, int, str]:
    name = basename(declaration.path)
    place = ORDER.index(name) if name in ORDER else (1 if PLAIN.match(name) else 6)
    usable = declaration.end >= 0 and not declaration.generated and not declaration.hashed and not FOR_PEOPLE.search(name)
    return (place if usable else place + 10, name.endswith(".in"), len(name), declaration.path)
