"""`--save-plan` and `--plan`: a plan of stripe.yaml put by, and carried out only in the world that it was made for."""

import hashlib
import json
from pathlib import Path
from typing import Any

import opskit
from opskit.cli.session import Session
from opskit.cli.stripe_account import Asking, Situation
from opskit.cli.stripe_columns import Kept
from opskit.cli.target import write_target
from opskit.core.errors import NotReady, OpskitError
from opskit.core.place import Place
from opskit.report.masked import masked
from opskit.stripe.catalogue import FILE
from opskit.stripe.planning.steps import plain
from opskit.stripe.saved import SCHEMA, Document, choice_of, is_whole, moved_on, objects_of, told_choice

MOST_BYTES = 64 << 20


def document_of(session: Session, seen: Situation, columns: tuple[Kept, ...], domain: str = "") -> Document:
    """The plan and the marks of its world. Every text goes through the Redactor: what a secret got into is masked alike then and now."""
    held, planned = seen.held, seen.planned
    writes = [{"action": w.action, "kind": w.kind, "key": w.key, "id": plain(w.id), "params": plain(w.params), "why": w.why}
              for w in planned.writes]
    values = [{"name": v.name, "for": v.key, "file": v.file or seen.files[-1], "value": v.shown or "the webhook's secret"}
              for v in seen.waiting]
    cells = [{"column": str(c.column), "now": c.now, "wanted": plain(c.wanted), "trouble": c.trouble} for c in columns if not c.right]
    document = {
        "schema": SCHEMA, "opskit": opskit.__version__, "account": held.account, "mode": held.mode, "base": seen.address.base,
        "environment": session.environment, "stripe_yaml": hashlib.sha256(session.tree.read(FILE) or b"").hexdigest(),
        "domain": seen.catalogue.domain, "choice": told_choice(seen.choice, domain), "writes": writes, "values": values, "columns": cells,
        "objects": objects_of(held, planned, seen.catalogue.project),
    }
    found: Document = masked(document, session.redact)
    return found


def save(session: Session, file: Path, seen: Situation, columns: tuple[Kept, ...], domain: str) -> str:
    """What is told of it. `domain` is --domain, "" where it was not given."""
    if seen.planned.conflicts:
        return f"{file} was not written: there is no plan while one of these stands"
    if file.is_file() and file.stat().st_size and not is_whole(_loaded(file)):
        raise OpskitError(f"{file} is there, and is no saved plan", code="OPS-X003", help="give --save-plan another name")
    document = document_of(session, seen, columns, domain)
    write_target(file, json.dumps(document, indent=1).encode() + b"\n", "give another --save-plan")
    return f"saved: opskit stripe bootstrap --plan {file}"


def read(file: Path) -> Document:
    """Raises OpskitError where it is no plan of this opskit's."""
    again = "opskit stripe plan --save-plan FILE writes one"
    document = _loaded(file)
    if not is_whole(document):
        raise OpskitError(f"{file} is not a plan that this opskit saved", code="OPS-X003", place=Place(str(file)), help=again)
    found: Document = document
    return found


def _loaded(file: Path) -> Any:
    """None where it is not JSON."""
    try:
        return json.loads(file.read_bytes()) if file.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise OpskitError(f"cannot read {file}: {error.strerror}", code="OPS-X003",
                          help="opskit stripe plan --save-plan FILE writes one") from error
    except (ValueError, RecursionError):
        return None


def asked_by(document: Document, asking: Asking, renew: list[str] | None) -> tuple[Asking, tuple[str, ...]]:
    """What is asked, as the plan has it. Raises OpskitError for a choice beside the plan's own."""
    if asking.adopt or asking.create or renew:
        given = "--adopt" if asking.adopt else "--create" if asking.create else "--new-secret"
        raise OpskitError(f"{given} beside --plan: a saved plan holds its own choices", code="OPS-X003",
                          help=f"opskit stripe plan {given} ... --save-plan FILE")
    choice = choice_of(document)
    domain = asking.domain or document["choice"]["domain"] or None
    return asking._replace(adopt=sorted(choice.adopt), create=choice.create, domain=domain), tuple(sorted(choice.renew))


def still(session: Session, then: Document, seen: Situation, columns: tuple[Kept, ...]) -> None:
    """Raises NotReady, before anything is written, where the world is not the plan's any more; says what differs."""
    if differs := moved_on(then, document_of(session, seen, columns)):
        raise NotReady(f"the saved plan is not for this: {'; '.join(differs)}", code="OPS-S009",
                       help="opskit stripe plan --save-plan FILE, and look at the new one")
