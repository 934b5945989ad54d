"""The rows of services that do not run, in the same shape as a supervisor's."""

from typing import Any

from opskit.services.spec import ServiceSpec


def row_of(spec: ServiceSpec, state: str = "") -> dict[str, Any]:
    """`state` is "stopped" or "disabled" unless told."""
    return {
        "name": spec.name, "path": spec.path, "command": spec.told, "port": spec.port,
        "state": state or ("stopped" if spec.enabled else "disabled"), "url": spec.url or None, "enabled": spec.enabled,
        "reason": spec.reason, "pid": None, "failures": 0, "hook": spec.hook, "exposed": spec.expose,
    }


def merged(specs: tuple[ServiceSpec, ...], running: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Live rows first where there are some, in opskit.toml's order; what only the supervisor knows (a database) leads."""
    live = {row["name"]: row for row in running}
    known = {spec.name for spec in specs}
    return [*(row for name, row in live.items() if name not in known), *(live.get(spec.name) or row_of(spec) for spec in specs)]
