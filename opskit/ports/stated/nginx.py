"""nginx configuration: `listen` and whom it sends to (nginx.org/en/docs/http/ngx_http_core_module.html#listen)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes

LISTEN = re.compile(
    rb"^[ \t]*(?:server[ \t]*\{[ \t]*)?listen[ \t]+(?P<host>\[[0-9a-fA-F:]*\]:|[\w.*-]+:)?(?P<port>\d{1,5})\b(?P<rest>[^;\n]*);", re.M
)
NAMES = re.compile(
    r"(^|/)(nginx|conf\.d|sites-(available|enabled))(/|[.\w-]*\.(conf|template|tmpl|j2)|[.\w-]*$)|\.nginx$|nginx[^/]*$", re.I
)
LOOKS = re.compile(rb"^[ \t]*(?:server|http|stream|upstream[ \t]+\S+)[ \t]*\{", re.M)


def configurations(tree: Tree) -> Iterator[str]:
    """nginx's files by name, and any .conf that looks like one."""
    for path in tree.holding(tree.files, b"listen"):
        if path.lower().endswith((".conf", ".template", ".tmpl", ".nginx", ".vhost")) or NAMES.search(path):
            data = tree.read(path) or b""
            if (
                b"\0" not in data[:1024]
                and LOOKS.search(data)
                and not path.lower().endswith((".md", ".js", ".py", ".ts", ".sh", ".yml", ".yaml"))
            ):
                yield path


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """A file that an image copies listens inside of it; any other on the machine."""
    for path in configurations(tree):
        image = _image(tree, path)
        service = homes.of(image) if image else _own(homes, path)
        for match in LISTEN.finditer(tree.read(path) or b""):
            port, host = int(match["port"]), (match["host"] or b"").decode().rstrip(":").strip("[]")
            if 0 < port < 65536:
                protocol: Protocol = "udp" if re.search(rb"\b(?:udp|quic)\b", match["rest"]) else "tcp"
                yield Stated(
                    tree.place(path, *match.span("port")),
                    port,
                    "target" if image else "bind",
                    service,
                    "container" if image else "machine",
                    "nginx",
                    protocol,
                    "high",
                    ("nginx listens",),
                    host,
                    editable=True,
                )


def _own(homes: Homes, path: str) -> str:
    """The compose service that a configuration is named after or lies beside, else nginx itself."""
    words = path.lower().split("/")
    named = [name for name in homes.known if name.lower() in words or name.lower() == words[-1].partition(".")[0]]
    proxies = [name for name in sorted(homes.known) if name.lower() in ("nginx", "proxy", "gateway", "web", "reverse-proxy")]
    return named[0] if len(named) == 1 else proxies[0] if proxies else "nginx"


def _image(tree: Tree, path: str) -> str:
    """The Dockerfile at or above the file that copies it."""
    folder, name = posixpath.dirname(path), posixpath.basename(path).encode()
    while True:
        for file in (p for p in tree.files if posixpath.dirname(p) == folder and "dockerfile" in posixpath.basename(p).lower()):
            if re.search(rb"^(?:COPY|ADD)\b[^\n]*" + re.escape(name), tree.read(file) or b"", re.M | re.I):
                return file
        if not folder:
            return ""
        folder = posixpath.dirname(folder)
