"""What the supervisor is asked to run: one value a service, plain enough to travel as JSON."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

Hook = Literal["python", "node", ""]


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service, ready to start.

    `command` is an argv, never a shell line; `text` is what the operator wrote; `cwd` is absolute. `ready` is a path
    (`/healthz`) that must answer below 400, `"port"`, `"none"` or a number of seconds to stay alive. `http` says whether it
    speaks HTTP: True means that an answer is wanted, False that it is never asked, None that it is found out.
    `env` is the lowest layer of its environment (the manifest's), `own` the highest (its port, what opskit sets); `bare` gives
    it `env` and nothing else. `hook` names the start-up hook that keeps it on loopback, "" where none can. `user` and `group`
    are ids to become, for root alone. `stop_leader` sends `stop_signal` to the first process alone. `grace` and `limit` are
    seconds: from the polite signal to SIGKILL, and from the start to ready.
    """

    name: str
    command: tuple[str, ...]
    cwd: str
    text: str = ""
    path: str = ""
    kind: Literal["server", "worker"] = "server"
    port: int | None = None
    protocol: Literal["tcp", "udp"] = "tcp"
    depends_on: tuple[str, ...] = ()
    ready: str | float = "port"
    http: bool | None = None
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    expose: bool = False
    hook: Hook = ""
    enabled: bool = True
    reason: str = ""
    user: int | None = None
    group: int | None = None
    bare: bool = False
    stop_signal: str = "TERM"
    stop_leader: bool = False
    grace: float = 5.0
    limit: float = 30.0

    @property
    def told(self) -> str:
        """The command as a person would type it."""
        return self.text or shlex.join(self.command)

    @property
    def url(self) -> str:
        """Where a person opens it; "" for what has no TCP port or is known not to speak HTTP."""
        return f"http://127.0.0.1:{self.port}" if self.port and self.protocol == "tcp" and self.http is not False else ""


def to_json(specs: Iterable[ServiceSpec]) -> list[dict[str, Any]]:
    return [asdict(spec) for spec in specs]


def from_json(raw: Iterable[Mapping[str, Any]]) -> tuple[ServiceSpec, ...]:
    tuples = {f.name for f in fields(ServiceSpec) if str(f.type).startswith("tuple")}
    values: list[dict[str, Any]] = [{k: tuple(v) if k in tuples else v for k, v in each.items()} for each in raw]
    return tuple(ServiceSpec(**each) for each in values)
