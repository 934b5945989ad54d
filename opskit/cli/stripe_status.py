"""What `opskit stripe status` compares beside the plan: the environment's own values, and the version that the code parses."""

import os
from collections.abc import Iterator, Mapping

from opskit.cli.session import Session
from opskit.cli.stripe_account import Situation
from opskit.cli.stripe_columns import Kept
from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.stripe.catalogue import FILE, Endpoint
from opskit.stripe.remote import KEY, owner
from opskit.stripe.spoken import spoken_by
from opskit.stripe.webhooks.agreement import receiver_of
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.sightings import receivers

MEND = "opskit stripe plan shows what is to be written, opskit stripe bootstrap writes it"
KINDS = {"price": "price", "webhook": "endpoint"}


def differences(session: Session, seen: Situation, columns: tuple[Kept, ...]) -> Iterator[Finding]:
    """What bootstrap would write; values that the process environment overrides; endpoints that send what the code was not written for."""
    places = {f"price {price.key}": price.place for price in seen.catalogue.prices}
    places |= {f"product {product.key}": product.place for product in seen.catalogue.products}
    places |= {f"endpoint {endpoint.key}": endpoint.place for endpoint in seen.catalogue.endpoints}
    if not seen.planned.conflicts:
        yield from (*_unlike(seen, places), *_cells(columns))
    for value in seen.values:
        if value.kind == "price" and os.environ.get(value.name, value.shown) != value.shown:
            yield Finding("OPS-S011", "warning", f"the environment sets {value.name} to another id, and wins over {seen.files[-1]}",
                          places[f"price {value.key}"], help=f"unset {value.name}", harm=45)
    heard = [r for r in receivers(session.survey, everything=True) if r.route] if seen.catalogue.endpoints else []
    for endpoint in seen.catalogue.endpoints:
        yield from _version(session, seen, endpoint, heard)


def _unlike(seen: Situation, places: Mapping[str, Place]) -> Iterator[Finding]:
    """One for each thing of the file that differs, at its entry; what is in the account alone stands at the file's head."""
    told = dict[tuple[str, str], list[str]]()
    for write in seen.planned.writes:
        told.setdefault((write.kind, write.key), []).append(f"{write.action}: {write.why}")
    for (kind, key), why in told.items():
        yield Finding("OPS-S011", "warning", f"the {kind} {key} is not in Stripe as it is here ({'; '.join(why)})",
                      places.get(f"{kind} {key}", Place(FILE, 1, 1)), help=MEND, harm=48)
    for value in seen.waiting:
        if (KINDS[value.kind], value.key) not in told:
            yield Finding("OPS-S011", "warning", f"{value.name} does not hold what Stripe has for {value.key}",
                          places[f"{KINDS[value.kind]} {value.key}"], help=MEND, harm=47)


def _cells(columns: tuple[Kept, ...]) -> Iterator[Finding]:
    for each in columns:
        if not each.right and not each.trouble and isinstance(each.wanted, str):
            yield Finding("OPS-S011", "warning", f"{each.column} holds {each.now or 'NULL'}, and Stripe has {each.wanted}",
                          each.column.place, help=MEND, harm=47)


def _version(session: Session, seen: Situation, endpoint: Endpoint, heard: list[Receiver]) -> Iterator[Finding]:
    """The account's endpoint against the code behind its path: what the code sets, else what its library was made for."""
    receiver = receiver_of(endpoint.url, heard)
    held = next((e for e in seen.held.endpoints
                 if owner(e.metadata) == seen.catalogue.project and e.metadata.get(KEY) == endpoint.key), None)
    if receiver is None or held is None or not held.api_version:
        return
    version, how = (receiver.version, "it says so") if receiver.version else spoken_by(session.tree, receiver.place.path)
    if version and version != held.api_version:
        yield Finding("OPS-S011", "warning",
                      f"{held.id} sends events of {held.api_version}, and {receiver.place.path} parses {version} ({how})", endpoint.place,
                      help=f'write `api_version: "{version}"`, or bring the library to {held.api_version}', harm=57,
                      also=(receiver.place,))
