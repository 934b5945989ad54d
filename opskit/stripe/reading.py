"""stripe.yaml to a Catalogue. What cannot be meant is a Fault with its place; nothing is guessed."""

import re
from dataclasses import dataclass, field, replace

from opskit.core.place import Lines, Place
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml, yaml_faults
from opskit.stripe.catalogue import DOMAIN, Catalogue, Column, Endpoint, Fault, Price, Product
from opskit.stripe.guard import NAMES
from opskit.stripe.hosts import host_fault, url_fault
from opskit.stripe.money import CURRENCY, Unpayable, minor
from opskit.stripe.published import events, versions

VERSION = "1"
KEYS_OWN = (*NAMES, "STRIPE_PUBLISHABLE_KEY", "STRIPE_PUBLIC_KEY", "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "VITE_STRIPE_PUBLISHABLE_KEY")
INTERVALS = ("day", "week", "month", "year")
BEHAVIOURS = ("exclusive", "inclusive", "unspecified")
TOP = ("version", "project", "account", "domain", "defaults", "products", "webhooks")
TEXTS = ("description", "tax_code", "unit_label", "statement_descriptor", "url")
PRODUCT = ("id", "name", "prices", "features", *TEXTS)
PRICE = ("amount", "currency", "interval", "interval_count", "lookup_key", "nickname", "tax_behavior", "default", "env", "column", "where")
ENDPOINT = ("url", "events", "api_version", "env", "description")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
PRODUCT_ID = re.compile(r"[^\s/?#%]{1,255}")
FREE = re.compile(r"[{}]")
SQL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*(?:\.[A-Za-z_][A-Za-z0-9_$]*){1,2}")
LONGEST_LOOKUP, MOST_INTERVALS = 200, {"day": 1095, "week": 156, "month": 36, "year": 3}


def read_catalogue(path: str, data: bytes) -> tuple[Catalogue, tuple[Fault, ...]]:
    """The catalogue and its faults; with a fault it is not to be acted on. Never raises."""
    reader = _Reader(path, Lines(data))
    for reason, start, end in yaml_faults(path, data):
        reader.faults.append(Fault(reader.lines.place(path, start, end), reason, "mend the YAML at this place"))
    document = read_yaml(path, data)
    if document is None or document.items is None:
        if not reader.faults:
            reader.faults.append(Fault(Place(path, 1, 1), "holds no catalogue", "write `version: 1` and `products:` (docs/stripe.md)"))
        return Catalogue(), tuple(reader.faults)
    return reader.catalogue(document), tuple(reader.faults)


@dataclass
class _Reader:
    path: str
    lines: Lines
    faults: list[Fault] = field(default_factory=list)

    def catalogue(self, document: Located) -> Catalogue:
        self._known(document, TOP, "stripe.yaml")
        if document.text("version") not in ("", VERSION):
            self._fault(document.at("version"), "is not a version that this opskit reads", f"it reads version {VERSION}")
        defaults = document.at("defaults") or Located(items={})
        self._known(defaults, ("currency", "tax_behavior"), "defaults")
        products = tuple(p for key, node in document.table("products").items() if (p := self._product(key, node, defaults)))
        endpoints = tuple(e for key, node in document.table("webhooks").items() if (e := self._endpoint(key, node)))
        accounts = {mode: document.text("account", mode) for mode in ("test", "live") if document.text("account", mode)}
        self._known(document.at("account") or Located(items={}), ("test", "live"), "account")
        for name in ("products", "webhooks"):
            if (node := document.at(name)) is not None and node.items is None and node.value is not None:
                self._fault(node, f"`{name}` must be a mapping", f"write `{name}:` and each entry under its own name")
        domain = document.text("domain")
        if domain and (why := host_fault(domain))[0]:
            self._fault(document.at("domain"), f"`{domain[:60]}` {why[0]}", why[1])
        found = Catalogue(products, endpoints, document.text("project"), domain, accounts)
        self._unique(found, document)
        return found

    def _product(self, key: str, node: Located, defaults: Located) -> Product | None:
        if not self._mapping(key, node, f"product `{key}`"):
            return None
        self._known(node, PRODUCT, f"product `{key}`")
        if not node.text("name"):
            self._fault(node.key, f"product `{key}` has no name", "write `name: ...`, as customers see it")
        if node.text("id") and not PRODUCT_ID.fullmatch(node.text("id")):
            self._fault(node.at("id"), f"`{node.text('id')[:60]}` is no id of a product", "write one such as prod_builder")
        fields: dict[str, object] = {name: node.text(name) for name in TEXTS if node.at(name) is not None}
        if node.at("features") is not None:
            fields["marketing_features"] = tuple(part.raw for part in node.list("features"))
        prices = tuple(p for name, each in node.table("prices").items() if (p := self._price(f"{key}.{name}", each, defaults)))
        if sum(price.default for price in prices) > 1:
            self._fault(node.at("prices"), f"product `{key}` has several default prices", "leave `default: true` at one of them")
        spelled = node.at("id")
        id_place = self._place(spelled) if spelled is not None else None
        return Product(key, node.text("id") or f"prod_{key}", node.text("name"), fields, prices, self._place(node.key), id_place)

    def _price(self, key: str, node: Located, defaults: Located) -> Price | None:
        if not self._mapping(key.rpartition(".")[2], node, f"price `{key}`"):
            return None
        self._known(node, PRICE, f"price `{key}`")
        currency = (node.text("currency") or defaults.text("currency") or "usd").lower()
        if not CURRENCY.fullmatch(currency):
            self._fault(node.at("currency") or defaults.at("currency"), f"`{currency}` is no currency", "write three letters, such as usd")
        amount = self._amount(key, node, currency)
        interval, count = node.text("interval"), self._count(key, node)
        if interval and interval not in INTERVALS:
            self._fault(node.at("interval"), f"`{interval}` is no interval", f"write {', '.join(INTERVALS)}, or none for a price paid once")
        behaviour = node.text("tax_behavior") or defaults.text("tax_behavior")
        if behaviour and behaviour not in BEHAVIOURS:
            self._fault(node.at("tax_behavior") or defaults.at("tax_behavior"), f"`{behaviour}` is no tax behaviour", ", ".join(BEHAVIOURS))
        lookup = node.text("lookup_key") or key.replace(".", "_")
        if len(lookup) > LONGEST_LOOKUP:
            self._fault(node.at("lookup_key"), f"price `{key}`: a lookup_key has at most {LONGEST_LOOKUP} characters", "shorten it")
        variables = self._variables(node)
        default = self._flag(node, "default")
        return None if amount is None else Price(
            key, amount, currency, interval, count, lookup, node.text("nickname"), behaviour, default, variables,
            self._columns(key, node), self._place(node.key))

    def _amount(self, key: str, node: Located, currency: str) -> int | None:
        spelled = node.at("amount")
        if spelled is None or not node.text("amount"):
            self._fault(spelled or node.key, f"price `{key}` has no amount", "write `amount: 99.00`")
            return None
        try:
            return minor(spelled.raw.strip(), currency)
        except Unpayable as error:
            self._fault(spelled, f"price `{key}`: {error}", "write the amount as customers read it, such as 99.00")
            return None

    def _count(self, key: str, node: Located) -> int:
        text = node.text("interval_count") or "1"
        most = MOST_INTERVALS.get(node.text("interval"), 1)
        if not re.fullmatch(r"[1-9]\d{0,3}", text) or int(text) > most:
            self._fault(node.at("interval_count"), f"price `{key}`: interval_count {text[:20]} is not from 1 to {most}",
                        "Stripe bills at least once in three years")
            return 1
        return int(text)

    def _columns(self, key: str, node: Located) -> tuple[Column, ...]:
        name, spelled = node.text("column"), node.at("column")
        if spelled is None:
            if node.at("where") is not None:
                self._fault(node.at("where"), f"price `{key}` has `where` and no `column`", "write `column: table.column`")
            return ()
        where = tuple((column, each.raw) for column, each in node.table("where").items())
        if not SQL_NAME.fullmatch(name):
            self._fault(spelled, f"`{name[:60]}` is no column", "write `column: table.column`")
        elif not where or not all(NAME.fullmatch(column) for column, _ in where):
            self._fault(spelled, f"price `{key}`: no `where` says which row of {name} is meant", "write `where: {tier_name: pro}`")
        else:
            table, _, column = name.rpartition(".")
            return (Column(table, column, where, self._place(spelled)),)
        return ()

    def _endpoint(self, key: str, node: Located) -> Endpoint | None:
        if not self._mapping(key, node, f"webhook `{key}`"):
            return None
        self._known(node, ENDPOINT, f"webhook `{key}`")
        url, version = node.text("url"), node.text("api_version")
        why, mend = url_fault(url.replace(DOMAIN, "domain.example"))
        if why and not FREE.search(url.replace(DOMAIN, "")):
            self._fault(node.at("url") or node.key, f"webhook `{key}`: `{url[:60]}` {why}", mend)
        elif FREE.search(url.replace(DOMAIN, "")):
            self._fault(node.at("url"), f"webhook `{key}`: only {DOMAIN} is filled in, and `{url[:60]}` holds another brace", "spell it")
        asked = tuple(part.raw for part in node.list("events"))
        if not asked:
            self._fault(node.at("events") or node.key, f"webhook `{key}` asks for no event", "write `events: [checkout.session.completed]`")
        for part in node.list("events"):
            if part.raw not in events():
                self._fault(part, f"`{part.raw[:60]}` is no event of Stripe's", "docs.stripe.com/api/events/types lists them")
        if version and version not in versions():
            self._fault(node.at("api_version"), f"`{version[:40]}` is no API version that an endpoint can have",
                        "write one such as 2023-10-16, in quotes, or leave it out")
        variable = self._variable(node, "env")
        if not variable:
            self._fault(node.at("env") or node.key, f"webhook `{key}` names no variable for its secret",
                        "write `env: STRIPE_WEBHOOK_SECRET`")
        return Endpoint(key, url, tuple(dict.fromkeys(asked)), variable, version, node.text("description"), self._place(node.key))

    def _unique(self, found: Catalogue, document: Located) -> None:
        """Two entries with one natural key would take it from each other at every run."""
        named = [(f"id {p.id}", p.place) for p in found.products]
        named += [(f"lookup_key {p.lookup_key}", p.place) for p in found.prices]
        named += [(f"variable {name}", p.place) for p in found.prices for name in p.env]
        named += [(f"variable {e.env}", e.place) for e in found.endpoints if e.env]
        named += [(f"column {column}", column.place) for p in found.prices for column in p.columns]
        seen = set[str]()
        for name, place in named:
            if name in seen:
                self.faults.append(Fault(place, f"two entries have the {name}", "give each its own"))
            seen.add(name)

    def _known(self, node: Located, names: tuple[str, ...], what: str) -> None:
        for name, each in (node.items or {}).items():
            if name not in names:
                self._fault(each.key or each, f"{what} has no setting `{name[:40]}`", f"the settings are: {', '.join(names)}")

    def _mapping(self, key: str, node: Located, what: str) -> bool:
        if node.items is None or not KEY.fullmatch(key):
            self._fault(node.key or node, f"{what} must be a mapping under a name of letters, digits, _ and -", "see docs/stripe.md")
            return False
        return True

    def _variable(self, node: Located, name: str) -> str:
        text = node.text(name)
        if text and not NAME.fullmatch(text):
            self._fault(node.at(name), f"`{text[:60]}` is no name of a variable", "letters, digits and _ only")
        self._not_a_key(node, text)
        return text

    def _variables(self, node: Located) -> tuple[str, ...]:
        """One name or several: a public twin holds the same id."""
        parts = node.list("env")
        names = [part.raw for part in parts] if parts else [node.text("env")] * bool(node.text("env"))
        for name in names:
            if not NAME.fullmatch(name):
                self._fault(node.at("env"), f"`{name[:60]}` is no name of a variable", "letters, digits and _ only")
            self._not_a_key(node, name)
        return tuple(names)

    def _not_a_key(self, node: Located, name: str) -> None:
        if name in KEYS_OWN:
            self._fault(node.at("env"), f"{name} holds a key of Stripe's, and would be written over", "give a variable of its own")

    def _flag(self, node: Located, name: str) -> bool:
        given = node.at(name)
        if given is not None and not isinstance(given.value, bool):
            self._fault(given, f"`{name}` is true or false", f"write `{name}: true`")
        return given is not None and given.value is True

    def _place(self, node: Located | None) -> Place:
        return self.lines.place(self.path, node.start, node.end) if node is not None else Place(self.path)

    def _fault(self, node: Located | None, message: str, help: str) -> None:
        self.faults.append(Fault(self._place(node), message, help))


def with_ids(catalogue: Catalogue, ids: dict[str, str]) -> Catalogue:
    """The same with other product ids, by product key."""
    return replace(catalogue, products=tuple(replace(p, id=ids.get(p.key, p.id)) for p in catalogue.products))
