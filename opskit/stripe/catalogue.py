"""What the platform sells and who hears of it, as stripe.yaml says: values with their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opskit.core.place import Place

FILE = "stripe.yaml"
DOMAIN = "{domain}"


@dataclass(frozen=True, slots=True)
class Column:
    """A cell of the platform's own tables that holds a price's id: `table.column` of the row that `where` selects."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...]
    place: Place = field(default=Place(FILE), compare=False)

    def __str__(self) -> str:
        row = ", ".join(f"{name}={value}" for name, value in self.where)
        return f"{self.table}.{self.column}[{row}]"


@dataclass(frozen=True, slots=True)
class Price:
    """`key` is PRODUCT.PRICE of the file; `amount` in minor units; `interval` "" for a price paid once; `env` the
    variables that are to hold its id."""

    key: str
    amount: int
    currency: str
    interval: str
    count: int
    lookup_key: str
    nickname: str = ""
    tax_behavior: str = ""
    default: bool = False
    env: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    place: Place = field(default=Place(FILE), compare=False)


@dataclass(frozen=True, slots=True)
class Product:
    """`fields` are the API's own optional ones that the file names; what it does not name is left as it is. `id_place` spans
    the id where the file gives one."""

    key: str
    id: str
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()
    place: Place = field(default=Place(FILE), compare=False)
    id_place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` may hold `{domain}`. `api_version` "" leaves the account's own. `env` is the variable for its signing secret."""

    key: str
    url: str
    events: tuple[str, ...]
    env: str
    api_version: str = ""
    description: str = ""
    place: Place = field(default=Place(FILE), compare=False)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`accounts` pins the account of a mode ("test", "live"); `project` is the stamp on everything that is ours."""

    products: tuple[Product, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    project: str = ""
    domain: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def prices(self) -> tuple[Price, ...]:
        return tuple(price for product in self.products for price in product.prices)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of stripe.yaml that cannot be meant, and how it should be written."""

    place: Place
    message: str
    help: str
