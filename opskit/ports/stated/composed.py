"""The container's side of compose files: targets of `ports`, and `expose`."""

from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.survey.compose import compose_services


def stated(tree: Tree, names: dict[str, str]) -> Iterator[Stated]:
    """`names`: what a compose file's own name for a service is called on the platform, where that differs."""
    for service in compose_services(tree):
        name = names.get(service.name, service.name)
        told = {(b.port, b.protocol) for b in service.targets}
        for bind in service.targets:
            if bind.port:
                yield Stated(
                    bind.place,
                    bind.port,
                    "target",
                    name,
                    "container",
                    "compose",
                    bind.protocol,
                    "high",
                    (f"container's side of {service.name}",),
                    variable=bind.variable,
                    editable=bind.editable,
                )
        for port in service.exposed:
            if (port, "tcp") not in told and not service.context:
                yield Stated(service.place, port, "target", name, "container", "compose", via=(f"exposed by {service.name}",))
