"""Names under which services are deployed: a Kubernetes workload called as the folder that its image is built from."""

import posixpath
import re
from collections.abc import Sequence

from opskit.core.tree import Tree
from opskit.survey.facts import Service

WORKLOAD = re.compile(
    rb"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Rollout)\b.*?^[ \t]{2,4}name:[ \t]*['\"]?([a-z0-9][\w.-]*)", re.M | re.S
)


def workload_names(tree: Tree) -> frozenset[str]:
    files = tree.holding(tree.ending(".yml", ".yaml"), b"kind: Deployment", b"kind: StatefulSet", b"kind: DaemonSet", b"kind: Rollout")
    return frozenset(
        name.decode()
        for path in files
        for document in re.split(rb"^---", tree.read(path) or b"", flags=re.M)
        for name in WORKLOAD.findall(document)
    )


def deployed(tree: Tree, found: Sequence[Service]) -> dict[int, str]:
    """By position: the workload's name for the one server of a folder of that name."""
    names, inside = workload_names(tree), dict[str, list[int]]()
    for at, service in enumerate(found):
        folder = posixpath.dirname(service.path) if service.kind == "server" else ""
        while folder:
            inside.setdefault(folder, []).append(at)
            folder = posixpath.dirname(folder)
    return {
        only[0]: posixpath.basename(folder)
        for folder, only in sorted(inside.items())
        if posixpath.basename(folder) in names and len(only) == 1
    }
