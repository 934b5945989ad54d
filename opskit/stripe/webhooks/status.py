"""The endpoints that an account has, against the code that is to receive their events. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.stripe.catalogue import DOMAIN, FILE, Catalogue, Endpoint
from opskit.stripe.remote import Held, HeldEndpoint, owner
from opskit.stripe.webhooks.agreement import host_of, path_of, receiver_of
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.samples import AFTER

MOST, NEAR = 16, 15


@dataclass(frozen=True, slots=True)
class Seen:
    """One endpoint with its receiver, and the variable that its secret belongs into ("" where nothing tells)."""

    endpoint: HeldEndpoint
    receiver: Receiver | None
    variable: str


def matched(held: Held, receivers: Iterable[Receiver], catalogue: Catalogue) -> tuple[Seen, ...]:
    known = [r for r in receivers if r.route]
    names = {e.url.rstrip("/"): e.env for e in catalogue.endpoints}
    found = []
    for endpoint in held.endpoints:
        receiver = receiver_of(endpoint.url, known) if is_ours(endpoint, catalogue) else None
        found.append(Seen(endpoint, receiver, names.get(endpoint.url.rstrip("/"), "") or (receiver.variable if receiver else "")))
    return tuple(found)


def is_ours(endpoint: HeldEndpoint, catalogue: Catalogue) -> bool:
    """Whether an endpoint can be meant for this platform: several share an account, and `/webhook` is everybody's path. One that bears
    another project's stamp is not; where stripe.yaml tells a host, one of another site is not."""
    stamped = owner(endpoint.metadata)
    if stamped and catalogue.project:
        return stamped == catalogue.project
    hosts = {host for e in catalogue.endpoints if DOMAIN not in e.url and (host := host_of(e.url))}
    hosts |= {catalogue.domain.partition(":")[0].lower()} - {""}
    there = host_of(endpoint.url)
    return not hosts or any(there == host or there.endswith(f".{host}") or host.endswith(f".{there}") for host in hosts)


def status_findings(seen: tuple[Seen, ...], given: Iterable[str]) -> Iterator[Finding]:
    """`given` are the variables that hold a webhook secret."""
    by_url: dict[str, Seen] = {}
    known = frozenset(given)
    for each in seen:
        url = each.endpoint.url.rstrip("/")
        if url in by_url and each.endpoint.enabled and by_url[url].endpoint.enabled:
            yield _finding("OPS-H050", each, f"{each.endpoint.id} and {by_url[url].endpoint.id} have one URL: each event comes twice", 80,
                           "delete the one that the Dashboard shows as unused")
        by_url.setdefault(url, each)
        yield from _one(each, known)
    if len(seen) >= NEAR:
        yield Finding("OPS-H054", "warning", f"the account has {len(seen)} endpoints, and may have {MOST}", Place(FILE),
                      help="delete those that nobody needs", harm=40)


def unsent_findings(held: Held, receivers: Iterable[Receiver], catalogue: Catalogue) -> Iterator[Finding]:
    """Receivers of the code, and webhooks of stripe.yaml, that no endpoint of the account stands for. In the test mode that may be
    meant: `stripe listen` sends to this machine without one."""
    by_route: dict[str, list[Receiver]] = {}
    known, ours = list(receivers), [e for e in held.endpoints if is_ours(e, catalogue)]
    for receiver in known:
        if receiver.route and not any(receiver_of(e.url, [receiver]) for e in ours):
            by_route.setdefault(receiver.route.rstrip("/"), []).append(receiver)
    named = {route: next((e for e in catalogue.endpoints if receiver_of(e.url, group)), None) for route, group in by_route.items()}
    for route, group in by_route.items():
        first, wanted = group[0], named[route]
        told = f"{first.route} receives Stripe's events, and {held.account} has no endpoint there: none comes"
        yield _unsent(held, told, first.place, _register(first, wanted, catalogue), tuple(r.place for r in group[1:]))
    for endpoint in catalogue.endpoints:
        heard = [r for r in known if r.route and receiver_of(endpoint.url, [r])]
        there = any(path_of(e.url) == path_of(endpoint.url) or receiver_of(e.url, heard) for e in ours)
        if not there and endpoint not in named.values():
            told = f"{held.account} has no endpoint for the webhook `{endpoint.key}`"
            yield _unsent(held, told, endpoint.place, "opskit webhooks register")


def _unsent(held: Held, told: str, place: Place, help: str, also: tuple[Place, ...] = ()) -> Finding:
    return Finding("OPS-H057", "error" if held.live else "warning", told, place, help=help, harm=84 if held.live else 64, also=also)


def _register(receiver: Receiver, wanted: Endpoint | None, catalogue: Catalogue) -> str:
    if wanted is not None:
        return f"opskit webhooks register makes it: stripe.yaml has it as `{wanted.key}`"
    if not (catalogue.products or catalogue.endpoints):
        return "opskit init drafts stripe.yaml with it; then opskit webhooks register"
    return (f"write it under webhooks: of stripe.yaml (url: https://{{domain}}{receiver.route}, its events, env: "
            f"{receiver.variable or 'STRIPE_WEBHOOK_SECRET'}); then opskit webhooks register")


def _one(each: Seen, given: frozenset[str]) -> Iterator[Finding]:
    endpoint, receiver = each.endpoint, each.receiver
    if not endpoint.enabled:
        yield _finding("OPS-H051", each, f"{endpoint.id} ({endpoint.url}) is disabled: Stripe sends it nothing", 82,
                       "mend the receiver, then run opskit webhooks register")
    if "*" in endpoint.events:
        yield _finding("OPS-H055", each, f"{endpoint.id} asks for every event", 30, "list the events that the code handles", "note")
    if each.variable and each.variable not in given:
        yield _finding("OPS-H056", each, f"{each.variable}, the secret of {endpoint.id}, is not set here", 70, "opskit webhooks register")
    if receiver is None:
        return
    if "*" not in endpoint.events:
        lacking = [h.type for h in receiver.events if not _asked(h.type, endpoint.events)]
        if lacking:
            yield _finding("OPS-H052", each, f"{endpoint.id} does not ask for {_some(lacking)}, which the code handles", 72,
                           "add them to stripe.yaml, then run opskit webhooks register")
        idle = [kind for kind in endpoint.events if receiver.events and not receiver.handles(kind)]
        if idle:
            yield _finding("OPS-H052", each, f"{endpoint.id} asks for {_some(idle)}, which the code does not handle", 45,
                           "handle them, or leave them out of stripe.yaml", "warning")
    yield from _version(each)


def _version(each: Seen) -> Iterator[Finding]:
    """The code's own version where it names one; else the fields it reads tell which shapes it was written for."""
    endpoint, receiver = each.endpoint, each.receiver
    assert receiver is not None
    shapes = f"{endpoint.id} sends the shapes of {endpoint.api_version}"
    if receiver.version and endpoint.api_version and receiver.version != endpoint.api_version:
        yield _finding("OPS-H053", each, f"{shapes}, and the code is written for {receiver.version}", 60,
                       f'write `api_version: "{receiver.version}"` into stripe.yaml: a new endpoint with a new secret', "warning")
    elif endpoint.api_version >= AFTER and (moved := receiver.marked("moved field")):
        yield _finding("OPS-H053", each, f"{shapes}, and the code reads {moved[0].text}, which they lack", 74,
                       "read the new place, or pin an older api_version in stripe.yaml")


def _asked(kind: str, events: tuple[str, ...]) -> bool:
    return kind in events or (kind.endswith("*") and any(e.startswith(kind[:-1]) for e in events))


def _some(kinds: list[str]) -> str:
    return ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more" if len(kinds) > 3 else "")


def _finding(code: str, each: Seen, message: str, harm: int, help: str, severity: str = "error") -> Finding:
    place = each.receiver.place if each.receiver is not None else Place(FILE)
    return Finding(code, severity, message, place, help=help, harm=harm, data={"endpoint": each.endpoint.id})  # type: ignore[arg-type]
