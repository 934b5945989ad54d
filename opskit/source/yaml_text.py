"""YAML with byte spans, read by ruamel.yaml's composer: nothing is constructed, so no tag of a file does anything."""

from typing import TYPE_CHECKING, Any

from opskit.source.located import Located

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

WORDS: dict[str, Any] = {"true": True, "false": False, "yes": True, "no": False, "null": None, "~": None, "": None}
DEEPEST = 60


def read_yaml(path: str, data: bytes) -> Located | None:
    """The first document; None where it is empty or not YAML. Never raises."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    text = data.decode("utf-8-sig", "replace")
    shift = len(data) - len(text.encode("utf-8")) if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        return _located(node, Offsets(text, shift), 0) if node is not None else None
    except (YAMLError, ValueError, RecursionError, AttributeError):
        return None


class Offsets:
    """Characters to bytes."""

    def __init__(self, text: str, shift: int) -> None:
        self.text, self.shift, self.ascii = text, shift, text.isascii()

    def __call__(self, index: int) -> int:
        return self.shift + (index if self.ascii else len(self.text[:index].encode("utf-8")))


def _located(node: "Node", at: Offsets, depth: int) -> Located:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    start, end = at(node.start_mark.index), at(node.end_mark.index)
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(node, MappingNode):
        return Located(None, start, end, items=_items(node, at, depth))
    if isinstance(node, SequenceNode):
        return Located(None, start, end, parts=[_located(child, at, depth + 1) for child in node.value])
    quoted = getattr(node, "style", None) in ("'", '"')
    return Located(node.value if quoted else _scalar(node.value), start, end, node.value, quoted)


def _items(node: "Node", at: Offsets, depth: int) -> dict[str, Located]:
    found: dict[str, Located] = {}
    for key, value in node.value:
        if key.id != "scalar":
            continue
        held = _located(value, at, depth + 1)
        if key.value == "<<":
            for merged in held.parts or [held]:
                found = {**(merged.items or {}), **found}
        else:
            name = _located(key, at, depth + 1)
            found[key.value] = Located(held.value, held.start, held.end, held.raw, held.quoted, held.items, held.parts, name)
    return found


def _scalar(text: str) -> Any:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else text
