"""Webhook endpoints: found by their stamp. Stripe tells the signing secret once, in the answer to their creation, so an endpoint
whose secret nobody here knows is never taken for a good one. Its api_version never changes: another one is a new endpoint.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from opskit.stripe.catalogue import DOMAIN, Catalogue, Endpoint
from opskit.stripe.planning.steps import Action, Choice, Conflict, Fingerprint, Kept, Made, Pending, Write
from opskit.stripe.remote import KEY, SECRET, Held, HeldEndpoint, owner, stamp


def plan_endpoint(catalogue: Catalogue, wanted: Endpoint, held: Held, kept: Kept, choice: Choice) -> Iterator[Write | Conflict]:
    """The writes for one endpoint; a Conflict where a person must say what is meant."""
    mine = sorted((e for e in held.endpoints if owner(e.metadata) == catalogue.project and e.metadata.get(KEY) == wanted.key),
                  key=lambda e: (e.created, e.id))
    pending = kept.pending.get(wanted.key)
    if pending and pending.id and any(e.id == pending.id for e in mine):
        chosen = next(e for e in mine if e.id == pending.id)
        if _fits(wanted, chosen) and wanted.key not in choice.renew:
            yield from _kept(catalogue, wanted, chosen, mine, pending.print)
            return
    elif pending and not pending.id and wanted.key not in choice.renew:
        yield from _resumed(catalogue, wanted, mine, pending)
        return
    yield from _judged(catalogue, wanted, held, mine, kept, choice)


def disable_endpoints(catalogue: Catalogue, held: Held) -> Iterator[Write]:
    """Ours, and no longer in the file: disabled, so that its secret stays good should it come back."""
    wanted = {e.key for e in catalogue.endpoints}
    for found in held.endpoints:
        key = found.metadata.get(KEY, "")
        if found.enabled and owner(found.metadata) == catalogue.project and key not in wanted:
            yield Write("disable", "endpoint", key or found.id, found.id, {"disabled": True}, "it is no longer in stripe.yaml", last=True)


def creation(catalogue: Catalogue, wanted: Endpoint) -> dict[str, Any]:
    params: dict[str, Any] = {"url": wanted.url, "enabled_events": list(wanted.events), "metadata": stamp(catalogue.project, wanted.key)}
    params |= {"api_version": wanted.api_version} if wanted.api_version else {}
    return params | ({"description": wanted.description} if wanted.description else {})


def digest(params: Mapping[str, Any]) -> str:
    """Of a creation's parameters: an idempotency key may only be used again with the same ones."""
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def _resumed(catalogue: Catalogue, wanted: Endpoint, mine: list[HeldEndpoint], pending: Pending) -> Iterator[Write]:
    """An earlier run called and saw no answer. The same call with the same key is answered with the first one's answer, secret
    included; where the parameters have changed since, what that call made is an orphan."""
    params, unknown = creation(catalogue, wanted), [e for e in mine if SECRET not in e.metadata]
    again = digest(params) == pending.params
    why = "an earlier run was cut short here: the same call again brings its secret" if again else "an earlier run was cut short here"
    yield Write("create", "endpoint", wanted.key, "", params, why, pending.generation if again else f"{pending.generation}+", again)
    yield _stamp(wanted, Made("endpoint", wanted.key))
    answered = unknown[-1:] if again else []
    yield from _deleted([e for e in mine if e not in answered], wanted)


def _judged(
    catalogue: Catalogue, wanted: Endpoint, held: Held, mine: list[HeldEndpoint], kept: Kept, choice: Choice
) -> Iterator[Write | Conflict]:
    known, fitting = kept.secrets.get(wanted.env, ""), [e for e in mine if _fits(wanted, e)]
    proven = [e for e in fitting if known and e.metadata.get(SECRET) == known]
    named = [e for e in held.endpoints if e.id in choice.adopt and e.url == wanted.url]
    if named and not known:
        yield Conflict("OPS-S005", f"{named[0].id} can be adopted only with its secret, and {wanted.env} has none",
                       f"put its signing secret (Dashboard, Webhooks) into {wanted.env}", wanted.place)
    elif named and _fits(wanted, named[0]):
        yield from _kept(catalogue, wanted, named[0], mine, known)
    elif proven and wanted.key not in choice.renew:
        yield from _kept(catalogue, wanted, proven[-1], mine, known)
    elif fitting and wanted.key not in choice.renew:
        yield _unproven(wanted, fitting[-1], known)
    elif not mine and (twin := _twin(catalogue, wanted, held)) and not choice.create:
        yield Conflict("OPS-S002", f"{twin.id} has the URL of the webhook `{wanted.key}` already, and this project did not make it",
                       f"--adopt {twin.id} with its secret in {wanted.env}, or --create: then every event comes twice", wanted.place)
    else:
        yield from _made(catalogue, wanted, mine, kept)


def _made(catalogue: Catalogue, wanted: Endpoint, mine: list[HeldEndpoint], kept: Kept) -> Iterator[Write]:
    version = next((e.api_version for e in mine if not _fits(wanted, e)), "")
    why = f"its api_version {version} never changes; a new one, with a new secret" if version else wanted.url
    generation = f"{','.join(e.id for e in mine)}#{kept.bumps.get(f'endpoint:{wanted.key}', 0)}"
    yield Write("create", "endpoint", wanted.key, "", creation(catalogue, wanted), why, generation)
    yield _stamp(wanted, Made("endpoint", wanted.key))
    yield from _deleted(mine, wanted)


def _kept(catalogue: Catalogue, wanted: Endpoint, found: HeldEndpoint, mine: list[HeldEndpoint], known: str) -> Iterator[Write]:
    metadata = {**stamp(catalogue.project, wanted.key), SECRET: known}
    params: dict[str, object] = {} if found.url == wanted.url else {"url": wanted.url}
    if set(found.events) != set(wanted.events):
        params["enabled_events"] = list(wanted.events)
    if wanted.description and found.description != wanted.description:
        params["description"] = wanted.description
    changed = ", ".join(params)
    if not found.enabled:
        params["disabled"] = False
    if any(found.metadata.get(k) != v for k, v in metadata.items()):
        params["metadata"] = metadata
    if params:
        ours = owner(found.metadata) == catalogue.project
        action: Action = "adopt" if not ours else "reactivate" if "disabled" in params else "update" if changed else "stamp"
        told = {"adopt": "it is to be ours", "reactivate": "it is disabled", "stamp": "its secret is saved"}
        yield Write(action, "endpoint", wanted.key, found.id, params, told.get(action, f"{changed} changed"), last=True)
    yield from _deleted([e for e in mine if e.id != found.id], wanted)


def _stamp(wanted: Endpoint, id: str | Made) -> Write:
    return Write("stamp", "endpoint", wanted.key, id, {"metadata": {SECRET: Fingerprint(wanted.key)}}, "its secret is saved", last=True)


def _deleted(endpoints: list[HeldEndpoint], wanted: Endpoint) -> Iterator[Write]:
    for found in endpoints:
        yield Write("delete", "endpoint", wanted.key, found.id, {}, "another takes its place", last=True)


def _unproven(wanted: Endpoint, found: HeldEndpoint, known: str) -> Conflict:
    what = f"{wanted.env} is not known to be its secret" if known else f"{wanted.env} has no value, and Stripe tells the secret once"
    return Conflict("OPS-S005", f"the webhook `{wanted.key}` is there ({found.id}), and {what}",
                    f"put its signing secret (Dashboard, Webhooks) into {wanted.env} and give --adopt {found.id},"
                    f" or --new-secret {wanted.key} for a new endpoint", wanted.place)


def _twin(catalogue: Catalogue, wanted: Endpoint, held: Held) -> HeldEndpoint | None:
    return next((e for e in held.endpoints if e.url == wanted.url and owner(e.metadata) != catalogue.project), None)


def _fits(wanted: Endpoint, found: HeldEndpoint) -> bool:
    return not wanted.api_version or found.api_version == wanted.api_version


def unfinished(wanted: Endpoint) -> Conflict | None:
    """Why an endpoint cannot be planned yet."""
    if DOMAIN in wanted.url:
        return Conflict("OPS-S004", f"the webhook `{wanted.key}` has no address yet: nothing says what {{domain}} is",
                        "write `domain: example.org` into stripe.yaml, or give --domain", wanted.place)
    return None
