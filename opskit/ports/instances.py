"""Two compose projects that run beside each other and each publish one port for a ready image of one name (`redis`, `postgres`)."""

import posixpath
from collections.abc import Iterator
from itertools import combinations

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.claims import Claim, is_published, meet
from opskit.survey.compose import compose_services
from opskit.survey.facts import Bind


def check_instances(audit: Audit) -> Iterator[Finding]:
    """One service by its name, two containers on the machine. What a project builds is its own also where another names it."""
    ready = {(b.place.path, b.place.start) for s in compose_services(audit.survey.tree) if not s.root for b in s.ports}
    for claim in audit.claims:
        binds = [b for b in claim.binds if is_published(b) and (b.place.path, b.place.start) in ready]
        pair = next(((a, b) for a, b in combinations(binds, 2) if _meeting(a, b)), None)
        if pair is not None:
            yield _told(claim, *pair)


def _meeting(one: Bind, other: Bind) -> bool:
    folders = {posixpath.dirname(bind.project) for bind in (one, other)}
    modes = [set(filter(None, bind.mode.split(","))) for bind in (one, other)]
    apart = all(modes) and not modes[0] & modes[1]
    return other.project in one.beside and len(folders) > 1 and meet(one.host, other.host) and not apart


def _told(claim: Claim, one: Bind, other: Bind) -> Finding:
    return Finding(
        "OPS-P001", "error", f"port {claim.port} is published by {claim.service.name} of {one.project} and of {other.project}", other.place,
        help="publish another port of the machine in one of the two projects, or let one container serve both", harm=75, also=(one.place,),
        label="the two projects cannot run beside each other",
        data={"port": claim.port, "protocol": claim.protocol, "services": [claim.service.name], "projects": [one.project, other.project]})
