"""Dockerfiles: EXPOSE, the port that the image's own command says, and a port variable in ENV
(docs.docker.com/reference/dockerfile)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.dockerfiles import builders, command_of, dockerfiles, image_service, said
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes
from opskit.source.dockerfile import Instruction, read_dockerfile, stage
from opskit.survey.starting import started

NUMBER = re.compile(rb"(?<![\w$:/.-])(?P<port>\d{1,5})(?P<proto>/(?:tcp|udp))?(?![\w.-])", re.I)
ASSIGNED = re.compile(rb"\b(?P<name>[A-Z][A-Z0-9_]*)[ =]\"?(?P<port>\d{2,5})\"?(?![\w.])")
ADDRESSED = re.compile(rb"\b(?P<name>(?:ASPNETCORE_|DOTNET_)?URLS)[ =]\"?(?:[^\s\"]*;)?https?://[^\s\":;]*:(?P<port>\d{2,5})(?![\d])")
STANDARD = frozenset(
    (
        "PORT",
        "HTTP_PORT",
        "SERVER_PORT",
        "APP_PORT",
        "LISTEN_PORT",
        "FLASK_RUN_PORT",
        "UVICORN_PORT",
        "ASPNETCORE_HTTP_PORTS",
        "GRPC_PORT",
        "STREAMLIT_SERVER_PORT",
        "NUXT_PORT",
        "NITRO_PORT",
        "HTTP_PORTS",
    )
)


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """An image that several compose services run says its ports for each that runs what it says."""
    for path in dockerfiles(tree):
        instructions = tree.parsed(path, read_dockerfile) or ()
        composed = builders(tree, path)
        built = {homes.compose[s.name]: list(stage(instructions, s.target)) for s in composed}
        if not any(s.target for s in composed) and len(built) < 2:
            built = {image_service(homes, path): list(stage(instructions))}
        for service, said_there in built.items():
            yield from _image(tree, path, service, said_there)


def _image(tree: Tree, path: str, service: str, instructions: list[Instruction]) -> Iterator[Stated]:
    for each in instructions:
        if each.name == "EXPOSE":
            yield from _numbers(tree, path, each, service, NUMBER, "EXPOSE")
        elif each.name == "ENV":
            yield from _numbers(tree, path, each, service, ASSIGNED, "ENV")
            yield from _numbers(tree, path, each, service, ADDRESSED, "ENV")
    yield from _command(tree, path, service, instructions)


def _numbers(tree: Tree, path: str, each: Instruction, service: str, pattern: re.Pattern[bytes], word: str) -> Iterator[Stated]:
    data = (tree.read(path) or b"")[each.start : each.end].partition(b" #")[0]
    for match in pattern.finditer(data):
        variable = match["name"].decode() if "name" in pattern.groupindex else ""
        port = int(match["port"])
        if (pattern is ASSIGNED and variable not in STANDARD) or not 0 < port < 65536:
            continue
        start, end = (each.start + at for at in match.span("port"))
        protocol: Protocol = "udp" if word == "EXPOSE" and (match["proto"] or b"").lower() == b"/udp" else "tcp"
        yield Stated(
            tree.place(path, start, end),
            port,
            "target",
            service,
            "container",
            "dockerfile",
            protocol,
            "high" if word == "EXPOSE" else "medium",
            (word, *([variable] if variable else [])),
            variable=variable,
            editable=True,
        )


def _command(tree: Tree, path: str, service: str, instructions: list[Instruction]) -> Iterator[Stated]:
    """The port that the last CMD or ENTRYPOINT says itself."""
    last, text = said(instructions), command_of(instructions)
    for starts in started(tree, text, posixpath.dirname(path) or ".") if text else ():
        if starts.port is None or not (starts.said or starts.kind == "server"):
            continue
        number = re.compile(rb"(?<![\w.])%d(?![\w.])" % starts.port)
        spot = next(
            ((e.start + m.start(), e.start + m.end()) for e in last if (m := number.search((tree.read(path) or b"")[e.start : e.end]))),
            None,
        )
        place = tree.place(path, *spot) if spot else tree.place(path, last[-1].start, last[-1].start)
        step = () if starts.said else (f"{starts.framework} takes {starts.port} when none is said",)
        yield Stated(
            place,
            starts.port,
            "target",
            service,
            "container",
            "dockerfile",
            confidence="high" if starts.said else "medium",
            via=(last[-1].name, *step),
            host=starts.host,
            variable=starts.variable,
            editable=spot is not None,
        )
