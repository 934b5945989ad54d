"""A plan kept in a file: what is to be written, and marks of all that it was made of, by which a changed world is known. Pure.

It holds ids, texts of stripe.yaml and hashes; a secret is named by its variable.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from opskit.stripe.planning.steps import Choice, Planned
from opskit.stripe.remote import Held, HeldEndpoint, HeldPrice, HeldProduct, owner

SCHEMA = "opskit.stripe-plan/1"
Document = dict[str, Any]
# what is compared, in this order, and how a difference is told: what the plan was made of comes before what follows from it
MARKS = (("account", "the account"), ("mode", "the mode"), ("base", "the address"), ("environment", "--env"), ("opskit", "opskit itself"),
         ("stripe_yaml", "stripe.yaml"), ("domain", "the domain"))
FOLLOWS = (("writes", "what is to be written to Stripe"), ("values", "what .env lacks"), ("columns", "what the database lacks"))
MOST = 5


def objects_of(held: Held, planned: Planned, project: str) -> dict[str, str]:
    """A mark of each object that the plan rests on, by id: ours, and those that it names. Others may come and go."""
    named = {w.id for w in planned.writes} | set(planned.prices.values()) | set(planned.endpoints.values())
    every: tuple[HeldProduct | HeldPrice | HeldEndpoint, ...] = (*held.products, *held.prices, *held.endpoints)
    return {each.id: marked(asdict(each)) for each in every if owner(each.metadata) == project or each.id in named}


def marked(value: Any) -> str:
    """64 bits of a hash: tells that something changed, and not what it was."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def choice_of(document: Document) -> Choice:
    """What the operator said when the plan was made."""
    chosen = document["choice"]
    return Choice(frozenset(map(str, chosen["adopt"])), chosen["create"] is True, frozenset(map(str, chosen["new_secret"])))


def told_choice(choice: Choice, domain: str) -> Document:
    return {"adopt": sorted(choice.adopt), "create": choice.create, "new_secret": sorted(choice.renew), "domain": domain}


def is_whole(document: Any) -> bool:
    """Whether this is a plan that this opskit wrote, with everything that is compared."""
    texts = [name for name, _ in MARKS]
    return (
        isinstance(document, dict) and document.get("schema") == SCHEMA and all(isinstance(document.get(name), str) for name in texts)
        and all(isinstance(document.get(name), list) for name, _ in FOLLOWS) and isinstance(document.get("objects"), dict)
        and isinstance(chosen := document.get("choice"), dict) and isinstance(chosen.get("adopt"), list)
        and isinstance(chosen.get("new_secret"), list) and isinstance(chosen.get("create"), bool)
        and isinstance(chosen.get("domain"), str)
    )


def moved_on(then: Document, now: Document) -> tuple[str, ...]:
    """What differs between the world of a saved plan and the present one, each as a clause; () where the plan still stands."""
    found = [*_marks(then, now)]
    if not found:
        found = [*_objects(then["objects"], now["objects"])]
    return tuple(found or (f"{told} changed" for name, told in FOLLOWS if then[name] != now[name]))


def _marks(then: Document, now: Document) -> Iterator[str]:
    for name, told in MARKS:
        if then[name] != now[name]:
            values = f": {then[name] or 'none'} then, {now[name] or 'none'} now" if name != "stripe_yaml" else " changed"
            yield told + values


def _objects(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    yield from _some("changed in Stripe", (id for id in then if id in now and then[id] != now[id]))
    yield from _some("gone from Stripe", then.keys() - now.keys())
    yield from _some("new in Stripe", now.keys() - then.keys())


def _some(what: str, ids: Iterable[str]) -> Iterator[str]:
    if named := sorted(ids):
        more = f" and {len(named) - MOST} more" if len(named) > MOST else ""
        yield f"{what}: {', '.join(named[:MOST])}{more}"
