"""The functions of Helm's templates that decide names and numbers (helm.sh/docs/chart_template_guide/function_list), over values that
remember their place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

WANTS_QUOTES = re.compile(r"^[\d{\[*&!|>'\"%@`#-]|: | #|^\w+$")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar of a values file: its `text` and meaning, the bytes of it there, and the keys that lead to it."""

    text: str
    value: Any
    path: str
    start: int
    end: int
    keys: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Printed bytes with the place that they come from; `path` is "" for what a function made. `told` names the value."""

    data: bytes
    path: str = ""
    start: int = 0
    end: int = 0
    told: str = ""

    @property
    def is_exact(self) -> bool:
        return bool(self.path) and self.end - self.start == len(self.data)


class Unknown:
    """What no file of the platform says: it counts as there, and prints as a word."""


UNKNOWN = Unknown()


def true(value: Any) -> bool:
    """Go's truth: neither zero nor empty."""
    value = plain(value)
    return not (value is None or value is False or value == 0 or value == "" or value == [] or value == {})


def plain(value: Any) -> Any:
    """Without its place."""
    if isinstance(value, Leaf):
        return value.value
    if isinstance(value, tuple):
        return b"".join(piece.data for piece in value).decode("utf-8", "replace")
    return value


def text(value: Any) -> str:
    value = plain(value)
    if isinstance(value, Unknown):
        return "X"
    return "" if value is None else {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def pieces(value: Any) -> tuple[Piece, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, Leaf):
        return (Piece(value.text.encode(), value.path, value.start, value.end, f"{value.keys} of {value.path}"),)
    if isinstance(value, dict | list):
        return tuple(_yaml(value, 0))
    made = text(value)
    return (Piece(made.encode(), told="number" if made.isdigit() else ""),) if made else ()


def _yaml(value: Any, indent: int) -> Iterator[Piece]:
    """As `toYaml` prints it."""
    lead = b"\n" + b" " * indent
    if isinstance(value, dict) and value:
        for at, (key, inner) in enumerate(value.items()):
            yield Piece((lead if at else b"") + f"{key}:".encode())
            yield from _nested(inner, indent + 2)
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield Piece((lead if at else b"") + b"- ")
            yield from _yaml(inner, indent + 2) if isinstance(inner, dict | list) else _scalar(inner)
    else:
        yield Piece(b"{}" if isinstance(value, dict) else b"[]")


def _nested(value: Any, indent: int) -> Iterator[Piece]:
    if isinstance(value, dict | list) and value:
        yield Piece(b"\n" + b" " * indent)
        yield from _yaml(value, indent)
    else:
        yield Piece(b" ")
        yield from _yaml(value, indent) if isinstance(value, dict | list) else _scalar(value)


def _scalar(value: Any) -> Iterator[Piece]:
    held = value.text if isinstance(value, Leaf) and isinstance(value.value, str) else None
    quoted = held is not None and (not held or WANTS_QUOTES.search(held))
    yield from (Piece(b'"'), *pieces(value), Piece(b'"')) if quoted and '"' not in text(value) else pieces(value)


def _indent(count: Any, value: Any) -> tuple[Piece, ...]:
    found, lead = list[Piece](), b" " * int(plain(count))
    for piece in (Piece(lead), *pieces(value)):
        *lines, last = piece.data.split(b"\n")
        at = piece.start
        for line in lines:
            found += [Piece(line, piece.path, at, at + len(line), piece.told) if piece.is_exact else Piece(line), Piece(b"\n" + lead)]
            at += len(line) + 1
        found.append(Piece(last, piece.path, at, piece.end, piece.told) if piece.is_exact or not lines else Piece(last))
    return tuple(p for p in found if p.data)


def _default(fallback: Any, value: Any = None) -> Any:
    return value if true(value) and value is not UNKNOWN else fallback


def _quoted(mark: bytes) -> Callable[..., tuple[Piece, ...]]:
    return lambda *values: tuple(p for value in values for p in (Piece(mark), *pieces(value), Piece(mark)))


def _printf(form: Any, *values: Any) -> tuple[Piece, ...]:
    found, given = list[Piece](), list(values)
    for part in re.split(r"(%[-+ #0]*\d*[sdvq])", text(form)):
        if re.fullmatch(r"%[-+ #0]*\d*[sdvq]", part):
            found += pieces(given.pop(0)) if given else ()
        elif part:
            found.append(Piece(part.encode()))
    return tuple(found)


def _compared(test: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def act(one: Any, *others: Any) -> Any:
        known = [plain(each) for each in (one, *others)]
        if any(isinstance(each, Unknown) for each in known):
            return UNKNOWN
        return any(test(known[0], other) for other in known[1:])

    return act


def _at(value: Any, *keys: Any) -> Any:
    for key in map(plain, keys):
        if isinstance(value, Unknown):
            return UNKNOWN
        if isinstance(value, dict):
            value = value.get(str(key))
        else:
            value = value[key] if isinstance(value, list) and 0 <= key < len(value) else None
    return value


def _cut(value: Any, fitting: Callable[[str], str]) -> Any:
    """The value itself, with its place, where nothing is cut off."""
    whole = text(value)
    return value if fitting(whole) == whole else fitting(whole)


def _merged(*values: Any) -> Any:
    found: dict[str, Any] = {}
    for value in reversed([v for v in values if isinstance(v, dict)]):
        found = {**found, **value}
    return found


def _same(value: Any, *_: Any) -> Any:
    return value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "default": _default,
    "coalesce": lambda *values: next((v for v in values if true(v)), None),
    "required": lambda _, value: value,
    "ternary": lambda yes, no, which: yes if true(which) else no,
    "quote": _quoted(b'"'),
    "squote": _quoted(b"'"),
    "toYaml": _same,
    "toJson": _same,
    "int": _same,
    "int64": _same,
    "float64": _same,
    "toString": _same,
    "toDecimal": _same,
    "trim": lambda value: _cut(value, str.strip),
    "lower": lambda value: _cut(value, str.lower),
    "upper": lambda value: _cut(value, str.upper),
    "trunc": lambda count, value: _cut(value, lambda whole: whole[: plain(count)]),
    "trimSuffix": lambda end, value: _cut(value, lambda whole: whole.removesuffix(text(end))),
    "trimPrefix": lambda start, value: _cut(value, lambda whole: whole.removeprefix(text(start))),
    "replace": lambda old, new, value: _cut(value, lambda whole: whole.replace(text(old), text(new))),
    "kebabcase": lambda value: _cut(value, lambda whole: re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_ ]", "-", whole).lower()),
    "indent": _indent,
    "nindent": lambda count, value: (Piece(b"\n"), *_indent(count, value)),
    "printf": _printf,
    "print": lambda *values: tuple(p for value in values for p in pieces(value)),
    "eq": _compared(lambda a, b: a == b or text(a) == text(b)),
    "ne": lambda a, b: UNKNOWN if isinstance(known := _compared(lambda x, y: text(x) == text(y))(a, b), Unknown) else not known,
    "lt": _compared(lambda a, b: a < b),
    "le": _compared(lambda a, b: a <= b),
    "gt": _compared(lambda a, b: a > b),
    "ge": _compared(lambda a, b: a >= b),
    "not": lambda value: UNKNOWN if isinstance(value, Unknown) else not true(value),
    "and": lambda *values: next((v for v in values if not true(v)), values[-1]),
    "or": lambda *values: next((v for v in values if true(v)), values[-1]),
    "empty": lambda value: not true(value),
    "index": _at,
    "get": _at,
    "dig": lambda *given: _default(given[-2], _at(given[-1], *given[:-2])),
    "dict": lambda *pairs: {text(pairs[i]): pairs[i + 1] for i in range(0, len(pairs) - 1, 2)},
    "list": lambda *values: list(values),
    "merge": _merged,
    "mergeOverwrite": lambda *values: _merged(*reversed(values)),
    "hasKey": lambda value, key: text(key) in value,
    "has": lambda one, values: text(one) in map(text, values),
    "keys": lambda value: list(value),
    "values": lambda value: list(value.values()),
    "first": lambda values: values[0],
    "len": lambda value: len(plain(value)),
    "add": lambda *values: sum(int(plain(v)) for v in values),
    "sub": lambda one, other: int(plain(one)) - int(plain(other)),
    "add1": lambda value: int(plain(value)) + 1,
    "contains": lambda part, value: text(part) in text(value),
    "hasPrefix": lambda part, value: text(value).startswith(text(part)),
    "hasSuffix": lambda part, value: text(value).endswith(text(part)),
    "splitList": lambda mark, value: text(value).split(text(mark)),
    "until": lambda count: list(range(min(int(plain(count)), 50))),
    "kindIs": lambda kind, value: {"map": dict, "slice": list, "string": str, "bool": bool}.get(text(kind), int) is type(plain(value)),
}
