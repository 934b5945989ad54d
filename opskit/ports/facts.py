"""`facts.ports[]`: every claim and mention of a port, JSON-ready."""

from typing import Any

from opskit.ports.audit import Audit
from opskit.ports.claims import is_published, servers, telling
from opskit.ports.meaning import Meaning
from opskit.survey.facts import Bind, Service

SURE = ("sole", "path", "code")


def port_facts(audit: Audit) -> list[dict[str, Any]]:
    """Claims first, then mentions, each in the order of files and lines. A bind inside a container whose port is published
    has the role `target`."""
    claims = [_claimed(service, bind) for service in servers(audit.survey) for bind in service.binds if bind.port]
    return [*sorted(claims, key=lambda f: (f["path"], f["line"])), *(_mentioned(m) for m in audit.meanings)]


def _claimed(service: Service, bind: Bind) -> dict[str, Any]:
    published = is_published(bind)
    return {
        "path": bind.place.path, "line": bind.place.line, "port": bind.port,
        "role": "publish" if published else "bind" if bind in telling(service) else "target",
        "service": service.name, "protocol": bind.protocol, "scope": "compose" if published else "machine",
        "confidence": bind.confidence, "via": list(bind.via), "host": bind.host, "variable": bind.variable,
        "enabled": service.enabled, "variant_of": service.variant_of,
    }


def _mentioned(m: Meaning) -> dict[str, Any]:
    sighting = m.sighting
    return {
        "path": sighting.place.path, "line": sighting.place.line, "port": sighting.port,
        "role": "reference" if sighting.role == "bind" else sighting.role,
        "service": m.claim.service.name if m.claim else None, "protocol": "tcp", "scope": "machine",
        "confidence": "low" if m.claim is None else "high" if m.evidence in SURE else "medium", "via": [m.why],
        "url": ", ".join(sighting.urls).replace("\0", "*"),
    }
