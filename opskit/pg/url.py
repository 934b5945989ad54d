"""A database URL as people paste it, read before anything connects: its parts, and what is wrong with it.

libpq tells a malformed URL in riddles (a raw `@` in the password becomes "failed to resolve host") and echoes the
password in some of them, so the text is read here first. Rules: RFC 3986 section 2.1 and 3.2, PostgreSQL's manual
34.1.1.2 (connection URIs), Prisma's and SQLAlchemy's pages on their own forms.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from opskit.core.secret import Secret

SCHEMES = ("postgresql", "postgres")
SSLMODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FOREIGN = (
    "pgbouncer",
    "schema",
    "connection_limit",
    "pool_timeout",
    "statement_cache_size",
    "sslaccept",
    "socket_timeout",
    "pgbouncer_mode",
    "supa",
    "prepareThreshold",
    "ssl",
    "uselibpqcompat",
)
PLACEHOLDER = re.compile(
    r"\[[\w -]*(?:password|user|host|ref|project|region)[\w -]*\]|<[\w -]+>"
    r"|\byour[-_ ]?\w*|\b(?:change[-_]?me|replace[-_]?me|placeholder|xxx+)\b"
    r"|\.\.\.|\{\{?[\w .-]+\}?\}|\$\{\w+\}",
    re.I,
)
EXAMPLE = re.compile(
    r"(?:postgres(?:ql)?://)?(?:user|username|dbuser|db_user)(?::(?:pass|password|passwd|pwd|dbpass|secret))?@(?:host|hostname|db[-_]?host|server|localhost)"
    r"(?::(?:port|\d+))?/(?:db[-_]?name|database|db|mydb|your\w*)?(?:\?.*)?",
    re.I,
)
PLAIN = re.compile(r"[A-Za-z_][\w.-]{0,19}")
LOCAL = ("localhost", "127.0.0.1", "::1", "[::1]", "")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong and the ONE thing that mends it. `mended` is the URL as it should be, where that is certain."""

    kind: str
    cause: str
    mend: str
    fatal: bool = True
    mended: Secret | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A URL's parts, decoded. `parameters` in their order."""

    scheme: str
    user: str
    password: Secret
    host: str
    port: int | None
    database: str
    parameters: tuple[tuple[str, str], ...] = field(default=())

    @property
    def local(self) -> bool:
        return self.host.lower() in LOCAL or self.host.startswith(("/", "127."))

    def text(self) -> Secret:
        """The URL written anew, every part percent-encoded."""
        who = quote(self.user, safe="") + (f":{quote(self.password.reveal(), safe='')}" if self.password.reveal() else "")
        host = f"[{self.host}]" if ":" in self.host else quote(self.host, safe="")
        query = "&".join(f"{name}={quote(value, safe='/:,')}" for name, value in self.parameters)
        port = f":{self.port}" if self.port else ""
        return Secret(f"{self.scheme}://{who}{'@' if who else ''}{host}{port}/{quote(self.database, safe='')}{'?' if query else ''}{query}")

    def masked(self) -> str:
        """For people: no password, in no form. A user alone may be a password in the wrong place: shown only where none is needed."""
        alone = self.local and PLAIN.fullmatch(self.user)
        who = f"{self.user}:***@" if self.password.reveal() else f"{self.user if alone else '***'}@" * bool(self.user)
        return f"{self.scheme}://{who}{self.host}{f':{self.port}' if self.port else ''}/{self.database}"


def is_placeholder(text: str) -> bool:
    """Whether this is a sample that nobody filled in (`postgresql://user:password@host:5432/dbname`, `your_..._here`)."""
    bare = text.strip().strip("'\"")
    return not bare or bool(EXAMPLE.fullmatch(bare)) or bool(PLACEHOLDER.search(bare))


def split_url(text: str) -> Address | None:
    """The parts as the writer meant them: the last `@` before the host ends the password, whatever stands raw inside it."""
    match = re.fullmatch(r"([a-z][a-z0-9+.-]*)://(.*)", text, re.I | re.S)
    if not match:
        return None
    scheme, rest = match[1], match[2]
    who, at, where = _credentials(rest)
    where, _, query = where.partition("?")
    authority, _, database = where.partition("/")
    user, _, password = who.partition(":") if at else ("", "", "")
    host = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", authority.split(",")[0])
    if not host or (host[2] and not 0 < int(host[2]) < 65536):
        return None
    parameters = tuple((n, unquote(v)) for n, _, v in (part.partition("=") for part in query.split("&")) if n)
    given = dict(parameters)
    return Address(
        scheme,
        unquote(user),
        Secret(unquote(password)),
        given.get("host") or unquote(host[1].strip("[]")),
        int(host[2]) if host[2] else None,
        unquote(database),
        parameters,
    )


def _credentials(rest: str) -> tuple[str, bool, str]:
    """A host holds no `@`: the last one that a host and port follow is the border, in the query none counts."""
    best = -1
    for match in re.finditer("@", rest):
        if re.match(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._%,:-]*)(/[^@]*)?(\?.*)?$", rest[match.end() :], re.S):
            best = match.start()
            break
    if best < 0:
        best = rest.rfind("@")
    return (rest[:best], True, rest[best + 1 :]) if best >= 0 else ("", False, rest)
