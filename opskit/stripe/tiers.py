"""Tables of tiers in the platform's SQL: rows that sell something, with columns for the ids of their prices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.pg.seeds import Row, Seeded, read_seeds

ID_COLUMN = re.compile(r"stripe.*price|price.*stripe|(?:^|_)price_id|stripe_(?:\w+_)?id$", re.I)
AMOUNT_COLUMN = re.compile(r"price|amount|cost|fee|monthly|yearly|annual", re.I)
OTHER = re.compile(r"(?:_at|_id|_count|currency)$", re.I)
INTERVALS = {"month": ("month", "mo"), "year": ("annual", "year", "yr"), "week": ("week",), "day": ("daily", "day")}
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
CENTS = re.compile(r"cents|minor|unit_amount", re.I)
NEEDLES = (b"stripe", b"Stripe", b"STRIPE", b"price_id", b"PRICE_ID")


@dataclass(frozen=True, slots=True)
class Sold:
    """One cell that is to hold a price's id: the row's own columns that tell it from the others, what it sells for and how often.
    `amount` is decimal text as the row has it; `place` the row's."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...]
    amount: str
    interval: str
    place: Place


def sold_by_tables(tree: Tree) -> tuple[Sold, ...]:
    """In the files' order; free rows (0) sell nothing. The same table in a second file (a copy, a migration) counts once."""
    return tree.computed(_sold)


def _sold(tree: Tree) -> tuple[Sold, ...]:
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], Sold] = {}
    for path in tree.holding(tree.ending(".sql"), *NEEDLES):
        seeded = tree.parsed(path, read_seeds)
        for each in _of(seeded) if seeded else ():
            found.setdefault((each.table, each.column, each.where), each)
    return tuple(found.values())


def _of(seeded: Seeded) -> Iterator[Sold]:
    for table, columns in seeded.columns.items():
        rows = [row for row in seeded.rows if row.table == table]
        pairs = [(id, amount, interval) for id in columns if ID_COLUMN.search(id) for amount, interval in _amounts(id, columns)]
        keys = _telling(rows, {name for id, amount, _ in pairs for name in (id, amount)})
        for row in rows if pairs and keys else ():
            where = tuple((key, row.values[key] or "") for key in keys)
            for id, amount, interval in pairs:
                text = row.values.get(amount) or ""
                if NUMBER.fullmatch(text) and float(text) > 0:
                    yield Sold(table, id, where, _major(text, amount), interval, row.place)


def _amounts(id: str, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """The column that holds the amount of an id column, with its interval: the one whose name has the same word for an interval,
    or the only one there is."""
    interval = interval_of(id)
    amounts = [c for c in columns if AMOUNT_COLUMN.search(c) and not ID_COLUMN.search(c) and not OTHER.search(c)]
    if interval:
        named = [c for c in amounts if interval_of(c) == interval]
        return [(named[0], interval)] if named else []
    plain = [c for c in amounts if not interval_of(c)] or amounts
    return [(plain[0], interval_of(plain[0]) or "month")] if plain else []


def interval_of(name: str) -> str:
    """The interval that a name's words tell, "" for none: `annual_price` -> year."""
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    for interval, starts in INTERVALS.items():
        if any(word.startswith(start) and (len(start) > 2 or word == start) for word in words for start in starts):
            return interval
    return ""


def _telling(rows: list[Row], not_these: set[str]) -> tuple[str, ...]:
    """The fewest leading text columns that tell every row from the others."""
    if not rows:
        return ()
    names = [n for n in rows[0].values if n not in not_these and n != "id"
             and all(_is_word(row.values.get(n)) for row in rows)]
    for count in range(1, len(names) + 1):
        chosen = tuple(names[:count])
        if len({tuple(row.values[n] for n in chosen) for row in rows}) == len(rows):
            single = [n for n in names if len({row.values[n] for row in rows}) == len(rows)]
            return (single[0],) if single else chosen
    return ()


def _is_word(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"[\w .&+-]{1,60}", value) is not None and not NUMBER.fullmatch(value)


def _major(text: str, column: str) -> str:
    if CENTS.search(column) and text.isdigit():
        return f"{int(text) // 100}.{int(text) % 100:02d}"
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<2}"
