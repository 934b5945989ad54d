"""What the webhook commands share: which account, which secret, and what a receiver elsewhere wants said."""

import os
from typing import Annotated

import typer

from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.stripe.webhooks.agreement import receiver_of
from opskit.stripe.webhooks.keyring import Known, chosen, keyring
from opskit.stripe.webhooks.receiver import Receiver
from opskit.stripe.webhooks.sightings import receivers
from opskit.stripe.webhooks.transport import fit, is_here

COMMON = "STRIPE_WEBHOOK_SECRET"
Variable = Annotated[
    str | None,
    typer.Option("--secret-variable", envvar="OPSKIT_SECRET_VARIABLE", metavar="NAME", help="Which variable holds the secret."),
]


def known_secrets(session: Session) -> tuple[Known, ...]:
    """Every webhook secret of the platform; none of them is told from here on."""
    folders = dict.fromkeys(path.rpartition("/")[0] for path in session.tree.files if path.rpartition("/")[2].startswith(".env"))
    found = keyring(session.tree, os.environ, folders)
    session.redact.learn(known.secret.reveal() for known in found)
    return found


def receiver_at(session: Session, url: str) -> Receiver | None:
    return receiver_of(url, (r for r in receivers(session.survey, True) if r.route))


def secret_for(known: tuple[Known, ...], variable: str | None, receiver: Receiver | None) -> Known:
    """The variable that was given, the receiver's own, the usual one, or the only one there is."""
    names = [variable] if variable else [*([receiver.variable] if receiver and receiver.variable else []), COMMON]
    for name in names:
        if (found := chosen(known, name)) is not None:
            return found
    if not variable and len({k.secret for k in known}) == 1:
        return known[0]
    mend = "put the endpoint's secret into .env, or name its variable with --secret-variable"
    raise OpskitError(f"{names[0]} is not set", code="OPS-H023", help=mend)


def guard(session: Session, url: str, what: str, yes: bool) -> None:
    """A receiver that is not on this machine may be a customer's shop."""
    if not is_here(fit(url)) and not session.ask(f"{what} {url}, which is not on this machine and acts on it?", yes):
        raise OpskitError("nothing was sent", code="OPS-X013", help="probe a receiver on this machine first")
