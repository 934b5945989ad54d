"""nginx configuration: `listen` and whom it sends to (nginx.org/en/docs/http/ngx_http_core_module.html#listen)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.finding import Unresolved
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.given import handed
from opskit.ports.stated.identity import Homes
from opskit.source.yaml_text import read_yaml
from opskit.survey.composition import projects

LISTEN = re.compile(
    rb"^[ \t]*(?:server[ \t]*\{[ \t]*)?listen[ \t]+(?P<host>\[[0-9a-fA-F:]*\]:|[\w.*-]+:)?(?P<port>\d{1,5})\b(?P<rest>[^;\n]*);", re.M
)
FILLED = re.compile(
    rb"^[ \t]*(?:server[ \t]*\{[ \t]*)?listen[ \t]+(?P<host>\[[0-9a-fA-F:]*\]:|[\w.*-]+:)?"
    rb"\$\{?(?P<name>[A-Z_][A-Z0-9_]*)\}?(?P<rest>[^;\n]*);",
    re.M,
)
COPIED = re.compile(rb"^(?:COPY|ADD)\b(?P<words>[^\n]*)", re.M | re.I)
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
    mounts = _mounts(tree, homes)
    for path in configurations(tree):
        image, mounted = _image(tree, path), _mounted(mounts, path)
        service = mounted or (homes.of(image) if image else _own(homes, path))
        inside, data = bool(image or mounted), tree.read(path) or b""
        for match in LISTEN.finditer(data):
            yield from _listening(match, int(match["port"]), service, inside, tree.place(path, *match.span("port")), ())
        for match in FILLED.finditer(data) if inside else ():
            variable = match["name"].decode()
            for port, place in _values(tree, homes, service, image, variable):
                yield from _listening(match, port, service, inside, place, (f"{variable} at {place}",))


def unread(tree: Tree, homes: Homes) -> Iterator[Unresolved]:
    """Listening on a variable that nothing of the platform sets."""
    mounts = _mounts(tree, homes)
    for path in configurations(tree):
        image = _image(tree, path)
        service = _mounted(mounts, path) or (homes.of(image) if image else "")
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


def _mounts(tree: Tree, homes: Homes) -> dict[str, str]:
    """Files and folders that compose files mount, with the service that they are mounted into."""
    found: dict[str, str] = {}
    for path in projects(tree):
        document = tree.parsed(path, read_yaml)
        for name, body in document.table("services").items() if document else ():
            for item in body.list("volumes"):
                host = item.text("source") if item.items is not None else item.raw.partition(":")[0]
                if host.startswith("."):
                    own = posixpath.normpath(posixpath.join(posixpath.dirname(path), host))
                    found.setdefault(own, homes.compose.get(name, name))
    return found


def _mounted(mounts: dict[str, str], path: str) -> str:
    """Into which service; a mount of the whole tree tells nothing."""
    while path:
        if path in mounts:
            return mounts[path]
        path = posixpath.dirname(path)
    return ""


def _own(homes: Homes, path: str) -> str:
    """The compose service that a configuration is named after or lies beside, else nginx itself."""
    words = path.lower().split("/")
    named = [name for name in homes.known if name.lower() in words or name.lower() == words[-1].partition(".")[0]]
    proxies = [name for name in sorted(homes.known) if name.lower() in ("nginx", "proxy", "gateway", "web", "reverse-proxy")]
    return named[0] if len(named) == 1 else proxies[0] if proxies else "nginx"


def _image(tree: Tree, path: str) -> str:
    """The Dockerfile at or above the file that copies it, or the folder that it lies in."""
    folder, name = posixpath.dirname(path), posixpath.basename(path)
    while True:
        for file in (p for p in tree.files if posixpath.dirname(p) == folder and "dockerfile" in posixpath.basename(p).lower()):
            for words in (match[1].decode("utf-8", "replace").split()[:-1] for match in COPIED.finditer(tree.read(file) or b"")):
                if any(_copies(word, path, name) for word in words):
                    return file
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def _copies(word: str, path: str, name: str) -> bool:
    source = posixpath.normpath(word.strip("[]\"',")).lstrip("/")
    return name in source or (source not in (".", "..") and f"/{source}/" in f"/{path}")
