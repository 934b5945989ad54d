"""opskit.toml's say over what was seen: names, commands, `enabled`. Hand edits win."""

import shlex
from dataclasses import replace
from posixpath import join, normpath, splitext
from typing import Literal

from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.facts import Bind, Service
from opskit.survey.manifest import MANIFEST, Manifest, ServiceEntry

LEFT_OUT = "not in opskit.toml"


def overlaid(seen: tuple[Service, ...], manifest: Manifest, tree: Tree | None = None) -> tuple[Service, ...]:
    """Without a manifest what was seen; else its entries in their order, then what it leaves out, disabled. With `tree`
    an entry that starts a file which does not look like a service gets that file's facts all the same.

    Raises OpskitError where a command cannot be split into words (an open quote).
    """
    if not manifest.present:
        return tuple(_ported(service, manifest) for service in seen)
    left = list(seen)
    told = []
    for entry in manifest.services.values():
        service = _meant(entry, left) or _meant(entry, list(seen))
        if service in left:
            left.remove(service)
        told.append(_ported(_entered(entry, service or _started(entry, tree)), manifest))
    taken = {service.name for service in told}
    return (*told, *(replace(s, name=_free(s.name, taken), enabled=False, reason=LEFT_OUT) for s in left))


def _meant(entry: ServiceEntry, seen: list[Service]) -> Service | None:
    """The seen service that an entry speaks of: the one whose entry file its command names, else its namesake."""
    words = {normpath(join(entry.cwd, word)) for word in _words(entry)} | _modules(entry)
    by_path = [s for s in seen if s.path and (s.path in words or splitext(s.path)[0] in words)]
    namesake = next((s for s in seen if s.name == entry.name), None)
    if namesake is not None and (namesake in by_path or not by_path):
        return namesake
    return by_path[0] if by_path else None


def _modules(entry: ServiceEntry) -> set[str]:
    """`-m pkg.mod` and `pkg.mod:app` as file stems, also those inside a package's `__main__`."""
    found: set[str] = set()
    for word in _words(entry):
        dotted = word.partition(":")[0]
        if dotted.replace(".", "").replace("_", "").isalnum():
            stem = normpath(join(entry.cwd, dotted.replace(".", "/")))
            found |= {stem, join(stem, "__main__")}
    return found


def _started(entry: ServiceEntry, tree: Tree | None) -> Service | None:
    """The Python script that an entry's command starts, though nothing in it looks like a service."""
    files = [path for path in (normpath(join(entry.cwd, word)) for word in _words(entry)) if path.endswith(".py")]
    if tree is None or not files or files[0] not in tree.known:
        return None
    from opskit.survey.python.services import described

    return described(tree, Service(entry.name, files[0], "worker", "python", (), entry.cwd))


def _words(entry: ServiceEntry) -> list[str]:
    try:
        return shlex.split(entry.command)
    except ValueError as error:
        raise OpskitError(f"{MANIFEST}: [services.{entry.name}] command cannot be split into words: {error}", code="OPS-X002",
                          place=Place(MANIFEST), help="close its quotes") from error


def _entered(entry: ServiceEntry, service: Service | None) -> Service:
    base = service or Service(entry.name, "", "worker", "other", ())
    command = tuple(_words(entry))
    return replace(base, name=entry.name, command=command, cwd=entry.cwd, enabled=entry.enabled, reason=entry.reason,
                   depends_on=entry.depends_on or base.depends_on, env={**base.env, **entry.env}, declared_in=MANIFEST)


def _ported(service: Service, manifest: Manifest) -> Service:
    """The port that opskit.toml or ports.toml gives it stands first, unless the code binds that very port."""
    entry, registry = manifest.services.get(service.name), manifest.ports.get(service.name)
    port = entry.port if entry is not None and entry.port else registry.port if registry is not None else None
    if port is None:
        return service
    kind = "server" if service.kind in ("worker", "script") else service.kind
    if any(bind.port == port for bind in service.binds):
        return replace(service, kind=kind)
    protocol: Literal["tcp", "udp"] = "udp" if registry is not None and registry.protocol == "udp" else "tcp"
    where = MANIFEST if entry is not None and entry.port else "ports.toml"
    told = Bind(Place(where), port, "", protocol=protocol, via=(f"{where} says so",))
    return replace(service, kind=kind, binds=(told, *service.binds))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}-seen"
    taken.add(name)
    return name


