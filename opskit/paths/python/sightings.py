"""Every machine-bound path of one Python file, with its form. Nothing is judged by its root here; what cannot be read is told."""

import ast
import codecs
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import replace

from opskit.core.place import Place
from opskit.paths import grammar
from opskit.paths.facts import Confidence, Form, Sighting
from opskit.paths.languages import is_test
from opskit.paths.python.callee import Callees
from opskit.paths.python.context import Context, Contexts
from opskit.paths.python.flow import Flows
from opskit.paths.python.literals import Literal, read_literal, string_nodes, told
from opskit.source.python import PythonSource

_MARK = re.compile(r":[\\/]|/(?:home|Users|mnt|c|d)/|\\\\")
_CONTROL = re.compile(r"[A-Za-z]:.*[\x00-\x1f]|[A-Za-z]:[\x00-\x1f]", re.S)
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_COMMENT = re.compile(rb"#[^\n]*(?:[A-Za-z]:[\\/]|/home/|/Users/|/mnt/|\\\\)")
_TEMPLATE = re.compile(r"%[-+ #0]?\d*(?:\.\d+)?[sdifrxcYmHMSjBbAa]|%\(\w+\)|\{[\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}")
_COMMAND = re.compile(r"\s*(?:cd|python[\d.]*|py|pip|node|npm|npx|start|call|copy|xcopy|robocopy|explorer|code|git|powershell|cmd|type|"
                      r"del|rd|mkdir|notepad|taskkill|schtasks)\s|.*(?:&&|\|\|)", re.S | re.I)
_SUITE = frozenset(("unittest", "pytest", "doctest", "test", "nose", "hypothesis"))
_STATEFUL = ("utf-7", "utf_7", "hz", "iso2022", "iso-2022", "utf-16", "utf-32")
TEMPLATE = "a template that is filled in later: a % or a brace in the folder's name would break it"
IN_SUITE: tuple[Form, ...] = ("open", "sys-path", "path-call", "join")


def read(source: PythonSource) -> tuple[Sighting, ...]:
    """Sightings in the file's order. A file that does not parse gives its textual matches, each with that as its reason."""
    if reason := unreadable(source):
        return tuple(_textual(source, reason))
    found = [*_unlike(list(_Reader(source).all())), *_comments(source)]
    return tuple(sorted(found, key=lambda each: (each.place.start, each.place.end)))


def _unlike(found: list[Sighting]) -> Iterator[Sighting]:
    """A path whose folder, or what lies below it, is compared as text elsewhere in the file: that stays, and would no longer hold."""
    compared = {grammar.key(one.value): one.place.line for one in found if one.form == "comparison" and one.whole}
    for one in found:
        key = grammar.key(one.value)
        line = next((line for other, line in compared.items() if other[: len(key)] == key or key[: len(other)] == other), 0)
        yield replace(one, fix="review", reason=f"it is compared as text at line {line}") if line and one.fix == "safe" else one


def unreadable(source: PythonSource) -> str:
    """Why places in the file cannot be trusted; "" where they can."""
    if source.tree is None:
        return source.error
    if _BARE_RETURN.search(source.data):
        return "holds line ends of a bare carriage return"
    return f"is written in {source.encoding}" if source.encoding.startswith(_STATEFUL) else ""


def _textual(source: PythonSource, reason: str) -> Iterator[Sighting]:
    """A byte counts as a character here, so that every span is exact whatever the encoding."""
    data = source.data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
        for start, end in grammar.spans(text):
            place = source.lines.place(source.path, 2 + 2 * start, 2 + 2 * end)
            yield _text(replace(place, line=text.count("\n", 0, start) + 1, column=0), text[start:end], reason)
        return
    text = data.decode("latin-1")
    for start, end in grammar.spans(text):
        yield _text(source.lines.place(source.path, start, end), data[start:end].decode("utf-8", "replace"), reason)


def _text(place: Place, spelled: str, reason: str) -> Sighting:
    return Sighting(place, spelled.replace("\\\\", "\\"), spelled, "python", "text", "medium", "none", reason, False)


def _comments(source: PythonSource) -> Iterator[Sighting]:
    if not _COMMENT.search(source.data):
        return
    text = source.data.decode(source.encoding, "replace").removeprefix("\ufeff")
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                before = source.lines.offset(row, 0) + (3 if row == 1 and source.data.startswith(codecs.BOM_UTF8) else 0)
                before += len(token.line[:column].encode(source.encoding, "replace"))
                for start, end in grammar.spans(token.string):
                    at = before + len(token.string[:start].encode(source.encoding, "replace"))
                    spelled = token.string[start:end]
                    place = source.lines.place(source.path, at, at + len(spelled.encode(source.encoding, "replace")))
                    yield Sighting(place, spelled.replace("\\\\", "\\"), spelled, "python", "comment", "low", "none", "a comment", False)
    except (tokenize.TokenError, IndentationError):
        return


class _Reader:
    def __init__(self, source: PythonSource) -> None:
        self.source, self.callees = source, Callees(source)
        self.contexts, self.flows = Contexts(source, self.callees), Flows(source, self.callees)
        self.suite = is_test(source.path) and self._imports_suite()

    def all(self) -> Iterator[Sighting]:
        for node in string_nodes(self.source):
            value = told(node)
            if isinstance(node, ast.Constant) and len(value) < 300 and _CONTROL.match(value) and (defect := self._defective(node)):
                yield defect
            elif _MARK.search(value):
                if grammar.is_whole(value):
                    yield self._whole(node, value)
                else:
                    yield from self._embedded(node, self.contexts.of(node))
        yield from self._bytes()

    def _whole(self, node: ast.Constant | ast.JoinedStr, value: str) -> Sighting:
        context = self.contexts.of(node)
        literal = read_literal(self.source, node) if context.fix != "none" else None
        if context.fix != "none" and (reason := self._hindered(node, literal, context)):
            context = replace(context, fix="none", reason=reason)
        elif context.fix == "safe" and context.form != "format" and not (literal and literal.formatted) and _TEMPLATE.search(value):
            context = replace(context, fix="review", reason=TEMPLATE)
        confidence: Confidence = "low" if context.form == "docstring" else "high"
        place, spelled = self.source.place(node), self._spelled(node)
        return Sighting(place, value, spelled, "python", context.form, confidence, context.fix, context.reason, variable=context.variable)

    def _hindered(self, node: ast.AST, literal: Literal | None, context: Context) -> str:
        if literal is None:
            return "its spelling is not understood"
        if literal.gaps:
            return "a comment stands between its pieces"
        if self.suite and context.form not in IN_SUITE and not self.flows.opened(context.region):
            return "a test's subject"
        if context.form != "path-call" and (reason := self.flows.sensitive(context.region)):
            return reason
        return ""

    def _embedded(self, node: ast.Constant | ast.JoinedStr, context: Context) -> Iterator[Sighting]:
        text, start = self.source.text(node), self.source.span(node)[0]
        raw = re.match(r"[A-Za-z]{0,2}", text)
        doubled = raw is None or "r" not in raw[0].lower()
        for begin, end in grammar.spans(text):
            spelled = text[begin:end]
            at = start + len(text[:begin].encode(self.source.encoding, "replace"))
            place = self.source.lines.place(self.source.path, at, at + len(spelled.encode(self.source.encoding, "replace")))
            form, reason = _embedded_form(text, begin, context)
            value = re.sub(r"\{[^}]*\}", "{...}", spelled.replace("\\\\", "\\") if doubled else spelled)
            confidence: Confidence = "low" if form == "docstring" else "medium"
            yield Sighting(place, value, spelled, "python", form, confidence, "none", reason, False)

    def _defective(self, node: ast.Constant) -> Sighting | None:
        """A path that lost a backslash and a letter to an escape."""
        literal = read_literal(self.source, node)
        if literal is None or any(token.raw for token in literal.tokens):
            return None
        spelled = "".join(unit.text for token in literal.tokens for unit in token.units)
        if told_by := grammar.escaped_away(spelled):
            place, form, meant = self.source.place(node), self.contexts.of(node).form, spelled.replace("\\\\", "\\")
            return Sighting(place, meant, spelled, "python", form, "high", "none", f"an escape in it is {told_by}", defect=told_by)
        return None

    def _bytes(self) -> Iterator[Sighting]:
        for node in self.source.nodes:
            if node.__class__ is ast.Constant and isinstance(node.value, bytes):
                value = node.value.decode("latin-1")
                if _MARK.search(value) and grammar.is_whole(value):
                    place, spelled = self.source.place(node), self._spelled(node)
                    yield Sighting(place, value, spelled, "python", "text", "medium", "none", "bytes, not text")

    def _spelled(self, node: ast.AST) -> str:
        return re.sub(r"^[A-Za-z]{0,2}(\"\"\"|'''|\"|')(.*)\1$", r"\2", self.source.text(node), flags=re.S)

    def _imports_suite(self) -> bool:
        for node in self.source.nodes:
            match node:
                case ast.Import(names=aliases) if any(alias.name.split(".")[0] in _SUITE for alias in aliases):
                    return True
                case ast.ImportFrom(module=str(module)) if module.split(".")[0] in _SUITE:
                    return True
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test"):
                    return True
        return False


def _embedded_form(text: str, begin: int, context: Context) -> tuple[Form, str]:
    if context.form in ("docstring", "message", "command", "regex", "match", "annotation"):
        return context.form, context.reason
    body = text.lstrip("rRbBuUfF").strip("\"'")
    if url := re.search(r"\b([a-z][a-z\d+.-]*):/{1,4}$", text[max(0, begin - 40) : begin], re.I):
        return "url", "a file URL" if url[1].lower() == "file" else "part of a URL: build that from the folder's variable"
    if _COMMAND.match(body):
        return "command", "part of a command line"
    return "text", "stands in longer text"
