"""Findings on single binds: ports that browsers, macOS or the kernel keep, and who can reach them."""

from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.claims import Claim, is_published
from opskit.ports.numbers import EPHEMERAL, MACOS_HELD, PRIVILEGED

RAW = frozenset({"socket", "socketserver", "grpc", "asyncio", "twisted", "aiosmtpd", "gevent", "eventlet"})
OPEN = frozenset({"0.0.0.0", "::", "*"})


def check_binds(audit: Audit) -> Iterator[Finding]:
    for claim in audit.refused:
        yield from _refused(audit, claim)
    for claim in audit.claims:
        yield from _number(claim)
        yield from _reach(claim)


def _refused(audit: Audit, claim: Claim) -> Iterator[Finding]:
    pages = audit.in_pages(claim)
    if claim.bind.framework in RAW and not pages:
        return
    move = next((m for m in audit.planned if m.claim.key == claim.key), None)
    yield Finding(
        "OPS-P003",
        "error" if pages else "warning",
        f"browsers refuse to call port {claim.port}, where {claim.service.name} listens",
        claim.bind.place,
        help=f"run `opskit ports fix`: it moves {claim.service.name} to {move.port}" if move else audit.stuck(claim),
        fix="safe" if move else "none",
        label=f"{len(pages)} calls from pages fail" if pages else "",
        harm=60 if pages else 30,
        also=tuple(m.sighting.place for m in pages),
        data={"port": claim.port, "protocol": "tcp", "services": [claim.service.name]},
    )


def _number(claim: Claim) -> Iterator[Finding]:
    name, port, data = claim.service.name, claim.port, {"port": claim.port, "protocol": claim.protocol, "services": [claim.service.name]}
    if claim.protocol == "tcp" and port in MACOS_HELD:
        yield Finding(
            "OPS-P004",
            "note",
            f"on a Mac port {port} is held by AirPlay Receiver; {name} will not start there",
            claim.bind.place,
            help="turn AirPlay Receiver off in System Settings, or pin another port in ports.toml",
            harm=15,
            data=data,
        )
    if port in PRIVILEGED and not is_published(claim.bind):
        yield Finding(
            "OPS-P005",
            "warning",
            f"{name} binds port {port}, which only root may",
            claim.bind.place,
            help="bind a port above 1023 and let a proxy or a port mapping stand in front",
            harm=30,
            data=data,
        )
    if port in EPHEMERAL:
        yield Finding(
            "OPS-P006",
            "note",
            f"{name} binds port {port}, which the system may give to an outgoing connection first",
            claim.bind.place,
            help="choose a port below 32768",
            harm=12,
            data=data,
        )


def _reach(claim: Claim) -> Iterator[Finding]:
    bind = next((b for b in claim.binds if b.host in OPEN), None)
    if bind is None or is_published(claim.bind):
        return
    name, data = claim.service.name, {"port": claim.port, "host": bind.host, "services": [claim.service.name]}
    if bind.debug:
        yield Finding(
            "OPS-P010",
            "error",
            f"{name} offers its debugger to every machine that reaches port {claim.port}",
            bind.place,
            help='set debug=False, or host="127.0.0.1"; `opskit up` keeps it on loopback with the debugger off',
            harm=72,
            data=data,
        )
    else:
        yield Finding(
            "OPS-P007",
            "warning" if claim.service.dangers else "note",
            f"{name} listens on all interfaces",
            bind.place,
            help="bind 127.0.0.1 unless other machines must reach it",
            harm=45 if claim.service.dangers else 8,
            data=data,
        )
