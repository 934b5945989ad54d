"""What process managers, editors and hosting platforms start, and where each says so: supervisord.org (configuration), mprocs,
process-compose, tmuxinator, taskfile.dev, code.visualstudio.com (tasks.json, launch.json), launchd.plist(5), crontab(5), .replit,
render.com (blueprint), railway.com (config as code), cloud.google.com (app.yaml). A hosting platform runs a container."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.dockerfiles import dockerfiles, image_service
from opskit.ports.stated.facts import Scope, Stated
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.process_files import Process, processes
from opskit.ports.stated.scripts import State, line_stated
from opskit.survey.naming import kebab
from opskit.survey.starting import started

MODES = re.compile(r"(start|dev|develop|serve|server|run|web|up|default|app|main|launch|debug)([ :_-].*)?$", re.I)
INTERNAL = re.compile(rb"^[ \t]*internal_port[ \t]*=[ \t]*[\"']?(?P<port>\d{2,5})\b", re.M)
LOCAL = re.compile(rb"^[ \t]*localPort[ \t]*=[ \t]*(?P<port>\d{2,5})\b", re.M)
FORWARDED = re.compile(rb"forwarded_port[\"']?[^#\n]*?\bhost:?[ \t]*(?:=>)?[ \t]*(?P<port>\d{2,5})\b")
PLAIN: tuple[tuple[str, re.Pattern[bytes], Scope], ...] = (
    ("fly.toml", INTERNAL, "container"),
    (".replit", LOCAL, "container"),
    ("vagrantfile", FORWARDED, "machine"),
)
"""Files that only say a number: which one of fly.toml, of Replit's [[ports]], of Vagrant's forwarded ports."""


@dataclass(frozen=True, slots=True)
class Run:
    tree: Tree
    homes: Homes
    process: Process
    scope: Scope
    service: str

    def placed(self, line: str, start: int) -> "Placer":
        return Placer(self.tree, self.process.path, line, start)


@dataclass(frozen=True, slots=True)
class Placer:
    """Where bytes of a command stand: exactly where the file spells it as it runs, else where the command begins."""

    tree: Tree
    path: str
    line: str
    start: int

    def exact(self) -> bool:
        raw = self.line.encode()
        return (self.tree.read(self.path) or b"")[self.start : self.start + len(raw)] == raw

    def __call__(self, start: int, end: int) -> Place:
        return self.tree.place(self.path, *((self.start + start, self.start + end) if self.exact() else (self.start,) * 2))


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for process in processes(tree):
        image = _image(tree, homes, process.path) if process.manager else ""
        yield from _process(Run(tree, homes, process, "container" if image or process.hosted else "machine", image))
    for name, pattern, scope in PLAIN:
        for path in (p for p in tree.ending(name) if posixpath.basename(p).lower() == name):
            service = homes.own(posixpath.dirname(path))
            for match in pattern.finditer(tree.read(path) or b""):
                yield Stated(
                    tree.place(path, *match.span("port")),
                    int(match["port"]),
                    "publish" if scope == "machine" else "target",
                    service,
                    scope,
                    "platform",
                    via=(name,),
                    editable=True,
                )


def _image(tree: Tree, homes: Homes, path: str) -> str:
    """The service whose image copies this file and so runs what it lists."""
    name = posixpath.basename(path).encode()
    copying = (p for p in dockerfiles(tree) if re.search(rb"^(?:COPY|ADD)[ \t][^\n]*" + re.escape(name), tree.read(p) or b"", re.M))
    return next((image_service(homes, p) for p in copying), "")


def _process(run: Run) -> Iterator[Stated]:
    process, line = run.process, run.process.command
    state = State(process.folder, application=process.env.get("FLASK_APP", ("", 0))[0])
    for name, (value, at) in process.env.items():
        if re.fullmatch(r"\d{2,5}", value):
            state.variables[name.upper()] = int(value), run.tree.place(process.path, at, at + len(value))
    placer = run.placed(line, process.start)
    ours = any(each.entry for each in started(run.tree, line.replace("\\", "/"), process.folder))
    if process.editor and not ours:
        return
    for each in line_stated(run.tree, run.homes, process.path, line, placer, state):
        named = not ours and process.name and not MODES.match(process.name)
        service = run.service or (kebab(process.name) if named else each.service)
        told = replace(each, service=service, via=(f"started by {process.path}", *each.via[1:]), kind="script")
        told = replace(told, editable=told.editable and (placer.exact() or bool(told.variable)))
        yield told if run.scope == "machine" else replace(told, scope="container", role="target", kind="platform")
