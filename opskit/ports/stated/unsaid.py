"""Ports that frameworks take when their program says none, each from its own documentation: Rocket 8000 (rocket.rs/guide, configuration),
Spring Boot 8080 (docs.spring.io, embedded web servers), Quarkus 8080 (quarkus.io/guides/http-reference), Micronaut 8080
(docs.micronaut.io), Rails 3000 (guides.rubyonrails.org, command line), Sinatra 4567 (sinatrarb.com, configuration)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.forms import TESTS
from opskit.ports.stated.identity import Homes

SPRING = (
    b"spring-boot-starter-web",
    b"spring-boot-starter-webflux",
    b"spring-cloud-starter-gateway",
    b"spring-cloud-starter-netflix-eureka-server",
    b"spring-cloud-config-server",
)
QUARKUS = re.compile(rb"(?:<artifactId>|io\.quarkus:)quarkus-(?:rest|resteasy|reactive-routes|vertx-http|undertow|smallrye-graphql)")
MICRONAUT = re.compile(rb"micronaut-http-server")
SAID = re.compile(rb"(?:server|http)[.:\s]+port|^server:|\n[ \t]*port:|configserver:|spring\.cloud\.config|serverless", re.I)
BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
FIGMENT = re.compile(rb"\(\s*\"port\"\s*,\s*(?P<port>\d{2,5})\s*\)")
TOML = re.compile(rb"^[ \t]*port[ \t]*=[ \t]*(?P<port>\d{2,5})", re.M)
RAILS = re.compile(rb"<\s*(?:::)?Rails::Application")
SINATRA = re.compile(rb"^[ \t]*require[ (]+['\"]sinatra['\"]", re.M)


def stated(tree: Tree, homes: Homes, said: tuple[Stated, ...]) -> Iterator[Stated]:
    """`said` is what the other readers found: a service of which one of them tells a port on the machine takes no default."""
    yield from _rocket(tree, homes)
    told = {each.service for each in said if each.role == "bind"}
    seen = set[str]()
    found = (*_spring(tree, homes), *_built(tree, homes), *_rails(tree, homes), *_sinatra(tree, homes))
    for service, path, at, port, framework, variable in found:
        if service not in told | seen:
            seen.add(service)
            via = (f"{framework} takes {port} when none is said",)
            kind = "java" if path.endswith((".java", ".kt", ".xml", ".gradle", ".kts")) else "ruby"
            yield Stated(tree.place(path, at, at), port, "bind", service, "machine", kind, "tcp", "low", via, variable=variable)


Unsaid = tuple[str, str, int, int, str, str]


def _rocket(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.holding(tree.ending(".rs"), b"rocket::build()", b"#[launch]", b"rocket::custom("):
        if TESTS.search(path):
            continue
        service = homes.of(path)
        config = next((p for p in tree.ending("rocket.toml") if homes.of(p) == service), "")
        match = FIGMENT.search(tree.read(path) or b"") or (TOML.search(tree.read(config) or b"") if config else None)
        source = path if match and match.re is FIGMENT else config
        at = max((tree.read(path) or b"").find(b"rocket::build()"), 0)
        yield Stated(
            tree.place(source, *match.span("port")) if match else tree.place(path, at, at),
            int(match["port"]) if match else 8000,
            "bind",
            service,
            "machine",
            "rust",
            confidence="medium" if match else "low",
            via=(posixpath.basename(source),) if match else ("Rocket takes 8000 when none is said",),
            variable="ROCKET_PORT",
        )


def _spring(tree: Tree, homes: Homes) -> Iterator[Unsaid]:
    for path in tree.holding(tree.ending(".java", ".kt"), b"@SpringBootApplication"):
        build = "" if "/test/" in path else next(_builds(tree, path), "")
        if build and any(word in (tree.read(build) or b"") for word in SPRING) and not _configured(tree, homes, homes.of(path)):
            yield homes.of(path), path, (tree.read(path) or b"").find(b"@SpringBootApplication"), 8080, "Spring Boot", "SERVER_PORT"


def _built(tree: Tree, homes: Homes) -> Iterator[Unsaid]:
    for path in tree.holding((p for p in tree.files if posixpath.basename(p) in BUILDS), b"quarkus-", b"micronaut-http-server"):
        folder, data = posixpath.dirname(path), tree.read(path) or b""
        found = next(((m, n) for r, n in ((QUARKUS, "Quarkus"), (MICRONAUT, "Micronaut")) if (m := r.search(data))), None)
        sources = posixpath.join(folder, "src/main/")
        if found and any(p.startswith(sources) for p in tree.files) and not _configured(tree, homes, homes.of(path)):
            variable = "QUARKUS_HTTP_PORT" if found[1] == "Quarkus" else "MICRONAUT_SERVER_PORT"
            yield homes.of(path), path, found[0].start(), 8080, found[1], variable


def _configured(tree: Tree, homes: Homes, service: str) -> bool:
    """Whether a configuration of the service says a port, or that another server hands it its configuration."""
    return any(homes.of(path) == service for path in tree.computed(_saying))


def _saying(tree: Tree) -> list[str]:
    files = (p for p in tree.files if re.search(r"(^|/)(application|bootstrap)(-[\w-]+)?\.(properties|ya?ml)$", p))
    return [path for path in files if SAID.search(tree.read(path) or b"")]


def _builds(tree: Tree, path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield from (p for name in BUILDS if (p := f"{folder}/{name}") in tree.known)
        folder = posixpath.dirname(folder)
    yield from (name for name in BUILDS if name in tree.known)


def _rails(tree: Tree, homes: Homes) -> Iterator[Unsaid]:
    for path in tree.holding(tree.ending("config/application.rb"), b"Rails::Application"):
        data = tree.read(path) or b""
        folder = posixpath.dirname(posixpath.dirname(path))
        if (found := RAILS.search(data)) and not TESTS.search(path) and posixpath.join(folder, "config.ru") in tree.known:
            yield homes.of(path), path, found.start(), 3000, "Rails", "PORT"


def _sinatra(tree: Tree, homes: Homes) -> Iterator[Unsaid]:
    """A classic application runs itself; a modular one is what config.ru starts."""
    for path in tree.holding(tree.ending(".rb"), b"sinatra"):
        data = tree.read(path) or b""
        classic = re.search(rb"^(?:get|post)\b", data, re.M) and not re.search(rb":port\b", data)
        if (found := SINATRA.search(data)) and classic and not TESTS.search(path):
            yield homes.of(path), path, found.start(), 4567, "Sinatra", "PORT"
