"""Dockerfiles: EXPOSE, the port that the image's own command says, and a port variable in ENV
(docs.docker.com/reference/dockerfile)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes
from opskit.source.dockerfile import Instruction, read_dockerfile, stage
from opskit.survey.compose import compose_services
from opskit.survey.starting import started

NAME = re.compile(r"(^|[./_-])(dockerfile|containerfile)([._-][\w.-]+)?$", re.I)
STENCILS = frozenset(("static", "template", "templates", "fixtures", "__fixtures__", "testdata", "skeleton", "scaffold", "boilerplate"))
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


def dockerfiles(tree: Tree) -> tuple[str, ...]:
    """Those of generators, which are copied out and built elsewhere, left out."""
    return tree.computed(_dockerfiles)


def _dockerfiles(tree: Tree) -> tuple[str, ...]:
    named = (path for path in tree.files if NAME.search(posixpath.basename(path)) and not path.endswith((".dockerignore", ".md")))
    return tuple(path for path in named if not STENCILS & set(path.split("/")))


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in dockerfiles(tree):
        instructions = tree.parsed(path, read_dockerfile) or ()
        composed = {homes.compose[s.name]: s for s in compose_services(tree) if s.file == path and s.target}
        for service, each in composed.items():
            built = list(stage(instructions, each.target))
            if each.exposed or not any(i.name == "EXPOSE" for i in built):
                yield from _image(tree, path, service, built)
        if composed:
            continue
        last = list(stage(instructions))
        yield from _image(tree, path, image_service(homes, path, command_of(last)), last)


def _image(tree: Tree, path: str, service: str, instructions: list[Instruction]) -> Iterator[Stated]:
    for each in instructions:
        if each.name == "EXPOSE":
            yield from _numbers(tree, path, each, service, NUMBER, "EXPOSE")
        elif each.name == "ENV":
            yield from _numbers(tree, path, each, service, ASSIGNED, "ENV")
            yield from _numbers(tree, path, each, service, ADDRESSED, "ENV")
    yield from _command(tree, path, service, instructions)


def image_service(homes: Homes, path: str, command: str) -> str:
    """The compose service that is built from here; else whose file the image starts; `Dockerfile.api` and
    `docker/api/Dockerfile` name their service where the platform knows it; else the folder does."""
    if posixpath.dirname(path) in homes.contexts:
        return homes.of(path)
    if entry := next((s.entry for s in started(homes.tree, command, posixpath.dirname(path) or ".") if s.entry), ""):
        return homes.of(entry)
    words = [
        w for w in re.split(r"[./_-]", posixpath.basename(path)) if w and w.lower() not in ("dockerfile", "containerfile", "dev", "prod")
    ]
    folder = posixpath.basename(posixpath.dirname(path))
    return next((w for w in (*words, folder) if w in homes.known), homes.of(path))


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


def _said(instructions: list[Instruction]) -> list[Instruction]:
    """The last of each counts."""
    found = {each.name: each for each in instructions if each.name in ("CMD", "ENTRYPOINT")}
    return sorted(found.values(), key=lambda each: each.start)


def command_of(instructions: list[Instruction]) -> str:
    """ENTRYPOINT and CMD as one line."""
    return " ".join(" ".join(each.words() or (each.text,)) for each in sorted(_said(instructions), key=lambda e: e.name != "ENTRYPOINT"))


def _command(tree: Tree, path: str, service: str, instructions: list[Instruction]) -> Iterator[Stated]:
    """The port that the last CMD or ENTRYPOINT says itself."""
    said, text = _said(instructions), command_of(instructions)
    for starts in started(tree, text, posixpath.dirname(path) or ".") if text else ():
        if starts.port is None or not (starts.said or starts.kind == "server"):
            continue
        number = re.compile(rb"(?<![\w.])%d(?![\w.])" % starts.port)
        spot = next(
            ((e.start + m.start(), e.start + m.end()) for e in said if (m := number.search((tree.read(path) or b"")[e.start : e.end]))),
            None,
        )
        place = tree.place(path, *spot) if spot else tree.place(path, said[-1].start, said[-1].start)
        step = () if starts.said else (f"{starts.framework} takes {starts.port} when none is said",)
        yield Stated(
            place,
            starts.port,
            "target",
            service,
            "container",
            "dockerfile",
            confidence="high" if starts.said else "medium",
            via=(said[-1].name, *step),
            host=starts.host,
            variable=starts.variable,
            editable=spot is not None,
        )
