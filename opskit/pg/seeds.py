"""Rows that a script puts into its tables, as plain values: what INSERT ... VALUES says, by PostgreSQL's own grammar."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opskit.core.place import Lines, Place
from opskit.pg.scan import scan
from opskit.pg.table import parse_table
from opskit.pg.tokens import tokens

LONGEST = 1 << 18


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `values` holds text, numbers as they are written, None for NULL; what is computed is left out. Columns that the INSERT
    does not name are those of the table's CREATE TABLE in its order, where the script has it."""

    table: str
    values: dict[str, str | None]
    place: Place


@dataclass(frozen=True, slots=True)
class Seeded:
    """`columns` by table, from CREATE TABLE; `rows` from INSERT."""

    columns: dict[str, tuple[str, ...]]
    rows: tuple[Row, ...]


def read_seeds(path: str, data: bytes) -> Seeded:
    """Never raises; a statement that PostgreSQL does not take is passed over."""
    columns, rows, lines = dict[str, tuple[str, ...]](), list[Row](), Lines(data)
    for piece in scan(data):
        if piece.kind != "statement" or piece.end - piece.start > LONGEST:
            continue
        if piece.words[:1] == ("create",) and "table" in piece.words[:4]:
            table = parse_table(data, piece.start, piece.end, closed=piece.closed)
            if table is not None:
                columns[table.short] = tuple(table.columns(data))
        elif piece.words[:1] == ("insert",):
            starts = [*_row_starts(data, piece.start, piece.end)]
            found = _inserted(data[piece.start : piece.end].decode("utf-8", "replace"), columns)
            rows += [Row(name, values, lines.place(path, at, at)) for (name, values), at in zip(found, starts, strict=False)]
    return Seeded(columns, tuple(rows))


def _row_starts(data: bytes, start: int, end: int) -> Iterator[int]:
    """Where each row after VALUES begins: its opening parenthesis."""
    depth, after = 0, False
    for token in tokens(data, start, end):
        if token.text == "(":
            if after and depth == 0:
                yield token.start
            depth += 1
        elif token.text == ")":
            depth -= 1
        elif token.text == "values" and depth == 0:
            after = True


def _inserted(text: str, columns: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, dict[str, str | None]]]:
    from pglast import ast, parse_sql
    from pglast.parser import ParseError

    try:
        statement = parse_sql(text)[0].stmt
    except (ParseError, ValueError, RecursionError, IndexError):
        return
    source = getattr(statement, "selectStmt", None)
    if not isinstance(statement, ast.InsertStmt) or source is None or not source.valuesLists:
        return
    name = str(statement.relation.relname) if statement.relation else ""
    named = [target.name for target in statement.cols] if statement.cols else list(columns.get(name, ()))
    for row in source.valuesLists:
        pairs = [(column, _constant(node, ast)) for column, node in zip(named, row, strict=False)]
        yield name, {column: constant[0] for column, constant in pairs if constant}


def _constant(node: Any, ast: Any) -> tuple[str | None] | None:
    """Its text in a tuple of one, None where it is computed."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    if not isinstance(node, ast.A_Const):
        return None
    if node.isnull or node.val is None:
        return (None,)
    names = ("sval", "fval", "ival", "boolval")
    return (str(next((getattr(node.val, name) for name in names if getattr(node.val, name, None) is not None), "")),)
