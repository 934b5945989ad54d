"""What services import, held against what the nearest manifests declare: facts, no judgement."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath, splitext
from typing import Literal

from packaging.utils import canonicalize_name

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.deps.installed import installed_imports
from opskit.deps.manifests import Manifests, Shelf, find_manifests
from opskit.deps.names import Providers, brought_along, provided, providers
from opskit.survey.facts import Import, Service
from opskit.survey.survey import Survey

Status = Literal["declared", "along", "missing", "unmanaged"]


@dataclass(frozen=True, slots=True)
class Need:
    """One package that services import from under one shelf. `status`: declared there; along (comes with `carrier`);
    missing; unmanaged (no manifest at all). `imports` are sorted by place; `optional` where ImportError is caught at each."""

    name: str
    providers: Providers
    imports: tuple[Import, ...]
    services: tuple[str, ...]
    shelf: Shelf | None
    status: Status
    carrier: str = ""

    @property
    def optional(self) -> bool:
        return all(i.optional for i in self.imports)


@dataclass(frozen=True)
class Sighted:
    """`used` are the shelves that the needs stand on, nearest first; `stands_on` their folders by service."""

    needs: tuple[Need, ...]
    manifests: Manifests
    used: tuple[Shelf, ...]
    stands_on: Mapping[str, frozenset[str]]
    unresolved: tuple[Unresolved, ...] = ()


def python_services(survey: Survey, everything: bool) -> tuple[Service, ...]:
    return tuple(s for s in survey.running(everything) if s.language == "python" or s.path.endswith((".py", ".pyw")))


def look(survey: Survey, everything: bool = False) -> Sighted:
    """Every third-party import of the services' closures, one Need a package and shelf."""
    manifests = survey.tree.computed(find_manifests)
    gathered: dict[tuple[str, str], tuple[list[Import], set[str], list[Shelf], Providers]] = {}
    strangers, used, stands_on = dict[str, Unresolved](), dict[str, Shelf](), dict[str, set[str]]()
    for service in python_services(survey, everything):
        for one in service.imports:
            if own := _own_elsewhere(survey.tree, one.name):
                strangers[f"{one.place}"] = Unresolved(
                    one.place, f"imports {one.name}, which stands at {own} but not where Python looks for it"
                )
                continue
            if (project := canonicalize_name(one.name)) in manifests.projects:
                if not any(project in declared_names(manifests, s) for s in _shelves(manifests, service, one)):
                    told = f"imports {one.name}, a project of this platform that its manifest does not declare"
                    strangers[f"{one.place}"] = Unresolved(one.place, told)
                continue
            shelves = _shelves(manifests, service, one)
            used.update({s.folder: s for s in shelves})
            stands_on.setdefault(service.name, set()).update(s.folder for s in shelves)
            known = providers(one.dotted)
            if known.how == "namespace" and not known.distributions:
                if one.dotted.count("."):
                    continue
                strangers[f"{one.place}"] = Unresolved(one.place, f"imports {one.dotted}, a name that many packages share")
                continue
            name = _key(one, known)
            folder = shelves[0].folder if shelves else ""
            entry = gathered.setdefault((folder, name), ([], set(), shelves, known))
            entry[0].append(one)
            entry[1].add(service.name)
    needs = tuple(_need(survey.tree, manifests, name, *entry) for (_, name), entry in sorted(gathered.items()))
    return Sighted(needs, manifests, tuple(used.values()), {name: frozenset(f) for name, f in stands_on.items()}, tuple(strangers.values()))


def _key(one: Import, known: Providers) -> str:
    return canonicalize_name(known.distributions[0]) if known.distributions else one.name


def _shelves(manifests: Manifests, service: Service, one: Import) -> list[Shelf]:
    """That of the importing file, then that of the service: a package beside either will be installed."""
    entry = service.path or join(service.cwd, "_") if service.cwd != "." else service.path or "_"
    found = [manifests.nearest(one.place.path), manifests.nearest(normpath(entry))]
    return list({s.folder: s for s in found if s is not None}.values())


def _need(
    tree: Tree, manifests: Manifests, name: str, imports: list[Import], services: set[str], shelves: list[Shelf], known: Providers
) -> Need:
    unique = tuple(sorted({(i.place.path, i.place.start): i for i in imports}.values(), key=lambda i: i.place))
    declared = [d for shelf in shelves for d in declared_names(manifests, shelf)]
    status, carrier = _status(tree, unique[0], known, declared) if shelves else ("unmanaged", "")
    return Need(name, known, unique, tuple(sorted(services)), shelves[0] if shelves else None, status, carrier)


def declared_names(manifests: Manifests, shelf: Shelf, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """What a shelf declares, and what the platform's own projects among it declare in turn."""
    for one in shelf.requirements:
        local = manifests.local(one, shelf.folder)
        if local is not None and local not in seen and local != shelf.folder and local in manifests.shelves:
            yield from declared_names(manifests, manifests.shelves[local], seen | {shelf.folder, local})
        if one.name:
            yield one.name


def _status(tree: Tree, one: Import, known: Providers, declared: Iterable[str]) -> tuple[Status, str]:
    names = frozenset(declared)
    wanted = {canonicalize_name(d) for d in known.distributions} | ({canonicalize_name(one.name)} if known.how != "namespace" else set())
    if wanted & names or any(_provides(name, one) for name in names) or tree.computed(installed_imports).get(one.name, frozenset()) & names:
        return "declared", ""
    if not known.certain and any(not provided(name) and _resembles(name, one.name) for name in names):
        return "declared", ""
    for name in sorted(names):
        if {one.name, one.dotted, *_prefixes(one.dotted)} & brought_along(name):
            return "along", name
    return "missing", ""


def _provides(distribution: str, one: Import) -> bool:
    return bool(provided(distribution) & {one.name, *_prefixes(one.dotted)})


def _prefixes(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    return (".".join(parts[:size]) for size in range(2, len(parts) + 1))


def _resembles(distribution: str, name: str) -> bool:
    """`coinbase-advanced-py` for `coinbase`: a declared package whose import names nobody told us, named after this one."""
    words, wanted = distribution.split("-"), canonicalize_name(name).split("-")
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words))) or distribution in (
        f"py{name.lower()}",
        f"{name.lower()}py",
    )


def _own_elsewhere(tree: Tree, name: str) -> str:
    """The platform's own module of that name that stands outside of the importer's reach, "" where the name is a known package's."""
    known = providers(name)
    return "" if known.how in ("table", "namespace") else tree.computed(own_modules).get(name, "")


def own_modules(tree: Tree) -> dict[str, str]:
    """Module name -> the first of the platform's files or packages called so."""
    found: dict[str, str] = {}
    for path in tree.ending(".py", ".pyw"):
        stem = splitext(basename(path))[0]
        name = basename(dirname(path)) if stem == "__init__" else stem
        found.setdefault(name, path)
    return found
