"""Findings on mentions: calls that nobody answers, tunnels that would publish a service."""

from collections import defaultdict
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.meaning import WEB, Meaning
from opskit.ports.numbers import DAEMONS

ASIDE = ("test", "tests", "spec", "__tests__", "fixtures", "examples", "example", "docs")


def check_calls(audit: Audit) -> Iterator[Finding]:
    yield from _unanswered(audit)
    yield from _tunnels(audit)


def _unanswered(audit: Audit) -> Iterator[Finding]:
    """One finding a port, however many places call it."""
    by_port = defaultdict[int, list[Meaning]](list)
    for m in audit.meanings:
        asked = m.sighting.role in ("reference", "default") and m.sighting.scheme in WEB and not m.sighting.comment
        if asked and not m.claimants and m.sighting.port not in DAEMONS:
            by_port[m.sighting.port].append(m)
    for port, called in sorted(by_port.items()):
        live = [m for m in called if not _is_aside(m.sighting.place.path)]
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


def _is_aside(path: str) -> bool:
    parts = path.lower().split("/")
    return not set(parts).isdisjoint(ASIDE) or parts[-1].startswith("test_") or ".example" in parts[-1] or ".template" in parts[-1]
