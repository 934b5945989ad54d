"""Configuration of proxies and brokers: the addresses that each listens on, as its own documentation spells them.

Caddy (caddyserver.com/docs/caddyfile/concepts), HAProxy (docs.haproxy.org, bind), Envoy (envoyproxy.io, listeners and admin),
Traefik (doc.traefik.io, entryPoints, in its file or in compose's command), Mosquitto (mosquitto.org/man/mosquitto-conf-5), Redis
(redis.io, config).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.numbers import number
from opskit.ports.stated.placed import runner
from opskit.source.yaml_documents import documents
from opskit.source.yaml_text import read_yaml
from opskit.survey.composition import projects

Heard = tuple[int, int, int, Protocol, str]
"""(first byte, last byte, port, protocol, host); one byte twice where no number stands there."""
SITE = re.compile(rb"^(?P<names>[^\s{}#(@&][^{}\n#]*?|\{\$[^}]*\}[^{}\n#]*?)[ \t]*\{[ \t]*(?:#[^\n]*)?\r?$", re.M)
ADDRESS = re.compile(rb"(?P<scheme>https?://)?(?P<host>\[[^\]]*\]|[\w.*-]*)(?::(?P<port>\d{1,5}))?\Z")
FALLEN = re.compile(rb"\{\$\w+:(?P<default>[^}]*)\}")
ADMIN = re.compile(rb"^\s*admin[ \t]+(?P<host>[\w.\[\]-]*):(?P<port>\d{2,5})\b", re.M)
HAPROXY = re.compile(
    rb"^(?P<section>frontend|listen|backend|defaults|global|resolvers|peers|userlist|cache)\b|^[ \t]+bind[ \t]+(?P<bound>[^\s#]+)", re.M
)
BOUND = re.compile(rb"(?P<quic>quic[46]@)?(?:ipv[46]@)?(?P<host>\[[^\]]*\]|[\w.*-]*):(?P<port>\d{1,5})\Z")
MOSQUITTO = re.compile(rb"^(?:listener|port)[ \t]+(?P<port>\d{2,5})(?:[ \t]+(?P<host>[\w.:-]+))?", re.M)
REDIS = re.compile(rb"^(?:tls-)?port[ \t]+(?P<port>\d{2,5})", re.M)
ENTRY = re.compile(r"(?P<host>[\w.\[\]-]*):(?P<port>\d{1,5})(?P<udp>/udp)?(?:/tcp)?\Z", re.I)
FLAG = re.compile(r"--entry[pP]oints\.[\w-]+\.address=\"?(?P<host>[\w.]*):(?P<port>\d{1,5})(?P<udp>/udp)?", re.I)
TOML = re.compile(rb"^[ \t]*\[entryPoints\.[\w-]+\][^\[]*?^[ \t]*address[ \t]*=[ \t]*\"(?P<host>[\w.]*):(?P<port>\d{1,5})", re.M | re.I)


@dataclass(frozen=True, slots=True)
class Program:
    """`files` are the names that its configuration goes by, `needle` what each of them holds; `images` read such files."""

    files: re.Pattern[str]
    needle: bytes
    images: tuple[str, ...]
    heard: Callable[[bytes], Iterator[Heard]]


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for program in PROGRAMS:
        for path in tree.holding((p for p in tree.files if program.files.search(p.lower())), program.needle):
            services, _, inside = runner(homes, path, program.images)
            heard = program.heard(tree.read(path) or b"")
            for service, (start, end, port, protocol, host) in product(services, heard):
                if 0 < port < 65536 and (end > start or not inside):
                    yield Stated(
                        tree.place(path, start, end), port, "target" if inside else "bind", service, "container" if inside else "machine",
                        "listener", protocol, "high" if end > start else "medium", (f"{program.images[0]} listens",), host,
                        editable=end > start)
    yield from _commanded(tree, homes)


def _commanded(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Entry points among the command that compose gives Traefik."""
    for path in tree.holding(projects(tree), b"ntry"):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            for part in body.list("command"):
                if match := FLAG.match(part.raw):
                    start = part.start + part.quoted + match.start("port")
                    yield Stated(
                        tree.place(path, start, start + len(match["port"])), int(match["port"]), "target", homes.compose.get(name, name),
                        "container", "listener", "udp" if match["udp"] else "tcp", via=("traefik listens",), host=match["host"])


def _caddy(data: bytes) -> Iterator[Heard]:
    """Site addresses stand where no brace is open; a name without a port is served on 443, and sent there from 80."""
    for match in SITE.finditer(data):
        if data.count(b"{", 0, match.start()) != data.count(b"}", 0, match.start()):
            continue
        at = match.start("names")
        for word in re.finditer(rb"[^\s,]+", match["names"]):
            yield from _site(word[0], at + word.start())
    if admin := ADMIN.search(data):
        yield *admin.span("port"), int(admin["port"]), "tcp", admin["host"].decode()


def _site(word: bytes, at: int) -> Iterator[Heard]:
    if fallen := FALLEN.fullmatch(word):
        at, word = at + fallen.start("default"), fallen["default"]
    found = ADDRESS.match(word.split(b"/")[0] if b"://" not in word else b"/".join(word.split(b"/")[:3]))
    if found is None:
        return
    host = found["host"].decode()
    if found["port"]:
        yield at + found.start("port"), at + found.end("port"), int(found["port"]), "tcp", ""
    elif host:
        for port in (80,) if found["scheme"] == b"http://" else (443, 80):
            yield at, at, port, "tcp", ""


def _haproxy(data: bytes) -> Iterator[Heard]:
    section = b""
    for match in HAPROXY.finditer(data):
        section = match["section"] or section
        if match["bound"] and section in (b"frontend", b"listen"):
            at = match.start("bound")
            for part in re.finditer(rb"[^,]+", match["bound"]):
                if found := BOUND.fullmatch(part[0]):
                    start, end = (at + part.start() + edge for edge in found.span("port"))
                    yield start, end, int(found["port"]), "udp" if found["quic"] else "tcp", found["host"].decode().strip("[]*")


def _envoy(data: bytes) -> Iterator[Heard]:
    for document in documents(data, re.compile(rb"socket_address")).found:
        listeners = document.list("static_resources", "listeners") or document.list("resources")
        for node in (*(each.at("address", "socket_address") for each in listeners), document.at("admin", "address", "socket_address")):
            port = number(node.at("port_value")) if node is not None else None
            if node is not None and port and (value := node.at("port_value")):
                yield *value.inner(), port, "udp" if node.text("protocol") == "UDP" else "tcp", node.text("address")


def _traefik(data: bytes) -> Iterator[Heard]:
    for document in documents(data, re.compile(rb"entryPoints", re.I)).found:
        for each in (document.table("entryPoints") or document.table("entrypoints")).values():
            node = each.at("address")
            found = ENTRY.match(node.raw) if node is not None else None
            if node is not None and found:
                start = node.inner()[0] + found.start("port")
                yield start, start + len(found["port"]), int(found["port"]), "udp" if found["udp"] else "tcp", found["host"]


def _plain(pattern: re.Pattern[bytes]) -> Callable[[bytes], Iterator[Heard]]:
    def heard(data: bytes) -> Iterator[Heard]:
        for match in pattern.finditer(data):
            host = (match["host"] or b"").decode() if "host" in pattern.groupindex else ""
            yield *match.span("port"), int(match["port"]), "tcp", host

    return heard


PROGRAMS = (
    Program(re.compile(r"(^|/)caddyfile([._-][\w.-]+)?$|\.caddyfile$"), b"{", ("caddy",), _caddy),
    Program(re.compile(r"haproxy[^/]*$|(^|/)haproxy/[^/]*\.cfg$"), b"bind", ("haproxy",), _haproxy),
    Program(re.compile(r"\.ya?ml(\.tmpl|\.template)?$"), b"socket_address", ("envoy",), _envoy),
    Program(re.compile(r"(^|/)traefik([._-][\w.-]+)?\.ya?ml$|(^|/)traefik/(static|config)[^/]*\.ya?ml$"), b"ntry", ("traefik",), _traefik),
    Program(re.compile(r"(^|/)traefik[^/]*\.toml$"), b"ntry", ("traefik",), _plain(TOML)),
    Program(re.compile(r"mosquitto[^/]*\.conf$|(^|/)mosquitto/([^/]+/)*[^/]*\.conf$"), b"", ("mosquitto", "eclipse-mosquitto"),
            _plain(MOSQUITTO)),
    Program(re.compile(r"(^|/)redis[^/]*\.conf$"), b"port", ("redis",), _plain(REDIS)),
)
