"""Who claims which port: the binds of servers as one table, with who of them can ever run together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from opskit.ports.stated.every import stated
from opskit.ports.stated.joined import with_stated
from opskit.survey.facts import Bind, Service
from opskit.survey.manifest import MANIFEST
from opskit.survey.survey import Survey

OVERRIDE = re.compile(r"\.override(?=\.ya?ml$)")
EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One service's hold on one port. `binds` are all its places for that port, the editable one first; `main` marks the
    port that the service is known by, the one that the registry keeps."""

    service: Service
    port: int
    protocol: str
    binds: tuple[Bind, ...]
    main: bool = True

    @property
    def bind(self) -> Bind:
        return self.binds[0]

    @property
    def family(self) -> str:
        return self.service.variant_of or self.service.name

    @property
    def key(self) -> tuple[str, int, str]:
        return self.service.name, self.port, self.protocol


def claims_of(services: Iterable[Service]) -> tuple[Claim, ...]:
    """Every (service, port, protocol) once, in the services' order; binds without a number left out."""
    found = []
    for service in services:
        by_port = defaultdict[tuple[int, str], list[Bind]](list)
        for bind in telling(service):
            by_port[bind.port or 0, bind.protocol].append(bind)
        main = next((key for key in by_port if key[1] == "tcp"), next(iter(by_port), None))
        for (port, protocol), binds in by_port.items():
            found.append(Claim(service, port, protocol, tuple(sorted(binds, key=lambda b: not b.editable)), (port, protocol) == main))
    return tuple(found)


def telling(service: Service) -> list[Bind]:
    """The binds that the machine sees. What a compose file publishes hides the ports inside the container, unless opskit.toml
    starts the service outside of one; what opskit.toml or ports.toml say (a place without a line) counts only where the code
    shows no number."""
    numbered = [bind for bind in service.binds if bind.port]
    published = [bind for bind in numbered if is_published(bind)]
    coded = [bind for bind in numbered if bind.place.line and not is_published(bind)]
    return (coded if is_hosted(service) else []) or published or coded or numbered


def is_hosted(service: Service) -> bool:
    """Whether opskit.toml has a command for the platform's own code."""
    return service.declared_in == MANIFEST and service.language != "other"


def published_ports(service: Service) -> tuple[int, ...]:
    return tuple(bind.port for bind in service.binds if bind.port and is_published(bind))


def is_published(bind: Bind) -> bool:
    return bind.framework == "compose"


@lru_cache(maxsize=4)
def servers(survey: Survey) -> tuple[Service, ...]:
    """Services that open a port, whatever their state, with what other languages, scripts and units state. A link to
    another service's file is that service; a generator's template is none."""
    running = (s for s in survey.services if s.kind in ("server", "worker") and ".template." not in s.path)
    seen = (s for s in running if not (s.path and survey.tree.is_link(s.path)))
    return with_stated(survey, seen, stated(survey))


def together(survey: Survey, everything: bool = False) -> tuple[Service, ...]:
    """Services that run side by side on one machine: the enabled ones. Where nobody has chosen yet (no opskit.toml)
    a variant stands aside for its original; with `everything` none does."""
    if everything:
        return servers(survey)
    return tuple(s for s in servers(survey) if s.enabled and (survey.manifest.present or not s.variant_of))


def grouped(claims: Iterable[Claim]) -> dict[tuple[int, str], list[Claim]]:
    groups = defaultdict[tuple[int, str], list[Claim]](list)
    for claim in claims:
        groups[claim.port, claim.protocol].append(claim)
    return dict(sorted(groups.items()))


def overlap(one: Claim, other: Claim) -> bool:
    """Whether both cannot listen at once: 0.0.0.0 takes every address; `localhost` is both loopback addresses. Two compose
    files are two projects, unless one overrides the other or both run beside each other."""
    return any(meet(a.host, b.host) and not _apart(a, b) for a in one.binds for b in other.binds)


def _apart(one: Bind, other: Bind) -> bool:
    """Two compose projects; or two alternatives of one, by profiles that they do not share. A script of composer.json serves the code that
    compose runs in a container: one of the two ways."""
    if is_published(one) != is_published(other):
        return any(bind.place.path.endswith("composer.json") for bind in (one, other))
    if not is_published(one):
        return False
    projects = [OVERRIDE.sub("", bind.project or bind.place.path) for bind in (one, other)]
    modes = [set(filter(None, bind.mode.split(","))) for bind in (one, other)]
    return not (projects[0] == projects[1] or other.project in one.beside) or (all(modes) and not modes[0] & modes[1])


def meet(one: str, other: str) -> bool:
    if one == other or one in EVERYWHERE or other in EVERYWHERE or "$" in one + other:
        return True
    return "localhost" in (one, other) and {one, other} <= LOOPBACK


def _crews(claims: Iterable[Claim]) -> dict[str, set[str]]:
    """Whom each script starts."""
    found = defaultdict[str, set[str]](set)
    for claim in claims:
        for bind in claim.binds:
            if bind.framework == "script":
                found[bind.place.path].add(claim.service.name)
    return found


def _instead(one: Claim, other: Claim, crews: dict[str, set[str]]) -> bool:
    """Whether only scripts give both the port, never one script to both, and two scripts that start one service each stand for
    the other: such launchers are run one instead of the other."""
    scripts = [{bind.place.path for bind in claim.binds} for claim in (one, other)]
    if not all(bind.framework == "script" for claim in (one, other) for bind in claim.binds):
        return False
    return all(a != b and crews[a] & crews[b] for a in scripts[0] for b in scripts[1])


def clashing(claims: Iterable[Claim]) -> dict[tuple[int, str], list[Claim]]:
    """Of each port the claims that overlap another service's."""
    found = {}
    claims = tuple(claims)
    crews = _crews(claims)
    for key, group in grouped(claims).items():
        pairs = ((a, b) for a, b in combinations(group, 2) if a.service.name != b.service.name and overlap(a, b))
        caught = {c.key for a, b in pairs if not _instead(a, b, crews) for c in (a, b)}
        if caught:
            found[key] = [c for c in group if c.key in caught]
    return found
