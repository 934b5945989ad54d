"""Every name that a script uses: what a new name must not collide with, whatever it stands for there."""

from opskit.pg.table import unquoted
from opskit.pg.tokens import Dialect, tokens


def words_of(data: bytes, dialect: Dialect = "postgresql") -> set[str]:
    return {unquoted(data, token) for token in tokens(data, dialect=dialect) if token.kind in ("word", "name")}
