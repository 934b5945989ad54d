"""One way to connect: a time limit, a name on the connection, no prepared statements (a pooler may not keep them)."""

from typing import TYPE_CHECKING, Any

from opskit.core.errors import LiveError, OpskitError
from opskit.core.secret import Secret
from opskit.pg.diagnose import diagnose
from opskit.pg.doctor import mended_url, read_url
from opskit.pg.url import Address, Trouble

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection

    Connection = PsycopgConnection[Any]

LIMIT = 10


class Unreachable(LiveError):
    """A connection that failed, with its trouble as a value."""

    def __init__(self, trouble: Trouble, address: Address | None) -> None:
        super().__init__(f"the database cannot be used: {trouble.cause}", help=trouble.mend, code="OPS-D010")
        self.trouble, self.address = trouble, address


def connect(url: Secret, limit: int = LIMIT, autocommit: bool = False) -> "Connection":
    """Raises Unreachable with cause and mend, OpskitError for a URL that cannot be read; no error holds the password."""
    import psycopg

    address, troubles = read_url(url.reveal())
    mended = mended_url(url.reveal())
    if address is None or mended is None:
        trouble = next(t for t in troubles if t.fatal)
        raise OpskitError(f"the database URL cannot be used: {trouble.cause}", help=trouble.mend, code="OPS-D007")
    try:
        return psycopg.connect(
            mended.reveal(), connect_timeout=limit, application_name="opskit", prepare_threshold=None, autocommit=autocommit
        )
    except psycopg.Error as error:
        raise Unreachable(diagnose(error, address), address) from None
    except (UnicodeError, ValueError) as error:
        raise Unreachable(diagnose(error, address), address) from None
