"""A port for every service, to be kept: what ports.toml says, else what the code says where it is good, else a free one."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from opskit.core.change import FileEdit, Plan
from opskit.core.tree import Tree
from opskit.ports.audit import Audit
from opskit.ports.numbers import is_forbidden
from opskit.ports.registry import heading, register
from opskit.ports.sightings import sightings
from opskit.survey.manifest import RegistryEntry

FIRST, COUNT = 20000, 10000


@dataclass(frozen=True, slots=True)
class Assigned:
    """`new` is False where ports.toml held it already."""

    service: str
    port: int
    protocol: str
    why: str
    new: bool = True


def assign(audit: Audit, names: Iterable[str], registry: Mapping[str, RegistryEntry]) -> tuple[Assigned, ...]:
    """A port for each name, without names for every server that runs. The same tree and registry give the same ports; no
    port is given twice; one that is given stays. A name that the tree does not know gets one of 20000-29999 by its hash."""
    claims = {c.service.name: c for c in (*audit.known, *audit.claims) if c.main}
    moves = {m.claim.service.name: m.port for m in audit.planned if m.claim.main}
    used = {e.port for e in registry.values()}
    mentioned = {c.port for c in audit.known} | {s.port for s in sightings(audit.survey.tree)} | set(moves.values())
    found = []
    for name in dict.fromkeys(names) or dict.fromkeys(c.service.name for c in audit.claims if c.main):
        claim, kept = claims.get(name), registry.get(name)
        protocol = claim.protocol if claim else "tcp"
        if kept is not None:
            found.append(Assigned(name, kept.port, kept.protocol, kept.why, new=False))
            continue
        wish = moves.get(name) or (claim.port if claim else 0)
        if wish and wish not in used:
            why = f"moved from {claim.port}" if claim and name in moves else "as in the code"
        else:
            wish, why = hashed_port(name, used | mentioned), "free"
        used.add(wish)
        found.append(Assigned(name, wish, protocol, why))
    return tuple(found)


def hashed_port(name: str, taken: Collection[int]) -> int:
    """The first free port of 20000-29999 from where the name's hash points, so that the same name asks for the same one."""
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % COUNT
    around = (FIRST + (start + step) % COUNT for step in range(COUNT))
    return next(port for port in around if port not in taken and not is_forbidden(port))


def plan(tree: Tree, assigned: Iterable[Assigned]) -> Plan:
    """New lines of ports.toml, one group each."""
    edits = [e for a in assigned if a.new and (e := register(tree, a.service, a.port, a.protocol, a.why, f"ports:{a.service}", "OPS-P009"))]
    head: list[FileEdit] = [h] if edits and (h := heading(tree)) else []
    return Plan((*head, *edits))
