"""Where ids and secrets are kept on this side: which file gives a variable its value, and the edits that give it another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opskit.core.change import FileCreate, FileEdit
from opskit.core.tree import Tree
from opskit.source.dotenv import read_dotenv
from opskit.source.dotenv_edit import set_values
from opskit.stripe.catalogue import Catalogue
from opskit.stripe.planning.steps import Made, Planned
from opskit.stripe.remote import fingerprint

ENVIRONMENT = "the environment"
SIGNING = re.compile(r"whsec_[0-9A-Za-z+/=_-]{16,}")
PRICE_ID = re.compile(r"price_[0-9A-Za-z_]{8,}")


@dataclass(frozen=True, slots=True)
class Value:
    """A variable that stripe.yaml names: what it is for (a price's or an endpoint's key), which file gives it now ("" for none) and
    whether it is as it should be. `shown` is the id that it should hold; of a secret nothing is shown."""

    name: str
    kind: str
    key: str
    file: str
    right: bool
    shown: str = ""
    was: str = ""


def read_sources(tree: Tree, environ: Mapping[str, str], files: tuple[str, ...]) -> dict[str, Mapping[str, str]]:
    """Values by source, in their order of precedence."""
    found: dict[str, Mapping[str, str]] = {ENVIRONMENT: {k: v for k, v in environ.items() if k.startswith("STRIPE_")}}
    for path in files:
        if (source := tree.parsed(path, read_dotenv)) is not None:
            found[path] = source.values
    return found


def secrets_of(catalogue: Catalogue, sources: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Fingerprints of the signing secrets that are there, by variable; a stand-in such as `whsec_...` is none."""
    found = {}
    for name in {endpoint.env for endpoint in catalogue.endpoints}:
        given = next((values[name] for source, values in sources.items() if source != ENVIRONMENT and values.get(name)), "")
        if SIGNING.fullmatch(given):
            found[name] = fingerprint(given)
    return found


def compare(
    catalogue: Catalogue, planned: Planned, sources: Mapping[str, Mapping[str, str]], at_hand: Mapping[str, str]
) -> tuple[Value, ...]:
    """Every variable that stripe.yaml names against what it should hold after the plan. `at_hand` are fingerprints of secrets that an
    earlier run got and did not save, by endpoint key."""
    found, prints = [], secrets_of(catalogue, sources)
    for price in catalogue.prices:
        for name in price.env:
            file, was = _held(name, sources)
            id = planned.prices.get(price.key, Made("price", price.key))
            shown = was if was == id or PRICE_ID.fullmatch(was) else ""
            found.append(Value(name, "price", price.key, file, was == id, str(id), shown))
    made = {w.key for w in planned.writes if w.kind == "endpoint" and w.action == "create"}
    for endpoint in catalogue.endpoints:
        file, _ = _held(endpoint.env, sources)
        wanted = at_hand.get(endpoint.key)
        right = endpoint.key not in made and endpoint.env in prints and (wanted is None or prints[endpoint.env] == wanted)
        if endpoint.key not in planned.left:
            found.append(Value(endpoint.env, "webhook", endpoint.key, file, right))
    return tuple(found)


def edits(tree: Tree, files: tuple[str, ...], wanted: Mapping[str, str]) -> list[FileEdit | FileCreate]:
    """Each value in the file that gives it now, else in the last of `files`."""
    sources = read_sources(tree, {}, files)
    by_file: dict[str, dict[str, str]] = {}
    for name, value in wanted.items():
        file = _held(name, sources)[0] or files[-1]
        by_file.setdefault(file, {})[name] = value
    why = "what Stripe gave"
    return [edit for file, values in by_file.items() for edit in set_values(file, tree.read(file), values, why)]


def _held(name: str, sources: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    return next(((source, values[name]) for source, values in sources.items() if source != ENVIRONMENT and name in values), ("", ""))
