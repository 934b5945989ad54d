"""Kubernetes manifests and Helm templates: containerPort, Service ports, nodePort, probes, who sends to whom.

Sources: kubernetes.io/docs/reference/kubernetes-api (Service v1, PodSpec), networking.k8s.io Ingress v1 and v1beta1,
gateway.networking.k8s.io HTTPRoute, Istio VirtualService.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.built import without_prefix
from opskit.ports.stated.charts import renderings
from opskit.ports.stated.facts import Protocol, Role, Scope, Stated
from opskit.ports.stated.helm import Number, Sheet, number_at, word_at
from opskit.ports.stated.identity import Homes
from opskit.source.located import Located
from opskit.source.yaml_documents import Documents, documents
from opskit.survey.naming import kebab

WORKLOADS = frozenset(
    (
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
        "Pod",
        "Rollout",
        "DeploymentConfig",
    )
)
ROUTES = frozenset(("Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "VirtualService"))
WANTED = re.compile(rb"^kind:[ \t]*['\"]?(?:" + "|".join(sorted(WORKLOADS | ROUTES | {"Service", "List"})).encode() + rb")\b", re.M)
ENDING = re.compile(
    r"[-_](deployment|deploy|depl|dep|statefulset|sts|daemonset|ds|pod|service|svc|srv|cluster-?ip|node-?port|lb|"
    r"load-?balancer|external|internal|headless|rollout|app)$"
)
RELEASED = re.compile(r"[-_](v\d+|stable|canary|blue|green)")
LABELS = ("app.kubernetes.io/name", "app", "io.kompose.service", "k8s-app", "name", "component")


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """A pod's template under the `name` of what runs it."""

    sheet: Sheet
    name: str
    labels: frozenset[tuple[str, str]]
    containers: tuple[Located, ...]

    @property
    def path(self) -> str:
        return self.sheet.path

    @property
    def is_whole(self) -> bool:
        """Whether it can run as it stands: a patch of another names no image."""
        return bool(self.labels) or any(c.text("image") for c in self.containers)


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """A Service: who is sent to is found by `selector`."""

    sheet: Sheet
    name: str
    selector: frozenset[tuple[str, str]]
    spec: Located

    @property
    def path(self) -> str:
        return self.sheet.path


@dataclass(frozen=True, slots=True)
class Manifests:
    """`roads` are documents that send to Services; `unread` the places of documents that are not YAML even so."""

    workloads: tuple[Workload, ...]
    fronts: tuple[Front, ...]
    roads: tuple[tuple[Sheet, Located], ...]
    unread: tuple[Place, ...]


def read_manifests(path: str, data: bytes) -> Documents:
    return documents(data, WANTED)


def manifests(tree: Tree) -> Manifests:
    return tree.computed(_manifests)


def _manifests(tree: Tree) -> Manifests:
    workloads, fronts, roads, unread = list[Workload](), list[Front](), list[tuple[Sheet, Located]](), list[Place]()
    for path in tree.holding(tree.ending(".yml", ".yaml"), b"kind:", b"include", b"template"):
        sheets, bad = _sheets(tree, path)
        unread += bad
        for sheet, document in sheets:
            kind = document.text("kind")
            name = word_at(tree, sheet, document.at("metadata", "name"))
            if kind == "Service" and document.text("apiVersion").startswith("serving.knative"):
                kind = "Deployment"
            if kind in WORKLOADS and (template := _template(document, kind)) is not None:
                labels = _pairs(tree, sheet, template.at("metadata", "labels"))
                workloads.append(Workload(sheet, name, labels, _containers(template)))
            elif kind == "Service" and (spec := document.at("spec")) is not None:
                fronts.append(Front(sheet, name, _pairs(tree, sheet, spec.at("selector")), spec))
            elif kind in ROUTES:
                roads.append((sheet, document))
    return Manifests(tuple(workloads), tuple(fronts), tuple(roads), tuple(unread))


def _sheets(tree: Tree, path: str) -> tuple[list[tuple[Sheet, Located]], list[Place]]:
    """(each document with the sheet that it stands on, where others could not be read). What a chart's template prints goes before
    its own text, which is looked at where the printed one is no YAML."""
    found = list[tuple[Sheet, Located]]()
    printed = renderings(tree, path) if "/templates/" in path else ()
    for way, rendered in enumerate(printed):
        read = documents(rendered.data, WANTED)
        found += [(Sheet(path, rendered, way), inner) for document in read.found for inner in (document, *document.list("items"))]
        if read.unread:
            break
    else:
        if printed or b"kind:" not in (tree.read(path) or b""):
            return found, []
    read = tree.parsed(path, read_manifests) or Documents()
    sheet = Sheet(path)
    found = [(sheet, inner) for document in read.found for inner in (document, *document.list("items"))]
    return found, [tree.place(path, at, at) for at in read.unread]


def _template(document: Located, kind: str) -> Located | None:
    if kind == "Pod":
        return document
    return document.at("spec", "jobTemplate", "spec", "template") if kind == "CronJob" else document.at("spec", "template")


def _containers(template: Located) -> tuple[Located, ...]:
    return tuple(c for c in template.list("spec", "containers") if c.items is not None)


def _pairs(tree: Tree, sheet: Sheet, node: Located | None) -> frozenset[tuple[str, str]]:
    return frozenset((key, word_at(tree, sheet, value)) for key, value in (node.items or {}).items()) if node else frozenset()


class Naming:
    """Whom a manifest speaks of: the platform's own name for it, where one of the names that it goes by, or its image, is one's."""

    def __init__(self, tree: Tree, homes: Homes) -> None:
        self.tree, self.homes = tree, homes
        found = manifests(tree)
        self.wholes = [w for w in found.workloads if w.is_whole]
        self.bare = without_prefix((*(w.name for w in found.workloads), *(f.name for f in found.fronts)))

    def called(self, kind: str, name: str) -> str:
        """The service of an object by its kind and name: of the manifest that shows it, else by the name alone."""
        found = manifests(self.tree)
        if kind == "Service" and (front := next((f for f in found.fronts if f.name == name), None)):
            return self.front(front, found.workloads)[0]
        if workload := next((w for w in found.workloads if w.name == name), None):
            return self.workload(workload)
        return self._meant([name, _bare(name)], []) or kebab(_bare(name))

    def workload(self, workload: Workload) -> str:
        workload = workload if workload.is_whole else next((w for w in self.wholes if w.name == workload.name), workload)
        labels = dict(workload.labels)
        said = [workload.name, _bare(workload.name), *(labels[key] for key in LABELS if labels.get(key))]
        said[:0] = [short for short in said[2:] if RELEASED.fullmatch(workload.name.removeprefix(short))][:1]
        if len(workload.containers) == 1:
            said.append(workload.containers[0].text("name"))
        images = [word_at(self.tree, workload.sheet, c.at("image")) for c in workload.containers]
        return self._meant(said, images) or kebab(_bare(said[0]) or next((n for n in said if n), ""))

    def _meant(self, said: list[str], images: list[str]) -> str:
        return self.homes.meant(said, images) or self.homes.meant([self.bare.get(n, "") for n in said[:2]])

    def front(self, front: Front, workloads: tuple[Workload, ...]) -> tuple[str, Workload | None]:
        """The service behind a Service, with the workload that its selector finds: nearest file first. A patch has no selector: its
        base's counts."""
        if not front.selector:
            front = next((f for f in manifests(self.tree).fronts if f.name == front.name and f.selector), front)
        fitting = [w for w in workloads if front.selector and front.selector <= w.labels]
        folder = posixpath.dirname(front.path)
        near = min(fitting, key=lambda w: (w.path != front.path, posixpath.dirname(w.path) != folder, w.path), default=None)
        if near is not None:
            return self.workload(near), near
        labels = [value for key, value in front.selector if key in LABELS]
        return self._meant([front.name, _bare(front.name), *labels], []) or kebab(_bare(front.name)), None


def _bare(name: str) -> str:
    """`auth-depl` -> `auth`; `order-service` keeps its last word where nobody knows better."""
    shorter = ENDING.sub("", name)
    return name if name.endswith(("-service", "-app")) or not shorter else shorter


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Every port of the tree's manifests."""
    found, naming = manifests(tree), Naming(tree, homes)
    for workload in found.workloads:
        yield from _inside(tree, workload, naming.workload(workload))
    for front in found.fronts:
        yield from _before(tree, front, naming.front(front, found.workloads)[0])
    named = {front.name: naming.front(front, found.workloads)[0] for front in found.fronts}
    for sheet, document in found.roads:
        yield from _sent(tree, sheet, document, named)


def _told(
    tree: Tree, number: Number, role: Role, service: str, scope: Scope, *via: str, protocol: Protocol = "tcp", unit: str = ""
) -> Stated:
    chain = (*via, number.told) if number.told else via
    return Stated(
        number.place,
        number.port,
        role,
        service,
        scope,
        "kubernetes",
        protocol,
        "high" if not number.told else "medium",
        chain,
        editable=number.editable,
        unit=unit,
    )


def _inside(tree: Tree, workload: Workload, service: str) -> Iterator[Stated]:
    """What the containers of a pod open, and the probes that ask there."""
    for container in workload.containers:
        where = f"container {word_at(tree, workload.sheet, container.at('name'))}"
        unit = f"{workload.path}:{workload.sheet.way}:{workload.containers[0].start}"
        for entry in container.list("ports"):
            protocol: Protocol = "udp" if entry.text("protocol") == "UDP" else "tcp"
            if number := number_at(tree, workload.sheet, entry.at("containerPort")):
                yield _told(tree, number, "target", service, "container", f"containerPort of {where}", protocol=protocol, unit=unit)
            if number := number_at(tree, workload.sheet, entry.at("hostPort")):
                yield _told(tree, number, "publish", service, "node", f"hostPort of {where}", protocol=protocol)
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            for way in ("httpGet", "tcpSocket", "grpc"):
                if number := number_at(tree, workload.sheet, container.at(probe, way, "port")):
                    yield _told(tree, number, "reference", service, "container", f"{probe} of {where}")


def environment_of(tree: Tree, workload: Workload) -> dict[str, str]:
    """What the pod's containers are given as plain values."""
    return {e.text("name"): word_at(tree, workload.sheet, e.at("value")) for c in workload.containers for e in c.list("env")}


def _before(tree: Tree, front: Front, service: str) -> Iterator[Stated]:
    """A Service's own port, the one it sends to (by number, by name, or the same), and the one on every node."""
    if front.spec.text("type") == "ExternalName":
        return
    for entry in front.spec.list("ports"):
        protocol: Protocol = "udp" if entry.text("protocol") == "UDP" else "tcp"
        own = number_at(tree, front.sheet, entry.at("port"))
        if own is None:
            continue
        yield replace(_told(tree, own, "publish", service, "cluster", f"port of Service {front.name}", protocol=protocol), host=front.name)
        target = entry.at("targetPort")
        behind = number_at(tree, front.sheet, target)
        if behind is not None:
            yield _told(tree, behind, "target", service, "container", f"targetPort of Service {front.name}", protocol=protocol)
        elif target is None:
            same = _told(tree, own, "target", service, "container", f"port of Service {front.name}, which names no targetPort")
            yield replace(same, protocol=protocol)
        if on_node := number_at(tree, front.sheet, entry.at("nodePort")):
            yield _told(tree, on_node, "publish", service, "node", f"nodePort of Service {front.name}", protocol=protocol)


def _sent(tree: Tree, sheet: Sheet, document: Located, named: dict[str, str]) -> Iterator[Stated]:
    """Wherever a route says a Service's name beside a port."""
    kind = document.text("kind")
    for name, port in _pairs_of_routes(document):
        told, number = word_at(tree, sheet, name), number_at(tree, sheet, port)
        service = named.get(told) or named.get(told.partition(".")[0])
        if number is not None and service:
            yield _told(tree, number, "reference", service, "cluster", f"{kind} sends to {told}")


def _pairs_of_routes(node: Located, depth: int = 0) -> Iterator[tuple[Located, Located]]:
    if depth > 20:
        return
    for name, port in (("name", ("port", "number")), ("name", ("port",)), ("serviceName", ("servicePort",)), ("host", ("port", "number"))):
        who, where = node.at(name), node.at(*port)
        if who is not None and where is not None and who.items is None and where.items is None:
            yield who, where
    for child in (*(node.items or {}).values(), *(node.parts or ())):
        yield from _pairs_of_routes(child, depth + 1)
