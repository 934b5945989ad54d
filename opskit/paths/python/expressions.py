"""New expressions, built and checked with LibCST: loaded only where something is rewritten."""

from collections.abc import Iterable, Sequence
from functools import cache

import libcst as cst

from opskit.paths.facts import Default, Root
from opskit.paths.grammar import split

_EMPTY = cst.Module([])
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def checked(text: str) -> str:
    """The text itself, which LibCST reads as one expression and writes back the same. Raises ValueError."""
    try:
        same = _EMPTY.code_for_node(cst.parse_expression(text)) == text
    except Exception as error:
        raise ValueError(f"{text} is no expression") from error
    if not same:
        raise ValueError(f"{text} is not one expression")
    return text


def quoted(value: str, quote: str, encoding: str) -> str:
    """`value` as a plain literal between these quotes; a character that the file's encoding lacks as its escape."""
    quote = quote[0]
    text = "".join(_spelled(char, quote, encoding) for char in value)
    return _EMPTY.code_for_node(cst.SimpleString(f"{quote}{text}{quote}"))


def _spelled(char: str, quote: str, encoding: str) -> str:
    if char == quote:
        return f"\\{quote}"
    try:
        if char not in _ESCAPES and char.isprintable() and char.encode(encoding):
            return char
    except UnicodeEncodeError:
        pass
    return _ESCAPES.get(char) or char.encode("unicode_escape").decode()


def call(function: str, arguments: Iterable[str]) -> str:
    """`os.path.join(A, 'b')` of its dotted name and its arguments' texts."""
    given = [cst.Arg(cst.parse_expression(argument)) for argument in arguments]
    return _EMPTY.code_for_node(cst.Call(_dotted(function), given))


@cache
def _dotted(name: str) -> cst.BaseExpression:
    return cst.parse_expression(name)


def constant(name: str, root: Root, path: str, os: str, default: Default, project: str = "") -> str:
    """`BASE_DIR = os.getenv("BASE_DIR", ...)`. `project` names a constant of the same file that holds the repository's root."""
    fallback = quoted(_plain(root.prefix), '"', "ascii") if default == "original" else _from_file(root.home, path, os, project)
    return f"{name} = {call(f'{os}.getenv', (quoted(root.variable, chr(34), 'ascii'), fallback))}"


def _plain(prefix: str) -> str:
    """A drive's bare letter would mean the folder that its shell is in."""
    return prefix if split(prefix).parts or not prefix.endswith(":") else f"{prefix}/"


def _from_file(home: Sequence[str], path: str, os: str, project: str) -> str:
    base = project
    if not base:
        base = f"{os}.path.abspath(__file__)"
        for _ in range(path.count("/") + 1):
            base = call(f"{os}.path.dirname", (base,))
    return call(f"{os}.path.join", (base, *(quoted(part, '"', "ascii") for part in home))) if home else base
