"""Where the platform's code meets the catalogue: variables for price ids, ids written into the code, what tables and code sell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.stripe.catalogue import FILE, Catalogue, Fault
from opskit.stripe.reading import read_catalogue
from opskit.stripe.tiers import interval_of
from opskit.survey.facts import EnvRead
from opskit.survey.survey import Survey

VARIABLE = re.compile(r"(?:NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_)?(?:STRIPE_)?(?P<before>\w+?_)?PRICE(?:_ID)?(?P<after>_\w+?)?(?:_ID)?")
WRITTEN = re.compile(rb"""(['"`])(price_(?=[0-9A-Za-z]*[0-9])(?=[0-9A-Za-z]*[A-Z])[0-9A-Za-z]{14,40})\1""")
MADE_UP = re.compile(r"price_\w*")
CODE = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".html", ".htm")
COMMENTS = ("#", "//", "*", "/*", "<!--")
TESTS = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|fixtures|e2e)/|(?:^|/)(?:test_[^/]*|conftest)\.py$|[._](?:test|spec)\.\w+$")


@dataclass(frozen=True, slots=True)
class PriceVariable:
    """A variable that the code reads a price's id from. `tier` is what its name says is sold (`builder`), `interval` how often it is
    paid as far as the name tells; `reads` all its places."""

    name: str
    tier: str
    interval: str
    reads: tuple[EnvRead, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A price's id that stands in the code."""

    id: str
    place: Place


def catalogue_here(tree: Tree) -> tuple[Catalogue, tuple[Fault, ...]] | None:
    """stripe.yaml with its faults; None where there is none."""
    return tree.parsed(FILE, read_catalogue)


def price_variables(survey: Survey) -> tuple[PriceVariable, ...]:
    """By name. Only those whose name has Stripe in it, or that stand in a file which has."""
    found: dict[str, list[EnvRead]] = {}
    for read in survey.reads:
        parts = VARIABLE.fullmatch(read.name)
        if parts and not TESTS.search(read.place.path) and (parts["before"] or parts["after"]) and _is_stripe(survey.tree, read):
            found.setdefault(read.name, []).append(read)
    return tuple(PriceVariable(name, *_tier(name), tuple(reads)) for name, reads in sorted(found.items()))


def _is_stripe(tree: Tree, read: EnvRead) -> bool:
    return "STRIPE" in read.name or b"stripe" in (tree.read(read.place.path) or b"").lower()


def _tier(name: str) -> tuple[str, str]:
    """`STRIPE_PRICE_PRO_YEARLY` -> (pro, year); `STRIPE_BUILDER_PRICE_ID` -> (builder, "")."""
    bare = re.sub(r"^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC)_", "", name).lower()
    words = [w for w in bare.split("_") if w not in ("stripe", "price", "id")]
    interval = next((i for w in words if (i := interval_of(w))), "")
    tier = [w for w in words if not interval_of(w)]
    return "_".join(tier or words), interval


def written_ids(tree: Tree) -> Iterator[Written]:
    """In code that is no test and on lines that are no comments."""
    for path in tree.holding(tree.ending(*CODE), b"price_"):
        data = b"" if TESTS.search(path) else tree.read(path) or b""
        for found in WRITTEN.finditer(data):
            place = tree.place(path, *found.span(2))
            if not tree.lines(path).text(place.line).lstrip().startswith(COMMENTS):
                yield Written(found[2].decode(), place)
