"""What `up` runs: the database where it is embedded, then the services of opskit.toml. Composed here, since rooms do not meet."""

from collections.abc import Iterable

from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.services import recipe
from opskit.services.spec import ServiceSpec
from opskit.survey.manifest import MANIFEST, Manifest

DATABASE, PORT = "database", 5433


def services(session: Session, names: Iterable[str] = (), everything: bool = False) -> tuple[ServiceSpec, ...]:
    """The chosen services without the database; what is wrong with the choice is an OpskitError."""
    if not session.manifest.present:
        raise OpskitError(f"there is no {MANIFEST} here, so nothing says what to run", code="OPS-V015",
                          help="opskit init proposes one; look at it, then run this again")
    return recipe.chosen(recipe.specs_of(session.survey, everything), tuple(n for n in names if n != DATABASE))


def stack(session: Session, names: Iterable[str] = (), everything: bool = False) -> tuple[ServiceSpec, ...]:
    """The same with the embedded database first, its data made where there is none. Those that read its URL wait for it."""
    chosen = services(session, names, everything)
    return recipe.after(chosen, database(session), recipe.readers_of(session.survey))


def database(session: Session) -> tuple[ServiceSpec, ...]:
    """The embedded PostgreSQL as a service; () where opskit.toml asks for none or something else runs it already."""
    if session.manifest.database.get("kind") != "embedded":
        return ()
    from opskit.pg.embedded import prepare
    from opskit.pg.running import alive

    server = prepare(session.root, session.manifest.name, database_port(session.manifest), session.say)
    if found := alive(server.data):
        session.say(f"the embedded database is up already (pid {found[0]}, port {found[1]})")
        return ()
    (server.data / "postmaster.pid").unlink(missing_ok=True)
    command = server.command()
    return (ServiceSpec(
        DATABASE, command.argv, str(command.cwd), port=server.port, ready="port", http=False, env=command.env, bare=True, hook="",
        user=command.user, group=command.group, stop_signal="INT", stop_leader=True, grace=30.0, limit=60.0),)


def database_port(manifest: Manifest) -> int:
    """Pinned in ports.toml under `database`, else `[database] port`, else 5433 (5432 is often somebody's own server)."""
    pinned = manifest.ports.get(DATABASE)
    return pinned.port if pinned else int(manifest.database.get("port", PORT))
