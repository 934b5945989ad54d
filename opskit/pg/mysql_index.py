"""One MySQL index inside CREATE TABLE as a value: what it indexes, and how PostgreSQL says the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opskit.pg.grammar import reserved
from opskit.pg.table import Item, Table, unquoted
from opskit.pg.tokens import Token

LONGEST = 63
BINARY = frozenset("blob tinyblob mediumblob longblob binary varbinary bytea".split())
LONG_TEXTS = frozenset("text tinytext mediumtext longtext".split())


class Puzzle(Exception):
    """What has no certain meaning in PostgreSQL; the message is a clause."""


@dataclass(frozen=True, slots=True)
class Part:
    """One key part. `prefix` is MySQL's length in characters, 0 for the whole column."""

    column: Token
    prefix: int
    order: str


@dataclass(frozen=True, slots=True)
class Index:
    item: Item
    unique: bool
    name: str
    parts: tuple[Part, ...]
    method: str
    opened: int
    closed: int

    @property
    def plain(self) -> bool:
        """Whole columns in ascending order: what a UNIQUE constraint can hold."""
        return not any(part.prefix or part.order for part in self.parts)


def read_index(data: bytes, item: Item) -> Index:
    """Raises Puzzle for what is not a list of columns, and for options that mean something."""
    solid = item.solid
    start = next(i for i, t in enumerate(solid) if t.text in ("index", "key", "unique"))
    at = start + 1
    if solid[start].text == "unique" and at < len(solid) and solid[at].text in ("key", "index"):
        at += 1
    opened = next((i for i in range(at, len(solid)) if solid[i].text == "("), None)
    if opened is None:
        raise Puzzle("it names no columns")
    before, (parts, close) = solid[at:opened], _parts(data, solid, opened)
    name = unquoted(data, before[0]) if before and before[0].text != "using" else ""
    method = _method([t.text for t in (*before[1 if name else 0 :], *solid[close + 1 :])])
    return Index(item, solid[start].text == "unique", name, parts, method, opened, close)


def _method(words: Sequence[str]) -> str:
    """`USING BTREE`, before or after the columns; other options are left to a person."""
    rest, method = list(words), ""
    while rest[:1] == ["using"] and len(rest) > 1:
        method, rest = rest[1], rest[2:]
    if rest or method not in ("", "btree", "hash"):
        raise Puzzle(f"its option `{(rest or [method])[0].upper()}` has no certain meaning in PostgreSQL")
    return method


def _parts(data: bytes, solid: Sequence[Token], opened: int) -> tuple[tuple[Part, ...], int]:
    parts, at = list[Part](), opened + 1
    while at < len(solid):
        column = solid[at]
        if column.kind not in ("word", "name"):
            raise Puzzle("it indexes an expression")
        at, prefix, order = at + 1, 0, ""
        if at + 2 < len(solid) and solid[at].text == "(":
            digits = data[solid[at + 1].start : solid[at + 1].end]
            if not digits.isdigit() or solid[at + 2].text != ")":
                raise Puzzle("it indexes an expression")
            prefix, at = int(digits), at + 3
        if at < len(solid) and solid[at].text in ("asc", "desc"):
            order, at = ("DESC" if solid[at].text == "desc" else ""), at + 1
        parts.append(Part(column, prefix, order))
        if at < len(solid) and solid[at].text == ")":
            return tuple(parts), at
        if at >= len(solid) or solid[at].text != ",":
            raise Puzzle("it indexes an expression")
        at += 1
    raise Puzzle("its parenthesis is not closed")


def sql_name(data: bytes, token: Token) -> str:
    """A name for PostgreSQL: as written, backticks turned into nothing or, where the name needs them, into double quotes."""
    raw = data[token.start : token.end].decode("utf-8", "replace")
    if not raw.startswith("`"):
        return raw
    name = raw[1:-1].replace("``", "`")
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in reserved():
        return name
    return '"' + name.replace('"', '""') + '"'


def key_parts(data: bytes, index: Index, columns: Mapping[str, Item]) -> str:
    """The text between the parentheses. A prefix of a long text becomes `left(...)`, which finds and enforces the same."""
    said = []
    for part in index.parts:
        folded = unquoted(data, part.column).lower()
        if folded not in columns:
            raise Puzzle(f"the table has no column `{folded}`")
        kind = columns[folded].solid[1].text if len(columns[folded].solid) > 1 else ""
        name = sql_name(data, part.column)
        if part.prefix and kind in BINARY:
            raise Puzzle("it indexes a prefix of binary data")
        if part.prefix and (index.unique or kind in LONG_TEXTS):
            name = f"left({name}, {part.prefix})"
        said.append(f"{name} {part.order}".strip())
    return ", ".join(said)


def index_name(data: bytes, index: Index, table: Table, taken: set[str]) -> str:
    """`table_columns_idx`, at most 63 bytes, new to the whole file; PostgreSQL's index names share one space with its tables."""
    base = re.sub(r"\W+", "_", index.name.lower()).strip("_")
    base = re.sub(r"^(?:(?:idx|ix|index|key|uk|uq|uniq)_)+|(?:_(?:idx|ix|index|key|uk|uq|uniq))+$", "", base)
    owner = re.sub(r"\W+", "_", table.short.lower()).strip("_") or "table"
    base = re.sub(rf"^{re.escape(owner)}_(?=.)", "", base) or "_".join(
        re.sub(r"\W+", "_", unquoted(data, p.column).lower()) for p in index.parts
    )
    for number in range(10_000):
        suffix = f"_idx{number or ''}"
        name = _shortened(owner, base, LONGEST - len(suffix)) + suffix
        if name not in taken:
            taken.add(name)
            return name
    raise Puzzle("no name for it is free")


def _shortened(owner: str, base: str, room: int) -> str:
    """Both parts give way, the longer one first, as PostgreSQL's makeObjectName does; never inside a character."""
    first, second = owner.encode(), base.encode()
    while len(first) + len(second) + 1 > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    return f"{first.decode('utf-8', 'ignore')}_{second.decode('utf-8', 'ignore')}"
