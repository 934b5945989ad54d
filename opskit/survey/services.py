"""Every service of the platform, one value each, whichever language and declaration shows it."""

import re
from collections import Counter
from dataclasses import replace
from posixpath import basename, dirname, splitext
from typing import Literal

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.compose import compose_services
from opskit.survey.composition import compose_files
from opskit.survey.decided import argued, decided
from opskit.survey.declared import MODES, Declared, declared
from opskit.survey.deployed import deployed
from opskit.survey.facts import Kind, Service
from opskit.survey.naming import GENERIC, kebab, named, telling_name
from opskit.survey.node.services import node_services, node_unresolved
from opskit.survey.packages import package_name, package_of, package_scripts
from opskit.survey.python.index import index_of
from opskit.survey.python.reads import python_reads
from opskit.survey.python.servers import starters_of
from opskit.survey.python.services import described, idle_applications, python_services, python_unresolved
from opskit.survey.variants import with_variants


def find_services(tree: Tree) -> tuple[Service, ...]:
    """Sorted by name; names are unique. What a file shows comes first, declarations add to it: one service, one value."""
    return tree.computed(_found)


def _found(tree: Tree) -> tuple[Service, ...]:
    found = [*python_services(tree), *node_services(tree)]
    known_as: dict[str, int] = {}
    labels, composed = _packaged(tree, found), dict[int, str]()
    joined: set[tuple[int, str]] = set()
    starting = starters_of(index_of(tree))
    for declaration in sorted(declared(tree), key=lambda d: (not d.entry, d.cwd in (".", ""), d.place.path.count("/"))):
        declaration = replace(declaration, entry=starting.get(declaration.entry, declaration.entry))
        at = _join(tree, found, declaration, known_as.get(declaration.name), joined)
        known_as[declaration.name] = at
        joined.add((at, declaration.place.path))
        if declaration.label:
            (composed if declaration.place.path in compose_files(tree) else labels).setdefault(at, declaration.label)
    labels = {**deployed(tree, found), **labels, **composed}
    return tuple(sorted(with_variants(tree, named(tuple(found), known_as, labels)), key=lambda s: s.name))


def _packaged(tree: Tree, found: list[Service]) -> dict[int, str]:
    """Names that packages give: a script's own where it says what runs; where it only says a mode ("start") the package's,
    which means the one service that it has."""
    scripts: dict[tuple[str, str], list[str]] = {}
    for script in package_scripts(tree):
        scripts.setdefault((script.place.path, script.starts.entry), []).append(script.name)
    homes = {i: package_of(tree, s.path) for i, s in enumerate(found) if s.language == "node" and s.kind in ("server", "worker")}
    often, names = Counter(homes.values()), dict[int, str]()
    for at, home in homes.items():
        modes = [name for name in scripts.get((home, found[at].path), ()) if MODES.match(name)]
        telling = [name for name in scripts.get((home, found[at].path), ()) if not MODES.match(name)]
        if modes and often[home] == 1 and (name := package_name(tree, home)):
            names[at] = telling_name(name, basename(dirname(home)))
        elif telling and not modes:
            names[at] = telling[0]
    return names


def find_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """What the readers of services and of the environment saw and did not understand."""
    loaded = {path for service in find_services(tree) for path in service.closure}
    idle = (found for found in idle_applications(tree) if found.place.path not in loaded)
    unclear = (Unresolved(d.place, f"the module of `{d.name}` may be any of {', '.join(d.starts.several)}")
               for d in declared(tree) if d.starts and d.starts.several)
    return (*python_unresolved(tree), *idle, *unclear, *tree.computed(python_reads).unresolved, *node_unresolved(tree))


def _join(tree: Tree, found: list[Service], declaration: Declared, namesake: int | None, joined: set[tuple[int, str]]) -> int:
    """Adds a declaration to the service it speaks of, or the service that only it shows; where that stands in `found`.
    `namesake`: where another declaration of this name went (a compose file and its overrides). `joined`: which service
    which file has told of already: one file lists a process once, a second line for the same entry is another process."""
    same = [i for i, s in enumerate(found)
            if (_same(s, declaration) and (i, declaration.place.path) not in joined) or _again(s, declaration)]
    at = namesake if namesake in same else same[0] if same else None
    if at is None and namesake is not None and not declaration.entry and found[namesake].declared_in != declaration.place.path:
        at = namesake
    if at is None:
        at = _alone_in(found, declaration)
    if at is None:
        at = _called_so(tree, found, declaration)
    if at is None:
        found.append(_shown(tree, declaration))
        return len(found) - 1
    found[at] = _told(tree, found[at], declaration)
    return at


def _alone_in(found: list[Service], declaration: Declared) -> int | None:
    """A declaration that tells another folder and no file (a compose service built there, a command that runs a package's
    script) means the one service in it."""
    told = declaration.starts.command.cwd if declaration.starts and declaration.starts.kind == "server" else "."
    folder = told if told not in (".", "") else declaration.cwd
    if declaration.entry or folder in (".", "", dirname(declaration.place.path)):
        return None
    inside = [i for i, s in enumerate(found) if s.path.startswith(f"{folder}/") and s.kind in ("server", "worker")]
    return inside[0] if len(inside) == 1 and found[inside[0]].declared_in != declaration.place.path else None


def _called_so(tree: Tree, found: list[Service], declaration: Declared) -> int | None:
    """A compose service whose image the tree builds where no file says so (`image: acme/user_service` beside user_service.py)."""
    compose = next((s for s in compose_services(tree) if s.place == declaration.place), None)
    if declaration.entry or compose is None or not (compose.context or re.search(r"[/$]", compose.image)):
        return None
    stem = kebab(declaration.name)
    inside = "" if compose.context in ("", ".") else f"{compose.context}/"
    called = [i for i, s in enumerate(found)
              if s.path.startswith(inside) and s.path and kebab(splitext(basename(s.path))[0]) == stem
              and s.declared_in != declaration.place.path and s.kind in ("server", "worker")]
    return called[0] if len(called) == 1 and stem not in GENERIC else None


def _again(service: Service, declaration: Declared) -> bool:
    """Another script of a package that starts the same file on the same port."""
    ports = {bind.port for bind in declaration.ports}
    packaged = declaration.place.path.endswith(".json") and service.declared_in == declaration.place.path
    return packaged and bool(ports and declaration.entry) and service.path == declaration.entry and ports <= {b.port for b in service.binds}


def _same(service: Service, declaration: Declared) -> bool:
    if service.declared_in == declaration.place.path:
        return False
    if declaration.entry:
        return service.path == declaration.entry
    return not service.path and service.name == declaration.name


def _shown(tree: Tree, declaration: Declared) -> Service:
    entry = declaration.entry
    base = Service(declaration.name, entry, _kind(declaration), _language(entry), declaration.command, declaration.cwd, declaration.ports,
                   closure=(entry,) if entry else (), depends_on=declaration.depends_on, declared_in=declaration.place.path,
                   env=declaration.environment)
    return described(tree, base) if base.language == "python" else base


def _told(tree: Tree, service: Service, declaration: Declared) -> Service:
    """What a file's own code binds stands before what is published; a declared command replaces that of a file which
    opens nothing, and of one that it gives arguments."""
    binds = decided(tree, service, declaration)
    known = {bind.port for bind in binds}
    fresh = tuple(p for p in declaration.ports if p.port is not None and (p.port not in known or p.framework == "compose"))
    kind: Kind = "server" if binds or declaration.ports else declaration.kind or service.kind
    joined = replace(
        service, kind=kind, binds=(*binds, *fresh), env={**declaration.env, **service.env},
        depends_on=tuple(dict.fromkeys((*service.depends_on, *declaration.depends_on))),
        declared_in=service.declared_in or declaration.place.path)
    if not declaration.command or service.declared_in or (service.binds and not argued(declaration)):
        return joined
    moved = replace(joined, command=declaration.command, cwd=declaration.cwd, env={**declaration.environment, **service.env})
    return described(tree, moved) if service.language == "python" and moved.cwd != service.cwd else moved


def _kind(declaration: Declared) -> Kind:
    return declaration.kind or ("server" if declaration.ports else "worker")


def _language(entry: str) -> Literal["python", "node", "other"]:
    return "python" if entry.endswith((".py", ".pyw")) else "node" if entry else "other"

