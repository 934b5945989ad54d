"""The sandbox as a server on loopback: in the foreground for `opskit stripe sandbox`, or in a thread of a test's own process."""

import asyncio
import socket
import threading
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from opskit.core.errors import OpskitError
from opskit.sandbox.stripe.app import create_app
from opskit.sandbox.stripe.engine import Engine
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.spec.library import Library

HOST = "127.0.0.1"
BACKLOG = 128
START_LIMIT, STOP_LIMIT = 20.0, 10.0


class Protocol(H11Protocol):
    """Hands the connection to the application, which must be able to cut it (the fault `drop`)."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


class Server:
    """`with Server(settings) as server:` serves in a thread until the block ends. A taken port is an error of the constructor."""

    def __init__(self, settings: Settings | None = None, port: int = 0, library: Library | None = None) -> None:
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        try:
            self.engine = Engine(settings or Settings(), library)
        except BaseException:
            self._socket.close()
            raise
        config = uvicorn.Config(create_app(self.engine), http=Protocol, ws="none", lifespan="on", log_level="warning", access_log=False,
                                timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.serve, name="stripe sandbox", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def key(self) -> str:
        """The state's own test key."""
        return self.engine.store.setting("key")

    def serve(self) -> None:
        """In this thread, until it is told to stop: by a signal where this is the main one."""
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> "Server":
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(START_LIMIT / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            waited.wait(0.01)
        if not self._server.started:
            raise OpskitError(f"the Stripe sandbox did not start within {START_LIMIT:.0f} s")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_LIMIT)
        self._socket.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)  # who connects from now on waits for the first answer instead of being refused
    except OSError as error:
        listener.close()
        raise OpskitError(f"port {port} cannot be listened on: {error.strerror}", help="give another, or --port 0 for any") from error
    return listener
