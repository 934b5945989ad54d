"""Ports that a kustomization's patches give the services of its bases (kubectl.docs.kubernetes.io/references/kustomize: patches,
patchesJson6902, patchesStrategicMerge; RFC 6902). A patch in a manifest of its own is read with the manifests."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Role, Scope, Stated
from opskit.ports.stated.kubernetes import WORKLOADS, Naming
from opskit.ports.stated.numbers import digits, number
from opskit.source.located import Located
from opskit.source.yaml_text import read_part, read_yaml

KEYS: dict[str, tuple[Role, Scope]] = {
    "port": ("publish", "cluster"),
    "targetPort": ("target", "container"),
    "nodePort": ("publish", "node"),
    "containerPort": ("target", "container"),
    "hostPort": ("publish", "node"),
}
POINTER = re.compile(r"^/spec/(?:template/spec/containers/[^/]+/)?ports(?:/[^/]+)?(?:/(?P<key>\w+))?$")


def stated(tree: Tree, naming: Naming) -> Iterator[Stated]:
    for path in tree.ending("kustomization.yaml", "kustomization.yml", "/kustomization"):
        document = tree.parsed(path, read_yaml)
        for key in ("patches", "patchesJson6902", "patchesStrategicMerge") if document else ():
            for entry in document.list(key) if document else ():
                yield from _patch(tree, naming, path, entry)


def _patch(tree: Tree, naming: Naming, path: str, entry: Located) -> Iterator[Stated]:
    """`entry` is a mapping, or of patchesStrategicMerge the text itself."""
    named = entry.text("path") or ("" if entry.items is not None or "\n" in entry.raw else entry.raw)
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), named)) if named else ""
    kind, name = entry.text("target", "kind"), entry.text("target", "name")
    if file:
        patch, origin, place = (tree.parsed(file, read_yaml) if file in tree.known else None), file, None
    else:
        text = entry.at("patch") or entry
        patch, origin, place = read_part(text.raw.encode()), path, tree.place(path, text.start, text.start)
    if patch is None:
        return
    if patch.parts is not None:
        for each in patch.parts:
            yield from _operation(tree, naming, each, kind, name, origin, place)
    elif place is not None:
        kind, name = kind or patch.text("kind"), name or patch.text("metadata", "name")
        lists = [patch.list("spec", "ports"), *(c.list("ports") for c in patch.list("spec", "template", "spec", "containers"))]
        for port in (e for ports in lists for e in ports):
            yield from _ports(tree, _service(naming, kind, name), port, origin, place)


def _operation(tree: Tree, naming: Naming, each: Located, kind: str, name: str, path: str, place: Place | None) -> Iterator[Stated]:
    found, value = POINTER.match(each.text("path").replace("~1", "/")), each.at("value")
    if found is None or value is None or each.text("op") not in ("add", "replace"):
        return
    service = _service(naming, kind, name)
    if found["key"] and not found["key"].isdigit():
        yield from _told(tree, service, found["key"], value, "tcp", path, place)
        return
    for entry in value.parts or [value]:
        yield from _ports(tree, service, entry, path, place)


def _ports(tree: Tree, service: str, entry: Located, path: str, place: Place | None) -> Iterator[Stated]:
    protocol: Protocol = "udp" if entry.text("protocol") == "UDP" else "tcp"
    for key, value in (entry.items or {}).items():
        yield from _told(tree, service, key, value, protocol, path, place)


def _told(tree: Tree, service: str, key: str, value: Located, protocol: Protocol, path: str, place: Place | None) -> Iterator[Stated]:
    if key in KEYS and service and (port := number(value)) is not None:
        role, scope = KEYS[key]
        spot = place or digits(tree, path, value)
        yield Stated(spot, port, role, service, scope, "kubernetes", protocol, "high", (f"{key} by a patch",), editable=place is None)


def _service(naming: Naming, kind: str, name: str) -> str:
    """Of the object that a patch names; a selector of several by a pattern is nobody's."""
    if not name or re.search(r"[*.|\\]", name):
        return ""
    return naming.called(kind, name) if kind in WORKLOADS | {"Service"} else ""
