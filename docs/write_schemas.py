"""Write docs/schema/COMMAND.schema.json for every command that speaks JSON: report.schema.json, and what its facts hold.

    python docs/write_schemas.py

A command that FACTS does not name keeps the report's schema, its facts as they come. Shapes grow, and never shrink.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opskit.cli.house import leaves

FOLDER = Path(__file__).parent / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

S, INT, NUM, B, OBJ = ({"type": name} for name in ("string", "integer", "number", "boolean", "object"))
SN, INTN = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
L = {"type": "array", "items": S}


def one_of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


def row(may: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """One entry of a fact: every field there but those it `may` have; later ones may join."""
    return {"type": "object", "required": list(fields), "properties": {**fields, **(may or {})}}


VARIABLES = row(name=S, readers=L, services=L, required=B, type=S, default=SN, provider=S)
PACKAGES = row(package=S, ecosystem=S, manifest=S, importers=L, status=S)
PORTS = row(path=S, line=INT, port=INT, role=S, service=SN, protocol=one_of("tcp", "udp"), scope=S, confidence=S, via=L,
            may={"host": S, "variable": S, "enabled": B, "variant_of": S, "url": S})
PATHS = row(path=S, line=INT, value=S, root=S, tail=S, form=S, role=S, language=S, fix=one_of("safe", "review", "none"), reason=S, note=S)
PATHS["required"].append("class")
ROOTS = row(variable=S, prefix=S, kind=S, uses=INT, folder=S)
SCHEMAS = row(path=S, tables=INT, dialect=S, migration=B, chosen=B)
STATES = ("pending", "starting", "ready", "unhealthy", "restarting", "failed", "stopped", "disabled")
SERVICES = row(name=S, path=S, command=S, port=INTN, state=one_of(*STATES), url=SN, enabled=B, reason=SN, pid=INTN)
ROW = row(name=S, state=one_of("holds", "does not hold", "not looked at yet"), message=S, help=S)
ENVIRONMENTS = row(path=S, python=S, services=L, state=one_of("done", "failed"), changed=B, packages=OBJ, relaxed=L, left=L)
FAILED = row(package=S, requirement=S, reason=S, mend=S, places=L)
DATABASES = row(url=S, services=L, default=B, ok=B, cause=S, mend=S, kind=S, version=S, tables=INT, first_ms=NUM, again_ms=NUM, notes=L)
HOLDERS = row(port=INT, protocol=S, host=S, pid=INTN, user=SN, command=L, cwd=SN, since={"type": ["number", "null"]}, service=SN, told=S)
CODES = row(code=S, title=S, why=S, mend=S, bad=OBJ, good=OBJ)

EVENTS = {"type": "array", "items": row(type=S, line=INT, does=one_of("work", "log", "nothing"))}
RECEIVERS = row(service=SN, method=S, route=SN, path=S, line=INT, signature=one_of("library", "by hand", "none"), secret=SN, api_version=SN,
                remembers=B, events=EVENTS, may={"confidence": one_of("high", "medium", "low")})
CHECKS = {"type": "array", "items": row(check=S, state=one_of("ok", "fails", "not asked"), told=S)}
CASES = row(case=S, due=S, came=S, outcome=one_of("ok", "fault", "note", "not seen"), code=SN, told=S)
ENDPOINTS = row(id=S, url=S, enabled=B, api_version=SN, events=L, secret=SN, path=SN, line=INTN)

STRIPE = {
    "account": row(id=S, mode=S, base=S, key=S), "writes": row(action=S, kind=S, key=S, id=SN, params=OBJ, why=S),
    "prices": row(key=S, id=SN, lookup_key=S, env=L), "values": row(name=S, file=SN, right=B), "columns": row(column=S, now=SN, trouble=S),
}

EVERY = {"variables?": VARIABLES, "schemas?": SCHEMAS, "paths?": PATHS, "roots?": ROOTS, "packages?": PACKAGES, "ports?": PORTS,
         "services?": SERVICES, "webhooks?": RECEIVERS}

# what stands in a command's facts; a name with ? only where that was asked for
FACTS: dict[str, dict[str, Any]] = {
    "check": EVERY,
    "fix": EVERY,
    "init": {"services": row(name=S, path=S, command=S, port=INTN, kind=S, enabled=B, reason=S, variant_of=S), "vanished": row(name=S)},
    "doctor": {"rows": ROW, "todos": row(path=S, line=INT, text=S, money=B)},
    "env check": {"variables": VARIABLES},
    "env init": {"needs": row(name=S, services=L, provider=S, url=S, command=S), "made": row(name=S)},
    "db check": {"databases": DATABASES},
    "db init": {"schemas?": row(schema=S, state=S, statements=INT, rows=INT)},
    "paths scan": {"paths": PATHS, "roots": ROOTS},
    "paths fix": {"paths": PATHS, "roots": ROOTS},
    "ports audit": {"ports": PORTS},
    "ports fix": {"ports": PORTS},
    "ports assign": {"assigned": row(service=S, port=INT, protocol=S, why=S, new=B)},
    "ports who": {"holders": HOLDERS},
    "deps audit": {"packages": PACKAGES},
    "deps fix": {"packages": PACKAGES},
    "deps install": {"environments?": ENVIRONMENTS, "failed?": FAILED, "imports?": row(services=L, importable=B, reason=S)},
    "stripe plan": STRIPE,
    "stripe bootstrap": STRIPE,
    "stripe status": STRIPE,
    "webhooks check": {"webhooks": RECEIVERS},
    "webhooks verify": {"delivery": row(cause=S, accepted=B, secret=SN, source=SN, checks=CHECKS)},
    "webhooks probe": {"cases": CASES},
    "webhooks replay": {"events": row(id=S, type=S, created=INTN, may={"status": INT, "seconds": NUM})},
    "webhooks status": {"endpoints": ENDPOINTS},
    "status": {"services": SERVICES},
    "up": {"services": SERVICES},
    "restart": {"services": SERVICES},
    "history": {"plans": row(number=INT, when=S, state=S, command=S, files=L)},
    "undo": {"undone": row(number=INT, command=S, files=L, moved_on=L, left={"type": "array", "items": OBJ})},
    "explain": {"codes": CODES},
}


def schema(command: str) -> dict[str, Any]:
    """The report's schema with the command's name, and its facts wherever it did not fail."""
    shapes = {name.rstrip("?"): {"type": "array", "items": shape} for name, shape in FACTS.get(command, {}).items()}
    always = [name for name in FACTS.get(command, {}) if not name.endswith("?")]
    done = {"if": {"properties": {"error": {"type": "null"}}}, "then": {"properties": {"facts": {"required": always}}}}
    return {
        "$schema": DIALECT, "title": f"opskit {command} --json", "$ref": "report.schema.json",
        "properties": {"command": {"const": command}, "facts": {"properties": shapes}}, **(done if always else {}),
    }


def pages() -> Iterator[tuple[Path, str]]:
    for words, leaf in leaves():
        if any("--json" in param.opts for param in leaf.params):
            yield FOLDER / f"{words.replace(' ', '-')}.schema.json", json.dumps(schema(words), indent=1) + "\n"


def main() -> None:
    for old in FOLDER.glob("*.schema.json"):
        if old.name != "report.schema.json":
            old.unlink()
    for path, text in pages():
        path.write_text(text)


if __name__ == "__main__":
    main()
