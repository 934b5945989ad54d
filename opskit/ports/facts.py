"""`facts.ports[]`: every claim and mention of a port, JSON-ready."""

from typing import Any

from opskit.ports.audit import Audit
from opskit.ports.claims import Claim
from opskit.ports.meaning import Meaning

SURE = ("sole", "path", "code")


def port_facts(audit: Audit) -> list[dict[str, Any]]:
    """Claims first, then mentions, each in the order of files and lines."""
    claims = sorted((fact for claim in audit.known for fact in _claimed(claim)), key=lambda f: (f["path"], f["line"]))
    return [*claims, *(_mentioned(m) for m in audit.meanings)]


def _claimed(claim: Claim) -> list[dict[str, Any]]:
    contained = claim.bind.place.path.lower().endswith((".yml", ".yaml"))
    return [
        {
            "path": b.place.path,
            "line": b.place.line,
            "port": claim.port,
            "role": "publish" if contained else "bind",
            "service": claim.service.name,
            "protocol": claim.protocol,
            "scope": "compose" if contained else "machine",
            "confidence": b.confidence,
            "via": list(b.via),
            "host": b.host,
            "variable": b.variable,
            "enabled": claim.service.enabled,
            "variant_of": claim.service.variant_of,
        }
        for b in claim.binds
    ]


def _mentioned(m: Meaning) -> dict[str, Any]:
    sighting = m.sighting
    return {
        "path": sighting.place.path,
        "line": sighting.place.line,
        "port": sighting.port,
        "role": sighting.role,
        "service": m.claim.service.name if m.claim else None,
        "protocol": "tcp",
        "scope": "machine",
        "confidence": "low" if m.claim is None else "high" if m.evidence in SURE else "medium",
        "via": [m.why],
        "url": ", ".join(sighting.urls).replace("\0", "*"),
    }
