"""What one environment should hold: the union of the manifests that its services stand on. Pure.

Requirements of one package become one line; where they cannot hold together the highest version named is taken and told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from posixpath import basename, join, normpath

from packaging.utils import canonicalize_name

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.deps.manifests import FOR_PEOPLE, Manifests, Shelf
from opskit.deps.sightings import Need, Sighted
from opskit.deps.versions import agreed, pinned, relaxed, together
from opskit.source.requirements import Requirement

OPTION = re.compile(r"(--index-url|-i|--extra-index-url|--find-links|-f|--pre|--no-index)(?:[= ]\s*(.+))?$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line for the installer, and every place that asks for it. `told` says what was relaxed, "" where nothing was."""

    name: str
    line: str
    specifier: str
    places: tuple[Place, ...]
    told: str = ""


@dataclass(frozen=True)
class Union:
    """`local` are folders of the platform's own projects that services import from: put on the path, never built."""

    wanted: tuple[Wanted, ...] = ()
    options: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    left: tuple[str, ...] = field(default=())


def union(tree: Tree, sighted: Sighted, shelves: Iterable[Shelf]) -> Union:
    """What the given shelves ask for. Extras, groups and files for developers count only where a service imports from them."""
    manifests, needed = sighted.manifests, _needed(sighted.needs)
    every, local, left, options = dict[str, list[Requirement]](), dict[str, None](), list[str](), dict[str, None]()
    for shelf in _with_local(manifests, shelves):
        for option in _options(tree, shelf):
            options[option] = None
        for one in _asked(shelf, needed):
            folder = manifests.local(one, shelf.folder)
            if folder is not None and not folder.endswith((".whl", ".tar.gz", ".zip")):
                if folder != shelf.folder or one.name:
                    local[_import_root(tree, folder)] = None
            elif one.error or (one.location and "${" in one.location):
                left.append(f"{one.text} ({one.place})")
            else:
                every.setdefault(one.name or one.text, []).append(_absolute(tree, one, folder))
        for one in (r for d in shelf.constraints for r in d.requirements if r.name and r.specifier):
            if one.name in every:
                every[one.name].append(one)
    wanted = tuple(line for name in sorted(every) for line in _merged(name, every[name]))
    return Union(wanted, tuple(options), tuple(sorted(local)), tuple(dict.fromkeys(left)))


def _needed(needs: Iterable[Need]) -> frozenset[str]:
    return frozenset(canonicalize_name(d) for n in needs for d in (n.name, *n.providers.distributions))


def _with_local(manifests: Manifests, shelves: Iterable[Shelf]) -> Iterator[Shelf]:
    """The shelves, and those of the platform's own projects that they depend on."""
    waiting, seen = list(shelves), set[str]()
    while waiting:
        shelf = waiting.pop(0)
        if shelf.folder in seen:
            continue
        seen.add(shelf.folder)
        yield shelf
        for one in shelf.requirements:
            folder = manifests.local(one, shelf.folder)
            if folder is not None and folder in manifests.shelves:
                waiting.append(manifests.shelves[folder])


def _asked(shelf: Shelf, needed: frozenset[str]) -> Iterator[Requirement]:
    for declaration in shelf.declarations:
        aside = bool(FOR_PEOPLE.search(basename(declaration.path)))
        for one in declaration.requirements:
            if one.name in needed or not (aside or one.group):
                yield one


def _options(tree: Tree, shelf: Shelf) -> Iterator[str]:
    for declaration in shelf.declarations:
        for option in declaration.options:
            if found := OPTION.match(option):
                value = found[2] or ""
                if found[1] in ("--find-links", "-f") and "://" not in value:
                    value = str(tree.root / normpath(join(shelf.folder, value)))
                yield f"{found[1]} {value}".strip()


def _import_root(tree: Tree, folder: str) -> str:
    src = join(folder, "src") if folder else "src"
    return src if any(path.startswith(f"{src}/") for path in tree.files) else folder


def _absolute(tree: Tree, one: Requirement, folder: str | None) -> Requirement:
    if folder is None:
        return one
    return Requirement(one.name, str(tree.root / folder), one.place, one.spelled, location=one.location)


def _merged(name: str, several: list[Requirement]) -> Iterator[Wanted]:
    for one in several:
        if one.marker or one.location:
            yield Wanted(name, one.text, one.specifier, (one.place,))
    plain = [r for r in several if not r.marker and not r.location]
    if not plain:
        return
    specifiers = list(dict.fromkeys(r.specifier for r in plain if r.specifier))
    extras = sorted({e for r in plain for e in r.extras})
    spelled = plain[0].spelled + (f"[{','.join(extras)}]" if extras else "")
    places = tuple(dict.fromkeys(r.place for r in plain))
    if together(specifiers):
        joined = agreed(specifiers) if any(map(pinned, specifiers)) else ",".join(specifiers)
        yield Wanted(name, spelled + joined, joined, places)
    else:
        taken = relaxed(specifiers)
        asked = ", ".join(f"{r.specifier} ({r.place})" for r in plain if r.specifier)
        yield Wanted(
            name, spelled + taken, taken, places, f"{plain[0].spelled}: {asked} cannot hold together; took {taken or 'the newest'}"
        )
