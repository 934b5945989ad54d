"""The platform's servers with what files state beside their code: other languages, scripts, units and proxies on this machine."""

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from opskit.core.tree import Tree
from opskit.ports.stated.facts import LAUNCHERS, Stated
from opskit.ports.stated.identity import PROJECTS
from opskit.source.dotenv import files_of, is_template, read_dotenv
from opskit.survey.facts import Bind, Service
from opskit.survey.survey import Survey

PORT = re.compile(r"\d{2,5}")


def with_stated(survey: Survey, services: Iterable[Service], said: Iterable[Stated]) -> tuple[Service, ...]:
    """Services in their order, then those that only a file states. A port that the code shows already is not told twice;
    what a script or unit gives a program that takes its port from an option or a variable replaces the code's default."""
    by_service = defaultdict[str, list[Stated]](list)
    for each in said:
        if each.scope == "machine" and each.role in ("bind", "publish") and each.service:
            by_service[each.service].append(each)
    known = [replace(s, binds=_binds(s, by_service.pop(s.name, []))) for s in set_by_files(survey.tree, tuple(services))]
    return (*known, *(_fresh(survey, name, listed) for name, listed in by_service.items()))


def set_by_files(tree: Tree, services: tuple[Service, ...]) -> Iterator[Service]:
    """A port variable that the service's own .env sets decides before the code's fallback; one that several services would
    take from the same file decides for none."""
    found = {s.name: [_set(tree, s, bind) for bind in s.binds] for s in services}
    takers = Counter(bind.place for binds in found.values() for bind in {b.place: b for b in binds if b is not None}.values())
    for service in services:
        told = zip(service.binds, found[service.name], strict=True)
        yield replace(service, binds=tuple(new if new is not None and takers[new.place] == 1 else old for old, new in told))


def _set(tree: Tree, service: Service, bind: Bind) -> Bind | None:
    variable = bind.variable or ("PORT" if bind.port is None else "")
    if not variable or not bind.place.line or bind.framework == "compose" or variable in service.env:
        return None
    folder = posixpath.dirname(service.path)
    for _ in range(8):
        for name in files_of():
            path = posixpath.join(folder, name)
            source = tree.parsed(path, read_dotenv)
            found = source.last(variable) if source else None
            said = PORT.fullmatch(found.value or "") if found else None
            port = int(said[0]) if said else 0
            if port and port == bind.port:
                return None
            if source and found and 0 < port < 65536:
                why = f"{variable} of {path}"
                return replace(
                    bind,
                    place=source.inside(found),
                    port=port,
                    via=(why, *bind.via),
                    confidence="medium",
                    editable=True,
                )
        if bind.port is None and (copied := _copied(tree, folder, variable, bind)):
            return copied
        if not folder or any(posixpath.join(folder, each) in tree.known for each in PROJECTS):
            return None
        folder = posixpath.dirname(folder)
    return None


def _copied(tree: Tree, folder: str, variable: str, bind: Bind) -> Bind | None:
    """What the template of a `.env` says, for a port that nothing else tells: whoever copies it starts with that."""
    for path in (p for p in tree.files if posixpath.dirname(p) == folder and is_template(p)):
        source = tree.parsed(path, read_dotenv)
        found = source.last(variable) if source else None
        said = PORT.fullmatch(found.value or "") if found else None
        if source and found and said and 0 < int(said[0]) < 65536:
            why = f"{variable} of {path}, which is copied"
            return replace(bind, place=source.inside(found), port=int(said[0]), via=(why, *bind.via), confidence="low", editable=False)
    return None


def bind_of(each: Stated) -> Bind:
    return Bind(each.place, each.port, each.kind, each.host, each.protocol, each.variable, each.via, each.confidence)


def _binds(service: Service, listed: list[Stated]) -> tuple[Bind, ...]:
    shown = {(b.port, b.protocol) for b in service.binds}
    fresh = {(e.port, e.protocol, e.place if e.kind == "script" else ""): e for e in reversed(listed) if (e.port, e.protocol) not in shown}
    launched = [e for e in fresh.values() if e.kind in LAUNCHERS]
    imported = any(e.imports for e in launched)
    kept = [b for b in service.binds if not (launched and is_open(b)) and not (imported and b.place.path == service.path)]
    return (*kept, *(bind_of(e) for e in reversed(fresh.values())))


def is_open(bind: Bind) -> bool:
    """Whether whoever starts the program decides its port."""
    return bool(bind.place.line and (bind.flags or bind.variable)) and bind.framework != "compose"


def _fresh(survey: Survey, name: str, listed: list[Stated]) -> Service:
    first = next((e for e in listed if e.kind not in LAUNCHERS), listed[0])
    path = first.place.path if first.confidence != "high" else ""
    enabled = not survey.manifest.present or name in survey.manifest.services
    binds = {(e.port, e.protocol, e.place if e.kind == "script" else ""): bind_of(e) for e in reversed(listed)}
    return Service(
        name,
        path,
        "server",
        "other",
        (),
        posixpath.dirname(first.place.path) or ".",
        tuple(reversed(binds.values())),
        declared_in=first.place.path,
        enabled=enabled,
    )
