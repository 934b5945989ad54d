"""PostgreSQL's own grammar (pglast, the server's parser as a library): does this parse, and if not, where not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """`offset` is in bytes of the text that was parsed, -1 where the grammar does not say."""

    message: str
    offset: int


def refused(sql: bytes) -> Refused | None:
    """None when it parses. Text that is not UTF-8 is refused, as the server would."""
    from pglast import parse_sql
    from pglast.parser import ParseError

    try:
        text = sql.decode("utf-8")
        parse_sql(text)
    except UnicodeDecodeError as error:
        return Refused("these bytes are not UTF-8", error.start)
    except ParseError as error:
        message = str(error.args[0]) if error.args else "syntax error"
        at = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else -1
        return Refused(message, len(text[:at].encode()) if at >= 0 else -1)
    except (ValueError, RecursionError) as error:
        return Refused(str(error), -1)
    return None


def reserved() -> frozenset[str]:
    """Words that cannot name a column without quotes."""
    from pglast.keywords import RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

    return frozenset(RESERVED_KEYWORDS) | frozenset(TYPE_FUNC_NAME_KEYWORDS)
