"""CREATE TABLE as PostgreSQL takes it, as byte edits: MySQL's indexes become CREATE INDEX after the statement, a comma before
the closing parenthesis goes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from opskit.pg.grammar import refused
from opskit.pg.mysql import is_mysql_unique
from opskit.pg.mysql_index import Index, Puzzle, index_name, key_parts, read_index
from opskit.pg.table import Item, Table


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace bytes [start, end) by `new`."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Moved:
    """One table's edits, in order and without overlap, or the reason why it was left alone."""

    edits: tuple[Edit, ...] = ()
    indexes: int = 0
    reason: str = ""


def index_items(table: Table) -> list[Item]:
    """The entries of a table that only MySQL has."""
    return [i for i in table.items if i.kind in ("index", "fulltext", "spatial") or (i.kind == "unique" and is_mysql_unique(i))]


def move_indexes(data: bytes, table: Table, taken: set[str], after: Iterable[bytes] = ()) -> Moved:
    """`taken` are names in use, to which the new ones are added. Nothing is moved unless everything in the table can be.
    `after` are further statements to stand behind the table."""
    items = index_items(table)
    names = set(taken)
    try:
        edits, statements = list[Edit](), list[bytes]()
        gone = set[int]()
        for item in items:
            if item.kind in ("fulltext", "spatial"):
                raise Puzzle(f"a {item.kind.upper()} index wants a decision (in PostgreSQL: a GIN or GiST index)")
            index = read_index(data, item)
            parts = key_parts(data, index, table.columns(data))
            if index.unique and index.plain:
                edits += _as_constraint(data, index)
            else:
                gone.add(item.start)
                statements.append(_statement(data, index, table, parts, names))
        edits += _removals(data, table, gone)
        edits += _insertion(data, table, [*statements, *after])
    except Puzzle as puzzle:
        return Moved(reason=str(puzzle))
    taken |= names
    return Moved(tuple(sorted(edits)), len(items))


def apply_edits(data: bytes, edits: tuple[Edit, ...], start: int, end: int) -> bytes:
    """data[start:end] with the edits in it."""
    pieces, reached = list[bytes](), start
    for edit in sorted(edits):
        pieces += [data[reached : edit.start], edit.new]
        reached = edit.end
    return b"".join([*pieces, data[reached:end]])


def proof(data: bytes, table: Table, edits: tuple[Edit, ...]) -> str:
    """Why the result must not be written, "" when PostgreSQL's grammar takes it."""
    end = max([table.end, *(edit.end for edit in edits)])
    fault = refused(apply_edits(data, edits, table.start, end))
    return fault.message if fault else ""


def _statement(data: bytes, index: Index, table: Table, parts: str, names: set[str]) -> bytes:
    unique, guard = "UNIQUE " * index.unique, "IF NOT EXISTS " * table.guarded
    using = f" USING {index.method}" if index.method == "hash" else ""
    owner = re.sub(rb"`([^`]*)`", rb"\1", data[slice(*table.name)]).decode("utf-8", "replace")
    return f"CREATE {unique}INDEX {guard}{index_name(data, index, table, names)} ON {owner}{using} ({parts});".encode()


def _as_constraint(data: bytes, index: Index) -> list[Edit]:
    """`UNIQUE KEY name (a)` stays where it is as `UNIQUE (a)`: a foreign key may lean on it."""
    solid = index.item.solid
    unique = next(t for t in solid if t.text == "unique")
    edits = [Edit(unique.end, solid[index.opened].start, b" ")]
    if index.closed + 1 < len(solid):
        edits.append(Edit(solid[index.closed].end, solid[-1].end, b""))
    return edits


def _removals(data: bytes, table: Table, gone: set[int]) -> list[Edit]:
    """The items with their commas; where none is left after them, the comma of the last one that stays."""
    kept = [item for item in table.items if item.start not in gone]
    if not kept:
        raise Puzzle("nothing but indexes stands in it")
    spans = [(i.start, i.end) for i in table.items if i.start in gone]
    spans += [(i.comma, i.comma + 1) for i in table.items if i.start in gone and i.comma >= 0]
    if kept[-1].comma >= 0:
        spans.append((kept[-1].comma, kept[-1].comma + 1))
    trailing = kept[-1].end
    return [Edit(*_whole_lines(data, start, end, start > trailing), b"") for start, end in _merged(data, sorted(spans))]


def _merged(data: bytes, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with only blanks of one line, or none, between them become one."""
    merged = list[tuple[int, int]]()
    for start, end in spans:
        if merged and re.fullmatch(rb"[ \t]*", data[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _whole_lines(data: bytes, start: int, end: int, last: bool) -> tuple[int, int]:
    """The lines themselves where nothing else stands on them, and before the closing parenthesis the empty lines above."""
    line = data.rfind(b"\n", 0, start) + 1
    after = re.compile(rb"[ \t]*\r?\n").match(data, end)
    if line and not data[line:start].strip() and after:
        while last and line and not data[data.rfind(b"\n", 0, line - 1) + 1 : line].strip():
            line = data.rfind(b"\n", 0, line - 1) + 1
        return line, after.end()
    if start and not data[start - 1 : start].isspace():
        return start, end
    blanks = re.compile(rb"[ \t]*(?![\r\n])").match(data, end)
    return start, blanks.end() if blanks else end


def _insertion(data: bytes, table: Table, statements: list[bytes]) -> list[Edit]:
    """After the statement and a comment that ends its line."""
    if not statements:
        return []
    eol = b"\r\n" if data.find(b"\r\n", table.start, table.end) >= 0 else b"\n"
    text = eol + eol.join(statements)
    if not table.closed:
        return [Edit(table.end, table.end, b";" + text)]
    if not data[: table.end].endswith(b";"):
        raise Puzzle("its delimiter is not `;`")
    rest = re.compile(rb"[ \t]*(?:--[^\r\n]*)?(?=\r?\n|\Z)").match(data, table.end)
    return [Edit(rest.end(), rest.end(), text)] if rest else [Edit(table.end, table.end, text + eol)]
