"""`facts.ports[]`: every claim and mention of a port, JSON-ready."""

from typing import Any

from opskit.ports.audit import Audit
from opskit.ports.claims import is_hosted, is_published, published_ports, servers, telling
from opskit.ports.developing import is_developing
from opskit.ports.meaning import Meaning
from opskit.ports.stated.every import stated
from opskit.ports.stated.facts import LOCAL, Stated
from opskit.survey.facts import Bind, Service
from opskit.survey.survey import Survey

SURE = ("sole", "path", "code")


def port_facts(audit: Audit) -> list[dict[str, Any]]:
    """Claims first, then mentions, each in the order of files and lines. A bind inside a container whose port is published
    has the role `target`; a default of the code that whoever starts the program replaces has the role `default`."""
    shown = [(service, bind) for service in servers(audit.survey) for bind in service.binds if bind.port]
    there = {(bind.place.path, bind.place.start, bind.port, service.name) for service, bind in shown}
    by_name = {service.name: service for service in servers(audit.survey)}
    claims = [_claimed(audit.survey, service, bind) for service, bind in shown]
    claims += [_dead(audit.survey, service, bind) for service in audit.survey.services for bind in service.binds
               if bind.port and service.name in by_name and bind not in by_name[service.name].binds]
    said = [_stated(e, by_name.get(e.service)) for e in stated(audit.survey)
            if (e.place.path, e.place.start, e.port, e.service) not in there or e.role in ("target", "reference")]
    claims += [fact for fact in said if fact["role"] != "reference"]
    mentions = [fact for fact in said if fact["role"] == "reference"]
    return [*sorted(claims, key=lambda f: (f["path"], f["line"])), *(_mentioned(m) for m in audit.meanings), *mentions]


def _stated(each: Stated, service: Service | None) -> dict[str, Any]:
    """What the code of a service binds that compose publishes is its container's, as for `_claimed`."""
    composed = service is not None and published_ports(service) and not is_hosted(service)
    inside = composed and each.role == "bind" and each.kind not in LOCAL
    return {
        "path": each.place.path, "line": each.place.line, "port": each.port, "role": "target" if inside else each.role,
        "service": each.service or None, "protocol": each.protocol, "scope": "container" if inside else each.scope,
        "confidence": each.confidence, "via": list(each.via), "host": each.host,
        "variable": each.variable, "enabled": service is None or service.enabled, "variant_of": service.variant_of if service else "",
    }


def _dead(survey: Survey, service: Service, bind: Bind) -> dict[str, Any]:
    return {**_claimed(survey, service, bind), "role": "default", "via": ["whoever starts it says another", *bind.via]}


def _claimed(survey: Survey, service: Service, bind: Bind) -> dict[str, Any]:
    published = is_published(bind)
    told = bind in telling(service) or bind.framework in LOCAL or is_developing(survey, service.name, bind)
    return {
        "path": bind.place.path, "line": bind.place.line, "port": bind.port,
        "role": "publish" if published else "bind" if told else "target",
        "service": service.name, "protocol": bind.protocol, "scope": "compose" if published else "machine" if told else "container",
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
