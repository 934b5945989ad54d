"""The facts that rooms judge. Frozen values, each with the place it was seen at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from opskit.core.place import Place

Kind = Literal["server", "worker", "script", "function"]
Confidence = Literal["high", "medium", "low"]
DangerKind = Literal["shell", "tunnel", "secrets-folder", "microphone"]


@dataclass(frozen=True, slots=True)
class Bind:
    """A place where a service opens a port.

    `place` spans the number where one stands in the code that alone decides the port (`editable`), else the
    call. `port` is None where it cannot be told. `variable` is the environment variable that overrides it.
    `via` is the chain of reasoning, e.g. ("port", "PORT = 8010 at settings.py:3"). `flags` are the command-line options
    that override it ("--port", "-p"). `mode` is the alternative under which alone it is opened (compose profiles, with commas),
    `project` the compose file that starts it, first of those that belong together, `beside` the projects that run with that one.
    """

    place: Place
    port: int | None
    framework: str
    host: str = ""
    protocol: Literal["tcp", "udp"] = "tcp"
    variable: str = ""
    via: tuple[str, ...] = ()
    confidence: Confidence = "high"
    editable: bool = False
    debug: bool = False
    flags: tuple[str, ...] = ()
    mode: str = ""
    project: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A path that a service answers. `method` is "GET", "POST", ... or "*"; `route` as the framework spells it."""

    method: str
    route: str
    place: Place


@dataclass(frozen=True, slots=True)
class EnvRead:
    """A place that reads an environment variable. `default` is the literal fallback; `required` means that there is none
    and its absence is an error or an empty value. `type` is str, int, bool, url, ... as the reader shows it."""

    name: str
    place: Place
    required: bool
    default: str | None = None
    type: str = "str"
    via: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A third-party module that a file imports: the top name, and the dotted name as written. `optional` where an
    ImportError is caught around it."""

    name: str
    dotted: str
    place: Place
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Danger:
    """What makes a service unfit to run unasked: the line that hands request text to a shell, opens a tunnel, ..."""

    kind: DangerKind
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that will fail when it runs, seen without running it (a name used and never bound)."""

    place: Place
    what: str


@dataclass(frozen=True, slots=True)
class Service:
    """Something that runs. `name` is unique (kebab-case of the entry file), `path` the entry file, `command` what starts
    it from `cwd` (relative to the root). `closure` are the platform's own files it loads, the entry first."""

    name: str
    path: str
    kind: Kind
    language: Literal["python", "node", "other"]
    command: tuple[str, ...]
    cwd: str = "."
    binds: tuple[Bind, ...] = ()
    routes: tuple[Route, ...] = ()
    closure: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()
    dangers: tuple[Danger, ...] = ()
    faults: tuple[Fault, ...] = ()
    depends_on: tuple[str, ...] = ()
    declared_in: str = ""
    variant_of: str = ""
    enabled: bool = True
    reason: str = ""
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int | None:
        """The port it answers on: its first TCP bind with a number."""
        return next((b.port for b in self.binds if b.port and b.protocol == "tcp"), None)
