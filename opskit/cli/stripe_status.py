"""What `opskit stripe status` compares beside the plan: the environment's own values, and the version that the code parses."""

import os
from collections.abc import Iterator

from opskit.cli.session import Session
from opskit.cli.stripe_account import Situation
from opskit.core.finding import Finding
from opskit.stripe.catalogue import Endpoint
from opskit.stripe.remote import KEY, owner
from opskit.stripe.spoken import spoken_by
from opskit.stripe.webhooks.agreement import receiver_of
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.sightings import receivers


def differences(session: Session, seen: Situation) -> Iterator[Finding]:
    """Values that the process environment overrides; endpoints that send what the code was not written for."""
    places = {price.key: price.place for price in seen.catalogue.prices}
    for value in seen.values:
        if value.kind == "price" and os.environ.get(value.name, value.shown) != value.shown:
            yield Finding("OPS-S011", "warning", f"the environment sets {value.name} to another id, and wins over {seen.files[-1]}",
                          places[value.key], help=f"unset {value.name}", harm=45)
    heard = [r for r in receivers(session.survey, everything=True) if r.route] if seen.catalogue.endpoints else []
    for endpoint in seen.catalogue.endpoints:
        yield from _version(session, seen, endpoint, heard)


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
