"""Charts with the values that they are installed with: their own, those of the chart that they are part of, and each overlay of them
(helm.sh/docs/chart_template_guide/values_files, /subcharts_and_globals, /topics/charts: dependencies by alias and file://)."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opskit.core.tree import Tree
from opskit.ports.stated.functions import UNKNOWN
from opskit.ports.stated.releases import releases_of
from opskit.ports.stated.rendering import Rendered, Renderer
from opskit.ports.stated.values import merged, values_in
from opskit.source.gotemplate import Node, read_gotemplate
from opskit.source.yaml_text import read_yaml

OVERLAY = re.compile(r"values[-._][\w.-]+\.ya?ml$|[\w-]+[-._]values\.ya?ml$")
MOST_OVERLAYS, DEEPEST = 6, 4
MOST_PARENTS, MOST_RELEASES = 30, 60


@dataclass(frozen=True, slots=True)
class Installed:
    """A chart under its name, its alias or the release's, with what `.Values` is."""

    folder: str
    name: str
    values: dict[str, Any]
    release: str = ""


def chart_of(tree: Tree, path: str) -> str:
    """The folder of the chart that a template belongs to, "" where it is none's."""
    folder = posixpath.dirname(path)
    while folder:
        if f"{folder}/Chart.yaml" in tree.known:
            return folder
        folder = posixpath.dirname(folder)
    return ""


def renderings(tree: Tree, path: str) -> tuple[Rendered, ...]:
    """What a template of a chart prints, once for each way that the chart is installed; () where it is no template."""
    chart = chart_of(tree, path)
    nodes = tree.parsed(path, read_gotemplate) if chart else None
    if nodes is None or b"{{" not in (tree.read(path) or b""):
        return ()
    defined = _defined(tree, chart)
    sources = {each: tree.read(each) or b"" for each in (path, *(file for file, _ in defined.values()))}
    found = []
    for installed in _ways(tree, chart):
        root = {
            "Values": installed.values,
            "Chart": _about(tree, installed),
            "Release": {"Name": installed.release, "Service": "Helm", "Namespace": "default"},
            **dict.fromkeys(("Capabilities", "Files", "Template"), UNKNOWN),
        }
        found.append(Renderer(sources, defined, root).render(path, nodes))
    return tuple({each.data: each for each in found}.values())


def _about(tree: Tree, installed: Installed) -> dict[str, Any]:
    document = tree.parsed(f"{installed.folder}/Chart.yaml", read_yaml)
    said = {key: (document.text(key[0].lower() + key[1:]) if document else "") for key in ("Version", "AppVersion", "Description")}
    return {**said, "Name": installed.name}


def _ways(tree: Tree, chart: str) -> tuple[Installed, ...]:
    known = tree.computed(_every_way)
    if chart not in known:
        known[chart] = tuple(_installed(tree, chart, 0))
    return known[chart]


def _every_way(tree: Tree) -> dict[str, tuple[Installed, ...]]:
    """Filled as charts are asked for."""
    return {}


def _installed(tree: Tree, chart: str, depth: int) -> Iterator[Installed]:
    own = values_in(tree, f"{chart}/values.yaml")
    parents = list(_parents(tree, chart)) if depth < DEEPEST else []
    for parent, name in parents[:MOST_PARENTS]:
        for above in _installed(tree, parent, depth + 1):
            inner = above.values.get(name)
            shared = {"global": above.values["global"]} if "global" in above.values else {}
            yield Installed(chart, name, merged(merged(own, inner if isinstance(inner, dict) else {}), shared))
    if not parents:
        name = _chart_name(tree, chart)
        releases = releases_of(tree, chart)
        for each in releases[:MOST_RELEASES]:
            yield Installed(chart, each.name or name, merged(own, each.values), each.name)
        if not releases:
            yield Installed(chart, name, own)
        inside = (p for p in tree.files if p.startswith(f"{chart}/") and "/charts/" not in p[len(chart) :])
        given = {file for each in releases for file in each.files}
        overlays = [p for p in inside if OVERLAY.match(posixpath.basename(p)) and p not in given]
        for overlay in overlays[:MOST_OVERLAYS]:
            yield Installed(chart, name, merged(own, values_in(tree, overlay)))


def _parents(tree: Tree, chart: str) -> Iterator[tuple[str, str]]:
    """(the chart that it is part of, under which name): by the folder `charts`, or by a dependency on its folder."""
    seen = set[tuple[str, str]]()
    for file in tree.ending("/chart.yaml"):
        folder, document = posixpath.dirname(file), tree.parsed(file, read_yaml)
        for entry in document.list("dependencies") if document and folder != chart else ():
            at = entry.text("repository").removeprefix("file://") if entry.text("repository").startswith("file://") else ""
            inside = f"{folder}/charts/{entry.text('name')}" == chart
            if inside or (at and posixpath.normpath(posixpath.join(folder, at)) == chart):
                seen.add((folder, entry.text("alias") or entry.text("name")))
    parent = posixpath.dirname(posixpath.dirname(chart))
    part = posixpath.basename(posixpath.dirname(chart)) == "charts" and f"{parent}/Chart.yaml" in tree.known
    if part and not any(p == parent for p, _ in seen):
        seen.add((parent, _chart_name(tree, chart)))
    yield from sorted(seen)


def _chart_name(tree: Tree, chart: str) -> str:
    document = tree.parsed(f"{chart}/Chart.yaml", read_yaml)
    return (document.text("name") if document else "") or posixpath.basename(chart)


def _defined(tree: Tree, chart: str) -> dict[str, tuple[str, tuple[Node, ...]]]:
    """Named templates of the charts around: all are one name space (helm.sh, named templates)."""
    top = chart
    while (above := chart_of(tree, top)) and above != top:
        top = above
    near = [folder for folder, _ in _parents(tree, chart)] + [top, chart]
    document = tree.parsed(f"{chart}/Chart.yaml", read_yaml)
    for entry in document.list("dependencies") if document else ():
        if entry.text("repository").startswith("file://"):
            near.append(posixpath.normpath(posixpath.join(chart, entry.text("repository").removeprefix("file://"))))
    found: dict[str, tuple[str, tuple[Node, ...]]] = {}
    for path in tree.holding((p for p in tree.ending(".tpl", ".yaml", ".yml") if any(p.startswith(f"{n}/") for n in near)), b"define"):
        for node in tree.parsed(path, read_gotemplate) or ():
            if node.kind == "define" and node.names:
                found[node.names[0]] = (path, node.branches[0][1])
    return found
