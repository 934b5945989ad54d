"""Services as platform files declare them: Procfile, compose files, package.json scripts."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.procfile import ProcessLine, read_procfile
from opskit.survey.compose import ComposeService, compose_services
from opskit.survey.facts import Bind
from opskit.survey.naming import WEB
from opskit.survey.packages import Script, package_scripts
from opskit.survey.runners import Started
from opskit.survey.starting import main_of, runnable, started

PROCFILE = re.compile(r"(^|/)([\w-]*_)?Procfile(\.\w+)?$")
WORKERS = re.compile(r"worker|queue|consumer|cron|schedul|\bbot\b|jobs", re.I)
MODES = re.compile(r"(start|dev|develop|serve|server|run|watch|web|preview|debug|prod)([:_-].*)?$", re.I)
SETUP = frozenset(("release", "postdeploy"))


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared process. `place` is the line that declares it; `command` runs in `cwd` (relative to the root, with
    `$VARIABLES` as written). `entry` is the platform's file that the command starts, "" where it is none of ours.
    `ports` are what it says it listens on or publishes; `profile` the script's name or the compose profiles. `label` is the
    name where that says what runs, "" for a mode ("start", "dev"); `starts` what the command is for, `offset` where
    its text starts in the file, -1 where it does not stand there as it runs."""

    name: str
    command: tuple[str, ...]
    cwd: str
    kind: Literal["server", "worker", "function", ""]
    place: Place
    entry: str = ""
    ports: tuple[Bind, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    profile: str = ""
    label: str = ""
    starts: Started | None = None
    offset: int = -1

    @property
    def environment(self) -> dict[str, str]:
        """What its process is given, PYTHONPATH where only that makes the module it names importable from `cwd`."""
        folder = self.starts.folder if self.starts else ""
        return {**({"PYTHONPATH": posixpath.relpath(folder, self.cwd)} if folder else {}), **self.env}


def declared(tree: Tree) -> tuple[Declared, ...]:
    """Every declared process: Procfiles, then compose files, then scripts, each in the order of the files. Of the scripts
    only workers and those that start Python: what opens a port in Node is among `node_services`, its scripts with it."""
    return tuple(tree.computed(_all))


def _all(tree: Tree) -> list[Declared]:
    found = [d for path in tree.files if PROCFILE.search(path) for d in _procfile(tree, path)]
    found += [_composed(tree, s) for s in compose_services(tree)]
    return found + [_scripted(tree, s) for s in package_scripts(tree) if worker_script(s) or s.starts.language == "python"]


def _procfile(tree: Tree, path: str) -> list[Declared]:
    folder = posixpath.dirname(path) or "."
    return [_process(tree, path, folder, line) for line in tree.parsed(path, read_procfile) or () if line.name not in SETUP]


def _process(tree: Tree, path: str, folder: str, line: ProcessLine) -> Declared:
    starts = started(tree, line.command, folder)
    first = main_of(starts)
    kind: Literal["server", "worker", ""] = "server" if line.name == WEB else (first.kind if first and first.kind else "worker")
    command, cwd = runnable(line.command, folder)
    ports = tuple(b for s in starts if (b := bind_of(tree, s, path, line.start, ("Procfile", line.name))))
    place, env = tree.place(path, line.start, line.end), dict(first.command.env) if first else {}
    entry = first.entry if first else ""
    name = posixpath.basename(folder) if line.name == WEB and not entry and folder != "." else line.name
    return Declared(name, command, cwd, kind, place, entry, ports, env, (), posixpath.basename(path), name, first, line.start)


def bind_of(tree: Tree, starts: Started, path: str, offset: int, via: tuple[str, ...]) -> Bind | None:
    """The bind that a command's own words show: a number said, a variable, or the framework's number. `offset` is the
    command's first byte in `path`; where escapes shift what follows, the place is the command's start."""
    if starts.port is None and not starts.variable:
        return None
    start, end = (offset + starts.at[0], offset + starts.at[1]) if starts.at else (offset, offset)
    editable = starts.said and starts.at is not None and (tree.read(path) or b"")[start:end] == str(starts.port).encode()
    place = tree.place(path, start, end) if editable else tree.place(path, offset, offset)
    step = () if starts.said or starts.port is None else (f"{starts.framework} takes {starts.port} when none is said",)
    confidence: Literal["high", "medium", "low"] = "high" if starts.said else "medium" if starts.port else "low"
    return Bind(place, starts.port, starts.framework, starts.host, "tcp", starts.variable, (*via, *step), confidence, editable)


def _composed(tree: Tree, service: ComposeService) -> Declared:
    """The published host ports; where nothing is published the number that the command itself says."""
    first = main_of(list(service.starts))
    place = service.place
    own = bind_of(tree, replace(first, at=None), place.path, place.start, ("compose command",)) if first and first.said else None
    ports = service.ports or ((own,) if own else ())
    kind: Literal["server", "worker", ""] = "server" if ports or service.exposed else (first.kind if first else "")
    command, cwd = runnable(service.text, service.cwd)
    entry = first.entry if first else ""
    starts = replace(first, at=None) if first else None
    return Declared(service.name, command, cwd, kind, place, entry, ports, service.env, service.depends_on, service.profile,
                    service.name, starts)


def worker_script(script: Script) -> bool:
    """A script that by its name runs a worker of Node's."""
    return script.starts.language == "node" and bool(script.starts.entry and WORKERS.search(script.name))


def _scripted(tree: Tree, script: Script) -> Declared:
    starts, place = script.starts, script.place
    port = bind_of(tree, starts, place.path, place.start, ("script", script.name))
    label = "" if MODES.match(script.name) else script.name
    return Declared(
        label or script.package or script.name,
        ("npm", "run", script.name),
        script.folder,
        starts.kind or ("worker" if worker_script(script) else ""),
        place,
        starts.entry,
        (port,) if port else (),
        dict(starts.command.env),
        profile=script.name,
        label=label,
        starts=starts,
        offset=place.start,
    )
