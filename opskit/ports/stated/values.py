"""What a chart is installed with: files of values, values written inside another file, single ones
(helm.sh/docs/chart_template_guide/values_files, /intro/using_helm: the format of --set)."""

import re
from typing import Any

from opskit.core.tree import Tree
from opskit.ports.stated.functions import Leaf
from opskit.source.located import Located
from opskit.source.yaml_text import read_part, read_yaml

ASSIGNED = re.compile(r"(?P<key>[\w.\\/-]+)=(?P<value>[^,]*)(?:,|\Z)")


def values_in(tree: Tree, path: str) -> dict[str, Any]:
    document = tree.parsed(path, read_yaml) if path in tree.known else None
    return written_in(path, document) if document else {}


def written_in(path: str, node: Located) -> dict[str, Any]:
    """Of a mapping inside a file, each scalar with its own place."""
    found = _plain(path, node, "")
    return found if isinstance(found, dict) else {}


def quoted_in(path: str, node: Located) -> dict[str, Any]:
    """Of a block of text that is YAML itself: its numbers have the block's place."""
    inner = read_part(node.raw.encode())
    found = _plain(path, inner, "", node.inner()) if inner else {}
    return found if isinstance(found, dict) else {}


def _plain(path: str, node: Located, keys: str, place: tuple[int, int] | None = None) -> Any:
    if node.items is not None:
        return {key: _plain(path, value, f"{keys}.{key}" if keys else key, place) for key, value in node.items.items()}
    if node.parts is not None:
        return [_plain(path, value, f"{keys}[{at}]", place) for at, value in enumerate(node.parts)]
    return None if node.value is None else Leaf(node.raw, node.value, path, *(place or node.inner()), keys)


def assigned(path: str, text: str, start: int) -> dict[str, Any]:
    """`a.b=80,c=x` that stands at byte `start` of a file; entries of lists (`a[0].b`) are passed over."""
    found: dict[str, Any] = {}
    for match in ASSIGNED.finditer(text):
        first = start + len(text[: match.start("value")].encode())
        end = first + len(match["value"].encode())
        set_at(found, match["key"], Leaf(match["value"], _value(match["value"]), path, first, end, match["key"]))
    return found


def set_at(values: dict[str, Any], keys: str, leaf: Leaf) -> None:
    *above, last = re.split(r"(?<!\\)\.", keys)
    for key in above:
        inner = values.setdefault(key.replace("\\", ""), {})
        if not isinstance(inner, dict):
            return
        values = inner
    values[last.replace("\\", "")] = leaf


def _value(text: str) -> Any:
    return int(text) if text.isdigit() else {"true": True, "false": False}.get(text, text)


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` goes before, map by map; a null takes away."""
    found = dict(under)
    for key, value in over.items():
        below = found.get(key)
        found[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return {key: value for key, value in found.items() if value is not None or key not in under}
