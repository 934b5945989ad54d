"""Single cells of the platform's own tables, read and written by the row's other columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import sql

    from opskit.pg.connect import Connection


@dataclass(frozen=True, slots=True)
class Cell:
    """`table` may hold a schema (`billing.tiers`). `where` selects the row: columns and values, compared as text."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The values of the rows that the selector finds, as text; `trouble` where the table or a column of it is not there."""

    values: tuple[str | None, ...] = ()
    trouble: str = ""


def read_cell(connection: "Connection", cell: Cell) -> Seen:
    import psycopg
    from psycopg import sql

    query = sql.SQL("SELECT {}::text FROM {} WHERE {}").format(sql.Identifier(cell.column), _table(cell), _where(cell))
    try:
        with connection.transaction():
            rows = connection.execute(query, [value for _, value in cell.where]).fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InvalidSchemaName) as error:
        return Seen(trouble=error.diag.message_primary or "it is not there")
    return Seen(tuple(row[0] for row in rows))


def write_cell(connection: "Connection", cell: Cell, value: str) -> int:
    """How many rows were written: those whose cell was another."""
    from psycopg import sql

    query = sql.SQL("UPDATE {} SET {} = %s WHERE {} AND {} IS DISTINCT FROM %s").format(
        _table(cell), sql.Identifier(cell.column), _where(cell), sql.Identifier(cell.column))
    return connection.execute(query, [value, *(each for _, each in cell.where), value]).rowcount


def _table(cell: Cell) -> "sql.Identifier":
    from psycopg import sql

    return sql.Identifier(*cell.table.split("."))


def _where(cell: Cell) -> "sql.Composed":
    from psycopg import sql

    return sql.SQL(" AND ").join(sql.SQL("{}::text = %s").format(sql.Identifier(name)) for name, _ in cell.where)
