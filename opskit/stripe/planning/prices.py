"""Prices: found by their lookup_key. Amount, currency, interval and product never change, so a new amount is a new price that takes
the key over in the same call, and the old one is archived: it sells nothing new, and who pays by it goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from opskit.stripe.catalogue import Catalogue, Price, Product
from opskit.stripe.money import told
from opskit.stripe.planning.alike import same_terms
from opskit.stripe.planning.steps import Choice, Conflict, Kept, Made, Write
from opskit.stripe.remote import KEY, Held, HeldPrice, owner, stamp


@dataclass
class Matched:
    """Which price of the account stands for which of the file, by its key; None where one is to be made."""

    by_key: dict[str, HeldPrice | None] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def taken(self) -> set[str]:
        return {found.id for found in self.by_key.values() if found}


def match(catalogue: Catalogue, held: Held, choice: Choice) -> Matched:
    """First who holds the lookup_key on the right terms, then whatever of ours (or to be adopted) has those terms."""
    matched, pairs = Matched(), [(product, price) for product in catalogue.products for price in product.prices]
    holders = {p.lookup_key: p for p in held.prices if p.lookup_key}
    for product, price in pairs:
        holder = holders.get(price.lookup_key)
        if holder and not _may(catalogue, holder, choice):
            matched.conflicts.append(Conflict(
                "OPS-S003", f"the lookup_key `{price.lookup_key}` is held by {holder.id}, which this project did not make",
                f"--adopt {holder.id} to take it over, or give `{price.key}` another lookup_key", price.place))
        elif holder and holder.product == product.id and same_terms(price, holder):
            matched.by_key[price.key] = holder
    for product, price in pairs:
        if price.key not in matched.by_key:
            matched.by_key[price.key] = _another(catalogue, product, price, held, choice, matched)
    return matched


def _may(catalogue: Catalogue, found: HeldPrice, choice: Choice) -> bool:
    return owner(found.metadata) == catalogue.project or found.id in choice.adopt or found.product in choice.adopt


def _another(catalogue: Catalogue, product: Product, price: Price, held: Held, choice: Choice, matched: Matched) -> HeldPrice | None:
    """Ours by its stamp, else one to be adopted, active ones first. One that is neither and looks the same stops the plan."""
    alike = [p for p in held.prices if p.product == product.id and same_terms(price, p) and p.id not in matched.taken]
    ours = [p for p in alike if owner(p.metadata) == catalogue.project and p.metadata.get(KEY) == price.key]
    named = [p for p in alike if owner(p.metadata) != catalogue.project and _may(catalogue, p, choice)]
    for group in (ours, named):
        if group:
            return max(group, key=lambda p: (p.active, p.created, p.id))
    strange = next((p for p in alike if p.active and owner(p.metadata) != catalogue.project), None)
    if strange and not choice.create:
        terms = told(strange.amount, strange.currency, strange.interval, strange.count)
        matched.conflicts.append(Conflict(
            "OPS-S002", f"{strange.id} looks like `{price.key}` ({terms}), and this project did not make it",
            f"--adopt {strange.id} to take it over, or --create for a second one", price.place))
    return None


def plan_prices(catalogue: Catalogue, held: Held, matched: Matched, kept: Kept) -> Iterator[Write]:
    holders = {p.lookup_key: p for p in held.prices if p.lookup_key}
    for product in catalogue.products:
        for price in product.prices:
            found, holder = matched.by_key.get(price.key), holders.get(price.lookup_key)
            if found is None:
                yield _created(catalogue, product, price, holder, held, kept)
            elif params := _difference(catalogue, price, found, holder):
                yield _written(catalogue, price, found, params)


def _created(catalogue: Catalogue, product: Product, price: Price, holder: HeldPrice | None, held: Held, kept: Kept) -> Write:
    """Without a holder no transfer is asked for: then Stripe itself refuses a second price of that key."""
    params: dict[str, object] = {"product": product.id, "currency": price.currency, "unit_amount": price.amount}
    params["lookup_key"] = price.lookup_key
    params |= {"recurring": {"interval": price.interval, "interval_count": price.count}} if price.interval else {}
    params |= {"nickname": price.nickname} if price.nickname else {}
    params |= {"tax_behavior": price.tax_behavior} if price.tax_behavior else {}
    params |= {"transfer_lookup_key": True} if holder else {}
    params["metadata"] = stamp(catalogue.project, price.key)
    before = sorted(p.id for p in held.prices if p.metadata.get(KEY) == price.key)
    generation = f"{','.join(before)}#{kept.bumps.get(f'price:{price.key}', 0)}"
    terms = told(price.amount, price.currency, price.interval, price.count)
    if holder is None:
        return Write("create", "price", price.key, "", params, terms, generation)
    was = told(holder.amount, holder.currency, holder.interval, holder.count)
    why = f"{terms}, in the place of {holder.id} ({was})"
    return Write("create", "price", price.key, "", params, why, generation)


def _difference(catalogue: Catalogue, price: Price, found: HeldPrice, holder: HeldPrice | None) -> dict[str, object]:
    params: dict[str, object] = {}
    if not found.active:
        params["active"] = True
    if found.lookup_key != price.lookup_key:
        params["lookup_key"] = price.lookup_key
        params |= {"transfer_lookup_key": True} if holder else {}
    if price.nickname and found.nickname != price.nickname:
        params["nickname"] = price.nickname
    if price.tax_behavior not in ("", "unspecified") and found.tax_behavior != price.tax_behavior:
        params["tax_behavior"] = price.tax_behavior
    if any(found.metadata.get(k) != v for k, v in stamp(catalogue.project, price.key).items()):
        params["metadata"] = stamp(catalogue.project, price.key)
    return params


def _written(catalogue: Catalogue, price: Price, found: HeldPrice, params: dict[str, object]) -> Write:
    if owner(found.metadata) != catalogue.project:
        return Write("adopt", "price", price.key, found.id, params, "it is to be ours")
    if "lookup_key" in params:
        return Write("transfer", "price", price.key, found.id, params, f"it has these terms already; it gets the key {price.lookup_key}")
    if "active" in params:
        return Write("reactivate", "price", price.key, found.id, params, "it is archived")
    return Write("update", "price", price.key, found.id, params, f"{', '.join(params)} changed")


def plan_defaults(catalogue: Catalogue, held: Held, matched: Matched, choice: Choice) -> Iterator[Write]:
    """A product's default price: the one that the file marks; where it marks none and the present one is to be archived, its successor,
    else none. Stripe archives no price that is its product's default (stripe-python issue 658)."""
    by_id, prices = {p.id: p for p in held.products}, {p.id: p for p in held.prices}
    for product in catalogue.products:
        current = by_id[product.id].default_price if product.id in by_id else ""
        marked = next((p.key for p in product.prices if p.default), "")
        if not marked and current and current not in matched.taken and current in prices and _leaves(catalogue, prices[current], choice):
            successor = prices[current].metadata.get(KEY, "")
            marked = successor if successor in {p.key for p in product.prices} else ""
            if not marked:
                yield Write("default", "product", product.key, product.id, {"default_price": ""}, f"{current} is to be archived")
        if marked:
            wanted = price_id(matched, marked)
            if wanted != current:
                yield Write("default", "product", product.key, product.id, {"default_price": wanted}, f"{marked} is its default price")


def archive_prices(catalogue: Catalogue, held: Held, matched: Matched, choice: Choice) -> Iterator[Write]:
    """Active prices of ours, on products that stay, that nothing in the file stands for."""
    stays = {p.id for p in catalogue.products}
    for found in held.prices:
        if found.active and found.product in stays and found.id not in matched.taken and _leaves(catalogue, found, choice):
            terms = told(found.amount, found.currency, found.interval, found.count)
            yield Write("archive", "price", found.metadata.get(KEY, found.id), found.id, {"active": False},
                        f"{terms}: stripe.yaml no longer has it")


def _leaves(catalogue: Catalogue, found: HeldPrice, choice: Choice) -> bool:
    return owner(found.metadata) == catalogue.project or found.id in choice.adopt


def price_id(matched: Matched, key: str) -> str | Made:
    found = matched.by_key.get(key)
    return found.id if found else Made("price", key)
