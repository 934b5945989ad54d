"""Every service of the platform, one value each, whichever language and declaration shows it."""

from dataclasses import replace
from posixpath import dirname
from typing import Literal

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.declared import Declared, declared
from opskit.survey.facts import Kind, Service
from opskit.survey.naming import named
from opskit.survey.node.services import node_services, node_unresolved
from opskit.survey.python.reads import python_reads
from opskit.survey.python.services import described, idle_applications, python_services, python_unresolved
from opskit.survey.variants import with_variants


def find_services(tree: Tree) -> tuple[Service, ...]:
    """Sorted by name; names are unique. What a file shows comes first, declarations add to it: one service, one value."""
    return tree.computed(_found)


def _found(tree: Tree) -> tuple[Service, ...]:
    found = [*python_services(tree), *node_services(tree)]
    known_as: dict[str, int] = {}
    for declaration in sorted(declared(tree), key=lambda d: (not d.entry, d.cwd in (".", ""))):
        known_as[declaration.name] = _join(tree, found, declaration, known_as.get(declaration.name))
    return tuple(sorted(with_variants(tree, named(tuple(found), known_as)), key=lambda s: s.name))


def find_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """What the readers of services and of the environment saw and did not understand."""
    loaded = {path for service in find_services(tree) for path in service.closure}
    idle = (found for found in idle_applications(tree) if found.place.path not in loaded)
    return (*python_unresolved(tree), *idle, *tree.computed(python_reads).unresolved, *node_unresolved(tree))


def _join(tree: Tree, found: list[Service], declaration: Declared, namesake: int | None) -> int:
    """Adds a declaration to the service it speaks of, or the service that only it shows; where that stands in `found`.
    `namesake`: where another declaration of this name went (a compose file and its overrides)."""
    at = next((i for i, s in enumerate(found) if _same(s, declaration)), None)
    if at is None and namesake is not None and not declaration.entry and found[namesake].declared_in != declaration.place.path:
        at = namesake
    if at is None:
        at = _alone_in(found, declaration)
    if at is None:
        found.append(_shown(tree, declaration))
        return len(found) - 1
    found[at] = _told(tree, found[at], declaration)
    return at


def _alone_in(found: list[Service], declaration: Declared) -> int | None:
    """A declaration that tells another folder and no file (a compose service built there) means the one service in it."""
    if declaration.entry or declaration.cwd in (".", "", dirname(declaration.place.path)):
        return None
    inside = [i for i, s in enumerate(found) if s.path.startswith(f"{declaration.cwd}/") and s.kind in ("server", "worker")]
    return inside[0] if len(inside) == 1 and found[inside[0]].declared_in != declaration.place.path else None


def _same(service: Service, declaration: Declared) -> bool:
    """One file lists a process once: a second line for the same entry is another process (a worker beside the web)."""
    if service.declared_in == declaration.place.path:
        return False
    if declaration.entry:
        return service.path == declaration.entry
    return not service.path and service.name == declaration.name


def _shown(tree: Tree, declaration: Declared) -> Service:
    entry = declaration.entry
    base = Service(declaration.name, entry, _kind(declaration), _language(entry), declaration.command, declaration.cwd, declaration.ports,
                   closure=(entry,) if entry else (), depends_on=declaration.depends_on, declared_in=declaration.place.path,
                   env=dict(declaration.env))
    return described(tree, base) if base.language == "python" else base


def _told(tree: Tree, service: Service, declaration: Declared) -> Service:
    """A file's own number stands before a declared one; a declared command replaces that of a file which opens nothing."""
    known = {bind.port for bind in service.binds}
    fresh = tuple(p for p in declaration.ports if p.port is not None and (p.port not in known or p.framework == "compose"))
    kind: Kind = "server" if service.binds or declaration.ports else declaration.kind or service.kind
    joined = replace(
        service, kind=kind, binds=(*service.binds, *fresh), env={**declaration.env, **service.env},
        depends_on=tuple(dict.fromkeys((*service.depends_on, *declaration.depends_on))),
        declared_in=service.declared_in or declaration.place.path)
    if service.binds or not declaration.command or service.declared_in:
        return joined
    moved = replace(joined, command=declaration.command, cwd=declaration.cwd)
    return described(tree, moved) if service.language == "python" and moved.cwd != service.cwd else moved


def _kind(declaration: Declared) -> Kind:
    return declaration.kind or ("server" if declaration.ports else "worker")


def _language(entry: str) -> Literal["python", "node", "other"]:
    return "python" if entry.endswith((".py", ".pyw")) else "node" if entry else "other"

