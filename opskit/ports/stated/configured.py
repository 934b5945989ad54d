"""Ports that frameworks of Java and .NET read from their configuration files.

Spring Boot `server.port` (docs.spring.io, application properties), Quarkus `quarkus.http.port`, Micronaut `micronaut.server.port`;
ASP.NET Core launchSettings.json, `Urls` and Kestrel endpoints of appsettings.json (learn.microsoft.com/aspnet/core).
"""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import Homes
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.source.yaml_documents import documents

PROPERTY = re.compile(
    rb"^[ \t]*(?P<key>server\.port|management\.server\.port|quarkus\.http\.port|micronaut\.server\.port|grpc\.server\.port)"
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
    ("server.port",),
    ("quarkus.http.port",),
)
GIVEN = re.compile(r"(?:\$\{(?P<variable>\w+):)?(?P<port>\d{2,5})\}?\Z")
ANY = re.compile(rb"port", re.I)
WEB = (
    b"spring-boot-starter-web",
    b"spring-boot-starter-webflux",
    b"spring-cloud-starter-gateway",
    b"spring-cloud-starter-netflix-eureka-server",
    b"spring-cloud-config-server",
)
CONFIGURED = frozenset("shared config configs config-repo configuration configurations config-server properties".split())
URL = re.compile(r"https?://(?P<host>\[[^\]]*\]|[\w.*+-]+):(?P<port>\d{2,5})")


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.files:
        found = FILES.search(path)
        if found is None or "/test/" in path or "/target/" in path:
            continue
        profile = (found[2] or "").strip("-")
        yield from (_properties if path.endswith(".properties") else _yaml)(tree, homes.of(path), path, profile)
    served = dict(_served(tree, homes))
    for path, service in served.items():
        yield from (_properties if path.endswith(".properties") else _yaml)(tree, service, path, "")
    yield from _spring_default(tree, homes, frozenset(served.values()))
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
            _via(match["key"].decode(), profile),
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
    for path in tree.ending(".yml", ".yaml", ".properties"):
        name = posixpath.basename(path).rpartition(".")[0]
        folder = posixpath.basename(posixpath.dirname(path))
        if name in homes.known and folder in CONFIGURED and "/test/" not in path and "/target/" not in path:
            yield path, name


def _spring_default(tree: Tree, homes: Homes, served: frozenset[str]) -> Iterator[Stated]:
    """8080 for a Spring Boot web application whose configuration says nothing (docs.spring.io, embedded web servers)."""
    files = [p for p in tree.files if FILES.search(p)]
    configured = {
        homes.of(p)
        for p in files
        if re.search(rb"server\.port|^server:|\n[ \t]*port:|configserver:|spring\.cloud\.config", tree.read(p) or b"")
    }
    mains = [p for p in tree.holding(tree.ending(".java", ".kt"), b"@SpringBootApplication") if "/test/" not in p]
    for path in mains:
        build = next((b for b in _builds(tree, path)), "")
        if homes.of(path) not in configured | served and build and any(word in (tree.read(build) or b"") for word in WEB):
            at = (tree.read(path) or b"").find(b"@SpringBootApplication")
            yield Stated(
                tree.place(path, at, at),
                8080,
                "bind",
                homes.of(path),
                "machine",
                "java",
                "tcp",
                "low",
                ("Spring Boot takes 8080 when none is said",),
                variable="SERVER_PORT",
            )


def _builds(tree: Tree, path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield from (p for name in ("pom.xml", "build.gradle", "build.gradle.kts") if (p := f"{folder}/{name}") in tree.known)
        folder = posixpath.dirname(folder)
    yield from (name for name in ("pom.xml", "build.gradle", "build.gradle.kts") if name in tree.known)


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
    """Profiles are modes of one service: each port once, IIS Express's aside (another program holds those)."""
    document, seen = tree.parsed(path, read_json), set[int]()
    for name, profile in (document.table("profiles") if document else {}).items():
        if profile.text("commandName") not in ("IISExpress", "Docker", "WSL2"):
            for each in _urls(tree, service, path, profile.at("applicationUrl"), f"applicationUrl of profile {name}"):
                if each.port not in seen:
                    seen.add(each.port)
                    yield each


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
