"""nginx configuration: `listen` and whom it sends to (nginx.org/en/docs/http/ngx_http_core_module.html#listen)."""

import re
from collections.abc import Iterator

from opskit.core.finding import Unresolved
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.given import handed
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.placed import runner

LISTEN = re.compile(
    rb"^[ \t]*(?:server[ \t]*\{[ \t]*)?listen[ \t]+(?P<host>\[[0-9a-fA-F:]*\]:|[\w.*-]+:)?(?P<port>\d{1,5})\b(?P<rest>[^;\n]*);", re.M
)
FILLED = re.compile(
    rb"^[ \t]*(?:server[ \t]*\{[ \t]*)?listen[ \t]+(?P<host>\[[0-9a-fA-F:]*\]:|[\w.*-]+:)?"
    rb"\$\{?(?P<name>[A-Z_][A-Z0-9_]*)\}?(?P<rest>[^;\n]*);",
    re.M,
)
PROXIES = ("nginx", "openresty", "nginx-unprivileged")
NAMES = re.compile(
    r"(^|/)(nginx|conf\.d|sites-(available|enabled))(/|[.\w-]*\.(conf|template|tmpl|j2)|[.\w-]*$)|\.nginx$|nginx[^/]*$", re.I
)
LOOKS = re.compile(rb"^[ \t]*(?:server|http|stream|upstream[ \t]+\S+)[ \t]*\{", re.M)


def configurations(tree: Tree) -> Iterator[str]:
    """nginx's files by name, and any .conf that looks like one."""
    other = (".md", ".js", ".py", ".ts", ".sh", ".yml", ".yaml")
    named = (p for p in tree.files if p.lower().endswith((".conf", ".template", ".tmpl", ".nginx", ".vhost")) or NAMES.search(p))
    for path in tree.holding((p for p in named if not p.lower().endswith(other)), b"listen"):
        data = tree.read(path) or b""
        if b"\0" not in data[:1024] and LOOKS.search(data):
            yield path


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """A file that an image copies, or that compose mounts, listens inside of it; any other on the machine. A variable, which the
    image's envsubst fills in (hub.docker.com/_/nginx), comes to what compose or the Dockerfile gives it."""
    for path in configurations(tree):
        services, image, inside = runner(homes, path, PROXIES)
        for service in services:
            yield from _heard(tree, homes, path, service, image, inside)


def _heard(tree: Tree, homes: Homes, path: str, service: str, image: str, inside: bool) -> Iterator[Stated]:
    data = tree.read(path) or b""
    for match in LISTEN.finditer(data):
        yield from _listening(match, int(match["port"]), service, inside, tree.place(path, *match.span("port")), ())
    for match in FILLED.finditer(data) if inside else ():
        variable = match["name"].decode()
        for port, place in _values(tree, homes, service, image, variable):
            yield from _listening(match, port, service, inside, place, (f"{variable} at {place}",))


def unread(tree: Tree, homes: Homes) -> Iterator[Unresolved]:
    """Listening on a variable that nothing of the platform sets."""
    for path in configurations(tree):
        services, image, inside = runner(homes, path, PROXIES)
        service = services[0] if inside else ""
        for match in FILLED.finditer(tree.read(path) or b""):
            variable = match["name"].decode()
            if next(_values(tree, homes, service, image, variable), None) is None:
                yield Unresolved(tree.place(path, *match.span("name")), f"nginx listens on {variable}, which no file here sets")


def _listening(match: re.Match[bytes], port: int, service: str, inside: bool, place: Place, via: tuple[str, ...]) -> Iterator[Stated]:
    protocol: Protocol = "udp" if re.search(rb"\b(?:udp|quic)\b", match["rest"]) else "tcp"
    host = (match["host"] or b"").decode().rstrip(":").strip("[]")
    if 0 < port < 65536:
        yield Stated(
            place,
            port,
            "target" if inside else "bind",
            service,
            "container" if inside else "machine",
            "nginx",
            protocol,
            "medium" if via else "high",
            ("nginx listens", *via),
            host,
            editable=not via,
        )


def _values(tree: Tree, homes: Homes, service: str, image: str, variable: str) -> Iterator[tuple[int, Place]]:
    """Compose's value goes before the image's own."""
    composed = tuple(handed(tree, homes, service, variable)) if service else ()
    yield from composed
    given = re.compile(rb"^ENV\b[^\n]*?\b" + re.escape(variable.encode()) + rb"[ =]\"?(\d{1,5})\b", re.M | re.I)
    if not composed and image and (found := given.search(tree.read(image) or b"")):
        yield int(found[1]), tree.place(image, *found.span(1))
