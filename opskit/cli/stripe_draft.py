"""stripe.yaml for `opskit init`: drafted from the code; which spelling of the site's domain is right, a person is asked."""

import sys

from opskit.cli.session import Session
from opskit.core.change import Change
from opskit.stripe.catalogue import FILE
from opskit.stripe.draft import draft
from opskit.stripe.sites import certain, domains, spelled_apart
from opskit.stripe.webhooks.sightings import receivers


def drafted(session: Session, asks: bool) -> list[Change]:
    """Nothing where stripe.yaml is there already, or where nothing is sold through Stripe."""
    if session.tree.read(FILE) is not None:
        return []
    heard = receivers(session.survey, everything=True)
    change = draft(session.survey, heard)
    if change is None:
        return []
    if asks and session.world.interactive and heard and (domain := _asked(session)):
        change = draft(session.survey, heard, domain)
    return [change] if change else []


def _asked(session: Session) -> str:
    """The domain that a person chooses among the spellings in the code, "" for none of them."""
    found = domains(session.tree)
    spellings = spelled_apart(found)
    if certain(found) or len(spellings) < 2:
        return ""
    counts = dict(found)
    print("the site's domain is spelled in several ways:", file=sys.stderr)
    for number, name in enumerate(spellings[:9], 1):
        print(f"  {number}  {name}  ({counts[name]} times)", file=sys.stderr)
    print("Which is right? [number, another name, or nothing to leave it open] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip()
    return spellings[int(answer) - 1] if answer.isdigit() and 0 < int(answer) <= len(spellings) else "" if answer.isdigit() else answer
