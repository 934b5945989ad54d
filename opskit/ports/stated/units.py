"""systemd units: what ExecStart binds and what a socket unit listens on (freedesktop.org: systemd.service(5), systemd.socket(5))."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes
from opskit.survey.starting import started

START = re.compile(rb"^ExecStart[ \t]*=[ \t]*[-@:+!]*(?P<text>(?:[^\\\n]|\\\r?\n|\\.)*)", re.M)
FOLDER = re.compile(rb"^WorkingDirectory[ \t]*=[ \t]*-?([^\r\n]+)", re.M)
GIVEN = re.compile(rb"^Environment[ \t]*=[^\n]*?[\"' =]?(?P<name>[A-Z_]*PORT)=(?P<port>\d{2,5})\b", re.M)
LISTEN = re.compile(rb"^Listen(?P<kind>Stream|Datagram)[ \t]*=[ \t]*(?P<host>\[[^\]]*\]:|[\d.]+:)?(?P<port>\d{1,5})[ \t]*\r?$", re.M)


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.ending(".service", ".socket", ".service.j2", ".service.template"):
        data = tree.read(path) or b""
        name = posixpath.basename(path).split(".")[0].rstrip("@")
        for match in LISTEN.finditer(data):
            protocol: Protocol = "udp" if match["kind"] == b"Datagram" else "tcp"
            yield Stated(
                tree.place(path, *match.span("port")),
                int(match["port"]),
                "bind",
                name,
                "machine",
                "systemd",
                protocol,
                via=("the socket unit listens",),
                host=(match["host"] or b"").decode().rstrip(":").strip("[]"),
                editable=True,
            )
        yield from _commands(tree, homes, path, data, name)


def _commands(tree: Tree, homes: Homes, path: str, data: bytes, name: str) -> Iterator[Stated]:
    told = FOLDER.search(data)
    folder = _folder(tree, told[1].decode("utf-8", "replace").strip()) if told else "."
    for match in START.finditer(data):
        raw = match["text"].decode("utf-8", "replace")
        for each in started(tree, re.sub(r"\\\r?\n", "  ", raw), folder):
            service = homes.of(each.entry) if each.entry else _by_file(tree, homes, each.command.values) or name
            given = next((g for g in GIVEN.finditer(data) if g["name"].decode() == (each.variable or "PORT")), None)
            if given is not None and not each.said:
                yield Stated(
                    tree.place(path, *given.span("port")),
                    int(given["port"]),
                    "bind",
                    service,
                    "machine",
                    "systemd",
                    via=("Environment of the unit",),
                    variable=given["name"].decode(),
                    editable=True,
                )
            elif each.port is not None and (each.said or each.kind == "server"):
                spot = (match.start("text") + each.at[0], match.start("text") + each.at[1]) if each.at else (match.start("text"),) * 2
                exact = data[slice(*spot)] == str(each.port).encode()
                yield Stated(
                    tree.place(path, *spot),
                    each.port,
                    "bind",
                    service,
                    "machine",
                    "systemd",
                    "tcp",
                    "high" if each.said else "medium",
                    ("ExecStart",),
                    each.host,
                    each.variable,
                    exact,
                )


def _folder(tree: Tree, absolute: str) -> str:
    """The platform's folder that an installed one is: the longest end of the path that the tree has."""
    parts = absolute.strip("/").split("/")
    for first in range(len(parts)):
        folder = "/".join(parts[first:])
        if folder in tree.folders:
            return folder
    return "."


def _by_file(tree: Tree, homes: Homes, words: tuple[str, ...]) -> str:
    """A file of the platform that the command names by where it is installed."""
    for word in words[1:]:
        parts = word.strip("/").split("/") if word.endswith((".py", ".js", ".mjs", ".ts", ".jar", ".php")) else []
        for first in range(len(parts)):
            if (path := "/".join(parts[first:])) in tree.known:
                return homes.of(path)
    return ""
