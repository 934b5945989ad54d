"""From claims and mentions to findings. Pure."""

from collections.abc import Iterable, Iterator

from opskit.core.finding import Checked, Finding, Unresolved
from opskit.ports.audit import Audit, audit_of
from opskit.ports.binds import check_binds
from opskit.ports.calls import check_calls
from opskit.ports.claims import Claim, servers
from opskit.ports.cluster import check_cluster
from opskit.ports.facts import port_facts
from opskit.ports.freeing import check_fixed
from opskit.ports.images import check_images
from opskit.ports.instances import check_instances
from opskit.ports.network import check_network
from opskit.ports.registry import check_registry
from opskit.ports.stated.every import stated, unread
from opskit.survey.survey import Survey

REMEDY = "run `opskit ports fix`"


def check(survey: Survey, everything: bool = False) -> Checked:
    """`everything` lets disabled services take part; without opskit.toml every server that is seen counts as enabled."""
    audit = audit_of(survey, everything)
    found = (
        *_clashes(audit),
        *check_instances(audit),
        *_variants(audit),
        *_contained(audit),
        *check_cluster(audit),
        *check_binds(audit),
        *check_calls(audit),
        *check_network(audit),
        *check_images(audit),
        *check_registry(audit),
        *check_fixed(audit),
    )
    return Checked(tuple(found), {"ports": port_facts(audit)}, tuple(_untold(audit)))


def _untold(audit: Audit) -> Iterator[Unresolved]:
    """Services that open a port and none with a number: they may clash with anything. Manifests that cannot be read."""
    told = {e.service for e in stated(audit.survey) if e.scope == "container"}
    yield from unread(audit.survey)
    for service in servers(audit.survey):
        if service.binds and not any(bind.port for bind in service.binds) and service.name not in told:
            why = f", set by {service.binds[0].variable}" if service.binds[0].variable else ""
            yield Unresolved(service.binds[0].place, f"{service.name} opens a port whose number cannot be told{why}")


def _clashes(audit: Audit) -> Iterator[Finding]:
    for (port, protocol), group in audit.clashes.items():
        leaving = audit.order(group) or group[1:]
        running = sum(c.service.enabled for c in group)
        named = f"port {port}" if protocol == "tcp" else f"port {port}/{protocol}"
        yield Finding(
            "OPS-P001",
            "error" if running > 1 else "warning",
            f"{named} is claimed by {_names(group)}",
            leaving[0].bind.place,
            help=_remedy(audit, leaving),
            fix="safe" if any(not audit.stuck(c) for c in leaving) else "none",
            label=f"{leaving[0].service.name} cannot start beside {_names(c for c in group if c is not leaving[0])}",
            harm=75,
            also=tuple(c.bind.place for c in group if c is not leaving[0]),
            data=_data(port, protocol, group),
        )


def _variants(audit: Audit) -> Iterator[Finding]:
    for (port, protocol), group in audit.shared.items():
        originals = [c for c in group if not c.service.variant_of] or group
        yield Finding(
            "OPS-P011",
            "note",
            f"port {port} is shared by {_names(group)}, variants of one service that never run together",
            originals[0].bind.place,
            help="keep one enabled in opskit.toml; `opskit ports fix --all` gives each its own port",
            fix="safe" if audit.everything else "none",
            harm=10,
            also=tuple(c.bind.place for c in group if c is not originals[0]),
            data=_data(port, protocol, group),
        )


def _contained(audit: Audit) -> Iterator[Finding]:
    for (port, protocol), group in audit.inside.items():
        yield Finding(
            "OPS-P015", "note", f"{_names(group)} all bind port {port}, each inside its own container", group[0].bind.place,
            help="no clash while each runs in its container; `opskit init`, then `opskit ports fix` gives each its own for `opskit up`",
            harm=9, also=tuple(c.bind.place for c in group[1:]), data=_data(port, protocol, group))


def _remedy(audit: Audit, leaving: list[Claim]) -> str:
    keys = {c.key for c in leaving}
    moves = [m for m in audit.planned if m.claim.key in keys]
    if not moves:
        return audit.stuck(leaving[0])
    told = [
        f"{m.claim.service.name} to {m.port}" + (f" with {n} reference{'s' * (n != 1)}" if (n := audit.weights[m.claim.key]) else "")
        for m in moves[:3]
    ]
    more = f" and {len(moves) - 3} more" if len(moves) > 3 else ""
    return f"{REMEDY}: it moves {', '.join(told)}{more}"


def _names(group: Iterable[Claim]) -> str:
    names = sorted({c.service.name for c in group})
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _data(port: int, protocol: str, group: list[Claim]) -> dict[str, object]:
    return {"port": port, "protocol": protocol, "services": [c.service.name for c in group]}
