"""One literal's rewriting: the bytes that change and the expression whose value must not."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from opskit.paths import grammar
from opskit.paths.facts import Root, Sighting
from opskit.paths.python import expressions
from opskit.paths.python.context import Context
from opskit.paths.python.flow import Flows
from opskit.paths.python.header import Refused
from opskit.paths.python.joined import added, is_text, joined_to
from opskit.paths.python.literals import Literal, read_literal, told
from opskit.paths.python.spelling import SEPARATORS, cut, formatted, remainder, slashed
from opskit.source.python import PythonSource

LOOSE = (ast.Assign, ast.AnnAssign, ast.Return, ast.Call, ast.keyword, ast.List, ast.Tuple, ast.Dict, ast.arguments)
_WORD = re.compile(rb"\w", re.A)


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes [start, end) become `new`."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A sighting to rewrite. `judged` is the expression that the proof evaluates before and after; `assigned` is the statement that
    gives a name of the module nothing but the root."""

    sighting: Sighting
    literal: Literal
    context: Context
    root: Root
    tail: tuple[str, ...]
    judged: ast.expr
    assigned: ast.Assign | None = None

    @property
    def node(self) -> ast.expr:
        return self.literal.node


def prepare(source: PythonSource, sighting: Sighting, node: ast.Constant | ast.JoinedStr, context: Context, root: Root,
            tail: tuple[str, ...]) -> Work:
    """Raises Refused."""
    literal = read_literal(source, node)
    if literal is None:
        raise Refused("its spelling is not understood")
    if literal.gaps:
        raise Refused("a comment stands between its pieces")
    if _is_glued(source, context.region):
        raise Refused("a backslash joins it to other parts: os.path.join does that on every system")
    parent = source.parents[context.region]
    judged = parent if context.region is node and context.form in ("path-call", "join") and isinstance(parent, ast.Call) else context.region
    if not isinstance(judged, ast.expr):
        raise Refused("it stands in no expression")
    bare = not tail and context.region is node and not literal.formatted and not grammar.split(literal.value).trailing
    plain = isinstance(parent, ast.Assign) and source.parents[parent] is source.tree and bare
    named = plain and isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name)
    return Work(sighting, literal, context, root, tail, judged, parent if named and isinstance(parent, ast.Assign) else None)


def splices(source: PythonSource, work: Work, constant: str, os: str, flows: Flows) -> Iterator[Splice]:
    """What replaces the literal, and what else has to follow. Raises Refused and ValueError."""
    start, end = source.span(work.node)
    filled = _filled(source, work)
    if work.literal.formatted:
        if filled is not None:
            raise Refused("an f-string that is filled in again")
        yield _splice(source, start, end, expressions.checked(formatted(work.literal, work.root.prefix, constant)))
    elif filled is not None:
        yield from _format(source, work, filled, constant, os)
    else:
        yield _splice(source, start, end, _plain(source, work, constant, os))
    yield from following(source, work, flows)


def following(source: PythonSource, work: Work, flows: Flows) -> Iterator[Splice]:
    """What is joined to the folder and spelled as Windows spells it. Raises ValueError."""
    if grammar.split(work.literal.value).flavour == "windows":
        yield from _followers(source, work, flows)


def _plain(source: PythonSource, work: Work, constant: str, os: str) -> str:
    quote = work.literal.tokens[0].quote
    parts = [expressions.quoted(part, quote, source.encoding) for part in work.tail]
    trailing = grammar.split(work.literal.value).trailing
    if work.judged is not work.context.region:
        more = isinstance(work.judged, ast.Call) and len(work.judged.args) > 1
        blank = [quote[0] * 2] if trailing and work.context.form == "join" and not more else []
        return ", ".join([constant, *parts, *blank])
    parts += [quote[0] * 2] if trailing else []
    return expressions.call(f"{os}.path.join", (constant, *parts)) if parts else constant


def _filled(source: PythonSource, work: Work) -> ast.expr | None:
    """The `%` or the `.format(...)` that fills the literal in."""
    parent = source.parents[work.node]
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.left is work.node:
        return parent
    if isinstance(parent, ast.Attribute) and parent.attr == "format":
        call = source.parents[parent]
        return call if isinstance(call, ast.Call) else None
    return None


def _format(source: PythonSource, work: Work, filled: ast.expr, constant: str, os: str) -> Iterator[Splice]:
    """The template stays one text that its values fill in; only the root comes off its head."""
    start, end = source.span(work.node)
    after = source.span(filled)[1]
    first = work.tail[0] if work.tail else ""
    if re.match(r"[%{]", first):
        text = f"{constant} + {remainder(work.literal, work.root.prefix, '/')}"
        loose = isinstance(source.parents[filled], LOOSE)
        yield _splice(source, start, end, text if loose else f"({text}")
        if not loose:
            yield Splice(after, after, b")")
    else:
        yield _splice(source, start, end, f"{os}.path.join({constant}, {remainder(work.literal, work.root.prefix)}")
        yield Splice(after, after, b")")


def _followers(source: PythonSource, work: Work, flows: Flows) -> Iterator[Splice]:
    """Literals that are added behind it or joined to it, there or under its name, with the separators of Windows."""
    for node in (*_behind(source, work), *joined_to(flows, work.judged)):
        literal = read_literal(source, node)
        if literal is not None and "\\" in literal.value:
            yield _splice(source, *source.span(node), expressions.checked(slashed(literal)))


def _behind(source: PythonSource, work: Work) -> Iterator[ast.Constant | ast.JoinedStr]:
    node: ast.AST = work.node
    while node is not work.context.region:
        node = source.parents[node]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from added(node.right)
    if isinstance(work.judged, ast.Call) and work.judged is not work.context.region:
        yield from (given for given in work.judged.args if given is not work.context.region and is_text(given))
        node = work.judged
        while work.context.form == "path-call" and isinstance(above := source.parents[node], ast.BinOp) and isinstance(above.op, ast.Div):
            if above.left is node and is_text(above.right) and not told(above.right).startswith(SEPARATORS):
                yield above.right
            node = above


def _is_glued(source: PythonSource, node: ast.AST) -> bool:
    """Whether it is one of several texts that Windows' separator joins."""
    several = source.parents[node]
    call = source.parents[several] if isinstance(several, ast.List | ast.Tuple) else None
    glue = call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "join" else None
    return isinstance(glue, ast.Constant) and "\\" in str(glue.value)


def _splice(source: PythonSource, start: int, end: int, text: str) -> Splice:
    """With a space where two words would grow together."""
    new = text.encode(source.encoding)
    if _WORD.match(source.data[start - 1 : start]) and _WORD.match(new):
        new = b" " + new
    return Splice(start, end, new + b" " if _WORD.match(source.data[end : end + 1]) and _WORD.match(new[-1:]) else new)


__all__ = ["Splice", "Work", "cut", "prepare", "replace", "splices"]
