"""`opskit webhooks verify`: one kept delivery, judged."""

import os
import sys
from pathlib import Path

from opskit.cli.session import Session
from opskit.cli.webhooks_asking import COMMON, known_secrets
from opskit.core.errors import OpskitError
from opskit.core.finding import Checked, Finding
from opskit.core.place import Place
from opskit.report.model import Report, Table
from opskit.stripe.webhooks.delivery import read_delivery
from opskit.stripe.webhooks.keyring import Known, chosen, modes
from opskit.stripe.webhooks.replay import since
from opskit.stripe.webhooks.verify import Trial, verify

MARK = {"ok": "ok", "fails": "NO", "not asked": "-"}


def run(session: Session, file: Path | None, payload: str | None, header: str | None, at: str | None, variable: str | None) -> int:
    data = _data(file, payload)
    known = known_secrets(session)
    now = since(at, session.world.now()) if at else session.world.now()
    trial = Trial(read_delivery(data, header), _expected(known, variable), known, now, modes(session.tree, os.environ))
    verdict = verify(trial)
    name = str(file) if file is not None else "--payload"
    findings = () if verdict.cause == "verifies" else (
        Finding("OPS-H020", "warning" if verdict.accepted else "error", verdict.told, Place(name), help=verdict.mend, harm=70,
                data={"cause": verdict.cause, "accepted": verdict.accepted}),)
    fits = verdict.matched
    facts = {"delivery": [{"cause": verdict.cause, "accepted": verdict.accepted, "secret": fits.name if fits else None,
                           "source": fits.source if fits else None,
                           "checks": [{"check": c.name, "state": c.state, "told": c.told} for c in verdict.checks]}]}
    table = Table("", ("", "check", "what was seen"), tuple((MARK[c.state], c.name, c.told) for c in verdict.checks))
    note = "stripe-python takes it" if verdict.accepted else "stripe-python refuses it"
    session.give(Report(session.command, Checked(findings, facts), tables=(table,), whole=True, judged=False, notes=(note,)))
    return int(not verdict.accepted)


def _data(file: Path | None, payload: str | None) -> bytes:
    if (file is None) == (payload is None):
        raise OpskitError("give a FILE or --payload", code="OPS-X003", help="opskit webhooks verify delivery.txt")
    if payload is not None:
        return payload.encode("utf-8", "surrogateescape")
    assert file is not None
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise OpskitError(f"cannot read {file}: {error.strerror}", code="OPS-X003", help="give the file of the delivery") from error


def _expected(known: tuple[Known, ...], variable: str | None) -> Known | None:
    found = chosen(known, variable or COMMON)
    if found is None and variable:
        raise OpskitError(f"{variable} is not set", code="OPS-H023", help="put the endpoint's secret into .env")
    return found or next(iter(known), None)
