"""String literals as they are spelled: tokens, the bytes of every character, the expressions of f-strings.

`ast` before 3.12 tells wrong places inside f-strings, so the pieces are read from the source; what is read is held against the
tree's own values and refused where the two differ.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.source.python import PythonSource

_OPEN = re.compile(r"([A-Za-z]{0,2})(\"\"\"|'''|\"|')")
_PREFIXES = frozenset(("", "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"))
_BETWEEN = re.compile(r"(?:[ \t\f]|\\\r?\n|\r?\n)*")
_ESCAPE = re.compile(r"\\(?:[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|\r?\n|.)", re.S)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Unit:
    """One character of the value and the source text that spells it; `value` is None for an f-string's expression."""

    value: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """One string token: of `"a" f"b"` there are two. `start` and `end` count characters in the literal's text."""

    start: int
    end: int
    prefix: str
    quote: str
    units: tuple[Unit, ...]

    @property
    def raw(self) -> bool:
        return "r" in self.prefix.lower()

    @property
    def formatted(self) -> bool:
        return "f" in self.prefix.lower()


@dataclass(frozen=True, slots=True)
class Literal:
    """A whole literal, all its tokens. `value` is its text with each expression as `{...}`; `gaps` tells that a comment or another
    thing than white space stands between its tokens."""

    node: ast.Constant | ast.JoinedStr
    text: str
    tokens: tuple[Token, ...]
    value: str
    gaps: bool

    @property
    def formatted(self) -> bool:
        return any(unit.value is None for token in self.tokens for unit in token.units)


def read_literal(source: PythonSource, node: ast.Constant | ast.JoinedStr) -> Literal | None:
    """None where the spelling is not understood, or says something else than the tree."""
    text = source.text(node)
    tokens, at, gaps = list[Token](), 0, False
    while at < len(text):
        token = _token(text, at)
        if token is None:
            return None
        tokens.append(token)
        at = _BETWEEN.match(text, token.end).end()  # type: ignore[union-attr]
        while text[at : at + 1] == "#":
            gaps, at = True, text.find("\n", at)
            if at < 0:
                return None
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    value = "".join("{...}" if unit.value is None else unit.value for token in tokens for unit in token.units)
    return Literal(node, text, tuple(tokens), value, gaps) if value == told(node) else None


def told(node: ast.AST) -> str:
    """The tree's own value of a literal, each expression as `{...}`."""
    if isinstance(node, ast.JoinedStr):
        return "".join(told(part) if isinstance(part, ast.Constant) else "{...}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _token(text: str, at: int) -> Token | None:
    opened = _OPEN.match(text, at)
    if opened is None or opened[1].lower() not in _PREFIXES:
        return None
    prefix, quote, units, at = opened[1], opened[2], list[Unit](), opened.end()
    while at < len(text):
        if text.startswith(quote, at):
            return Token(opened.start(), at + len(quote), prefix, quote, tuple(units))
        unit = _unit(text, at, prefix.lower())
        if unit is None:
            return None
        units += unit
        at += sum(len(each.text) for each in unit)
    return None


def _unit(text: str, at: int, prefix: str) -> tuple[Unit, ...] | None:
    char, formatted = text[at], "f" in prefix or "t" in prefix
    if char == "\\" and not (formatted and text[at + 1 : at + 2] in ("{", "}")):
        if "r" in prefix:
            return (Unit("\\", "\\"), Unit(text[at + 1], text[at + 1])) if at + 1 < len(text) else None
        found = _ESCAPE.match(text, at)
        return (Unit(_meant(found[0]), found[0]),) if found else None
    if formatted and char in "{}":
        if text[at + 1 : at + 2] == char:
            return (Unit(char, char * 2),)
        end = _expression(text, at + 1) if char == "{" else None
        return (Unit(None, text[at:end]),) if end else None
    return (Unit("\n", "\r\n"),) if text.startswith("\r\n", at) else (Unit(char, char),)


def _meant(escape: str) -> str:
    if escape[1] in "\r\n":
        return ""
    if escape[1] not in "abfnrtvxuUN01234567\\'\"":
        return escape
    try:
        return str(ast.literal_eval(f"'{escape}'" if escape[1] != "'" else f'"{escape}"'))
    except (SyntaxError, ValueError):
        return escape


def _expression(text: str, at: int, spec: bool = False) -> int | None:
    """Where the expression that opened before `at` is closed, behind its brace."""
    depth = 0
    while at < len(text):
        char, nested = text[at], None if spec else _OPEN.match(text, at)
        if nested and nested[1].lower() in _PREFIXES:
            inner = _token(text, at)
            if inner is None:
                return None
            at = inner.end
        elif char == "}" and not depth:
            return at + 1
        elif spec and char == "{":
            end = _expression(text, at + 1)
            if end is None:
                return None
            at = end
        elif not spec and char == ":" and not depth:
            return _expression(text, at + 1, True)
        elif not spec and char == "#":
            return None
        else:
            depth += 0 if spec else (char in "([{") - (char in ")]}")
            word = _WORD.match(text, at)
            at = word.end() if word and not spec else at + 1
    return None


def string_nodes(source: PythonSource) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Every text literal that stands by itself: the parts of an f-string are its own. In the order of the walk."""
    parents = source.parents
    for node in source.nodes:
        if node.__class__ is ast.Constant:
            if isinstance(node.value, str) and not isinstance(parents[node], ast.JoinedStr):
                yield node
        elif isinstance(node, ast.JoinedStr) and not isinstance(parents[node], ast.FormattedValue):
            yield node
