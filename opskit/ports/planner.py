"""Who moves and where to: as few services as possible, each to a port that nothing in the tree knows. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from opskit.ports.claims import Claim, overlap, published_ports
from opskit.ports.numbers import is_forbidden
from opskit.survey.manifest import RegistryEntry

SPAN = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """`claim` leaves its port for `port`."""

    claim: Claim
    port: int
    why: str = ""

    @property
    def group(self) -> str:
        return f"ports:{self.claim.service.name}:{self.claim.port}/{self.claim.protocol}"


def leavers(group: Iterable[Claim], settled: Callable[[Claim], bool], weight: Callable[[Claim], int]) -> list[Claim]:
    """Who must leave a contested port. Who cannot or must not move (`settled`) stays first, then the enabled, then those
    whom no compose file publishes elsewhere, then the one that most references mean (`weight`), then by name; each stays
    that overlaps nobody who stays."""
    staying, leaving = list[Claim](), list[Claim]()
    for claim in sorted(
        group,
        key=lambda c: (
            not settled(c), not c.service.enabled, bool(c.service.variant_of), _is_known_elsewhere(c), -weight(c), c.service.name
        ),
    ):
        (leaving if any(overlap(claim, other) for other in staying) else staying).append(claim)
    return leaving


def _is_known_elsewhere(claim: Claim) -> bool:
    published = published_ports(claim.service)
    return bool(published) and claim.port not in published


def free_port(old: int, taken: Collection[int]) -> int | None:
    """The nearest good port after `old` in its own thousand, wrapping round in it, else in the thousands that follow."""
    base = old - old % SPAN
    near, far = (range(old + 1, base + SPAN), range(base, old)), (range(base + SPAN, 32768), range(1024, base))
    return next((port for port in chain(*near, *far) if port not in taken and not is_forbidden(port)), None)


def moves(leaving: Iterable[Claim], taken: Iterable[int], bound: Iterable[int], registry: Mapping[str, RegistryEntry]) -> tuple[Move, ...]:
    """A port for each leaver: the one that ports.toml keeps for it, where that is free, else the one that its compose file
    publishes, where callers look for it already, else the nearest free one.
    `taken` is every port that the tree knows in any role, `bound` those that a service opens. No port is given twice."""
    kept = {e.port for e in registry.values()}
    used, held = set(taken) | kept, set(bound)
    found = []
    for claim in leaving:
        wish = registry.get(claim.service.name)
        if wish is not None and wish.port not in held and wish.port != claim.port and (wish.pinned or not is_forbidden(wish.port)):
            port: int | None = wish.port
            why = "ports.toml keeps it for this service"
        elif known := next((p for p in published_ports(claim.service) if p not in held | kept and not is_forbidden(p)), None):
            port, why = known, "its compose file publishes it there"
        else:
            port, why = free_port(claim.port, used), "the nearest that nothing in the tree uses"
        if port is not None:
            used.add(port)
            held.add(port)
            found.append(Move(claim, port, why))
    return tuple(found)
