"""What a compose file gives a container whose program takes its port from a variable: Spring Boot's SERVER_PORT (docs.spring.io,
externalized configuration), ASPNETCORE_URLS (learn.microsoft.com/aspnet/core, endpoints), and what the code is seen to read."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import Homes
from opskit.source.dotenv import read_dotenv
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml
from opskit.survey.composition import projects, set_in_file

NUMBER = re.compile(r"\s*(\d{2,5})\s*\Z")
URL = re.compile(r"https?://[^\s/;]*?:(\d{2,5})(?!\d)")
FILLED = re.compile(r"\$\{?(?P<name>\w+)(?::?-(?P<default>[^}]*))?\}?\Z")
URLS = ("ASPNETCORE_URLS", "DOTNET_URLS", "URLS")
CODED = frozenset(("go", "rust", "java", "kotlin", "csharp", "php", "ruby", "elixir"))
TAKEN = {
    "java": frozenset(("SERVER_PORT", "MANAGEMENT_SERVER_PORT", "QUARKUS_HTTP_PORT", "MICRONAUT_SERVER_PORT")),
    "csharp": frozenset((*URLS, "ASPNETCORE_HTTP_PORTS", "HTTP_PORTS")),
}
BUILT = ((".csproj", "csharp"), ("pom.xml", "java"), ("build.gradle", "java"), ("build.gradle.kts", "java"))
DECIDES = {"server.port": "SERVER_PORT", "management.server.port": "MANAGEMENT_SERVER_PORT", "quarkus.http.port": "QUARKUS_HTTP_PORT"}


def replaced(said: tuple[Stated, ...], given: tuple[Stated, ...]) -> Iterator[Stated]:
    """`said`, what the code says told as a default where the variable that decides it is given another number."""
    by_variable = {(each.service, each.variable): each.port for each in given}
    for each in said:
        coded = each.role == "bind" and each.scope == "machine" and each.kind in CODED
        variables = (each.variable, *(DECIDES[step] for step in each.via if step in DECIDES)) if coded else ()
        other = next((port for v in variables if v and (port := by_variable.get((each.service, v)))), each.port)
        yield replace(each, role="default") if other != each.port else each


def stated(tree: Tree, homes: Homes, said: tuple[Stated, ...]) -> Iterator[Stated]:
    """`said` is what the other readers found: whose variable decides. A service that is none of the platform's code takes none."""
    wanted: dict[str, set[str]] = {}
    for each in said:
        if each.role == "bind" and each.scope == "machine":
            wanted.setdefault(each.service, set()).update({each.variable} - {""}, TAKEN.get(each.kind, frozenset()))
    for ending, kind in BUILT:
        for path in tree.ending(ending):
            wanted.setdefault(homes.of(path), set()).update(TAKEN[kind])
    for path in projects(tree):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document and wanted else ():
            service = homes.compose.get(name, name)
            for variable in sorted(wanted.get(service, ())):
                for port, place in _ports(tree, path, body, variable):
                    via = (f"{variable} of {name}",)
                    yield Stated(place, port, "target", service, "container", "compose", "tcp", "high", via, variable=variable)


def handed(tree: Tree, homes: Homes, service: str, variable: str) -> Iterator[tuple[int, Place]]:
    """The numbers that compose files hand a service in a variable, with their places."""
    for path in projects(tree):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            if homes.compose.get(name, name) == service:
                yield from _ports(tree, path, body, variable)


def _ports(tree: Tree, path: str, body: Located, variable: str) -> Iterator[tuple[int, Place]]:
    for value, place in _values(tree, path, body, variable):
        pattern = URL if variable in URLS else NUMBER
        yield from ((int(found), place) for found in dict.fromkeys(pattern.findall(value)) if 0 < int(found) < 65536)


def _values(tree: Tree, path: str, body: Located, variable: str) -> Iterator[tuple[str, Place]]:
    """What `environment` says, else the last file of `env_file` that sets it (docs.docker.com, environment variables precedence)."""
    listed = {key: part for part in body.list("environment") for key, eq, _ in [part.raw.partition("=")] if eq}
    node = body.at("environment", variable) or listed.get(variable)
    passed = (node is not None and node.value is None) or any(part.raw == variable for part in body.list("environment"))
    if passed:
        given, place = set_in_file(tree, path, variable)
        if place is not None:
            yield given, place
        return
    if node is not None:
        text = node.raw.partition("=")[2] if variable in listed else node.raw
        filled = FILLED.match(text.strip())
        given, place = set_in_file(tree, path, filled["name"]) if filled else (text, None)
        yield given or (filled["default"] or "" if filled else ""), place or tree.place(path, node.start, node.end)
        return
    files = [body.text("env_file"), *(part.raw if part.items is None else part.text("path") for part in body.list("env_file"))]
    for file in reversed([f for f in files if f]):
        source = tree.parsed(posixpath.normpath(posixpath.join(posixpath.dirname(path), file)), read_dotenv)
        if source and (found := source.last(variable)):
            yield found.value or "", source.inside(found)
            return
