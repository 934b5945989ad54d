"""Ports that clash inside a cluster: one nodePort twice, two containers of a pod on one port; a Service that sends where nobody listens."""

import posixpath
from collections import defaultdict
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.stated.every import stated
from opskit.ports.stated.facts import Stated

POD = "containerPort of"
SENT = "targetPort of"


def check_cluster(audit: Audit) -> Iterator[Finding]:
    said = [e for e in stated(audit.survey) if e.kind == "kubernetes"]
    yield from _nodes(said)
    yield from _pods(said)
    yield from _astray(audit, said)


def _nodes(said: list[Stated]) -> Iterator[Finding]:
    """A nodePort belongs to one Service of a cluster (kubernetes.io, Service, type NodePort); folders may be different clusters."""
    groups = defaultdict[tuple[str, int, str], dict[str, Stated]](dict)
    for each in said:
        if each.scope == "node":
            groups[posixpath.dirname(each.place.path), each.port, each.protocol].setdefault(each.service, each)
    for (_, port, protocol), by_service in sorted(groups.items()):
        if len(by_service) > 1:
            first, *others = by_service.values()
            yield Finding(
                "OPS-P001",
                "error",
                f"port {port} of every node is claimed by {' and '.join(sorted(by_service))}",
                others[0].place,
                help="leave nodePort out, so that the cluster chooses, or give one another number of 30000-32767",
                harm=60,
                also=(first.place,),
                data={"port": port, "protocol": protocol, "services": sorted(by_service), "scope": "node"},
            )


def _pods(said: list[Stated]) -> Iterator[Finding]:
    """The containers of a pod share one network."""
    groups = defaultdict[tuple[str, int, str], dict[str, Stated]](dict)
    for each in said:
        if each.unit and each.via[0].startswith(POD):
            groups[each.unit, each.port, each.protocol].setdefault(each.via[0], each)
    for (_, port, protocol), by_container in sorted(groups.items()):
        if len(by_container) > 1:
            first, second = list(by_container.values())[:2]
            yield Finding(
                "OPS-P001",
                "error",
                f"two containers of the pod {first.service} claim port {port}",
                second.place,
                help="the containers of a pod share one network: give one of them another port",
                harm=60,
                also=(first.place,),
                data={"port": port, "protocol": protocol, "services": [first.service], "scope": "pod"},
            )


def _astray(audit: Audit, said: list[Stated]) -> Iterator[Finding]:
    """A targetPort that no container of its service names, where they name any, and that the code does not bind; images of
    somebody else's may open more than their manifest names."""
    opened = defaultdict[str, set[int]](set)
    built = {s.name for s in audit.survey.services if s.path} | {e.service for e in stated(audit.survey) if e.kind == "dockerfile"}
    for each in said:
        if each.via[0].startswith(POD):
            opened[each.service].add(each.port)
    for claim in audit.known:
        if claim.service.name in opened:
            opened[claim.service.name] |= {b.port for b in claim.service.binds if b.port}
    for each in said:
        if each.via[0].startswith(SENT) and each.service in built and opened[each.service] and each.port not in opened[each.service]:
            yield Finding(
                "OPS-P014",
                "warning",
                f"the Service of {each.service} sends to {each.port}, its container opens "
                f"{', '.join(map(str, sorted(opened[each.service])))}",
                each.place,
                help="send to the port that the container binds",
                harm=34,
                data={"port": each.port, "opened": sorted(opened[each.service]), "services": [each.service]},
            )
