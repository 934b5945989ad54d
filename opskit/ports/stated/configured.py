"""Ports that frameworks of Java and .NET read from their configuration files.

Spring Boot `server.port` (docs.spring.io, application properties), Quarkus `quarkus.http.port`, Micronaut `micronaut.server.port`;
ASP.NET Core launchSettings.json, `Urls` and Kestrel endpoints of appsettings.json (learn.microsoft.com/aspnet/core).
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import LAUNCH_PROFILE, Stated
from opskit.ports.stated.forms import TESTS
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.numbers import digits, number
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.source.yaml_documents import documents
from opskit.source.yaml_text import read_yaml

PROPERTY = re.compile(
    rb"^[ \t]*(?:%(?P<profile>[\w-]+)\.)?(?P<key>server\.port|management\.server\.port|quarkus\.http\.port|"
    rb"micronaut\.server\.port|grpc\.server\.port)"
    rb"[ \t]*[=:][ \t]*(?:\$\{(?P<variable>\w+):)?(?P<port>\d{2,5})\b",
    re.M,
)
FILES = re.compile(r"(^|/)(application|bootstrap)(-[\w-]+)?\.(properties|ya?ml)$")
KEYS = (
    ("server", "port"),
    ("management", "server", "port"),
    ("quarkus", "http", "port"),
    ("micronaut", "server", "port"),
    ("grpc", "server", "port"),
    ("ktor", "deployment", "port"),
    ("ktor", "deployment", "sslPort"),
    ("server.port",),
    ("quarkus.http.port",),
)
GIVEN = re.compile(r"(?:\$\{(?P<variable>\w+):)?(?P<port>\d{2,5})\}?\Z")
ANY = re.compile(rb"port", re.I)
CONFIGURED = frozenset("shared config configs config-repo configuration configurations config-server properties".split())
APPLICATION = re.compile(
    rb"^[ \t]*spring\.application\.name[ \t]*[=:][ \t]*['\"]?(?P<name>[\w.-]+)"
    rb"|^[ \t]+application:[ \t]*\r?\n[ \t]+name:[ \t]*['\"]?(?P<inner>[\w.-]+)",
    re.M,
)
HOCON = re.compile(
    rb"\bdeployment\s*\{[^{}]*?^[ \t]*port[ \t]*[=:][ \t]*\"?(?P<port>\d{2,5})"
    rb"|^[ \t]*ktor\.deployment\.port[ \t]*=[ \t]*(?P<flat>\d{2,5})",
    re.M,
)
URL = re.compile(r"https?://(?P<host>\[[^\]]*\]|[\w.*+-]+):(?P<port>\d{2,5})")


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.files:
        found = FILES.search(path)
        if found is None or "/test/" in path or "/target/" in path:
            continue
        profile = (found[2] or "").strip("-")
        yield from (_properties if path.endswith(".properties") else _yaml)(tree, homes.of(path), path, profile)
    for path, service in _served(tree, homes):
        yield from (_properties if path.endswith(".properties") else _yaml)(tree, service, path, "")
    yield from _hocon(tree, homes)
    yield from _dropwizard(tree, homes)
    yield from _dotnet(tree, homes)


def _via(key: str, profile: str) -> tuple[str, ...]:
    return (key, *([f"profile {profile}"] if profile else []))


def _properties(tree: Tree, service: str, path: str, profile: str) -> Iterator[Stated]:
    for match in PROPERTY.finditer(tree.read(path) or b""):
        yield Stated(
            tree.place(path, *match.span("port")),
            int(match["port"]),
            "bind",
            service,
            "machine",
            "java",
            "tcp",
            "medium",
            _via(match["key"].decode(), profile or (match["profile"] or b"").decode()),
            variable=(match["variable"] or b"").decode(),
            editable=True,
        )


def _yaml(tree: Tree, service: str, path: str, profile: str) -> Iterator[Stated]:
    for document in documents(tree.read(path) or b"", ANY).found:
        told = profile or document.text("spring", "config", "activate", "on-profile") or document.text("spring", "profiles")
        for keys in KEYS:
            node = document.at(*keys)
            match = GIVEN.match(node.raw) if node is not None and node.items is None and node.parts is None else None
            if node is not None and match is not None and 0 < int(match["port"]) < 65536:
                start = node.start + node.quoted
                yield Stated(
                    tree.place(path, start + match.start("port"), start + match.end("port")),
                    int(match["port"]),
                    "bind",
                    service,
                    "machine",
                    "java",
                    "tcp",
                    "medium",
                    _via(".".join(keys), told),
                    variable=match["variable"] or "",
                    editable=True,
                )


def _served(tree: Tree, homes: Homes) -> Iterator[tuple[str, str]]:
    """(file, service) of what a Spring Cloud Config server hands out: NAME.yml is the application NAME's (docs.spring.io,
    Spring Cloud Config, "Environment Repository")."""
    builds = tree.ending("pom.xml", "build.gradle", "build.gradle.kts")
    if next(iter(tree.holding(builds, b"spring-cloud-config-server")), None) is None:
        return
    called = dict(_called(tree, homes))
    for path in tree.ending(".yml", ".yaml", ".properties"):
        name = posixpath.basename(path).rpartition(".")[0]
        folder = posixpath.basename(posixpath.dirname(path))
        if folder in CONFIGURED and "/test/" not in path and "/target/" not in path and (own := called.get(name) or homes.spelled(name)):
            yield path, own


def _called(tree: Tree, homes: Homes) -> Iterator[tuple[str, str]]:
    """(spring.application.name, whose)."""
    for path in tree.holding((p for p in tree.files if FILES.search(p)), b"application"):
        data = tree.read(path) or b""
        for match in APPLICATION.finditer(data):
            yield (match["name"] or match["inner"]).decode("utf-8", "replace"), homes.of(path)


def _hocon(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Ktor's application.conf (ktor.io/docs/server-configuration-file.html)."""
    for path in tree.holding(tree.ending("application.conf"), b"deployment"):
        for match in HOCON.finditer(tree.read(path) or b""):
            group = "port" if match["port"] else "flat"
            yield _bound(homes, tree.place(path, *match.span(group)), int(match[group]), "ktor.deployment.port")


def _dropwizard(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Dropwizard's connectors (dropwizard.io, configuration reference, servers)."""
    for path in tree.holding(tree.ending(".yml", ".yaml"), b"applicationConnectors", b"adminConnectors"):
        document = tree.parsed(path, read_yaml)
        for key in ("applicationConnectors", "adminConnectors") if document and not TESTS.search(path) else ():
            for each in document.list("server", key) if document else ():
                node, port = each.at("port"), number(each.at("port"))
                if node is not None and port:
                    yield _bound(homes, digits(tree, path, node), port, key)


def _bound(homes: Homes, place: Place, port: int, via: str) -> Stated:
    return Stated(place, port, "bind", homes.of(place.path), "machine", "java", "tcp", "medium", (via,), editable=True)


def _dotnet(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.ending(".json"):
        name = posixpath.basename(path).lower()
        if name == "launchsettings.json":
            yield from _launched(tree, homes.of(posixpath.join(posixpath.dirname(posixpath.dirname(path)), "x")), path)
        elif name.startswith("appsettings"):
            document = tree.parsed(path, read_json)
            nodes = [document.at("Urls"), document.at("urls")] if document else []
            nodes += [e.at("Url") for e in (document.table("Kestrel", "Endpoints") if document else {}).values()]
            for node in nodes:
                yield from _urls(tree, homes.of(path), path, node, "Kestrel")


def _launched(tree: Tree, service: str, path: str) -> Iterator[Stated]:
    """Profiles are modes of one service: each port once, IIS Express's aside (another program holds those). `dotnet run` alone reads them,
    never what is published into an image."""
    document, seen = tree.parsed(path, read_json), set[int]()
    for name, profile in (document.table("profiles") if document else {}).items():
        if profile.text("commandName") not in ("IISExpress", "Docker", "WSL2"):
            for each in _urls(tree, service, path, profile.at("applicationUrl"), f"applicationUrl of profile {name}"):
                if each.port not in seen:
                    seen.add(each.port)
                    yield replace(each, kind=LAUNCH_PROFILE)


def _urls(tree: Tree, service: str, path: str, node: Located | None, via: str) -> Iterator[Stated]:
    for match in URL.finditer(node.raw) if node is not None and node.items is None and node.parts is None else ():
        start = node.inner()[0] if node is not None else 0
        exact = (tree.read(path) or b"")[start + match.start("port") : start + match.end("port")] == match["port"].encode()
        place = tree.place(path, start + match.start("port"), start + match.end("port")) if exact else tree.place(path, start, start)
        yield Stated(
            place,
            int(match["port"]),
            "bind",
            service,
            "machine",
            "csharp",
            "tcp",
            "medium",
            (via,),
            match["host"].strip("[]"),
            editable=exact,
        )
