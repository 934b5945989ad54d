"""Starting a supervisor, finding the one that runs, and ending what a killed one left."""

import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from opskit.core.errors import OpskitError
from opskit.core.state import state_folder, write_private
from opskit.services import control, graph, kernel
from opskit.services.spec import ServiceSpec, to_json

STARTING = 15.0
ENTRY = "import sys; sys.path.insert(0, sys.argv[1]); from opskit.services.guardian import main; main(sys.argv[2])"


def mark_of(root: Path) -> str:
    """What the marks of all of this platform's processes begin with, whichever run started them."""
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]


def folder_of(root: Path) -> Path:
    return root / ".opskit" / "run"


def launch(root: Path, specs: tuple[ServiceSpec, ...], process: Mapping[str, str], attached: bool) -> control.Client:
    """Start guardian and supervisor in a session of their own; a client of it. Raises OpskitError where one runs already.

    What they are to run goes over a pipe, never in argv. `attached` ties their life to this process's connection.
    """
    if not kernel.supported():
        raise OpskitError("`opskit up` needs Linux or macOS", code="OPS-V011",
                          help="on Windows run it inside WSL; `opskit run -- COMMAND` works here")
    graph.order({spec.name: spec.depends_on for spec in specs})
    folder, _ = state_folder(root, "run"), state_folder(root, "logs")
    if (held := _held(folder / control.LOCK)) is None:
        raise OpskitError("services of this platform are up already", code="OPS-V010",
                          help="`opskit status` shows them, `opskit down` ends them")
    try:
        sweep(root)
        _begin(root, specs, process, attached, held)
    finally:
        os.close(held)
    return _answering(root, folder)


def _held(path: Path) -> int | None:
    """The lock; tried for a moment, since a command that only looks holds it for an instant."""
    for _ in range(20):
        if (held := kernel.hold(path)) is not None:
            return held
        time.sleep(0.01)
    return None


def join(root: Path, specs: tuple[ServiceSpec, ...]) -> control.Client:
    """A client of the supervisor that runs, which takes in those of `specs` that do not run yet."""
    client = _answering(root, folder_of(root))
    client.ask("start", specs=to_json(specs))
    return client


def _begin(root: Path, specs: tuple[ServiceSpec, ...], process: Mapping[str, str], attached: bool, held: int) -> None:
    mark = f"{mark_of(root)}/{secrets.token_hex(4)}"
    payload = {"root": str(root), "mark": mark, "process": dict(process), "specs": to_json(specs), "attached": attached}
    log = os.open(root / ".opskit" / "logs" / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    home = str(Path(__file__).parents[2])
    try:
        guardian = subprocess.Popen([sys.executable, "-P", "-c", ENTRY, home, mark], stdin=subprocess.PIPE, stdout=log, stderr=log,
                                    cwd=root, start_new_session=True, pass_fds=(held,))
    finally:
        os.close(log)
    with guardian.stdin as pipe:  # type: ignore[union-attr]
        pipe.write(json.dumps(payload).encode())
    guardian.returncode = 0  # it outlives this process, which never waits for it


def _answering(root: Path, folder: Path) -> control.Client:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        if (client := control.connect(folder)) is not None:
            return client
        time.sleep(0.01)
    raise OpskitError(f"the supervisor does not answer after {STARTING:g} s: {_said(root)}", code="OPS-V012",
                      help="`opskit down` ends it; its log is .opskit/logs/supervisor.log")


def _said(root: Path) -> str:
    lines = (root / ".opskit" / "logs" / "supervisor.log").read_text("utf-8", "replace").splitlines()
    return lines[-1][:200] if lines else "it printed nothing"


def is_up(root: Path) -> bool:
    """Whether a guardian or supervisor of this platform lives, told by the kernel's lock and not by a file."""
    path = folder_of(root) / control.LOCK
    if not path.exists() or not kernel.supported():
        return False
    held = kernel.hold(path)
    if held is not None:
        os.close(held)
    return held is None


def leftovers(root: Path) -> list[int]:
    """Processes that some run of this platform started and that still live."""
    return kernel.marked(mark_of(root) + "/") if (root / ".opskit").is_dir() else []


def sweep(root: Path, limit: float = 5.0) -> int:
    """Kill what a killed supervisor left. How many there were; raises OpskitError where some cannot be ended."""
    until, seen = time.monotonic() + limit, set[int]()
    while living := leftovers(root):
        seen.update(living)
        if time.monotonic() > until:
            raise OpskitError(f"cannot end what an earlier run left: pid {', '.join(map(str, living))}", code="OPS-V013",
                              help="end them as their owner or as root")
        kernel.send(living, signal.SIGKILL)
        time.sleep(0.01)
    return len(seen)


def stop(root: Path, limit: float = 60.0) -> int:
    """End everything of this platform and prove that nothing is left. How many processes lived. Safe to repeat."""
    before = len(leftovers(root))
    if is_up(root):
        client = control.connect(folder_of(root))
        if client is not None:
            _ask_to_stop(client, limit)
        _await_end(root, 2.0 if client is not None else 0.0)
    return max(before, sweep(root))


def _ask_to_stop(client: control.Client, limit: float) -> None:
    until = time.monotonic() + limit
    client.send("stop")
    with suppress(EOFError, TimeoutError):
        while True:
            client.read(max(0.01, until - time.monotonic()))
    client.close()


def _await_end(root: Path, wait: float) -> None:
    """Wait for the lock to be free; then end by pid and start time a supervisor that does not listen."""
    until = time.monotonic() + wait
    while is_up(root) and time.monotonic() < until:
        time.sleep(0.01)
    if not is_up(root):
        return
    note = _note(root)
    pids = [note[k] for k, began in (("supervisor", "started"), ("guardian", "guardian_started"))
            if note.get(k) and kernel.started(note[k]) == note.get(began)]
    kernel.send(pids, signal.SIGKILL)
    until = time.monotonic() + 5.0
    while is_up(root) and time.monotonic() < until:
        time.sleep(0.01)


def _note(root: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder_of(root) / control.NOTE).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def unagreed(root: Path, commands: Iterable[str]) -> list[str]:
    """Of these commands, those that nobody has agreed to yet in this repository."""
    try:
        known = set(json.loads((folder_of(root) / "agreed.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        known = set()
    return [command for command in commands if command not in known]


def agree(root: Path, commands: Iterable[str]) -> None:
    before = folder_of(root) / "agreed.json"
    known = set(json.loads(before.read_bytes())) if before.is_file() else set[str]()
    write_private(state_folder(root, "run") / "agreed.json", json.dumps(sorted(known | set(commands))).encode())
