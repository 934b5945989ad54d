"""`opskit.toml` and `ports.toml` as values. Reading only: `init` and `ports` write them, by span."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.place import Place

MANIFEST, REGISTRY, VERSION = "opskit.toml", "ports.toml", 1


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """`[services.NAME]`. `ready` is a path (`/healthz`), `"port"`, `"none"` or a number of seconds to wait."""

    name: str
    command: str
    cwd: str = "."
    port: int | None = None
    depends_on: tuple[str, ...] = ()
    ready: str | float = "port"
    env: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True
    reason: str = ""
    expose: bool = False
    python: str = ""


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One line of ports.toml: `NAME = { port = 5000, protocol = "tcp", pinned = true, why = "..." }`."""

    service: str
    port: int
    protocol: str = "tcp"
    pinned: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the operator says of the platform. `present` is False where there is no opskit.toml yet.

    `database` holds `kind` ("embedded" or "url"), `schema` (paths); `environments` is `[env.NAME]`; `paths` holds `roots`, a variable
    and the folder or folders that it stands for, and `project`, the variable of the repository itself; `stripe` holds `base`, a
    sandbox's address, `sandbox` (true: `up` runs one there) and `forward_to`, the origin that gets the events for webhooks elsewhere.
    """

    name: str
    present: bool = False
    services: Mapping[str, ServiceEntry] = field(default_factory=dict)
    ports: Mapping[str, RegistryEntry] = field(default_factory=dict)
    database: Mapping[str, Any] = field(default_factory=dict)
    environments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tests: str = ""
    leave_alone: tuple[str, ...] = ()
    paths: Mapping[str, Any] = field(default_factory=dict)
    stripe: Mapping[str, Any] = field(default_factory=dict)


def read_manifest(root: Path) -> Manifest:
    """Raises OpskitError with file, line and what was expected; an absent file is an empty manifest."""
    raw = _toml(root / MANIFEST)
    registry = _registry(_toml(root / REGISTRY) or {})
    if raw is None:
        return Manifest(root.name, ports=registry)
    if (version := raw.get("version", VERSION)) != VERSION:
        raise _wrong(MANIFEST, f"version = {version!r} is not one this opskit reads (it reads {VERSION})", "upgrade opskit")
    project = _table(raw, "project")
    return Manifest(
        name=str(project.get("name", root.name)), present=True,
        services={name: _service(name, entry) for name, entry in _table(raw, "services").items()},
        ports=registry, database=_table(raw, "database"), environments=_table(raw, "env"),
        tests=str(project.get("tests", "")), leave_alone=tuple(_strings(project, "leave_alone", "project")),
        paths=_table(raw, "paths"), stripe=_table(raw, "stripe"),
    )


def _toml(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _wrong(path.name, f"cannot be read: {error.strerror}", "mend its permissions") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", 0) or _line_of(str(error))
        raise _wrong(path.name, f"is not TOML: {error}", f"mend line {line}" if line else "mend it", line) from error


def _line_of(message: str) -> int:
    """Python before 3.14 tells the line only in the message: `... (at line 3, column 5)`."""
    _, _, rest = message.partition("(at line ")
    digits = rest.split(",")[0]
    return int(digits) if digits.isdigit() else 0


def _service(name: str, entry: Any) -> ServiceEntry:
    where = f"services.{name}"
    if not isinstance(entry, dict) or not isinstance(entry.get("command"), str):
        raise _wrong(MANIFEST, f'[{where}] needs `command = "..."`', "write the command that starts it")
    types: dict[str, Any] = {"cwd": str, "port": int, "enabled": bool, "reason": str, "expose": bool, "python": str,
                             "ready": (str, int, float)}
    values: dict[str, Any] = {"depends_on": tuple(_strings(entry, "depends_on", where)), "env": _texts(entry, where)}
    for key, value in entry.items():
        if key in types:
            if not isinstance(value, types[key]) or (key == "port" and isinstance(value, bool)):
                raise _wrong(MANIFEST, f"[{where}] {key} = {value!r} has the wrong type", f"expected {_word(types[key])}")
            values[key] = value
            if key == "port" and not 0 < value < 65536:
                raise _wrong(MANIFEST, f"[{where}] port = {value} is no port", "write one from 1 to 65535")
        elif key not in ("command", "depends_on", "env"):
            raise _wrong(MANIFEST, f"[{where}] has no setting `{key}`", f"the settings are: command, {', '.join(types)}, depends_on, env")
    return ServiceEntry(name, entry["command"], **values)


def _word(kind: Any) -> str:
    return " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))


def _table(raw: dict[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(MANIFEST, f"`{key}` must be a table", f"write [{key}]")
    return value


def _strings(raw: dict[str, Any], key: str, where: str) -> list[str]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(MANIFEST, f"[{where}] {key} must be a list of strings", f'write {key} = ["..."]')
    return value


def _texts(entry: dict[str, Any], where: str) -> dict[str, str]:
    value = entry.get("env", {})
    if not isinstance(value, dict):
        raise _wrong(MANIFEST, f"[{where}] env must be a table", 'write env = { NAME = "value" }')
    return {str(k): str(v) for k, v in value.items()}


def _registry(raw: dict[str, Any]) -> dict[str, RegistryEntry]:
    if (version := raw.get("version", VERSION)) != VERSION:
        raise _wrong(REGISTRY, f"version = {version!r} is not one this opskit reads (it reads {VERSION})", "upgrade opskit")
    ports, found = raw.get("ports", {}), {}
    if not isinstance(ports, dict):
        raise _wrong(REGISTRY, "`ports` must be a table", "write [ports], and under it one line a service")
    for name, entry in ports.items():
        entry = {"port": entry} if isinstance(entry, int) else entry
        port = entry.get("port") if isinstance(entry, dict) else None
        if not isinstance(port, int) or not 0 < port < 65536:
            raise _wrong(REGISTRY, f"`{name}` needs a port from 1 to 65535", f"write {name} = {{ port = 8000 }}")
        protocol, why = str(entry.get("protocol", "tcp")), str(entry.get("why", ""))
        found[name] = RegistryEntry(name, port, protocol, bool(entry.get("pinned", False)), why)
    return found


def _wrong(file: str, message: str, help: str, line: int = 0) -> OpskitError:
    return OpskitError(f"{file}: {message}", help=help, code="OPS-X002", place=Place(file, line))
