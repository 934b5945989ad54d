"""The platform's own tests, run because the operator asked for it: shown, agreed to once, with a limit, nothing of it left behind."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from opskit.cli.run import environ_of
from opskit.cli.session import Session
from opskit.core.errors import OpskitError
from opskit.services import launch
from opskit.services.command import resolve


@dataclass(frozen=True, slots=True)
class Trial:
    """That the tests were asked for: at most `limit` seconds, `yes` instead of a question."""

    limit: float
    yes: bool


@dataclass(frozen=True, slots=True)
class Tried:
    passed: bool
    told: str


def attempt(session: Session, command: str, trial: Trial) -> Tried:
    """The command's lines go to stderr, masked; its last one stands in the answer."""
    _agree(session, command, trial.yes)
    found = resolve(command, session.root)
    session.say(f"running `{command}` (at most {trial.limit:.0f} s) ...")
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            found.argv, cwd=session.root, env={**environ_of(session), **dict(found.own)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", start_new_session=os.name == "posix")
    except OSError as error:
        return Tried(False, f"`{command}` cannot be run: {error.strerror}")
    last = [""]
    reader = threading.Thread(target=_read, args=(session, process, last), daemon=True)
    reader.start()
    try:
        code: int | None = process.wait(trial.limit)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        _end(process)
    reader.join(5)
    if code is None:
        return Tried(False, f"`{command}` did not end within {trial.limit:.0f} s")
    took = f"in {time.monotonic() - started:.1f} s" + (f": {last[0]}" if last[0] else "")
    return Tried(code == 0, f"`{command}` passed {took}" if code == 0 else f"`{command}` ended with {code} {took}")


def _agree(session: Session, command: str, yes: bool) -> None:
    line = f"tests: {command}"
    if launch.unagreed(session.root, [line]):
        session.say(f"this command of the repository has not run under opskit yet:\n  {command}")
        if not session.ask("Run it?", yes):
            raise OpskitError("the tests were not run", code="OPS-X013", help="opskit doctor looks at all the rest without them")
        launch.agree(session.root, [line])


def _read(session: Session, process: "subprocess.Popen[str]", last: list[str]) -> None:
    """Beside the wait: what the command leaves running may hold its output open."""
    for line in process.stdout or ():
        session.say(line.rstrip("\n"))
        last[0] = session.redact(line.strip())[:200] or last[0]


def _end(process: "subprocess.Popen[str]") -> None:
    """The command and whatever it started, also where it has ended itself."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
