"""Look-alikes: what somebody made by hand before, which a bootstrap must not make a second time without a word."""

from unicodedata import normalize

from opskit.stripe.catalogue import Catalogue, Price, Product
from opskit.stripe.planning.steps import Choice
from opskit.stripe.reading import with_ids
from opskit.stripe.remote import Held, HeldPrice, HeldProduct, owner


def same_terms(wanted: Price, found: HeldPrice) -> bool:
    """All that a price cannot change afterwards, but its product."""
    terms = (found.amount, found.currency, found.interval, found.count)
    behaviour = found.tax_behavior in ("unspecified", "", wanted.tax_behavior) or wanted.tax_behavior in ("", "unspecified")
    return found.plain and terms == (wanted.amount, wanted.currency, wanted.interval, wanted.count) and behaviour


def twin_of(wanted: Product, held: Held, project: str) -> HeldProduct | None:
    """An active product that is not ours, of the same name, that sells at one of the same terms or has no price at all."""
    for found in held.products:
        if found.active and owner(found.metadata) != project and plain(found.name) == plain(wanted.name):
            prices = [p for p in held.prices if p.product == found.id and p.active]
            if not prices or any(same_terms(w, p) for w in wanted.prices for p in prices):
                return found
    return None


def adopted(catalogue: Catalogue, held: Held, choice: Choice) -> tuple[Catalogue, dict[str, str]]:
    """The catalogue with the ids of the products that --adopt names, and those ids by product key: stripe.yaml is to say them."""
    there = {p.id for p in held.products}
    ids = dict[str, str]()
    for wanted in catalogue.products:
        if wanted.id not in there:
            alike = [p for p in held.products if plain(p.name) == plain(wanted.name)]
            named = [p for p in alike if p.id in choice.adopt and p.id not in ids.values()]
            if named:
                ids[wanted.key] = named[0].id
    return with_ids(catalogue, ids), ids


def plain(name: str) -> str:
    """As a reader sees it: case, blanks, and the ways to write one letter (UAX 15, NFKC) aside."""
    return " ".join(normalize("NFKC", normalize("NFKC", name).casefold()).split())
