"""What a receiver did, seen through something a person names: an address that tells state, or a command."""

import shlex
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from opskit.core.errors import LiveError

if TYPE_CHECKING:
    import httpx

STILL, LONGEST = 0.15, 4.0


@dataclass(frozen=True)
class Observer:
    """`source` is an http address (GET) or a command line; what it prints is the state, compared as bytes and never shown."""

    source: str
    still: float = STILL

    def __call__(self) -> bytes:
        """The state once it no longer moves: work may go on after the answer."""
        before, end = self._read(), time.monotonic() + LONGEST
        while time.monotonic() < end:
            time.sleep(self.still)
            if (now := self._read()) == before:
                return now
            before = now
        return before

    def _read(self) -> bytes:
        return self._fetched() if self.source.startswith(("http://", "https://")) else self._printed()

    @cached_property
    def client(self) -> "httpx.Client":
        import httpx

        return httpx.Client(timeout=10, trust_env=False, verify=self.source.startswith("https:"))

    def _fetched(self) -> bytes:
        import httpx

        try:
            return self.client.get(self.source).raise_for_status().content
        except httpx.HTTPError as error:
            raise LiveError(f"--observe {self.source} cannot be read ({type(error).__name__})", code="OPS-H021",
                            help="give an address or a command that prints what the receiver has granted") from error

    def _printed(self) -> bytes:
        try:
            done = subprocess.run(shlex.split(self.source), capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise LiveError(f"--observe `{self.source}` cannot be run ({type(error).__name__})", code="OPS-H021",
                            help="give a command that prints what the receiver has granted") from error
        if done.returncode:
            raise LiveError(f"--observe `{self.source}` ended with code {done.returncode}", code="OPS-H021", help="run it by hand first")
        return done.stdout
