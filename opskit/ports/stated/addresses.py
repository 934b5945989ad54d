"""Addresses inside a network of containers: `http://orders:3000` by the name that compose or a cluster's Service gives."""

import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.sightings import BINARY, is_document
from opskit.ports.stated import kubernetes
from opskit.ports.stated.facts import Scope, Stated
from opskit.ports.stated.identity import Homes

NUMBER = re.compile(rb":\d\d")
PLAIN = frozenset(
    ("localhost", "image", "host", "port", "node", "python", "http", "https", "version", "line", "data", "file", "error", "time")
)


def stated(tree: Tree, homes: Homes, said: tuple[Stated, ...]) -> Iterator[Stated]:
    """`said` is what the other readers found: an address that spells no scheme counts only where the service has that very port."""
    names = names_of(tree, homes)
    if not names:
        return
    ports = {(e.service, e.port) for e in said if e.role in ("target", "publish", "bind")}
    spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<scheme>\b\w+://(?:[^\s/@'\"]*@)?|@|(?<![\w./:@$-]))(?P<name>{spelled})(?:\.[a-z][\w-]*(?:\.svc(?:\.[\w.-]+)?)?)?"
        r":(?P<port>\d{2,5})(?![\w.])".encode()
    )
    manifests = {w.path for w in kubernetes.manifests(tree).workloads} | {f.path for f in kubernetes.manifests(tree).fronts}
    needles = [name.encode() for name in names]
    for path in (p for p in tree.files if not p.lower().endswith(BINARY) and not is_document(p)):
        scope: Scope = "cluster" if path in manifests else "container"
        for match in (m for line in _numbered(tree.read(path) or b"", needles) for m in pattern.finditer(*line)):
            service, port = names[match["name"].decode()], int(match["port"])
            if match["scheme"] or (service, port) in ports:
                yield Stated(
                    tree.place(path, *match.span("port")),
                    port,
                    "reference",
                    service,
                    scope,
                    "address",
                    "tcp",
                    "high" if (service, port) in ports else "medium",
                    (f"asked as {match['name'].decode()}",),
                    editable=True,
                )


def _numbered(data: bytes, needles: list[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """The lines that hold a needle and a number behind a colon: an address's pattern, tried at every byte, is slow."""
    end = 0
    for number in NUMBER.finditer(data):
        if number.start() >= end:
            start, end = data.rfind(b"\n", 0, number.start()) + 1, data.find(b"\n", number.end())
            end = len(data) if end < 0 else end
            line = data[start:end]
            if any(needle in line for needle in needles):
                yield data, start, end


def names_of(tree: Tree, homes: Homes) -> dict[str, str]:
    """Names of a network with the service each means; common words that stand before colons all the time left out."""
    found, naming = kubernetes.manifests(tree), kubernetes.Naming(tree, homes)
    names = dict(homes.compose)
    names |= {front.name: naming.front(front, found.workloads)[0] for front in found.fronts if front.name}
    return {name: service for name, service in names.items() if name not in PLAIN}
