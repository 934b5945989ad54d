"""stripe.yaml drafted from the code: what is read, what tables sell, who receives webhooks. What cannot be told is a comment in it."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from opskit.core.change import FileCreate
from opskit.stripe.catalogue import FILE
from opskit.stripe.entries import entries
from opskit.stripe.made import MadePrice, made_in_code
from opskit.stripe.money import major
from opskit.stripe.priced import Priced, priced
from opskit.stripe.published import events, versions
from opskit.stripe.sightings import PriceVariable, price_variables
from opskit.stripe.sites import certain, domains, spelled_apart
from opskit.stripe.spoken import spoken_by
from opskit.stripe.tiers import Sold, sold_by_tables
from opskit.stripe.webhooks.receiver import Receiver
from opskit.survey.survey import Survey

ENDING = re.compile(r"_(\d{1,6})$")
BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
SECRET = "STRIPE_WEBHOOK_SECRET"
WORDS = frozenset("yes no true false null on off y n".split())
NAMES = {"month": "monthly", "year": "yearly", "week": "weekly", "day": "daily", "": "once"}
HEAD = """# What is sold and who hears of it. `opskit stripe plan` shows what Stripe lacks of it, `opskit stripe bootstrap` makes it so.
# Drafted by opskit init: look at names and amounts before you run it.
version: 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One price of the draft; without an `amount` it is written as a comment, with a `doubt` why."""

    name: str
    amount: str
    interval: str
    currency: str = "usd"
    env: tuple[str, ...] = ()
    cell: Sold | None = None
    source: str = ""
    doubt: str = "not found in the code"


@dataclass
class Tier:
    key: str
    name: str
    description: str = ""
    lines: list[Line] = field(default_factory=list)


def draft(survey: Survey, receivers: Iterable[Receiver], domain: str = "") -> FileCreate | None:
    """The file to make; None where there is one, or nothing to sell and nobody to tell."""
    tree = survey.tree
    variables = price_variables(survey)
    named = tuple(priced(entries(tree))) if variables else ()
    tiers = _told_apart([*_of_variables(variables, made_in_code(tree), named), *_of_tables(sold_by_tables(tree))])
    hooks = [*_hooks(survey, receivers)]
    if tree.read(FILE) is not None or not (tiers or hooks):
        return None
    found = domains(tree)
    text = f"{HEAD}project: {_spelled(survey.manifest.name)}\n{_domain(domain or certain(found), found)}"
    if tiers:
        text += "\nproducts:\n" + "".join(_tier(tier) for tier in tiers)
    if hooks:
        text += "\nwebhooks:\n" + "\n".join(hooks)
    count = sum(bool(line.amount) for tier in tiers for line in tier.lines)
    return FileCreate(FILE, text.encode(), f"the catalogue, drafted: {count} price{'s' * (count != 1)}")


def _told_apart(tiers: list[Tier]) -> list[Tier]:
    """Each under a key of its own."""
    taken = set[str]()
    for tier in tiers:
        table = next((line.cell.table for line in tier.lines if line.cell), "tier")
        keys = (tier.key, f"{table}_{tier.key}", *(f"{tier.key}_{n}" for n in range(2, 99)))
        tier.key = next(key for key in keys if key and key not in taken)
        taken.add(tier.key)
    return tiers


def _domain(name: str, found: list[tuple[str, int]]) -> str:
    if name:
        return f"domain: {name}\n"
    named = [f"# domain: {host}  # named {count} time{'s' * (count != 1)}" for host, count in found[:4]]
    apart = "# the site's domain is spelled in several ways: leave the right one\n" * (len(spelled_apart(found)) > 1)
    return apart + "\n".join(named or ["# domain: example.org"]) + "\n"


def _of_variables(variables: Iterable[PriceVariable], made: tuple[MadePrice, ...], named: tuple[Priced, ...]) -> list[Tier]:
    """One product a tier that variables name; amounts from the code that makes the product, else from its tables of plans, else from
    a fallback such as `price_builder_99`."""
    tiers: dict[str, Tier] = {}
    for variable in variables:
        mine = [m for m in made if m.product and _key(m.product) == _key(variable.tier)]
        best = next((m for m in mine if m.interval == variable.interval), mine[0] if mine and not variable.interval else None)
        beside = [] if best else _beside(variable, named)
        tier = tiers.setdefault(variable.tier, Tier(variable.tier, _title(variable.tier)))
        if mine:
            tier.name, tier.description = mine[0].product, mine[0].description
        elif beside and beside[0].name:
            tier.name = beside[0].name
        line = _made_line(variable, best) if best else _line(variable, beside)
        twin = next((each for each in tier.lines if each.name == line.name), None)
        if twin is None:
            tier.lines.append(line)
        else:
            known = line if line.amount and not twin.amount else twin
            tier.lines[tier.lines.index(twin)] = replace(known, env=(*twin.env, variable.name))
    return list(tiers.values())


def _made_line(variable: PriceVariable, best: MadePrice) -> Line:
    interval = variable.interval or best.interval
    return Line(NAMES[interval], major(best.amount, best.currency), interval, best.currency, (variable.name,), None, str(best.place))


def _beside(variable: PriceVariable, named: tuple[Priced, ...]) -> list[Priced]:
    """Amounts that stand beside the variable's own id; where none does, those of what is called as its tier."""
    fitting = [p for p in named if variable.interval in ("", p.interval) or p.interval is None]
    return [p for p in fitting if p.variable == variable.name] or [
        p for p in fitting if not p.variable and any(_key(word) == _key(variable.tier) for word in p.words)]


def _line(variable: PriceVariable, beside: list[Priced]) -> Line:
    """One that all places agree on is taken; where they do not agree, or one can be read in two ways, they are told."""
    first = beside[0] if beside else None
    interval = variable.interval or (first.interval if first and first.interval is not None else "month")
    if first is None:
        return Line(NAMES[interval], _from_fallback(variable), interval, env=(variable.name,), source=str(variable.reads[0].place))
    source = f"{first.place}, {first.written}"
    if len({(p.amount, p.currency, p.interval) for p in beside}) == 1 and first.amount:
        return Line(NAMES[interval], first.amount, interval, first.currency, (variable.name,), source=source)
    several = ", ".join(dict.fromkeys(p.written for p in beside))
    return Line(NAMES[interval], "", interval, first.currency, (variable.name,), source=source, doubt=f"the code has: {several}")


def _from_fallback(variable: PriceVariable) -> str:
    amounts = {found[1] for read in variable.reads if read.default and (found := ENDING.search(read.default))}
    return f"{int(amounts.pop())}.00" if len(amounts) == 1 else ""


def _of_tables(sold: Iterable[Sold]) -> list[Tier]:
    """One product a row, its name from the columns that tell it from the others."""
    tiers: dict[tuple[str, tuple[tuple[str, str], ...]], Tier] = {}
    for each in sold:
        words = " ".join(value for _, value in each.where)
        tier = tiers.setdefault((each.table, each.where), Tier(_key(words), _title(words)))
        tier.lines.append(Line(NAMES[each.interval], each.amount, each.interval, cell=each, source=str(each.place)))
    return list(tiers.values())


def _hooks(survey: Survey, receivers: Iterable[Receiver]) -> Iterator[str]:
    """One endpoint a variable for its secret: an endpoint has one secret. Functions that a host runs come before servers."""
    kinds = {service.name: (service.kind != "function", not service.enabled) for service in survey.services}
    reachable = [r for r in receivers if r.route and r.check != "none" and r.types & events()]
    taken, names = set[str](), set[str]()
    for each in sorted(reachable, key=lambda r: (kinds.get(r.service, (True, True)), r.place)):
        variable = each.variable or (SECRET if SECRET not in taken and len(reachable) == 1 else "")
        if not variable or variable in taken:
            what = f"needs a secret of its own: {variable} is another endpoint's" if variable else "checks a secret that no variable holds"
            yield f"  # {each.place.path}:{each.place.line} ({each.route}) {what}\n"
            continue
        taken.add(variable)
        name = next(n for n in ("main", _key(each.service) or "other", *(f"hook_{i}" for i in range(2, 20))) if n not in names)
        names.add(name)
        yield _hook(survey, each, name, variable)


def _hook(survey: Survey, receiver: Receiver, name: str, variable: str) -> str:
    version, how = (receiver.version, "the code sets it") if receiver.version else spoken_by(survey.tree, receiver.place.path)
    asked = "".join(f"      - {kind}\n" for kind in sorted(receiver.types & events()))
    known = f'    api_version: "{version}"  # {how}\n' if version in versions() else ""
    return (f"  {name}:  # {receiver.place.path}\n    url: https://{{domain}}{receiver.route}\n    events:\n{asked}{known}"
            f"    env: {variable}\n")


def _tier(tier: Tier) -> str:
    """Prices without a known amount, and a product that has no others, are comments."""
    known = any(line.amount for line in tier.lines)
    head = [f"  {tier.key}:", f"    name: {_spelled(tier.name)}"]
    head += [f"    description: {_spelled(tier.description)}"] * bool(tier.description) + ["    prices:"]
    lines = [text if known else f"  #{text[1:]}" for text in head]
    for line in tier.lines:
        lines += _price(line) if line.amount else [f"  #{text[1:]}" for text in _price(line)]
    return "\n".join(lines) + "\n"


def _price(line: Line) -> list[str]:
    text = [f"      {line.name}:  # {line.source}", f"        amount: {line.amount or f'  # {line.doubt}'}"]
    text += [f"        currency: {line.currency}"] * (line.currency != "usd")
    text += [f"        interval: {line.interval}"] * bool(line.interval) + _variables(line)
    if line.cell:
        where = ", ".join(f"{name}: {_spelled(value)}" for name, value in line.cell.where)
        text += [f"        column: {line.cell.table}.{line.cell.column}", f"        where: {{{where}}}"]
    return text


def _variables(line: Line) -> list[str]:
    if len(line.env) == 1:
        return [f"        env: {line.env[0]}"]
    return [f"        env: [{', '.join(line.env)}]"] * bool(line.env)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _title(text: str) -> str:
    return " ".join(word.capitalize() for word in re.split(r"[^A-Za-z0-9]+", text) if word)


def _spelled(text: str) -> str:
    """Plain where YAML reads it as this text, else in double quotes."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ._/-]*[A-Za-z0-9]|[A-Za-z]", text) and text.lower() not in WORDS:
        return text
    quoted = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
