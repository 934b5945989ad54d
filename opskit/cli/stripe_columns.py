"""Price ids in the platform's own tables: what stripe.yaml's columns hold, and the writes that they lack. Composed here: the address
of the database is the database room's business.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from opskit.cli.database import guard, locate, reachable, server_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.pg.cells import Cell, Seen, read_cell, write_cell
from opskit.pg.connect import connect
from opskit.stripe.catalogue import Catalogue, Column
from opskit.stripe.planning.steps import Made


@dataclass(frozen=True, slots=True)
class Kept:
    """One cell: what it holds and should hold. `trouble` says why it cannot be written."""

    key: str
    column: Column
    wanted: str | Made
    now: str | None = None
    trouble: str = ""

    @property
    def right(self) -> bool:
        return not self.trouble and self.now == self.wanted


@dataclass(frozen=True, slots=True)
class Tables:
    """The database that holds the cells, up for as long as a command looks at it; `trouble` says why it cannot be used."""

    url: Secret | None = None
    trouble: str = ""


@contextmanager
def opened(session: Session, catalogue: Catalogue) -> Iterator[Tables]:
    """A database that is not there is trouble to be told, never an error; without columns in stripe.yaml none is looked for."""
    with ExitStack() as stack:
        yield _opened(session, stack) if any(price.columns for price in catalogue.prices) else Tables()


def seen_columns(session: Session, catalogue: Catalogue, prices: Mapping[str, str | Made]) -> tuple[Kept, ...]:
    """Every column that stripe.yaml names, in one look at the database."""
    with opened(session, catalogue) as tables:
        return read_columns(tables, catalogue, prices)


def _opened(session: Session, stack: ExitStack) -> Tables:
    try:
        where = locate(session, session.environment)
        if where.given is None and server_of(session, where) is None:
            return Tables(trouble="there is no database yet: opskit db init --fix")
        return Tables(stack.enter_context(reachable(session, where)))
    except OpskitError as error:
        return Tables(trouble=f"{error.message}: {error.help}")


def read_columns(tables: Tables, catalogue: Catalogue, prices: Mapping[str, str | Made]) -> tuple[Kept, ...]:
    """Every column that stripe.yaml names."""
    wanted = [(p.key, column, prices.get(p.key, Made("price", p.key))) for p in catalogue.prices for column in p.columns]
    if tables.url is None or not wanted:
        return tuple(Kept(*each, trouble=tables.trouble) for each in wanted)
    try:
        with connect(tables.url) as connection:
            return tuple(_judged(each, read_cell(connection, _cell(each[1]))) for each in wanted)
    except OpskitError as error:
        return tuple(Kept(*each, trouble=f"{error.message}: {error.help}") for each in wanted)


def _judged(wanted: tuple[str, Column, str | Made], seen: Seen) -> Kept:
    if seen.trouble:
        return Kept(*wanted, trouble=f"{seen.trouble}: opskit db init --fix")
    if len(seen.values) != 1:
        return Kept(*wanted, trouble=f"{len(seen.values)} rows answer to {wanted[1]}, not one")
    return Kept(*wanted, now=seen.values[0])


def guard_columns(session: Session, kept: tuple[Kept, ...], environment: str | None, confirm: tuple[str, ...]) -> None:
    """Raises OpskitError before anything is written where the cells stand in a database that is not a local one of ours and was
    not named."""
    if any(not each.right and not each.trouble for each in kept):
        where = locate(session, session.environment)
        named = [name for name in confirm if not name.startswith("acct_")]
        guard(where, environment, named[0] if named else None)


def write_columns(tables: Tables, kept: tuple[Kept, ...]) -> int:
    """Every cell that holds another value, in one transaction. The ids are known by now."""
    wanted = [each for each in kept if not each.right and not each.trouble and isinstance(each.wanted, str)]
    if not wanted or tables.url is None:
        return 0
    with connect(tables.url) as connection:
        return sum(write_cell(connection, _cell(each.column), str(each.wanted)) for each in wanted)


def _cell(column: Column) -> Cell:
    return Cell(column.table, column.column, column.where)
