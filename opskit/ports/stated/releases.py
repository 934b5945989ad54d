"""Who installs a chart of the tree, under which name and with which values: helmfile (helmfile.readthedocs.io), Argo CD's Application
(argo-cd.readthedocs.io/en/stable/user-guide/helm), Flux's HelmRelease (fluxcd.io/flux/components/helm), skaffold's helm deployer
(skaffold.dev/docs/deployers/helm), kustomize's helmCharts (kubectl.docs.kubernetes.io/references/kustomize)."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from opskit.core.tree import Tree
from opskit.ports.stated.commanded import Command, commanded
from opskit.ports.stated.functions import Leaf
from opskit.ports.stated.values import assigned, merged, quoted_in, set_at, values_in, written_in
from opskit.source.located import Located
from opskit.source.yaml_documents import documents
from opskit.survey.naming import GENERIC

LISTED = re.compile(rb"^(?:releases|helmCharts|deploy|manifests|build):", re.M)
OBJECTS = re.compile(rb"^kind:[ \t]*['\"]?(?:Application|ApplicationSet|HelmRelease)\b", re.M)
NAMED = re.compile(rb"\{\{`?\s*(?:\{\{)?\s*\.Release\.Name\s*(?:\}\})?`?\s*\}\}")
STAGES = re.compile(
    r"(?:^|[-_])(?:dev|develop|development|stag|stage|staging|prod|production|test|testing|qa|uat|local|preview|sandbox|demo|canary|helm|"
    r"release)(?=[-_]|$)"
)
SHARED = GENERIC | frozenset("base chart common generic helm library microservice service web".split())


@dataclass(frozen=True, slots=True)
class Release:
    """`values` go over the chart's own; `files` are those of them that are files."""

    name: str
    chart: str
    values: dict[str, Any]
    files: tuple[str, ...] = ()


def releases_of(tree: Tree, chart: str) -> tuple[Release, ...]:
    """Those that install the chart of a folder. Names that differ in their stage alone (`till-dev`, `till-prod`), or that all say the
    chart's own, are one service's: ""."""
    found = [each for each in tree.computed(_releases) if each.chart == chart]
    names, own = {bare_release(each.name) for each in found} - {""}, posixpath.basename(chart)
    if len(names) > 1 and (own in SHARED or not all(own in name for name in names)):
        return tuple(Release(bare_release(each.name), chart, each.values, each.files) for each in found)
    return tuple(Release("", chart, each.values, each.files) for each in found)


def bare_release(name: str) -> str:
    return STAGES.sub("", name).strip("-_")


def _releases(tree: Tree) -> tuple[Release, ...]:
    written = tuple(tree.ending(".yaml", ".yml", ".yaml.gotmpl"))
    found = [each for path in tree.holding(written, b"releases:", b"helmCharts:") for each in _listed(tree, path)]
    found += [each for path in tree.holding(written, b"kind: Application", b"kind: HelmRelease") for each in _objects(tree, path)]
    found += [each for command in commanded(tree) if (each := _of_command(tree, command)) is not None]
    return tuple(found)


def _listed(tree: Tree, path: str) -> Iterator[Release]:
    folder = posixpath.dirname(path)
    for document in documents(NAMED.sub(lambda m: b"RELEASENAME".ljust(len(m[0]), b"_"), tree.read(path) or b""), LISTED).found:
        for each in document.list("releases"):
            inline = [written_in(path, part) for part in each.list("values") if part.items is not None]
            given = [merged(_all(inline), _pairs(path, each.list("set")))]
            yield from _release(tree, folder, each.text("name"), each.text("chart"), _raws(each, "values"), given)
        for key in ("deploy", "manifests"):
            for each in document.list(key, "helm", "releases"):
                given = [written_in(path, part) for at in ("setValues", "overrides") if (part := each.at(at)) is not None]
                yield from _release(tree, folder, each.text("name"), each.text("chartPath"), _raws(each, "valuesFiles"), given)
        home = posixpath.join(folder, document.text("helmGlobals", "chartHome") or "charts")
        for each in document.list("helmCharts"):
            given = [written_in(path, part)] if (part := each.at("valuesInline")) is not None else []
            files = [each.text("valuesFile"), *_raws(each, "additionalValuesFiles")]
            yield from _release(tree, folder, each.text("releaseName"), posixpath.join(home, each.text("name")), files, given)


def _objects(tree: Tree, path: str) -> Iterator[Release]:
    folder = posixpath.dirname(path)
    for document in documents(tree.read(path) or b"", OBJECTS).found:
        name = document.text("metadata", "name")
        if document.text("kind") == "HelmRelease":
            given = [written_in(path, part)] if (part := document.at("spec", "values")) is not None else []
            chart = document.text("spec", "chart", "spec", "chart")
            yield from _release(tree, folder, document.text("spec", "releaseName") or name, chart, (), given)
            continue
        spec = document.at("spec") if document.text("kind") == "Application" else document.at("spec", "template", "spec")
        sources = [part for part in (spec.at("source") if spec else None, *(spec.list("sources") if spec else ())) if part is not None]
        for source in sources:
            helm = source.at("helm") or Located()
            block, inner = helm.at("values"), helm.at("valuesObject")
            given = [quoted_in(path, block)] if block is not None else []
            given += [written_in(path, inner)] if inner is not None else []
            given.append(_pairs(path, helm.list("parameters")))
            files = [re.sub(r"^\$\w+/", "/", file) for file in _raws(helm, "valueFiles")]
            yield from _release(tree, "", helm.text("releaseName") or name, source.text("path"), files, given)


def _of_command(tree: Tree, command: Command) -> Release | None:
    given = [assigned(command.path, text, at) for text, at in command.settings]
    return next(_release(tree, posixpath.dirname(command.path), command.name, command.chart, command.files, given), None)


def _raws(node: Located, key: str) -> list[str]:
    return [part.raw for part in node.list(key) if part.items is None and part.parts is None]


def _pairs(path: str, entries: Iterable[Located]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        value = entry.at("value")
        if value is not None and entry.text("name") and "[" not in entry.text("name"):
            set_at(found, entry.text("name"), Leaf(value.raw, value.value, path, *value.inner(), entry.text("name")))
    return found


def _all(given: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        found = merged(found, each)
    return found


def _release(tree: Tree, folder: str, name: str, chart: str, files: Iterable[str], given: Iterable[dict[str, Any]]) -> Iterator[Release]:
    """None where the chart is none of the tree's."""
    at = next((p for p in _places(folder, chart) if f"{p}/Chart.yaml" in tree.known), "") if chart else ""
    if at:
        named = [re.sub("RELEASENAME_*", name, file) for file in files if file]
        known = [next((p for p in (*_places(at, f), *_places(folder, f)) if p in tree.known), "") for f in named]
        found = tuple(filter(None, known))
        yield Release(name, at, _all((*(values_in(tree, file) for file in found), *given)), found)


def _places(folder: str, said: str) -> tuple[str, str]:
    """From the folder of who says it, or from the root; what a variable holds is taken for either."""
    said = re.sub(r"^(?:\$\{?\w+\}?|%\w+%|\$\([^)]*\))[/\\]", "", said.replace("\\", "/")).rstrip("/")
    return posixpath.normpath(posixpath.join(folder, said.lstrip("/"))), posixpath.normpath(said.lstrip("/") or ".")
