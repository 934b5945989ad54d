"""What `up` needs in .env and does not find: secrets that opskit can make, and the embedded database's URL."""

from opskit.cli.acting import apply, settled_plan
from opskit.cli.session import Session
from opskit.cli.stack import wanted
from opskit.core.change import Change, Plan
from opskit.db.setting import plan_settings
from opskit.env.fix import ignore_change
from opskit.env.provision import provision
from opskit.pg.embedded import prepare


def lacking(session: Session) -> tuple[str, ...]:
    """Names only: nothing is made yet."""
    where = wanted(session)
    return (*provision(session.survey).made, *([where.name] if where and where.given is None else []))


def supply(session: Session) -> None:
    """Write what lacks, in one entry of the journal each for the secrets and for the database, and read the platform anew."""
    found = provision(session.survey)
    if found.made:
        session.redact.learn(secret.reveal() for secret in found.made.values())
        _write(session, [*found.changes, ignore_change(session.tree)], f"made {', '.join(found.made)}")
    if where := wanted(session):
        server = prepare(session.root, session.manifest.name, where.port, session.say)
        session.redact.learn([server.password.reveal()])
        _write(session, [*plan_settings(session.tree, session.manifest, where.name, server.url, where.port)], f"{where.name} names it")


def _write(session: Session, changes: list[Change | None], told: str) -> None:
    settled = settled_plan(session, Plan(tuple(change for change in changes if change)))
    for dropped in settled.dropped:
        session.say(f"left {getattr(dropped.change, 'path', '')}: {dropped.reason}")
    if settled.rewrites:
        apply(session, settled)
        session.say(f"wrote {', '.join(rewrite.path for rewrite in settled.rewrites)}: {told}")
        session.refresh()
