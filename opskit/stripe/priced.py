"""What the entries of a table in code sell for, where that can be read in one way only. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from opskit.core.place import Place
from opskit.stripe.entries import Entry
from opskit.stripe.money import CURRENCY
from opskit.stripe.tiers import AMOUNT_COLUMN, CENTS, ID_COLUMN, OTHER, interval_of

NAMED = ("name", "title", "label", "plan", "tier", "slug", "key", "id")
INTERVAL = re.compile(r"interval|period|billing|cycle|recurring", re.I)
ONCE = re.compile(r"one[-_ ]?(?:time|off)|once|lifetime", re.I)
WRITTEN = re.compile(r"([$€£]?) ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,2})?(?: ?(?:/|per|a) ?([a-z]{2,6}))?", re.I)
SIGNS = {"$": "usd", "€": "eur", "£": "gbp"}
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Priced:
    """One amount of an entry. `variable` is that of the price's id beside it, "" where the entry has none; `words` what the entry is
    called. `amount` is decimal text, "" where the number can be meant in two ways; `interval` None where nothing tells it."""

    variable: str
    words: tuple[str, ...]
    name: str
    amount: str
    currency: str
    interval: str | None
    written: str
    place: Place


def priced(entries: Iterable[Entry]) -> Iterator[Priced]:
    """An entry with an id and one amount for it, or with one amount alone; what is free sells nothing."""
    for entry in entries:
        amounts = [name for name in entry.fields if _is_amount(entry, name)]
        ids = {name: entry.variables[name] for name in entry.variables if ID_COLUMN.search(_snake(name))}
        for field, variable in (ids or {"": ""}).items():
            asked = interval_of(field) or interval_of(variable.lower())
            fitting = [name for name in amounts if interval_of(name) == asked] if asked else []
            fitting = fitting or [name for name in amounts if not interval_of(name)] or ([] if asked else amounts)
            if len(fitting) == 1 and Decimal(_number(entry.fields[fitting[0]])):
                yield _priced(entry, variable, fitting[0], asked)


def _is_amount(entry: Entry, name: str) -> bool:
    plain = _snake(name)
    return bool(AMOUNT_COLUMN.search(plain)) and not ID_COLUMN.search(plain) and not OTHER.search(plain) and (
        WRITTEN.fullmatch(entry.fields[name].strip()) is not None)


def _priced(entry: Entry, variable: str, field: str, asked: str) -> Priced:
    text = entry.fields[field].strip()
    found = WRITTEN.fullmatch(text)
    assert found is not None
    told = next((value for name, value in entry.fields.items() if INTERVAL.search(name) and name in entry.quoted), "")
    interval = asked or interval_of(field) or interval_of(told) or interval_of(found[4] or "") or ("" if ONCE.search(told) else None)
    spelled = next((value.lower() for name, value in entry.fields.items() if "currency" in name.lower()), "")
    currency = spelled if CURRENCY.fullmatch(spelled) else SIGNS.get(found[1], "usd")
    name = next((entry.fields[n] for n in NAMED[:3] if n in entry.quoted), "")
    words = tuple(word for word in (entry.key, *(entry.fields[n] for n in NAMED if n in entry.quoted)) if word)
    written = f"{' '.join(field.split())}: {text}"
    return Priced(variable, words, name, _amount(entry, field, text), currency, interval, written, entry.place)


def _amount(entry: Entry, field: str, text: str) -> str:
    """As customers read it. A whole number under `amount` may be Stripe's minor units, as one from 1000 on may (2999 is 29.99)."""
    number, plain = _number(text), _snake(field)
    if CENTS.search(plain):
        return f"{Decimal(number).scaleb(-2):.2f}" if "." not in number else ""
    if "." not in number and field not in entry.quoted and (plain.endswith("amount") or int(number) >= WHOLE):
        return ""
    return f"{Decimal(number):.2f}"


def _number(text: str) -> str:
    found = WRITTEN.fullmatch(text.strip())
    return (found[2].replace(",", "") + (found[3] or "")) if found else "0"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
