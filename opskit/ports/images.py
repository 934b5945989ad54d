"""A Dockerfile that exposes one port while the service that it starts binds another."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.finding import Finding
from opskit.ports.audit import Audit
from opskit.ports.claims import is_published, servers
from opskit.survey.facts import Service

EXPOSE = re.compile(rb"^EXPOSE[ \t]+([^\n#]+)", re.M | re.I)
STARTS = re.compile(rb"^(?:CMD|ENTRYPOINT)\b[^\n]*", re.M | re.I)


def check_images(audit: Audit) -> Iterator[Finding]:
    """Silent where a variable may set the port, and where the Dockerfile does not name the service's own file."""
    tree = audit.survey.tree
    for service in servers(audit.survey):
        path = posixpath.join(posixpath.dirname(service.path), "Dockerfile")
        bound = [b for b in service.binds if b.port and b.place.line and not is_published(b)]
        if not service.path or path not in tree.known or not bound or any(b.variable for b in bound):
            continue
        data = tree.read(path) or b""
        exposed = EXPOSE.search(data)
        numbers = [int(n) for n in re.findall(rb"\b\d{2,5}\b", exposed[1])] if exposed else []
        if exposed and numbers and _starts(data, service, numbers) and not {b.port for b in bound} & set(numbers):
            yield Finding(
                "OPS-P014", "warning", f"the image exposes {numbers[0]}, {service.name} binds {bound[0].port}",
                tree.place(path, *exposed.span(1)),
                help="expose the port that is bound: a published port would lead nowhere", harm=32, also=(bound[0].place,),
                data={"port": bound[0].port, "exposed": numbers, "services": [service.name]})


def _starts(data: bytes, service: Service, numbers: list[int]) -> bool:
    """Whether the last command of the image runs the service's own file, and does not say the port itself."""
    commands = STARTS.findall(data)
    file = re.escape(posixpath.basename(service.path).encode())
    said = commands and any(re.search(rb"\b%d\b" % number, commands[-1]) for number in numbers)
    return bool(commands) and not said and re.search(rb"(?<![\w-])" + file + rb"(?![\w-])", commands[-1]) is not None
