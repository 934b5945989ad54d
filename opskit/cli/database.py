"""Which database a `db` command means, and whether it may change it. Composed here from the manifest, .env and the embedded server."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.core.secret import Secret
from opskit.db.setting import free_port, is_ours, pinned_port
from opskit.db.url import Given, find_url, variable_of
from opskit.pg.doctor import read_url
from opskit.pg.embedded import Server, prepare, prepared
from opskit.pg.running import running
from opskit.source.dotenv import DEV, files_of


@dataclass(frozen=True, slots=True)
class Where:
    """`given` is None where no URL is set; `embedded` says that the local one of ours is meant, on `port`."""

    name: str
    given: Given | None
    embedded: bool
    port: int

    @property
    def told(self) -> str:
        if self.embedded or self.given is None:
            return f"an embedded PostgreSQL on 127.0.0.1:{self.port}"
        address = read_url(self.given.value.reveal())[0]
        return f"{address.masked() if address else 'the database'} ({self.name} from {self.given.source})"


def locate(session: Session, environment: str) -> Where:
    """A URL that is set wins over the manifest's embedded one; a sample counts as not set."""
    return _locate(session, environment, variable_of(session.survey), lambda: free_port(_taken(session)))


def relocate(session: Session, environment: str, where: Where) -> Where:
    """The same after another opskit may have written the files; the code is not surveyed again for it."""
    session.refresh()
    return _locate(session, environment, where.name, lambda: where.port)


def _locate(session: Session, environment: str, name: str, free: Callable[[], int]) -> Where:
    manifest = session.manifest
    given = find_url(session.tree, os.environ, name, files_of(environment))
    if given is None and environment != DEV:
        raise OpskitError(
            f"{name} is not set for --env {environment}",
            code="OPS-D006",
            help=f"put it into the environment, or into {files_of(environment)[-1]}",
        )
    pinned = pinned_port(manifest)
    ours = given is None or (is_ours(given.value, pinned) and manifest.database.get("kind", "embedded") == "embedded")
    return Where(name, given, ours, pinned or free())


def server_of(session: Session, where: Where) -> Server | None:
    """The embedded server where its data is there; makes nothing."""
    return prepared(session.root, session.manifest.name, where.port) if where.embedded else None


@contextmanager
def reachable(session: Session, where: Where) -> Iterator[Secret]:
    """The URL to use, the embedded server made and up for as long as it is needed."""
    if not where.embedded:
        assert where.given is not None
        yield where.given.value
        return
    wanted = read_url(where.given.value.reveal())[0] if where.given else None
    server = prepare(session.root, session.manifest.name, where.port, session.say, wanted)
    session.redact.learn([server.password.reveal()])
    with running(server, session.say):
        yield server.url


def guard(where: Where, environment: str | None, confirm: str | None) -> None:
    """What is neither embedded nor on this machine is changed only when it is named twice; --yes is not enough."""
    if where.embedded or where.given is None:
        return
    address, troubles = read_url(where.given.value.reveal())
    if address is None:
        raise OpskitError(
            f"{where.name} cannot be used: {troubles[0].cause}", help=troubles[0].mend, code="OPS-D007", place=where.given.place
        )
    if address.local and environment in (None, DEV):
        return
    if environment is None or confirm != address.database:
        raise OpskitError(
            f"{address.masked()} is not a local database of ours",
            code="OPS-D014",
            place=where.given.place or Place(""),
            help=f"if you mean it: --env {environment or 'NAME'} --confirm {address.database or 'DATABASE'}",
        )


def _taken(session: Session) -> set[int]:
    seen = {b.port for s in session.survey.services for b in s.binds if b.port}
    return seen | {entry.port for entry in session.manifest.ports.values()}
