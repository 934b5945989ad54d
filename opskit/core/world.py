"""What opskit takes from outside itself, handed in so that tests can hand in their own: clock, programs, the asker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opskit.core.errors import OpskitError


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class World:
    """`confirm(question)` asks a person; without a terminal it raises, naming the flag to give instead."""

    now: Callable[[], float] = time.time
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    interactive: bool = field(default_factory=lambda: sys.stdin is not None and sys.stdin.isatty())

    def run(self, command: Sequence[str], *, cwd: Path | None = None, limit: float = 600.0,
            env: Mapping[str, str] | None = None) -> Ran:
        """Run a program to its end, its output kept; a missing program or an overrun limit is an error."""
        try:
            done = subprocess.run(command, cwd=cwd, env=env, timeout=limit, capture_output=True, text=True, errors="replace",
                                  stdin=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise OpskitError(f"`{command[0]}` is not installed or not on PATH", code="OPS-X006") from error
        except subprocess.TimeoutExpired as error:
            raise OpskitError(f"`{command[0]}` did not end within {limit:.0f} s", code="OPS-X007") from error
        return Ran(done.returncode, done.stdout, done.stderr)

    def confirm(self, question: str) -> bool:
        if not self.interactive:
            raise OpskitError("there is no terminal to ask on", help="give --yes to go ahead, or --dry-run to look", code="OPS-X003")
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in {"y", "yes"}
