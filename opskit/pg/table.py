"""A CREATE TABLE statement taken apart into its items, by either dialect's tokens, with every span kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from opskit.pg.tokens import Dialect, Token, tokens

ItemKind = Literal["column", "index", "unique", "fulltext", "spatial", "constraint"]
NUMBERS_TAKING = frozenset("char varchar character int integer decimal numeric float double bit varbit time timestamp".split())


@dataclass(frozen=True, slots=True)
class Item:
    """One entry between the table's parentheses. `start` and `end` bound its own tokens; `comma` is the offset of the
    comma after it, -1 for the last. `solid` are its tokens without space and comments."""

    kind: ItemKind
    start: int
    end: int
    comma: int
    solid: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the span of the table's name as written (schema included), `short` its last part unquoted and, where it was
    not quoted, folded. `options` are the tokens between the closing parenthesis and the statement's end."""

    start: int
    end: int
    closed: bool
    name: tuple[int, int]
    short: str
    guarded: bool
    items: tuple[Item, ...]
    options: tuple[Token, ...]
    body_end: int

    def columns(self, data: bytes) -> dict[str, Item]:
        """Columns by name in lower case, as MySQL compares them."""
        return {unquoted(data, item.solid[0]).lower(): item for item in self.items if item.kind == "column"}


def unquoted(data: bytes, token: Token) -> str:
    """A name as the server stores it: quotes off, or folded to lower case."""
    if token.kind == "word":
        return token.text
    raw = data[token.start : token.end].decode("utf-8", "replace")
    return raw[1:-1].replace(raw[0] * 2, raw[0])


def parse_table(data: bytes, start: int, end: int, dialect: Dialect = "postgresql", closed: bool = True) -> Table | None:
    """None where the statement is no `CREATE TABLE name (...)` (AS SELECT, LIKE, PARTITION OF and what is broken off)."""
    solid = [t for t in tokens(data, start, end, dialect) if not t.blank]
    opening = _after_words(solid)
    if opening is None:
        return None
    at, guarded = opening
    first = at
    while at < len(solid) and (solid[at].kind in ("word", "name") or _is_name(solid[at], dialect) or solid[at].text == "."):
        at += 1
    if at == first or at >= len(solid) or solid[at].text != "(":
        return None
    name, opened, last = (solid[first].start, solid[at - 1].end), at, solid[at - 1]
    close = _matching(solid, opened)
    if close is None:
        return None
    items = _items(data, solid[opened + 1 : close])
    options = tuple(t for t in solid[close + 1 :] if t.text != ";")
    return Table(start, end, closed, name, unquoted(data, last), guarded, items, options, solid[close].end)


def _after_words(solid: Sequence[Token]) -> tuple[int, bool] | None:
    words = [t.text for t in solid[:8]]
    at = 1
    if words[:1] != ["create"]:
        return None
    while at < len(words) and words[at] in ("temporary", "temp", "unlogged", "local", "global"):
        at += 1
    if words[at : at + 1] != ["table"]:
        return None
    guarded = words[at + 1 : at + 4] == ["if", "not", "exists"]
    return at + (4 if guarded else 1), guarded


def _is_name(token: Token, dialect: Dialect) -> bool:
    return dialect == "mysql" and token.kind == "string"


def _matching(solid: Sequence[Token], opened: int) -> int | None:
    depth = 0
    for at in range(opened, len(solid)):
        depth += (solid[at].text == "(") - (solid[at].text == ")")
        if not depth:
            return at
    return None


def _items(data: bytes, solid: Sequence[Token]) -> tuple[Item, ...]:
    runs, run, depth = list[tuple[list[Token], int]](), list[Token](), 0
    for token in solid:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and not depth:
            runs.append((run, token.start))
            run = []
        else:
            run.append(token)
    runs.append((run, -1))
    filled = [(run, comma) for run, comma in runs if run]
    columns = {unquoted(data, run[0]).lower() for run, _ in filled}
    return tuple(Item(_kind(data, run, columns), run[0].start, run[-1].end, comma, tuple(run)) for run, comma in filled)


def _kind(data: bytes, run: Sequence[Token], columns: set[str]) -> ItemKind:
    words = [t.text if t.kind == "word" else "" for t in run]
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in ("fulltext", "spatial") and (second in ("index", "key") or _names_columns(data, run, 1, columns)):
        return first  # type: ignore[return-value]
    if first in ("index", "key") and _names_columns(data, run, 1, columns):
        return "index"
    if first == "unique" or (first == "constraint" and "unique" in words[1:3]):
        return "unique"
    if first in ("constraint", "primary", "foreign", "check", "exclude", "like", "period"):
        return "constraint"
    return "column"


def _names_columns(data: bytes, run: Sequence[Token], at: int, columns: set[str]) -> bool:
    """`KEY name (a, b)` against a column called key, `key varchar(9)`: what stands in the parentheses tells them apart."""
    opened = next((i for i in range(at, min(len(run), at + 5)) if run[i].text == "("), None)
    if opened is None or opened + 1 >= len(run):
        return False
    if opened > at and run[opened - 1].text in NUMBERS_TAKING and run[opened + 1].kind == "number":
        return False
    inside = run[opened + 1]
    return inside.text == "(" or (inside.kind == "name" or unquoted(data, inside).lower() in columns)
