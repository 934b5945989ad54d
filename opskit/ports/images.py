"""An image, a compose file or a manifest that names one port while the service that the image starts binds another."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.ports.audit import Audit
from opskit.ports.claims import is_published, servers
from opskit.ports.stated.every import stated
from opskit.ports.stated.facts import Stated
from opskit.survey.facts import Bind, Service

EXPOSE = re.compile(rb"^EXPOSE[ \t]+([^\n#]+)", re.M | re.I)
STARTS = re.compile(rb"^(?:CMD|ENTRYPOINT)\b[^\n]*", re.M | re.I)


def check_images(audit: Audit) -> Iterator[Finding]:
    """Silent where a variable may set the port, and where the Dockerfile does not name the service's own file."""
    tree, sent = audit.survey.tree, defaultdict[tuple[str, str], list[Stated]](list)
    for each in stated(audit.survey):
        if each.role == "target":
            sent[each.service, each.kind].append(each)
    for service in servers(audit.survey):
        path = posixpath.join(posixpath.dirname(service.path), "Dockerfile")
        bound = [b for b in service.binds if b.port and b.place.line and not is_published(b)]
        if not service.path or path not in tree.known or not bound or any(b.variable for b in bound):
            continue
        data = tree.read(path) or b""
        exposed = EXPOSE.search(data)
        numbers = [int(n) for n in re.findall(rb"\b\d{2,5}\b", exposed[1])] if exposed else []
        ports = {b.port for b in bound}
        if exposed and numbers and _starts(data, service, numbers) and not ports & set(numbers):
            yield _astray(service, bound[0], numbers, tree.place(path, *exposed.span(1)), "the image exposes")
        for kind, who in (("compose", "compose sends to"), ("kubernetes", "the cluster sends to")):
            targets = sent[service.name, kind]
            if targets and _starts(data, service, [e.port for e in targets]) and not ports & {e.port for e in targets}:
                yield _astray(service, bound[0], [e.port for e in targets], targets[0].place, who)


def _astray(service: Service, bind: Bind, numbers: list[int], place: Place, who: str) -> Finding:
    return Finding(
        "OPS-P014", "warning", f"{who} {numbers[0]}, {service.name} binds {bind.port}", place,
        help=f"say {bind.port}, the port that is bound: the other one leads nowhere", harm=32, also=(bind.place,),
        data={"port": bind.port, "exposed": sorted(set(numbers)), "services": [service.name]})


def _starts(data: bytes, service: Service, numbers: list[int]) -> bool:
    """Whether the last command of the image runs the service's own file, and does not say the port itself."""
    commands = STARTS.findall(data)
    file = re.escape(posixpath.basename(service.path).encode())
    said = commands and any(re.search(rb"\b%d\b" % number, commands[-1]) for number in numbers)
    return bool(commands) and not said and re.search(rb"(?<![\w-])" + file + rb"(?![\w-])", commands[-1]) is not None
