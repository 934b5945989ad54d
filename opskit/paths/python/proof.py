"""Before a file is written: every rewritten expression means the same file, and nothing else of the module has changed."""

import ast
import io
import ntpath
import posixpath
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from opskit.paths import grammar
from opskit.paths.python.callee import Callees
from opskit.paths.python.evaluate import Evaluator, flavour_of, same_file
from opskit.paths.python.scope import Scopes
from opskit.paths.python.work import Splice, Work
from opskit.source.python import PythonSource

ELSEWHERE = "/srv/new root"
_DRIVE = re.compile(r"(?<![A-Za-z])[A-Za-z]:[\\/]")


def of_module(before: PythonSource, after: PythonSource, splices: Sequence[Splice]) -> str:
    """Why the whole file must not be written; "" where it may."""
    if after.tree is None or before.tree is None:
        return f"it would no longer parse: {after.error}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after.tree, after.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it would no longer compile: {error}"
    if not _same_tokens(before, after, splices):
        return "more would change than the paths"
    return ""


def of_names(before: Scopes, after: Scopes, os: str, constants: Collection[str]) -> str:
    """Why a name that the file gained would not mean what it should; "" where all do."""
    if lost := after.unbound - before.unbound:
        return f"{', '.join(sorted(lost))} would be undefined"
    if any(binding.module != "os" for binding in after.of_module(os)):
        return f"{os} is bound to something else"
    for name in constants:
        if len(after.of_module(name)) != 1:
            return f"{name} is bound more than once"
    return ""


def of_work(work: Work, before: Callees, node: ast.AST, after: Callees, scopes: Scopes, os: str, constant: str) -> str:
    """`node` is what became of `work.judged`. With the old root and Windows' own rules both name the same file; with another root on
    another system the rest of the path stays, with no drive and no backslash."""
    flavour = flavour_of(grammar.split(work.sighting.value).anchor)
    was = Evaluator(flavour, before, {}).text(work.judged)
    now = Evaluator(flavour, after, {constant: work.root.prefix}).text(node)
    if not same_file(was, now, flavour):
        return "it would not name the same file"
    there = Evaluator(posixpath, after, {constant: ELSEWHERE}).text(node)
    if not _is_below(there, was, work.root.prefix):
        return "it would not name the same file below another folder"
    if any(scopes.shadowed(each.id, each) for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in (os, constant)):
        return f"{os} or {constant} means something else there"
    return ""


def _is_below(there: str, was: str, prefix: str) -> bool:
    if "\\" in there or _DRIVE.search(there):
        return False
    rest = posixpath.relpath(posixpath.normpath(there), ELSEWHERE)
    pieces = grammar.split(was).parts[len(grammar.split(prefix).parts) :]
    if pieces != (grammar.tail(was, prefix) or ()):
        return there.startswith(ELSEWHERE)
    return rest == ("/".join(pieces) or ".")


def of_constant(value: ast.AST, callees: Callees, path: str, prefix: str, home: Sequence[str], project: str) -> str:
    """Whether a constant's fallback is the old root, or the folder that stands for it beside the file itself."""
    told = Evaluator(ntpath, callees, {}).text(value)
    if grammar.key(told) == grammar.key(prefix):
        return ""
    names: Mapping[str, str] = {"__file__": f"{ELSEWHERE}/{path}", **({project: ELSEWHERE} if project else {})}
    there = Evaluator(posixpath, callees, names).text(value)
    return "" if there == posixpath.join(ELSEWHERE, *home) else "its constant would name another folder"


def _same_tokens(before: PythonSource, after: PythonSource, splices: Sequence[Splice]) -> bool:
    shift, old, new = 0, list[tuple[int, int]](), list[tuple[int, int]]()
    for splice in splices:
        old.append((splice.start, splice.end))
        new.append((splice.start + shift, splice.start + shift + len(splice.new)))
        shift += len(splice.new) - (splice.end - splice.start)
    try:
        return _tokens(before, old) == _tokens(after, new)
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return False


def _tokens(source: PythonSource, spans: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Kind and text of each token that does not begin in one of the spans. The end of a block counts wherever the next token lies."""
    text = source.data.decode(source.encoding)
    marked = len(text) - len(text := text.removeprefix("\ufeff"))
    lines = io.StringIO(text, newline="").readlines()
    starts = [0, *accumulate(map(len, lines))]
    edges = [edge - marked for edge in _characters(source, spans)]
    found = list[tuple[int, str]]()
    for token in tokenize.generate_tokens(iter(lines).__next__):
        at = starts[token.start[0] - 1] + token.start[1] if token.start[0] <= len(starts) else len(text)
        if token.type == tokenize.DEDENT:
            found.insert(_behind_code(found), (token.type, token.string))
        elif not bisect_right(edges, at) % 2:
            found.append((token.type, token.string))
    return found


def _behind_code(found: Sequence[tuple[int, str]]) -> int:
    """Where a block's end is told: on which side of blank lines and comments it stands has no meaning."""
    at = len(found)
    while at and found[at - 1][0] in (tokenize.NL, tokenize.COMMENT):
        at -= 1
    return at


def _characters(source: PythonSource, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Starts and ends of the spans, flat, in characters."""
    edges, reached, count = list[int](), 0, 0
    for edge in (edge for span in spans for edge in span):
        count += len(source.data[reached:edge].decode(source.encoding))
        edges.append(count)
        reached = edge
    return edges
