"""A script carried out in one transaction: all of it or nothing. What the server refuses is told at its line."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.core.errors import OpskitError
from opskit.core.place import Lines, Place
from opskit.pg.script import Left, Script, Step

if TYPE_CHECKING:
    from psycopg import Error

    from opskit.pg.connect import Connection

MISSING, FORBIDDEN, NO_EXTENSION = "42704", "42501", ("0A000", "58P01")
STAND_INS = {
    "uuid-ossp": "CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()'",
    "pgcrypto": "SELECT 1",
}


class SchemaFault(OpskitError):
    """The server refused a statement; nothing of the script remains. `excerpt` is the line with a caret under the fault."""

    def __init__(self, message: str, place: Place, help: str, excerpt: str) -> None:
        super().__init__(f"{message}\n{excerpt}" if excerpt else message, help=help, code="OPS-D011", place=place)


@dataclass(frozen=True, slots=True)
class Loaded:
    """`rows` counts what INSERT and COPY wrote. `left` was not carried out."""

    statements: int
    rows: int
    seconds: float
    left: tuple[Left, ...]


def load(
    connection: "Connection", script: Script, progress: Callable[[int, int], None] = lambda done, of: None, stand_in: bool = False
) -> Loaded:
    """Run every step in the transaction that is open on `connection` or begins with the first; the caller commits.

    `stand_in`: the server is the embedded one, which ships without pgcrypto and uuid-ossp; what of them PostgreSQL
    has in its core now is provided in their place, and told.
    """
    began, rows, left = time.monotonic(), 0, list(script.left)
    _refuse_outside(script)
    for done, step in enumerate(script.steps):
        if done % 25 == 0:
            progress(done, len(script.steps))
        with _mapped(script, step):
            if step.data is not None:
                rows += _copy(connection, step)
            elif step.lenient or (stand_in and step.words[:2] == ("create", "extension")):
                left += _try(connection, script, step, stand_in)
            else:
                count = connection.execute(step.text.encode()).rowcount
                rows += max(0, count) if step.words[:1] in (("insert",), ("with",)) else 0
    progress(len(script.steps), len(script.steps))
    return Loaded(len(script.steps), rows, time.monotonic() - began, tuple(left))


def run_alone(connection: "Connection", script: Script) -> Loaded:
    """The one step that refuses a transaction, on a connection in autocommit."""
    began, step = time.monotonic(), script.steps[0]
    with _mapped(script, step):
        connection.execute(step.text.encode())
    return Loaded(1, 0, time.monotonic() - began, script.left)


def _refuse_outside(script: Script) -> None:
    found = next((step for step in script.steps if step.outside), None)
    if found:
        raise SchemaFault(
            "this statement refuses to run in a transaction with others", script.place(found), "put it alone into a file of its own", ""
        )


def _copy(connection: "Connection", step: Step) -> int:
    with connection.cursor() as cursor:
        with cursor.copy(step.text.encode()) as copy:
            copy.write(step.data or b"")
        return max(0, cursor.rowcount)


def _try(connection: "Connection", script: Script, step: Step, stand_in: bool) -> Iterator[Left]:
    """Inside a savepoint, so that a missing role, setting or extension costs this step only."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(step.text.encode())
        return
    except psycopg.Error as error:
        name = _extension(step)
        if stand_in and name in STAND_INS and error.sqlstate in NO_EXTENSION:
            reason = f"extension {name} is not in the embedded PostgreSQL; what its core has (random UUIDs) stands in"
        elif step.lenient and error.sqlstate in (MISSING, FORBIDDEN):
            reason = f"{_verb(step)}: {error.diag.message_primary}"
        else:
            raise
    if name in STAND_INS:
        connection.execute(STAND_INS[name].encode())
    yield Left(script.place(step), reason, step.text.strip()[:80])


def _verb(step: Step) -> str:
    return (
        "OWNER TO"
        if "OWNER TO" in step.text.upper()
        else " ".join(step.words[:2] if step.words[:1] == ("set",) else step.words[:1]).upper()
    )


def _extension(step: Step) -> str:
    from pglast import parse_sql

    if step.words[:2] != ("create", "extension"):
        return ""
    try:
        return str(getattr(parse_sql(step.text)[0].stmt, "extname", ""))
    except Exception:
        return ""


@contextmanager
def _mapped(script: Script, step: Step) -> Iterator[None]:
    """A server's error with the file's own line, column and caret, and the server's HINT or DETAIL as help."""
    import psycopg

    try:
        yield
    except psycopg.OperationalError as error:
        if error.sqlstate is None:
            raise SchemaFault(
                f"the connection was lost: {str(error).strip()}", script.place(step), "run it again; nothing was kept", ""
            ) from None
        raise _fault(script, step, error) from None
    except psycopg.Error as error:
        raise _fault(script, step, error) from None


def _fault(script: Script, step: Step, error: "Error") -> SchemaFault:
    diag = error.diag
    at = int(diag.statement_position) - 1 if diag.statement_position else None
    start = step.start + (len(step.text[:at].encode()) if at is not None else 0)
    place = script.place(step, start, min(start + 1, step.end))
    message = f"{diag.message_primary or error} ({error.sqlstate})"
    if diag.context and "COPY" in diag.context:
        message += f", {diag.context.splitlines()[0]}"
    help = " ".join(part for part in (diag.message_hint, diag.message_detail) if part) or "mend that line; nothing of the script was kept"
    return SchemaFault(message, place, help, _excerpt(script.files[step.path], place) if at is not None else "")


def _excerpt(data: bytes, place: Place) -> str:
    text = Lines(data).text(place.line)
    if len(text) > 160 or not text.isprintable():
        return ""
    return f"   |  {text}\n   |  {' ' * (place.column - 1)}^"
