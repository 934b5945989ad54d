"""The supervisor's end of the control socket: one request a connection, and followers who are told as things happen."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, Literal, Protocol

from opskit.services.spec import ServiceSpec, from_json

BEHIND = 8 << 20


class Follower:
    """A connection that hears of logs and states. One that reads too slowly loses lines and is told how many."""

    def __init__(self, writer: asyncio.StreamWriter, names: list[str], owner: bool) -> None:
        self.writer, self.names, self.owner, self.lost = writer, frozenset(names), owner, 0

    def tell(self, message: bytes, lines: int) -> None:
        if self.writer.transport.get_write_buffer_size() > BEHIND:
            self.lost += lines
            return
        self.catch_up()
        self.writer.write(message)

    def catch_up(self) -> None:
        """Say what was lost as soon as it reads again."""
        if self.lost and self.writer.transport.get_write_buffer_size() <= BEHIND:
            self.writer.write(json.dumps({"lost": self.lost}).encode() + b"\n")
            self.lost = 0


class Ruled(Protocol):
    """What requests may ask of the supervisor."""

    ending: bool
    started: float

    def rows(self) -> list[dict[str, Any]]: ...
    def add(self, specs: tuple[ServiceSpec, ...]) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def tell(self, names: Iterable[str], what: Literal["stop", "restart"]) -> None: ...


class Server:
    """`attached` means that the command which started us stays: when it goes, however it goes, everything stops."""

    def __init__(self, supervisor: Ruled) -> None:
        self.supervisor, self.attached = supervisor, False
        self._followers: list[Follower] = []
        self._writers: set[asyncio.StreamWriter] = set()

    def log(self, name: str, text: str) -> None:
        self._tell(name, {"log": name, "text": text}, text.count("\n"))

    def state(self, row: dict[str, Any]) -> None:
        self._tell(row["name"], {"state": row}, 1)

    def _tell(self, name: str, message: dict[str, Any], lines: int) -> None:
        if not self._followers:
            return
        encoded = json.dumps(message).encode() + b"\n"
        for follower in self._followers:
            if not follower.names or name in follower.names:
                follower.tell(encoded, lines)

    def catch_up(self) -> None:
        for follower in self._followers:
            follower.catch_up()

    @property
    def has_owner(self) -> bool:
        """Whether the command that started us is connected."""
        return any(follower.owner for follower in self._followers)

    def goodbye(self) -> None:
        """Tell those who listen that the end is meant, and hang up."""
        for follower in self._followers:
            follower.tell(b'{"bye": true}\n', 0)
        for writer in self._writers:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        follower: Follower | None = None
        try:
            while line := await reader.readline():
                request = json.loads(line)
                if request["do"] == "follow":
                    follower = Follower(writer, request.get("names") or [], bool(request.get("owner")))
                    self._greet(follower)
                else:
                    writer.write(json.dumps(self._answer(request)).encode() + b"\n")
                    await writer.drain()
        except (ConnectionError, ValueError, KeyError):
            pass
        finally:
            self._forget(writer, follower)

    def _greet(self, follower: Follower) -> None:
        follower.tell(json.dumps({"rows": self.supervisor.rows()}).encode() + b"\n", 0)
        self._followers.append(follower)

    def _forget(self, writer: asyncio.StreamWriter, follower: Follower | None) -> None:
        self._writers.discard(writer)
        if follower in self._followers and follower is not None:
            self._followers.remove(follower)
            if follower.owner and self.attached and not self.supervisor.ending:
                self.supervisor.stop()
        writer.close()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        supervisor, names = self.supervisor, request.get("names") or []
        known = [row["name"] for row in supervisor.rows()]
        if unknown := [name for name in names if name not in known]:
            return {"unknown": unknown, "services": supervisor.rows()}
        match request["do"]:
            case "detach":
                self.attached = False
            case "start":
                supervisor.add(from_json(request["specs"]))
            case "stop" if names:
                supervisor.tell(names, "stop")
            case "stop":
                supervisor.stop()
            case "kill":
                supervisor.kill()
            case "restart":
                supervisor.tell(names or known, "restart")
        return {"services": supervisor.rows(), "since": supervisor.started, "ending": supervisor.ending}
