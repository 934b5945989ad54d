"""What a chart's values say where a template asks for them (helm.sh/docs/chart_template_guide/values_files)."""

import posixpath
import re
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.charts import chart_of
from opskit.ports.stated.numbers import digits, port_in
from opskit.ports.stated.rendering import Rendered
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

VALUE = re.compile(rb"\{\{-?\s*(?:int\s+|toString\s+)?\(?\s*\$?\.Values((?:\.\w+)+)")
DEFAULT = re.compile(rb"default\s+\"?(\d{2,5})\"?|\|\s*default\s+\"?(\d{2,5})\"?")
ACTION = re.compile(rb"\{\{.*?\}\}")


@dataclass(frozen=True, slots=True)
class Number:
    """A port with the place of its digits; `told` names the value that holds it."""

    port: int
    place: Place
    told: str = ""
    editable: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A manifest as it is read: the file's own bytes, or what a chart's template prints, once for each way it is installed."""

    path: str
    rendered: Rendered | None = None
    way: int = 0


def chart_name(tree: Tree, chart: str) -> str:
    document = tree.parsed(f"{chart}/Chart.yaml", read_yaml)
    return (document.text("name") if document else "") or posixpath.basename(chart)


def number_at(tree: Tree, sheet: Sheet, node: Located | None) -> Number | None:
    """A scalar of a manifest that is a port, itself or through the chart's values."""
    if node is None or node.items is not None or node.parts is not None:
        return None
    path = sheet.path
    if sheet.rendered is not None:
        return _printed(tree, sheet.rendered, path, node)
    if (port := port_in(node.raw)) is not None:
        return Number(port, digits(tree, path, node))
    written = (tree.read(path) or b"")[node.start : node.end]
    if b"{{" not in written:
        return None
    asked = VALUE.search(written)
    found = value_of(tree, chart_of(tree, path), asked[1].decode().strip(".").split(".")) if asked else None
    if found is not None:
        return found
    given = DEFAULT.search(written)
    port = port_in((given[1] or given[2]).decode()) if given else None
    return Number(port, tree.place(path, node.start, node.end), "a template's default", False) if port else None


def _printed(tree: Tree, rendered: Rendered, path: str, node: Located) -> Number | None:
    port, piece = port_in(node.raw), rendered.origin(*node.inner())
    if port is None or piece is None or not piece.path:
        return Number(port, tree.place(path, 0, 0), "a template's own value", False) if port else None
    exact = (tree.read(piece.path) or b"")[piece.start : piece.end] == node.raw.encode()
    return Number(port, tree.place(piece.path, piece.start, piece.end), piece.told, exact)


def value_of(tree: Tree, chart: str, keys: list[str]) -> Number | None:
    path = f"{chart}/values.yaml"
    document = tree.parsed(path, read_yaml) if chart and path in tree.known else None
    node = document.at(*keys) if document else None
    port = port_in(node.raw) if node is not None and node.items is None and node.parts is None else None
    return Number(port, digits(tree, path, node), f"{'.'.join(keys)} of {path}") if port and node is not None else None


def word_at(tree: Tree, sheet: Sheet, node: Located | None) -> str:
    """A name as a manifest spells it, a template's expression taken for what it stands for: the chart's full name, a value, nothing."""
    if node is None or node.items is not None or node.parts is not None:
        return ""
    path = sheet.path
    if sheet.rendered is not None:
        return node.raw.strip("- ")
    written = (tree.read(path) or b"")[slice(*node.inner())]
    if b"{{" not in written:
        return node.raw
    chart = chart_of(tree, path)

    def stand(match: re.Match[bytes]) -> bytes:
        asked = VALUE.search(match[0])
        if asked:
            document = tree.parsed(f"{chart}/values.yaml", read_yaml) if f"{chart}/values.yaml" in tree.known else None
            return document.text(*asked[1].decode().strip(".").split(".")).encode() if document else b""
        named = b"fullname" in match[0] or b".name" in match[0] or b"Chart.Name" in match[0]
        return chart_name(tree, chart).encode() if named and chart else b""

    return ACTION.sub(stand, written).decode("utf-8", "replace").strip("- ")
