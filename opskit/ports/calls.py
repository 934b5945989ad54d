"""Findings on mentions: calls that nobody answers, tunnels that would publish a service."""

import re
from collections import defaultdict
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.claims import Claim, published_ports, servers
from opskit.ports.developing import is_developing
from opskit.ports.meaning import WEB, Meaning
from opskit.ports.numbers import DAEMONS
from opskit.ports.routes import answered, says_something
from opskit.ports.sightings import OPEN
from opskit.ports.stated.every import stated

ROUTED = ("flask", "fastapi", "uvicorn", "aiohttp", "express", "fastify", "sanic", "bottle", "http", "quart")
ASIDE_NAMES = re.compile(r"^test_|_test\.|\.(test|spec|example|template|sample)\b|^(playwright|cypress|vitest|jest)\.config")
ASIDE = ("test", "tests", "spec", "__tests__", "fixtures", "examples", "example", "docs", "__snapshots__")


def check_calls(audit: Audit) -> Iterator[Finding]:
    yield from _unanswered(audit)
    yield from _pathless(audit)
    yield from _tunnels(audit)


def _unanswered(audit: Audit) -> Iterator[Finding]:
    """One finding a port, however many places call it; a note where no server is known at all, so that none can be missed."""
    by_port = defaultdict[int, list[Meaning]](list)
    elsewhere = {*DAEMONS, *(port for service in servers(audit.survey) for port in published_ports(service))}
    elsewhere |= {e.port for e in stated(audit.survey) if e.role != "reference"}
    elsewhere |= {b.port for s in servers(audit.survey) for b in s.binds if b.port and is_developing(audit.survey, s.name, b)}
    for m in audit.meanings:
        asked = m.sighting.role in ("reference", "default") and m.sighting.scheme in WEB and not m.sighting.comment and not m.sighting.asks
        if asked and not m.claimants and m.sighting.port not in elsewhere:
            by_port[m.sighting.port].append(m)
    for port, called in sorted(by_port.items()):
        live = [m for m in called if audit.known and not is_aside(m.sighting.place.path)]
        first, count = (live or called)[0], len(called)
        times = "one place calls" if count == 1 else f"{count} places call"
        yield Finding(
            "OPS-P002",
            "warning" if live else "note",
            f"nobody listens on port {port}, which {times}",
            first.sighting.place,
            help="start what should answer there, or correct the number",
            harm=40 if live else 5,
            also=tuple(m.sighting.place for m in called if m is not first),
            data={"port": port, "places": count},
        )


def _pathless(audit: Audit) -> Iterator[Finding]:
    """Paths that nobody on the called port answers, one finding a port and path; silent where a reader may have missed routes."""
    by_path = defaultdict[tuple[int, str], list[Meaning]](list)
    for m in audit.meanings:
        known = m.claimants and all(c.service.routes and c.bind.framework in ROUTED for c in m.claimants)
        if known and m.sighting.role == "reference" and not m.sighting.comment and m.sighting.scheme in ("http", "https"):
            for url in m.sighting.urls:
                if says_something(url) and not url.endswith(OPEN) and not any(_leads(c, url) for c in m.claimants):
                    by_path[m.sighting.port, url].append(m)
    for (port, url), called in sorted(by_path.items()):
        first, names = called[0], sorted(c.service.name for c in called[0].claimants)
        whom = names[0] if len(names) == 1 else f"none of {', '.join(names[:4])}{' and others' * (len(names) > 4)}"
        yield Finding(
            "OPS-P013",
            "note" if is_aside(first.sighting.place.path) else "warning",
            f"{url.replace(OPEN, '*')} on port {port} is answered by nobody: {whom}{' has no such route' * (len(names) == 1)}",
            first.sighting.place,
            help="correct the path, or write the route",
            harm=38,
            also=tuple(m.sighting.place for m in called[1:]),
            data={"port": port, "path": url.replace(OPEN, "*"), "services": names},
        )


def _leads(claim: Claim, url: str) -> bool:
    """Whether a route answers the path, or begins with it (a base that more is hung behind)."""
    return answered(claim.service.routes, url) or answered(claim.service.routes, f"{url.rstrip('/')}/{OPEN}")


def _tunnels(audit: Audit) -> Iterator[Finding]:
    for m in audit.meanings:
        if m.sighting.role != "tunnel" or m.sighting.comment:
            continue
        names = [c.service.name for c in m.claimants]
        shell = any(d.kind == "shell" for c in m.claimants for d in c.service.dangers)
        whom = f"whichever of {', '.join(sorted(names))} runs there" if len(names) > 1 else names[0] if names else "whatever runs there"
        yield Finding(
            "OPS-P008",
            "error" if shell else "warning",
            f"a tunnel publishes port {m.sighting.port} to the internet: {whom}",
            m.sighting.place,
            help="leave it out of what starts by itself; a server with a login in front is the safe way out",
            harm=80 if shell else 50,
            data={"port": m.sighting.port, "services": names},
        )


def is_aside(path: str) -> bool:
    parts = path.lower().split("/")
    return not set(parts).isdisjoint(ASIDE) or ASIDE_NAMES.search(parts[-1]) is not None
