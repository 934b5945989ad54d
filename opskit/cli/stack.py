"""What `up` runs: the database where it is embedded, then the services of opskit.toml. Composed here, since rooms do not meet."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from opskit.cli.folders import made, with_folders
from opskit.cli.sandboxed import with_sandbox
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.services import recipe
from opskit.services.spec import ServiceSpec
from opskit.survey.manifest import MANIFEST

if TYPE_CHECKING:
    from opskit.cli.database import Where
    from opskit.pg.embedded import Server

DATABASE = "database"


def services(session: Session, names: Iterable[str] = (), everything: bool = False) -> tuple[ServiceSpec, ...]:
    """The chosen services without the database; what is wrong with the choice is an OpskitError."""
    if not session.manifest.present:
        raise OpskitError(f"there is no {MANIFEST} here, so nothing says what to run", code="OPS-V015",
                          help="opskit init proposes one; look at it, then run this again")
    specs = with_folders(session, recipe.specs_of(session.survey, everything))
    return recipe.chosen(specs, tuple(n for n in names if n != DATABASE))


def stack(session: Session, names: Iterable[str] = (), everything: bool = False) -> tuple[ServiceSpec, ...]:
    """The same with the embedded database first, its data and the private folders made where there are none. Those that read its URL wait
    for it and get it, unless .env or the environment hold one already."""
    names = tuple(names)
    made(session)
    chosen = with_sandbox(session, services(session, names, everything))
    where, readers = wanted(session), recipe.readers_of(session.survey)
    if where is None or (names and DATABASE not in names and not any(spec.name in readers for spec in chosen)):
        return chosen
    from opskit.pg.embedded import prepare

    server = prepare(session.root, session.manifest.name, where.port, session.say)
    given = {} if where.given else {where.name: server.url.reveal()}
    return recipe.after(chosen, _database(session, server), readers, given)


def wanted(session: Session) -> "Where | None":
    """The embedded database, where opskit.toml asks for one and no URL points elsewhere."""
    if session.manifest.database.get("kind") != "embedded":
        return None
    from opskit.cli.database import locate

    where = locate(session, session.environment)
    return where if where.embedded else None


def _database(session: Session, server: "Server") -> tuple[ServiceSpec, ...]:
    """The server as a service; () where somebody runs it already."""
    from opskit.pg.running import alive

    if found := alive(server.data):
        session.say(f"the embedded database is up already (pid {found[0]}, port {found[1]})")
        return ()
    (server.data / "postmaster.pid").unlink(missing_ok=True)
    command = server.command()
    return (ServiceSpec(
        DATABASE, command.argv, str(command.cwd), text="postgres (embedded)", port=server.port, http=False, env=command.env, bare=True,
        user=command.user, group=command.group, stop_signal="INT", stop_leader=True, grace=30.0, limit=60.0),)
