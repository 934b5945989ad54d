"""What the platform's own files tell about its catalogue, without asking Stripe."""

from collections.abc import Iterator
from typing import Any

from opskit.core.finding import Checked, Finding, Severity
from opskit.core.place import Place
from opskit.stripe.catalogue import DOMAIN, FILE, Catalogue, Price
from opskit.stripe.made import made_in_code
from opskit.stripe.money import Unpayable, minor, told
from opskit.stripe.planning.alike import plain
from opskit.stripe.sightings import MADE_UP, PriceVariable, catalogue_here, price_variables, written_ids
from opskit.stripe.tiers import sold_by_tables
from opskit.survey.survey import Survey


def check(survey: Survey, everything: bool = False) -> Checked:
    """Pure. Facts: `prices` of stripe.yaml."""
    here, variables = catalogue_here(survey.tree), price_variables(survey)
    running = {path for service in survey.services
               if service.enabled or everything or service.kind == "function" for path in (service.path, *service.closure)}
    findings = [*_written(survey, running), *_made_up(variables, running)]
    if here is None:
        return Checked((*findings, *_without(survey, variables)))
    catalogue, faults = here
    findings += [Finding("OPS-S001", "error", fault.message, fault.place, help=fault.help, harm=60) for fault in faults]
    if not faults:
        findings += [*_unknown(catalogue, variables, running), *_amounts(survey, catalogue), *_nowhere(survey, catalogue)]
    return Checked(tuple(findings), {"prices": [_fact(price) for price in catalogue.prices]})


def _fact(price: Price) -> dict[str, Any]:
    return {"key": price.key, "amount": price.amount, "currency": price.currency, "interval": price.interval,
            "lookup_key": price.lookup_key, "env": list(price.env), "columns": [str(column) for column in price.columns]}


def _severity(place: Place, running: set[str], severity: Severity) -> Severity:
    """Code that nothing runs harms nobody yet."""
    return severity if place.path in running else "note"


def _written(survey: Survey, running: set[str]) -> Iterator[Finding]:
    for seen in written_ids(survey.tree):
        yield Finding("OPS-S012", _severity(seen.place, running, "warning"), "this id is one mode's of one account's", seen.place,
                      help="read it from a variable that stripe.yaml names (env:), or look it up by its lookup_key", harm=46)


def _made_up(variables: tuple[PriceVariable, ...], running: set[str]) -> Iterator[Finding]:
    for variable in variables:
        for read in variable.reads:
            if read.default and MADE_UP.fullmatch(read.default):
                yield Finding("OPS-S015", _severity(read.place, running, "warning"),
                              f"without {variable.name} this asks Stripe for `{read.default}`, which no account has", read.place,
                              help="take the fallback out, so that a missing variable is told at the start", harm=52)


def _without(survey: Survey, variables: tuple[PriceVariable, ...]) -> Iterator[Finding]:
    sold = sold_by_tables(survey.tree)
    if variables or sold:
        place = variables[0].reads[0].place if variables else sold[0].place
        count = len(variables) + len(sold)
        yield Finding("OPS-S016", "note", f"{count} price{'s' * (count != 1)} of Stripe's {'are' if count != 1 else 'is'} wanted here,"
                      f" and no {FILE} says which", place, help="opskit init drafts it from the code", harm=30)


def _unknown(catalogue: Catalogue, variables: tuple[PriceVariable, ...], running: set[str]) -> Iterator[Finding]:
    known = {name for price in catalogue.prices for name in price.env}
    for variable in variables:
        if variable.name not in known:
            read = next((r for r in variable.reads if r.place.path in running), variable.reads[0])
            yield Finding("OPS-S013", _severity(read.place, running, "warning"),
                          f"{variable.name} is read for a price's id, and {FILE} fills it from none", read.place,
                          help=f"add the price with `env: {variable.name}`", harm=54,
                          also=tuple(r.place for r in variable.reads if r != read))


def _amounts(survey: Survey, catalogue: Catalogue) -> Iterator[Finding]:
    by_cell = {(c.table.rpartition(".")[2], c.column, frozenset(c.where)): price for price in catalogue.prices for c in price.columns}
    for sold in sold_by_tables(survey.tree):
        price = by_cell.get((sold.table, sold.column, frozenset(sold.where)))
        if price is not None and _units(sold.amount, price.currency) != price.amount:
            yield _differs(price, f"the row of {sold.table} says {sold.amount}", sold.place)
    for product in catalogue.products:
        made = [m for m in made_in_code(survey.tree) if m.product and plain(m.product) == plain(product.name)]
        for price in product.prices:
            same = [m for m in made if (m.interval, m.currency) == (price.interval, price.currency)]
            if same and all(m.amount != price.amount for m in same):
                yield _differs(price, f"the code makes it {told(same[0].amount, same[0].currency, same[0].interval)}", same[0].place)


def _differs(price: Price, other: str, place: Place) -> Finding:
    terms = told(price.amount, price.currency, price.interval, price.count)
    return Finding("OPS-S014", "warning", f"`{price.key}` is {terms} here, and {other}", price.place,
                   help="write the right one in both places", harm=58, also=(place,))


def _units(text: str, currency: str) -> int:
    try:
        return minor(text, currency)
    except Unpayable:
        return -1


def _nowhere(survey: Survey, catalogue: Catalogue) -> Iterator[Finding]:
    named = catalogue.domain or any(isinstance(e, dict) and e.get("domain") for e in survey.manifest.environments.values())
    for endpoint in catalogue.endpoints:
        if DOMAIN in endpoint.url and not named:
            yield Finding("OPS-S004", "warning", f"the webhook `{endpoint.key}` has no address: nothing says what {{domain}} is",
                          endpoint.place, help="write `domain: example.org` into stripe.yaml", harm=40)
