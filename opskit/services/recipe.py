"""From the survey and opskit.toml to what the supervisor is asked to run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from opskit.core.errors import OpskitError
from opskit.services import graph
from opskit.services.command import resolve
from opskit.services.spec import ServiceSpec
from opskit.survey.facts import Bind, Service
from opskit.survey.manifest import ServiceEntry
from opskit.survey.survey import Survey

DATABASE_READS = frozenset(
    ("DATABASE_URL", "POSTGRES_URL", "POSTGRESQL_URL", "PGHOST", "DB_HOST", "POSTGRES_HOST", "SQLALCHEMY_DATABASE_URI"))


def specs_of(survey: Survey, everything: bool = False) -> tuple[ServiceSpec, ...]:
    """Every service that opskit.toml lists, in its order; disabled ones stay so unless `everything`. Nothing else is ever run."""
    entries = survey.manifest.services
    return tuple(_spec(survey, service, entries[service.name], everything) for service in survey.services if service.name in entries)


def _spec(survey: Survey, service: Service, entry: ServiceEntry, everything: bool) -> ServiceSpec:
    root = survey.tree.root
    try:
        resolved = resolve(entry.command, root, entry.python, service.language)
    except ValueError as error:
        raise OpskitError(f"opskit.toml: [services.{entry.name}] command cannot be split into words: {error}", code="OPS-X002",
                          help="close its quotes") from error
    bind = bind_of(service)
    port = bind.port if bind else None
    variable = next((b.variable for b in service.binds if b.variable), "")
    own = dict(resolved.own) | ({variable: str(port)} if variable and port else {})
    return ServiceSpec(
        name=service.name, command=resolved.argv, cwd=str(root / entry.cwd), text=entry.command, path=service.path,
        kind="server" if service.kind == "server" or port else "worker", port=port, protocol=bind.protocol if bind else "tcp",
        depends_on=entry.depends_on or tuple(name for name in service.depends_on if name in survey.manifest.services),
        ready=entry.ready, http=_speaks_http(service, bind),
        env=dict(service.env), own=own, expose=entry.expose, hook=resolved.hook, enabled=entry.enabled or everything,
        reason=entry.reason if not (entry.enabled or everything) else "",
    )


def bind_of(service: Service) -> Bind | None:
    """Where it answers: its first TCP bind with a number, else its first UDP one."""
    numbered = [bind for bind in service.binds if bind.port]
    return next((b for b in numbered if b.protocol == "tcp"), numbered[0] if numbered else None)


def _speaks_http(service: Service, bind: Bind | None) -> Literal[True] | bool | None:
    if bind and bind.protocol == "udp":
        return False
    return True if service.routes else None


def readers_of(survey: Survey, names: Iterable[str] = DATABASE_READS) -> frozenset[str]:
    """Services whose files read one of these variables: those that must wait for what provides it."""
    wanted = frozenset(names)
    paths = {read.place.path for read in survey.reads if read.name in wanted}
    return frozenset(s.name for s in survey.services if paths & {s.path, *s.closure})


def after(specs: Iterable[ServiceSpec], first: tuple[ServiceSpec, ...], readers: frozenset[str],
          given: Mapping[str, str] | None = None) -> tuple[ServiceSpec, ...]:
    """`first` (a database), then `specs`, of which those in `readers` wait for it and are `given` its variables."""
    names = tuple(spec.name for spec in first)
    return (*first, *(replace(s, depends_on=(*s.depends_on, *names), own={**s.own, **(given or {})}) if s.name in readers else s
                      for s in specs))


def chosen(specs: tuple[ServiceSpec, ...], names: Iterable[str] = ()) -> tuple[ServiceSpec, ...]:
    """Those named with all they depend on, or all; a disabled one named is an OpskitError that tells its reason."""
    by_name = {spec.name: spec for spec in specs}
    edges = {spec.name: spec.depends_on for spec in specs}
    for name, needs in edges.items():
        if unknown := [other for other in needs if other not in by_name]:
            raise OpskitError(f"[services.{name}] depends_on names `{unknown[0]}`, which opskit.toml does not list", code="OPS-V003",
                              help=f"the services are: {', '.join(by_name)}")
    graph.order(edges)
    wanted = graph.needed(names, edges) if names else tuple(by_name)
    for name in names:
        if not by_name[name].enabled:
            reason = f": {by_name[name].reason}" if by_name[name].reason else ""
            raise OpskitError(f"`{name}` is disabled in opskit.toml{reason}", code="OPS-V014",
                              help="set enabled = true in its entry, or give --all to run disabled services too")
    return tuple(by_name[name] for name in wanted)
