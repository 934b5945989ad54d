"""One installer run to its end: watched, with a limit, and never left behind when opskit is stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from opskit.core.errors import OpskitError

BEAT = 10.0


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    output: str


def watched(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limit: float,
    say: Callable[[str], None],
    began: Callable[[int], None] = lambda pid: None,
    beat: float = BEAT,
) -> Done:
    """Run it in a group of its own; every `beat` seconds `say` hears that it still runs, after `limit` seconds it is ended."""
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=os.name == "posix",
    )
    try:
        began(process.pid)
        while True:
            try:
                output, _ = process.communicate(timeout=beat)
                return Done(process.returncode, output)
            except subprocess.TimeoutExpired:
                passed = time.monotonic() - started
                if passed > limit:
                    raise OpskitError(
                        f"`{Path(command[0]).name}` did not end within {limit:.0f} s",
                        code="OPS-X007",
                        help="give --limit SECONDS, or look at the network; what was installed stays",
                    ) from None
                say(f"  still at it, {passed:.0f} s (limit {limit:.0f} s)")
    except BaseException:
        end(process.pid)
        process.wait()
        raise
    finally:
        if process.stdout:
            process.stdout.close()


def end(pid: int) -> None:
    """End a process that this room started, with its children."""
    with suppress(ProcessLookupError, PermissionError, OSError):
        if os.name == "posix":
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


def is_ours(pid: int, word: str) -> bool:
    """Whether a process that runs now was started with `word` on its command line (Linux; elsewhere never sure, so no)."""
    try:
        return word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
