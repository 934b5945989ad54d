"""Why a connection failed: one cause, one mend. psycopg gives no sqlstate there, so the text is read.

The messages are libpq's and the server's own, as measured with psycopg 3.3 / libpq 18 (in English: our own connections
ask for it, and a server that speaks otherwise falls through to its own words).
"""

import re
import socket

from opskit.core.secret import Redactor
from opskit.pg.url import Address, Trouble

RULES: tuple[tuple[str, str, str, str], ...] = (
    (
        "password",
        r"password authentication failed|no password supplied|fe_sendauth",
        "{where} refuses the password of {user}",
        "take the password anew from the provider's page, or `ALTER ROLE {user} PASSWORD ...` on the server",
    ),
    (
        "no database",
        r'database "[^"]*" does not exist',
        "{where} has no database {database}",
        "create it: createdb {database}; or name one that exists",
    ),
    ("no role", r'role "[^"]*" does not exist', "{where} knows no user {user}", "use a user that exists, or createuser {user}"),
    (
        "tenant",
        r"Tenant or user not found|ENOIDENTIFIER|ENOTFOUND\) tenant|no tenant identifier",
        "the pooler at {where} does not know {user}",
        "the user of a Supabase pooler is postgres.PROJECT-REF; a paused project looks the same: wake it on its page",
    ),
    (
        "endpoint",
        r"endpoint ID is not specified",
        "this client's libpq is too old to tell Neon which endpoint it wants (no SNI)",
        "upgrade libpq, or add options=endpoint%3DENDPOINT-ID to the URL",
    ),
    (
        "allow list",
        r"not in tenant allow_list|no pg_hba\.conf entry",
        "{where} does not let this machine's address in",
        "add the address to its allow list",
    ),
    (
        "full",
        r"too many connections|remaining connection slots|too many clients|max client connections",
        "{where} has no connection left",
        "end idle clients, or use the pooled URL for the services",
    ),
    (
        "tls wanted",
        r"server does not support SSL",
        "{where} speaks no TLS, and the URL demands it",
        "write sslmode=disable for a local server",
    ),
    (
        "tls demanded",
        r"SSL (connection )?is required|no encryption|connection is insecure",
        "{where} takes only TLS",
        "add sslmode=require to the URL",
    ),
    (
        "binding",
        r"channel binding (is )?required",
        "the URL demands channel binding, and {where} has none",
        "take channel_binding=require out of the URL",
    ),
    (
        "certificate",
        r"certificate verify failed|root certificate file|certificate.*does not match|self.signed",
        "the certificate of {where} does not verify",
        "give sslrootcert=system (or the provider's certificate) in the URL",
    ),
    (
        "start-up",
        r"unsupported startup parameter",
        "the pooler at {where} refuses a start-up parameter",
        "use the direct URL, or take `options` out of it",
    ),
    (
        "starting",
        r"the database system is (starting up|shutting down|in recovery)",
        "{where} is starting or stopping",
        "run this again in a moment",
    ),
    (
        "not postgres",
        r"received invalid response|expected authentication request|server closed the connection unexpectedly"
        r"|invalid length of startup packet",
        "what answers at {where} is not PostgreSQL, or ended at once",
        "look who holds that port: opskit ports who {port}",
    ),
    ("refused", r"Connection refused|actively refused", "nothing listens at {where}", "{start}"),
    ("no route", r"Network is unreachable|No route to host", "there is no network way to {where}", "{route}"),
    (
        "name",
        r"failed to resolve host|could not translate host name|Name or service not known|nodename nor servname",
        "the name {host} cannot be resolved",
        "{route}",
    ),
    (
        "timeout",
        r"timeout expired|timed out",
        "nothing answers at {where} (a firewall, a sleeping server or a wrong address)",
        "look whether the project is paused, then run this again",
    ),
)


def diagnose(error: BaseException, address: Address | None) -> Trouble:
    """Cause and mend of a failed connection; what no rule knows is told in the server's own words, redacted."""
    text = str(error)
    words = _words(address)
    for kind, pattern, cause, mend in RULES:
        if re.search(pattern, text, re.I):
            return Trouble(kind, cause.format(**words), mend.format(**words))
    secret = address.password.reveal() if address else ""
    line = (text.strip().splitlines() or ["no reason given"])[-1]
    told = Redactor([secret])(line.replace(secret, "***") if secret else line)
    return Trouble("unknown", told, "opskit db url shows where it points (masked)")


def _words(address: Address | None) -> dict[str, object]:
    if address is None:
        return dict.fromkeys(("where", "host", "user", "database", "port", "start", "route"), "the server")
    port = address.port or 5432
    start = (
        "opskit up starts the embedded one; else start the server, or mend the port in DATABASE_URL"
        if address.local
        else "look whether the server runs and the port is right"
    )
    return {
        "where": f"{address.host or 'localhost'}:{port}",
        "host": address.host,
        "user": address.user or "(none)",
        "port": port,
        "database": address.database or "(none)",
        "start": start,
        "route": _route(address),
    }


def _route(address: Address) -> str:
    """An IPv6-only host (Supabase's direct one) on a machine without IPv6 says only 'unreachable': look which families it has."""
    if re.fullmatch(r"db\.\w+\.supabase\.co", address.host):
        return "that host has only IPv6: take the session pooler's URL from the project's Connect page (user postgres.REF, port 5432)"
    try:
        families = {info[0] for info in socket.getaddrinfo(address.host, address.port or 5432, type=socket.SOCK_STREAM)}
    except OSError:
        return "check the host's spelling and this machine's DNS"
    if families == {socket.AF_INET6}:
        return "that host has only IPv6, and this machine has no way there: use the provider's IPv4 or pooler address"
    return "check this machine's network"
