"""What a chart's template prints for given values, each byte with the place that it comes from (helm.sh/docs/chart_template_guide)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from opskit.ports.stated.functions import FUNCTIONS, UNKNOWN, Leaf, Piece, pieces, true
from opskit.source.gotemplate import Node, Operand, Pipeline

KIND = re.compile(rb"^kind:", re.M)
MOST, DEEPEST = 60_000, 40


@dataclass(frozen=True, slots=True)
class Rendered:
    """`pieces` in their order; `starts` where each begins in `data`."""

    data: bytes
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    def origin(self, start: int, end: int) -> Piece | None:
        """Whence the bytes come: of several pieces the first that comes from a value, of one its own part of it."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        found = self.pieces[max(first, 0) : last + 1]
        if not found:
            return None
        if len(found) == 1 and found[0].is_exact:
            one, shift = found[0], start - self.starts[first]
            return Piece(self.data[start:end], one.path, one.start + shift, one.start + shift + end - start, one.told)
        return next((p for p in found if p.told), found[0])


def written(found: list[Piece]) -> Rendered:
    starts, at = list[int](), 0
    for piece in found:
        starts.append(at)
        at += len(piece.data)
    return Rendered(b"".join(p.data for p in found), tuple(found), tuple(starts))


@dataclass(slots=True)
class Renderer:
    """`sources` are the templates' bytes by path, `defined` the named ones: name -> (path, nodes)."""

    sources: Mapping[str, bytes]
    defined: Mapping[str, tuple[str, tuple[Node, ...]]]
    root: dict[str, Any]
    steps: int = field(default=0)

    def render(self, path: str, nodes: tuple[Node, ...]) -> Rendered:
        """Whatever is not known prints as a word; never raises, stops at a limit."""
        out = list[Piece]()
        for piece in self._nodes(path, nodes, self.root, {"$": self.root}, 0):
            out.append(piece)
        return written(out)

    def _nodes(self, path: str, nodes: tuple[Node, ...], dot: Any, names: dict[str, Any], depth: int) -> Iterator[Piece]:
        for node in nodes:
            self.steps += 1
            if self.steps > MOST or depth > DEEPEST:
                return
            if node.kind == "text":
                yield Piece(self.sources[path][node.start : node.end], path, node.start, node.end)
            elif node.kind == "set":
                names[node.names[-1]] = self._pipeline(path, node.pipeline, dot, names, depth)
            elif node.kind == "print":
                for piece in pieces(self._pipeline(path, node.pipeline, dot, names, depth)):
                    made = "a template's own value" if piece.told else ""
                    yield piece if piece.path else Piece(piece.data, path, node.start, node.end, made)
            elif node.kind in ("if", "with"):
                yield from self._chosen(path, node, dot, names, depth)
            elif node.kind == "range":
                yield from self._each(path, node, dot, names, depth)

    def _chosen(self, path: str, node: Node, dot: Any, names: dict[str, Any], depth: int) -> Iterator[Piece]:
        """The first branch whose condition holds; a whole manifest that is switched off by default is printed all the same: it is part
        of the platform, and runs wherever somebody switches it on."""
        for condition, body in node.branches:
            value = self._pipeline(path, condition, dot, names, depth) if condition else True
            if true(value):
                inner = names if node.kind == "if" else {**names, **({node.names[-1]: value} if node.names else {})}
                yield from self._nodes(path, body, value if node.kind == "with" and condition else dot, inner, depth + 1)
                return
        body = node.branches[0][1]
        if node.kind == "if" and any(each.kind == "text" and KIND.search(self.sources[path], each.start, each.end) for each in body):
            yield from self._nodes(path, body, dot, names, depth + 1)

    def _each(self, path: str, node: Node, dot: Any, names: dict[str, Any], depth: int) -> Iterator[Piece]:
        over = self._pipeline(path, node.pipeline, dot, names, depth)
        entries: list[tuple[Any, Any]] = []
        if isinstance(over, dict):
            entries = sorted(over.items())
        elif isinstance(over, list):
            entries = list(enumerate(over))
        for key, value in entries:
            bound = dict(zip(node.names, (key, value) if len(node.names) == 2 else (value,), strict=False))
            yield from self._nodes(path, node.branches[0][1], value, {**names, **bound}, depth + 1)
        if not entries and len(node.branches) > 1:
            yield from self._nodes(path, node.branches[1][1], dot, dict(names), depth + 1)

    def _pipeline(self, path: str, pipeline: Pipeline, dot: Any, names: dict[str, Any], depth: int) -> Any:
        value: tuple[Any, ...] = ()
        for command in pipeline:
            value = (self._command(path, command, value, dot, names, depth + 1),)
        return value[0] if value else UNKNOWN

    def _command(self, path: str, command: tuple[Operand, ...], piped: tuple[Any, ...], dot: Any, names: dict[str, Any], depth: int) -> Any:
        self.steps += 1
        if not command or self.steps > MOST or depth > DEEPEST:
            return UNKNOWN
        first, *rest = command
        if first.kind != "name":
            return self._operand(path, first, dot, names, depth)
        given = [*(self._operand(path, each, dot, names, depth) for each in rest), *piped]
        if first.value == "include":
            return self._included(given, depth)
        if first.value == "tpl":
            return given[0] if given else UNKNOWN
        act = FUNCTIONS.get(str(first.value))
        try:
            return act(*given) if act else UNKNOWN
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
            return UNKNOWN

    def _included(self, given: list[Any], depth: int) -> Any:
        name = given[0] if given else ""
        path, nodes = self.defined.get(name if isinstance(name, str) else "", ("", ()))
        if not path:
            return self.root["Chart"]["Name"] if isinstance(name, str) and name.endswith(("name", "Name")) else UNKNOWN
        dot = given[1] if len(given) > 1 else None
        return tuple(self._nodes(path, nodes, dot, {"$": dot}, depth + 1))

    def _operand(self, path: str, operand: Operand, dot: Any, names: dict[str, Any], depth: int) -> Any:
        if operand.kind == "value":
            return operand.value
        if operand.kind == "name":
            return self._command(path, (operand,), (), dot, names, depth + 1)
        if operand.kind == "pipeline":
            value = self._pipeline(path, operand.value, dot, names, depth + 1)
        else:
            value = dot if operand.kind == "dot" else names.get(str(operand.value), UNKNOWN)
        for key in operand.fields:
            if isinstance(value, Leaf) or value is UNKNOWN:
                return UNKNOWN if value is UNKNOWN else None
            value = value.get(key) if isinstance(value, dict) else None
        return value
