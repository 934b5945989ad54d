"""Calls inside a network of containers to a port where the named service does not listen."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.calls import is_aside
from opskit.ports.stated.every import stated
from opskit.ports.stated.facts import Stated
from opskit.survey.composition import projects


def check_network(audit: Audit) -> Iterator[Finding]:
    """In a compose file the container's own ports count, in a manifest those of Services, elsewhere both. Silent where the
    service is an image of somebody else's, which may open more than anybody states."""
    inside, cluster = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for each in stated(audit.survey):
        if each.role != "reference":
            (cluster if each.scope == "cluster" else inside)[each.service].add(each.port)
    for claim in audit.known:
        inside[claim.service.name] |= {b.port for b in claim.service.binds if b.port and b.framework != "compose"}
    built = {s.name for s in audit.survey.services if s.path} | {e.service for e in stated(audit.survey) if e.kind == "dockerfile"}
    for each in stated(audit.survey):
        if each.kind == "address" and each.service in built and not is_aside(each.place.path):
            listens = _listens(each, projects(audit.survey.tree), inside, cluster)
            if listens and each.port not in listens:
                yield Finding(
                    "OPS-P002",
                    "warning",
                    f"{each.service} does not listen on port {each.port}, where this calls it",
                    each.place,
                    help=f"call {', '.join(map(str, sorted(listens)))}, where it does",
                    harm=42,
                    data={"port": each.port, "services": [each.service], "listens": sorted(listens), "scope": each.scope},
                )


def _listens(each: Stated, composed: Collection[str], inside: dict[str, set[int]], cluster: dict[str, set[int]]) -> set[int]:
    if each.place.path in composed:
        return inside.get(each.service, set())
    if each.scope == "cluster":
        return cluster.get(each.service, set())
    return inside.get(each.service, set()) | cluster.get(each.service, set())
