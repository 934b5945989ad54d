"""One port that a file states for a service."""

from dataclasses import dataclass
from typing import Literal

from opskit.core.place import Place
from opskit.survey.facts import Confidence

Role = Literal["bind", "publish", "target", "reference", "default"]
Scope = Literal["machine", "compose", "container", "cluster", "node", "workflow"]
Protocol = Literal["tcp", "udp"]
LAUNCH_PROFILE = "launch profile"
LAUNCHERS = frozenset(("script", "systemd"))
LOCAL = LAUNCHERS | {LAUNCH_PROFILE, "aspire", "dapr", "tye"}


@dataclass(frozen=True, slots=True)
class Stated:
    """`service` is whom it speaks of; `scope` where the number counts: on the `machine`, as a host port of a `compose` project,
    inside a `container`, as the port of a `cluster`'s Service, on each `node` of it, in a CI `workflow`'s job. `place` spans
    the digits alone where `editable`. `unit` is what shares one network inside (a pod's place), "" where nothing does. A `default`
    is what the code would bind, were it not given another port wherever it runs. `imports`: what starts it imports the
    code, so that what stands under `if __name__ == "__main__"` is not run."""

    place: Place
    port: int
    role: Role
    service: str
    scope: Scope
    kind: str
    protocol: Protocol = "tcp"
    confidence: Confidence = "high"
    via: tuple[str, ...] = ()
    host: str = ""
    variable: str = ""
    editable: bool = False
    unit: str = ""
    imports: bool = False
