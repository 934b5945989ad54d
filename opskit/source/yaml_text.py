"""YAML with byte spans, read by ruamel.yaml's composer: nothing is constructed, so no tag of a file does anything."""

from functools import cache
from typing import TYPE_CHECKING, Any

from opskit.source.located import Located

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import Node

WORDS: dict[str, Any] = {"true": True, "false": False, "yes": True, "no": False, "null": None, "~": None, "": None}
DEEPEST, MOST_TIMES = 60, 20


def read_yaml(path: str, data: bytes) -> Located | None:
    """The first document; None where it is empty or not YAML. Never raises."""
    return read_part(data)


def read_part(data: bytes, shift: int = 0) -> Located | None:
    """As `read_yaml`, of bytes that stand `shift` bytes into their file."""
    from ruamel.yaml.error import YAMLError

    text = data.decode("utf-8-sig", "replace")
    shift += len(b"\xef\xbb\xbf") if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        node = _parser()().compose(text)
        return _located(node, Offsets(text, shift), 0) if node is not None else None
    except (YAMLError, ValueError, RecursionError, AttributeError):
        return None


def yaml_faults(path: str, data: bytes) -> list[tuple[str, int, int]]:
    """Why a document is not read as it is meant: (reason, start, end) in bytes. A key that stands twice is one: the later
    would silently win."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = data.decode("utf-8-sig", "replace")
    at = Offsets(text, len(data) - len(text.encode("utf-8")) if data.startswith(b"\xef\xbb\xbf") else 0)
    try:
        node = _parser()().compose(text)
    except MarkedYAMLError as error:
        index = error.problem_mark.index if error.problem_mark else 0
        return [(str(error.problem or "not YAML"), at(index), at(index))]
    except (YAMLError, ValueError, RecursionError, AttributeError) as error:
        return [(str(error).splitlines()[0] if str(error) else "not YAML", 0, 0)]
    return [(f"`{key.value}` stands twice", at(key.start_mark.index), at(key.end_mark.index)) for key in _twice(node)]


def _twice(node: Any) -> "list[Node]":
    """Keys of the mappings that repeat an earlier one of the same mapping; anchors are followed once."""
    found: list[Node] = []
    waiting, seen = [node], set[int]()
    while waiting:
        here = waiting.pop()
        if here is None or id(here) in seen or isinstance(here.value, str):
            continue
        seen.add(id(here))
        keys = set[str]()
        for each in here.value:
            if isinstance(each, tuple):
                if each[0].value in keys and each[0].value != "<<":
                    found.append(each[0])
                keys.add(each[0].value if isinstance(each[0].value, str) else "")
            waiting.append(each[1] if isinstance(each, tuple) else each)
    return found


@cache
def _parser() -> "type[YAML]":
    """A parser that stops at DEEPEST levels: the library's own looks again at every open bracket for each further one."""
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import Composer
    from ruamel.yaml.scanner import Scanner, ScannerError

    def bound(level: int, mark: Any) -> None:
        if level > DEEPEST:
            raise ScannerError(None, None, f"nested deeper than {DEEPEST} levels", mark)

    class Bounded(YAML):
        def __init__(self) -> None:
            super().__init__(typ="safe", pure=True)
            self.Scanner, self.Composer = Brackets, Levels

    class Brackets(Scanner):
        def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
            bound(len(self.flow_context), self.reader.get_mark())
            super().fetch_flow_collection_start(TokenClass, to_push)

    class Levels(Composer):
        def compose_node(self, parent: Any, index: Any) -> Any:
            self.level = getattr(self, "level", 0) + 1
            bound(self.level, self.parser.peek_event().start_mark)
            found = super().compose_node(parent, index)
            self.level -= 1
            return found

    return Bounded


class Offsets:
    """Characters to bytes. `left` counts the nodes that may still come: aliases of aliases make billions of a hundred bytes."""

    def __init__(self, text: str, shift: int) -> None:
        self.text, self.shift, self.ascii = text, shift, text.isascii()
        self.left = (len(text) + 1000) * MOST_TIMES

    def __call__(self, index: int) -> int:
        return self.shift + (index if self.ascii else len(self.text[:index].encode("utf-8")))


def _located(node: "Node", at: Offsets, depth: int) -> Located:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    start, end = at(node.start_mark.index), at(node.end_mark.index)
    at.left -= 1
    if depth > DEEPEST or at.left < 0:
        raise ValueError("too deep, or too many")
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
