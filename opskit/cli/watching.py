"""A command beside a running supervisor: prints what it tells, and turns signals into a graceful or an immediate end."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from opskit.cli.door import INTERRUPTED, TERMINATED, Terminated
from opskit.cli.session import Session
from opskit.core.colour import coloured
from opskit.services import launch, screen
from opskit.services.control import Client

PATIENCE = 90.0


class Watching:
    """`lines_to` gets the services' own lines: stdout for a person, stderr where stdout is for a machine's report."""

    def __init__(self, session: Session, client: Client, names: tuple[str, ...], quiet: bool = False) -> None:
        self.session, self.client, self.quiet = session, client, quiet
        self.rows: dict[str, dict[str, Any]] = {}
        self.ended = self.meant = False
        self._width = max((len(name) for name in names), default=0)
        self._out = sys.stderr if session.format == "json" else sys.stdout
        self._colour = coloured(self._out)
        self._said: dict[str, str] = {}

    def until_settled(self, limit: float) -> None:
        """Until nothing is on its way any more, `limit` seconds passed or the supervisor ended."""
        until = time.monotonic() + limit
        while not self.ended and time.monotonic() < until:
            self._next(max(0.01, until - time.monotonic()))
            if self.rows and screen.is_settled(self.rows.values()):
                return

    def until_ended(self) -> None:
        while not self.ended:
            self._next(None)

    def stop_on(self, signal: BaseException) -> int:
        """Stop everything gently, at a second signal at once. The exit code that the signal means."""
        self.session.say("stopping ... (once more to kill at once)")
        self._finish("stop")
        return code_of(signal)

    def leave_on(self, signal: BaseException) -> int:
        """Only look away: another command started what runs."""
        self.session.say("the services go on; `opskit down` stops them")
        return code_of(signal)

    def _finish(self, how: str) -> None:
        try:
            self.client.send(how)
            until = time.monotonic() + PATIENCE
            while not self.ended and time.monotonic() < until:
                self._next(1.0)
        except (KeyboardInterrupt, Terminated):
            self._finish("kill")
        launch.stop(self.session.root)

    def _next(self, limit: float | None) -> None:
        try:
            message = self.client.read(limit)
        except TimeoutError:
            return
        except EOFError:
            self.ended = True
            return
        if "log" in message:
            self._log(message["log"], message["text"])
        elif "rows" in message:
            for row in message["rows"]:
                self._state(row)
        elif "state" in message:
            self._state(message["state"])
        elif "lost" in message:
            self.session.say(f"{message['lost']} lines were not shown: this terminal is too slow; .opskit/logs has them")
        elif "bye" in message:
            self.meant = True

    def _log(self, name: str, text: str) -> None:
        if not self.quiet:
            self._out.write(self.session.redact(screen.prefixed(name, text, self._width, self._colour)))
            self._out.flush()

    def _state(self, row: Mapping[str, Any]) -> None:
        self.rows[row["name"]] = dict(row)
        said, before = screen.sentence(row), self._said.get(row["name"], "")
        if said and said != before and (before or row["state"] != "stopped"):
            self.session.say(said)
        self._said[row["name"]] = said or before


def code_of(signal: BaseException) -> int:
    return TERMINATED if isinstance(signal, Terminated) else INTERRUPTED
