"""What starts a platform's programs together on one machine: tye.yaml (github.com/dotnet/tye, docs/reference/schema.md), dapr.yaml
and `dapr run` (docs.dapr.io, multi-app run; reference/cli/dapr-run), Aspire's AppHost (learn.microsoft.com/dotnet/aspire, networking)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Role, Scope, Stated
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.numbers import digits, number, port_in
from opskit.ports.stated.words import without_comments
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml
from opskit.survey.naming import kebab

SIDECAR = {"daprHTTPPort": "dapr's HTTP port", "daprGRPCPort": "dapr's gRPC port", "metricsPort": "dapr's metrics"}
FLAGS = dict(zip(("app-port", "dapr-http-port", "dapr-grpc-port", "metrics-port"), ("app port", *SIDECAR.values()), strict=True))
SCRIPTS = (".sh", ".bash", ".bat", ".cmd", ".ps1", "makefile", ".mk", "justfile", "package.json")
RUN = re.compile(rb"\bdapr[ \t]+run\b(?P<words>(?:[\\`^][ \t]*\r?\n|(?!--[ \t])[^\n;&|])*)")
IDENTITY = re.compile(rb"(?:--app-id|-a)[ =\t]+[\"']?(?P<name>[\w.-]+)")
FLAG = re.compile(
    rb"--(?P<flag>app-port|dapr-http-port|dapr-grpc-port|metrics-port)[ =\t]+[\"']?(?P<port>\d{2,5})\b|(?<=\s)-p[ =\t]+(?P<short>\d{2,5})\b"
)
ADDED = re.compile(r"\.Add\w+(?:<Projects\.(?P<project>\w+)>)?\(\s*\"(?P<name>[\w.-]+)\"(?P<rest>[^;]*);")
ENDPOINT = re.compile(
    r"\.With(?:Http|Https|)Endpoint\((?P<words>[^()]*)\)|\.WithHostPort\(\s*(?P<host>\d{2,5})\s*\)|\A[^()]*?\bport:\s*(?P<own>\d{2,5})"
)
KEYED = re.compile(r"\b(?P<key>port|targetPort):\s*(?P<port>\d{2,5})|\A\s*(?P<first>\d{2,5})\b(?:\s*,\s*(?P<second>\d{2,5})\b)?")


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in tree.ending(".yaml", ".yml"):
        name = posixpath.basename(path).lower()
        if name.startswith("tye"):
            yield from _tye(tree, homes, path)
        elif name.startswith("dapr"):
            yield from _dapr(tree, homes, path)
    for path in tree.holding(tree.ending(*SCRIPTS), b"dapr run"):
        yield from _runs(tree, homes, path)
    for path in tree.holding(tree.ending(".cs"), b"DistributedApplication.CreateBuilder"):
        yield from _aspire(tree, homes, path)


def _told(
    place: Place, port: int, service: str, kind: str, why: str, role: Role = "bind", scope: Scope = "machine", editable: bool = False
) -> Stated:
    return Stated(place, port, role, service, scope, kind, "tcp", "medium", (why,), editable=editable)


def _whose(homes: Homes, name: str, folder: str = "") -> str:
    """The project's own name, else the platform's for what the file calls it."""
    return homes.own(folder) if folder else homes.meant([name]) or kebab(name)


def _tye(tree: Tree, homes: Homes, path: str) -> Iterator[Stated]:
    """A binding's port on the machine; a container's own where it is another's image."""
    document = tree.parsed(path, read_yaml)
    for key in ("services", "ingress"):
        for each in document.list(key) if document else ():
            project = each.text("project")
            folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), posixpath.dirname(project))) if project else ""
            service = _whose(homes, each.text("name"), folder if folder in tree.folders else "")
            for binding in each.list("bindings"):
                on, inside = binding.at("port"), binding.at("containerPort") or (binding.at("port") if each.text("image") else None)
                if on is not None and (port := number(on)):
                    yield _told(digits(tree, path, on), port, service, "tye", "binding of tye", "publish", editable=True)
                if inside is not None and (port := number(inside)):
                    yield _told(digits(tree, path, inside), port, service, "tye", "container's side of a binding", "target", "container")


def _dapr(tree: Tree, homes: Homes, path: str) -> Iterator[Stated]:
    document = tree.parsed(path, read_yaml)
    for each in document.list("apps") if document else ():
        said = each.text("appDirPath")
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), said)) if said else ""
        service = _whose(homes, each.text("appID") or posixpath.basename(folder), folder if folder in tree.folders else "")
        for key, why in {"appPort": "app port", **SIDECAR}.items():
            node: Located | None = each.at(key)
            if node is not None and (port := number(node)):
                yield _told(digits(tree, path, node), port, service, "dapr", f"{why} in dapr's run template", editable=True)


def _runs(tree: Tree, homes: Homes, path: str) -> Iterator[Stated]:
    for match in RUN.finditer(tree.read(path) or b""):
        named = IDENTITY.search(match["words"])
        service = _whose(homes, named["name"].decode()) if named else homes.of(path)
        for flag in FLAG.finditer(match["words"]):
            group = "port" if flag["flag"] else "short"
            start, end = (match.start("words") + at for at in flag.span(group))
            why = FLAGS[(flag["flag"] or b"app-port").decode()]
            if port := port_in(flag[group].decode()):
                yield _told(tree.place(path, start, end), port, service, "dapr", f"{why} of dapr run", editable=True)


def _aspire(tree: Tree, homes: Homes, path: str) -> Iterator[Stated]:
    """Endpoints of what an AppHost starts: `port` on the machine, `targetPort` inside the container, or the project's own."""
    text = without_comments((tree.read(path) or b"").decode("utf-8", "replace"))
    folders = {re.sub(r"\W", "_", posixpath.basename(p)[: -len(".csproj")]): posixpath.dirname(p) for p in tree.ending(".csproj")}
    for added in ADDED.finditer(text):
        folder = folders.get(added["project"] or "", "")
        service = _whose(homes, added["name"], folder)
        for endpoint in ENDPOINT.finditer(added["rest"]):
            for at, key in _numbers(endpoint):
                start = added.start("rest") + at[0]
                port = port_in(text[start : added.start("rest") + at[1]])
                first = len(text[:start].encode())
                place = tree.place(path, first, first + at[1] - at[0])
                inside = key == "targetPort" and not folder
                if port:
                    role: tuple[Role, Scope] = ("target", "container") if inside else ("bind", "machine")
                    yield _told(place, port, service, "aspire", f"{key} of an endpoint of {added['name']}", *role)


def _numbers(endpoint: re.Match[str]) -> Iterator[tuple[tuple[int, int], str]]:
    for group in ("host", "own"):
        if endpoint[group]:
            yield endpoint.span(group), "port"
    for found in KEYED.finditer(endpoint["words"] or ""):
        shift = endpoint.start("words")
        for group, key in (("port", found["key"]), ("first", "port"), ("second", "targetPort")):
            if found[group]:
                yield (shift + found.start(group), shift + found.end(group)), key
