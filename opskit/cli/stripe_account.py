"""One look at a Stripe account from a platform: its catalogue, the key, what is there, what would be written."""

import os
from dataclasses import dataclass, replace
from typing import Annotated, Any, NamedTuple

import typer

from opskit.cli.sandbox import sandbox_base
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.source.dotenv import files_of, read_dotenv
from opskit.stripe.catalogue import FILE, Catalogue
from opskit.stripe.guard import OFFICIAL, Address, addressed, agreed, stop_mixed
from opskit.stripe.hosts import host_fault
from opskit.stripe.pending import Store
from opskit.stripe.planning.alike import adopted
from opskit.stripe.planning.planner import at_domain, plan
from opskit.stripe.planning.steps import Choice, Kept, Planned
from opskit.stripe.reading import read_catalogue
from opskit.stripe.remote import Held
from opskit.stripe.values import Value, compare, read_sources, secrets_of

Base = Annotated[
    str | None, typer.Option("--stripe-base", envvar="OPSKIT_STRIPE_BASE", help="A sandbox on loopback instead of Stripe.", metavar="URL")
]
Domain = Annotated[str | None, typer.Option("--domain", envvar="OPSKIT_STRIPE_DOMAIN", help="What {domain} is in webhooks' URLs.")]
Adopt = Annotated[
    list[str] | None, typer.Option("--adopt", envvar="OPSKIT_ADOPT", help="Take this one over; may stand several times.", metavar="ID")
]
Live = Annotated[bool, typer.Option("--live", envvar="OPSKIT_LIVE", help="Write to a live account, with --confirm ACCOUNT.")]
Confirm = Annotated[
    list[str] | None,
    typer.Option("--confirm", envvar="OPSKIT_CONFIRM", help="A live account's id; a database's name.", metavar="NAME"),
]
Create = Annotated[bool, typer.Option("--create", envvar="OPSKIT_CREATE", help="Create in spite of look-alikes.")]


class Asking(NamedTuple):
    """Which account is asked, and what the operator says of what is there."""

    base: Base = None
    domain: Domain = None
    adopt: Adopt = None
    create: Create = False


@dataclass(frozen=True, slots=True)
class Situation:
    """`ids` are product ids that --adopt brings, by product key: stripe.yaml is to say them. `values` are the variables to be kept."""

    catalogue: Catalogue
    address: Address
    client: Any
    store: Store
    held: Held
    planned: Planned
    ids: dict[str, str]
    values: tuple[Value, ...]
    files: tuple[str, ...]
    choice: Choice

    @property
    def waiting(self) -> list[Value]:
        return [value for value in self.values if not value.right]


def catalogue_of(session: Session, domain: str | None = None) -> Catalogue:
    """stripe.yaml. Raises OpskitError where it is not there or cannot be meant."""
    read = session.tree.parsed(FILE, read_catalogue)
    if read is None:
        raise OpskitError(f"there is no {FILE}", code="OPS-S001", help="opskit init drafts it from the code")
    catalogue, faults = read
    if faults:
        more = f" ({len(faults) - 1} more: opskit check stripe)" if len(faults) > 1 else ""
        raise OpskitError(f"{faults[0].message}{more}", code="OPS-S001", help=faults[0].help, place=faults[0].place)
    named = replace(catalogue, project=catalogue.project or session.manifest.name)
    given = domain or _domain(session)
    if given and (why := host_fault(given))[0]:
        said = "--domain" if domain else f"opskit.toml: [env.{session.environment}] domain"
        raise OpskitError(f"{said} {given[:60]!r} {why[0]}", code="OPS-X003", help=why[1])
    return at_domain(named, given or catalogue.domain)


def look(session: Session, asking: Asking, renew: tuple[str, ...] = (), webhooks: bool = False) -> Situation:
    """Reads the account; changes nothing. `webhooks` leaves products and prices out of it."""
    catalogue, files = catalogue_of(session, asking.domain), files_of(session.environment)
    catalogue = replace(catalogue, products=()) if webhooks else catalogue
    address = address_for(session, asking.base)
    from opskit.stripe.account import read_account
    from opskit.stripe.calling import client_of

    client = client_of(address)
    held = read_account(client, address, catalogue)
    agreed(catalogue, held)
    return _judged(session, Looked(catalogue, address, client, held, files), Choice(
        frozenset(asking.adopt or ()), asking.create, frozenset(_endpoints(catalogue, renew)), webhooks))


def address_for(session: Session, base: str | None) -> Address:
    """The key and where it goes. A file with keys of both modes stops it, also where one line wins over another."""
    files = files_of(session.environment)
    for path in files:
        if (source := session.tree.parsed(path, read_dotenv)) is not None:
            stop_mixed(path, ((entry.key, entry.value or "") for entry in source.bindings))
    address = addressed(read_sources(session.tree, os.environ, files), base or base_of(session))
    session.redact.learn([address.key.reveal()])
    session.say(f"reading {'the sandbox at ' + address.base if address.local else 'Stripe'} with {address.source} ...", slow=True)
    return address


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read, before it is judged."""

    catalogue: Catalogue
    address: Address
    client: Any
    held: Held
    files: tuple[str, ...]


def _judged(session: Session, looked: Looked, choice: Choice) -> Situation:
    catalogue, ids = adopted(looked.catalogue, looked.held, choice)
    store = Store(session.root, looked.held.account, looked.held.mode, catalogue.project)
    sources = read_sources(session.tree, os.environ, looked.files)
    session.redact.learn(secret.reveal() for secret in store.secrets.values())
    planned = plan(catalogue, looked.held, Kept(secrets_of(catalogue, sources), store.pending, store.bumps), choice)
    prints = {key: pending.print for key, pending in store.pending.items() if pending.print}
    values = compare(catalogue, planned, sources, prints)
    return Situation(catalogue, looked.address, looked.client, store, looked.held, planned, ids, values, looked.files, choice)


def again(session: Session, before: Situation, choice: Choice | None = None) -> Situation:
    """The same look anew, after this or another run has written; what was to be renewed is renewed by now, unless `choice` says else."""
    from opskit.stripe.account import read_account

    session.refresh()
    held = read_account(before.client, before.address, before.catalogue)
    looked = Looked(before.catalogue, before.address, before.client, held, before.files)
    return _judged(session, looked, choice or replace(before.choice, renew=frozenset()))


def base_of(session: Session) -> str:
    base = session.manifest.stripe.get("base") or sandbox_base(session.manifest.stripe) or OFFICIAL
    if not isinstance(base, str):
        raise OpskitError(f"opskit.toml: [stripe] base = {base!r} has the wrong type", code="OPS-X002", place=Place("opskit.toml"),
                          help='write base = "http://127.0.0.1:12111"')
    return base


def _domain(session: Session) -> str:
    given = session.manifest.environments.get(session.environment, {})
    return str(given.get("domain", "")) if isinstance(given, dict) else ""


def _endpoints(catalogue: Catalogue, keys: tuple[str, ...]) -> tuple[str, ...]:
    known = {endpoint.key for endpoint in catalogue.endpoints}
    if unknown := [key for key in keys if key not in known]:
        raise OpskitError(f"{FILE} has no webhook `{unknown[0]}`", code="OPS-X003", help=f"it has: {', '.join(sorted(known)) or 'none'}")
    return keys
