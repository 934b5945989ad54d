"""`opskit webhooks status | register`: the account's endpoints against the code, and stripe.yaml's brought there."""

from dataclasses import replace
from typing import Any

from opskit.cli.pipeline import Examined, exit_code, report_of
from opskit.cli.session import Session
from opskit.cli.stripe_account import Asking, address_for, catalogue_of, look
from opskit.cli.webhooks_asking import known_secrets
from opskit.core.finding import Checked
from opskit.report.model import Table
from opskit.stripe.catalogue import FILE, Catalogue
from opskit.stripe.webhooks.sightings import receivers
from opskit.stripe.webhooks.status import Seen, matched, status_findings, unsent_findings


def client_for(session: Session, base: str | None) -> Any:
    """The official library's client for the account."""
    from opskit.stripe.calling import client_of

    return client_of(address_for(session, base))


def run(session: Session, base: str | None) -> int:
    """0: nothing to mend. 1: findings."""
    from opskit.stripe.account import read_account
    from opskit.stripe.calling import client_of

    address = address_for(session, base)
    catalogue = catalogue_of(session) if session.tree.read(FILE) is not None else Catalogue(project=session.manifest.name)
    held = read_account(client_of(address), address, replace(catalogue, products=()))
    heard = receivers(session.survey)
    seen = matched(held, heard, catalogue)
    findings = (*status_findings(seen, (known.name for known in known_secrets(session))), *unsent_findings(held, heard, catalogue))
    examined = Examined(Checked(findings, {"endpoints": [_fact(each) for each in seen]}), {})
    told = f"{held.account}, {held.mode} mode: {len(seen)} endpoint{'s' * (len(seen) != 1)}"
    session.give(report_of(session, examined, whole=True, tables=_table(seen), notes=(told,)))
    return exit_code(examined)


def register(session: Session, base: str | None, domain: str | None, agreeing: tuple[bool, bool, bool, tuple[str, ...], str]) -> int:
    from opskit.cli.stripe_bootstrap import Agreeing
    from opskit.cli.stripe_bootstrap import run as bootstrap

    return bootstrap(session, look(session, Asking(base, domain), webhooks=True), Agreeing(*agreeing))


def _table(seen: tuple[Seen, ...]) -> tuple[Table, ...]:
    rows = tuple((s.endpoint.id, s.endpoint.url, "enabled" if s.endpoint.enabled else "DISABLED", s.endpoint.api_version or "the account's",
                  f"{s.receiver.place.path}:{s.receiver.place.line}" if s.receiver else "-", str(len(s.endpoint.events))) for s in seen)
    return (Table("", ("endpoint", "url", "state", "api version", "receiver", "events"), rows),) if rows else ()


def _fact(each: Seen) -> dict[str, object]:
    endpoint, receiver = each.endpoint, each.receiver
    return {"id": endpoint.id, "url": endpoint.url, "enabled": endpoint.enabled, "api_version": endpoint.api_version or None,
            "events": list(endpoint.events), "secret": each.variable or None, "path": receiver.place.path if receiver else None,
            "line": receiver.place.line if receiver else None}
