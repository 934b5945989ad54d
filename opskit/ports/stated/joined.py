"""The platform's servers with what files state beside their code: other languages, scripts, units and proxies on this machine."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from opskit.ports.stated.facts import Stated
from opskit.survey.facts import Bind, Service
from opskit.survey.survey import Survey

LAUNCHERS = frozenset(("script", "systemd"))


def with_stated(survey: Survey, services: Iterable[Service], said: Iterable[Stated]) -> tuple[Service, ...]:
    """Services in their order, then those that only a file states. A port that the code shows already is not told twice;
    what a script or unit gives a program that takes its port from an option or a variable replaces the code's default."""
    by_service = defaultdict[str, list[Stated]](list)
    for each in said:
        if each.scope == "machine" and each.role in ("bind", "publish") and each.service:
            by_service[each.service].append(each)
    known = [replace(s, binds=_binds(s, by_service.pop(s.name, []))) for s in services]
    return (*known, *(_fresh(survey, name, listed) for name, listed in by_service.items()))


def bind_of(each: Stated) -> Bind:
    return Bind(each.place, each.port, each.kind, each.host, each.protocol, each.variable, each.via, each.confidence)


def _binds(service: Service, listed: list[Stated]) -> tuple[Bind, ...]:
    shown = {(b.port, b.protocol) for b in service.binds}
    fresh = {(e.port, e.protocol): e for e in reversed(listed) if (e.port, e.protocol) not in shown}
    launched = [e for e in fresh.values() if e.kind in LAUNCHERS]
    kept = [b for b in service.binds if not (launched and is_open(b))]
    return (*kept, *(bind_of(e) for e in reversed(fresh.values())))


def is_open(bind: Bind) -> bool:
    """Whether whoever starts the program decides its port."""
    return bool(bind.place.line and (bind.flags or bind.variable)) and bind.framework != "compose"


def _fresh(survey: Survey, name: str, listed: list[Stated]) -> Service:
    first = next((e for e in listed if e.kind not in LAUNCHERS), listed[0])
    path = first.place.path if first.confidence != "high" else ""
    enabled = not survey.manifest.present or name in survey.manifest.services
    binds = {(e.port, e.protocol): bind_of(e) for e in reversed(listed)}
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
