"""Connections that fail say why, in the words that libpq itself uses against a real server."""

import re
import socket
import threading
from contextlib import suppress

import pytest

from opskit.core.errors import OpskitError
from opskit.core.secret import Secret
from opskit.pg.connect import Unreachable, connect
from tests.loopback import free_port


def failure(url):
    with pytest.raises(Unreachable) as caught:
        connect(Secret(url), limit=2)
    return caught.value


def test_a_connection_prepares_nothing_and_carries_our_name(url):
    with connect(url) as connection:
        assert connection.prepare_threshold is None
        assert connection.execute("SELECT current_setting('application_name')").fetchone() == ("opskit",)


@pytest.mark.parametrize(
    "change, kind",
    [
        (lambda u: re.sub(r"postgres:[^@]+@", "postgres:nosecret99@", u), "password"),
        (lambda u: u.rsplit("/", 1)[0] + "/nosuch", "no database"),
        (lambda u: u + "?sslmode=require", "tls wanted"),
        (lambda u: re.sub(r":\d+/", f":{free_port()}/", u), "refused"),
        (lambda u: u.replace("127.0.0.1", "nosuch.invalid"), "name"),
        (lambda u: u + "?channel_binding=require", "binding"),
    ],
    ids=["wrong password", "unknown database", "no TLS", "nothing listens", "no such name", "channel binding"],
)
def test_a_refusal_is_told_with_its_cause_and_one_mend(url, change, kind):
    error = failure(change(url.reveal()))
    assert error.trouble.kind == kind and error.help and error.exit_code == 3
    assert "nosecret99" not in f"{error} {error.help} {error!r} {error.__cause__}"


@pytest.mark.parametrize("answer, kind", [(b"HTTP/1.1 200 OK\r\n\r\n", "not postgres"), (None, "timeout")], ids=["another program", "silence"])
def test_what_is_no_postgresql_is_told(answer, kind):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with suppress(OSError):
                while answer:
                    peer, _ = listener.accept()
                    peer.recv(100)
                    peer.sendall(answer)
                    peer.close()

        threading.Thread(target=serve, daemon=True).start()
        assert failure(f"postgresql://a:b@127.0.0.1:{listener.getsockname()[1]}/d").trouble.kind == kind


def test_a_sample_never_connects():
    with pytest.raises(OpskitError, match="sample") as caught:
        connect(Secret("postgresql://user:password@host:5432/dbname"))
    assert "db init" in caught.value.help


MESSAGES = {
    'FATAL:  Tenant or user not found': "tenant",
    'connection to server at "db.x.supabase.co" failed: Network is unreachable': "no route",
    "ERROR:  Endpoint ID is not specified. Either please upgrade": "endpoint",
    "FATAL:  Address not in tenant allow_list: {1,2}": "allow list",
    'FATAL:  too many connections for role "app"': "full",
    "FATAL:  unsupported startup parameter: options": "start-up",
    "SSL error: certificate verify failed": "certificate",
    "FATAL:  the database system is starting up": "starting",
    "something new about hunter22secret": "unknown",
}


@pytest.mark.parametrize("text, kind", MESSAGES.items(), ids=MESSAGES.values())
def test_messages_of_servers_that_are_not_here(text, kind):
    from opskit.pg.diagnose import diagnose
    from opskit.pg.url import split_url

    trouble = diagnose(Exception(text), split_url("postgresql://app:hunter22secret@127.0.0.1:1/d"))
    assert trouble.kind == kind and "hunter22secret" not in trouble.cause and trouble.mend
