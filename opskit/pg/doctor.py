"""What is wrong with a database URL, told before connecting. Never shows the password."""

import re

from opskit.core.secret import Secret
from opskit.pg.url import FOREIGN, SCHEMES, SSLMODES, Address, Trouble, is_placeholder, split_url

RAW = {"@": "%40", "/": "%2F", "#": "%23", "%": "%25", "?": "%3F", " ": "%20", "[": "%5B", "]": "%5D"}


def read_url(raw: str) -> tuple[Address | None, tuple[Trouble, ...]]:
    """The address and its troubles, the fatal ones first. Where all fatal ones have a certain mend, `address` is the mended one."""
    if is_placeholder(raw):
        return None, (
            Trouble(
                "placeholder",
                "it is a sample that nobody has filled in" if raw.strip() else "it is empty",
                "opskit db init makes a local database and writes its URL",
            ),
        )
    text, pasted = _unwrap(raw)
    address = split_url(text)
    if address is None:
        return None, (*pasted, _unreadable(text))
    troubles = [*pasted, *_scheme(address), *_raw_characters(text, address), *_parameters(address), *_host(address)]
    return address, tuple(sorted(troubles, key=lambda trouble: not trouble.fatal))


def mended_url(raw: str) -> Secret | None:
    """The URL as libpq takes it, with every certain mend applied; None where it cannot be read at all."""
    address, troubles = read_url(raw)
    if address is None:
        return None
    if any(t.fatal and t.mended is None for t in troubles):
        return None
    return _plain(address).text() if any(t.fatal for t in troubles) else Secret(_unwrap(raw)[0])


def _plain(address: Address) -> Address:
    kept = tuple((name, value) for name, value in address.parameters if name not in FOREIGN)
    scheme = address.scheme.partition("+")[0].lower()
    return Address(scheme, address.user, address.password, address.host, address.port, address.database, kept)


def _unwrap(raw: str) -> tuple[str, tuple[Trouble, ...]]:
    """Take off what came along with the paste: `psql '...'`, `DATABASE_URL=`, quotes, a newline."""
    text = raw.strip()
    text = re.sub(r"^(?:psql|DATABASE_URL\s*=|export\s+DATABASE_URL\s*=)\s*", "", text)
    text = text.strip("'\"`").strip()
    if text == raw:
        return text, ()
    kind = "newline" if text == raw.strip() else "pasted"
    what = (
        "it has space or a newline around it" if kind == "newline" else "it was pasted with what stood around it (quotes, `psql`, a name)"
    )
    address = split_url(text)
    return text, (Trouble(kind, what, "keep only the part from postgresql:// on", mended=address.text() if address else None),)


def _unreadable(text: str) -> Trouble:
    if re.match(r"(mysql|mongodb|sqlite|redis|mssql)\b", text, re.I):
        return Trouble("scheme", f"it is a {text.split(':')[0]} URL, and opskit's database is PostgreSQL", "give a postgresql:// URL")
    return Trouble(
        "unreadable",
        "it is not a URL of the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "paste it again from the provider's page; % : / ? # [ ] @ in the password are percent-encoded",
    )


def _scheme(address: Address) -> list[Trouble]:
    base, plus, driver = address.scheme.partition("+")
    if base.lower() not in SCHEMES:
        return [Trouble("scheme", f"its scheme is {address.scheme}, not postgresql", "give a postgresql:// URL")]
    if plus:
        return [
            Trouble(
                "sqlalchemy",
                f"`{base}+{driver}://` is SQLAlchemy's form; psycopg, pg and libpq refuse it",
                "write postgresql://; SQLAlchemy takes that too (its default driver is psycopg2)",
                mended=_plain(address).text(),
            )
        ]
    if address.scheme == "postgres":
        return [Trouble("short scheme", "SQLAlchemy 1.4 and later refuse `postgres://`", "write postgresql://", fatal=False)]
    return []


def _raw_characters(text: str, address: Address) -> list[Trouble]:
    """A password that stands unencoded. libpq copes with `#`, the parsers of Node, Go and Python cut there."""
    password = address.password.reveal()
    rest = text.split("://", 1)[1]
    standing = rest[rest.find(":") + 1 :] if password else ""
    found = [c for c in "@/#?[] " if c in password and standing.startswith(_prefix(password, c))]
    if re.search(r"%(?![0-9A-Fa-f]{2})", standing.split("@")[0]):
        found.append("%")
    if not found:
        return []
    names = " and ".join(f"`{c}`" for c in found)
    written = " and ".join(RAW[c] for c in found)
    return [
        Trouble(
            "raw character",
            f"its password holds {names}, which means something else in a URL",
            f"write {written} for {names}",
            mended=_plain(address).text(),
        )
    ]


def _prefix(password: str, character: str) -> str:
    return password[: password.index(character) + 1]


def _parameters(address: Address) -> list[Trouble]:
    given = dict(address.parameters)
    troubles = []
    if foreign := [name for name in given if name in FOREIGN]:
        troubles.append(
            Trouble(
                "foreign parameter",
                f"`{foreign[0]}` is Prisma's or a driver's own parameter; libpq refuses it",
                f"take out {', '.join(f'`{n}`' for n in foreign)}; give Prisma its own variable",
                mended=_plain(address).text(),
            )
        )
    mode = given.get("sslmode")
    if mode is not None and mode not in SSLMODES:
        troubles.append(Trouble("sslmode", f"sslmode={mode} is none of: {', '.join(SSLMODES)}", "write sslmode=require"))
    return troubles


def _host(address: Address) -> list[Trouble]:
    if not address.database:
        return [
            Trouble("no database", "it names no database, so the one called like the user is meant", "end it with /DATABASE", fatal=False)
        ]
    if address.port == 6543 or re.match(r"[\w-]+-pooler\.", address.host):
        return [
            Trouble(
                "pooler",
                "it goes through a transaction pooler: fine for services, void for locks and migrations",
                "use the direct URL for migrations (Neon: without -pooler; Supabase: port 5432)",
                fatal=False,
            )
        ]
    return []
