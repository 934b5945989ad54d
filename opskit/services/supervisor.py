"""The supervisor: one asyncio loop and no thread. It does what each service's machine asks, and tells what happened."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from opskit.core.secret import Redactor
from opskit.core.state import write_private
from opskit.services import control, environment, graph, kernel
from opskit.services.machine import Event
from opskit.services.server import Server
from opskit.services.spec import ServiceSpec, from_json
from opskit.services.unit import Unit

ATTEMPT, ALONE = 0.5, 10.0  # seconds


class Supervisor:
    """All services of one platform. `mark` begins the mark of every process it starts."""

    def __init__(self, root: Path, mark: str, process: Mapping[str, str], specs: tuple[ServiceSpec, ...]) -> None:
        self.root, self.mark, self.process = root, mark, process
        self.redact = Redactor(environment.secrets({**environment.files(root), **process}))
        self.server = Server(self)
        self.units: dict[str, Unit] = {}
        self.leaders: set[int] = set()
        self.turns = asyncio.Semaphore(2 + 2 * (os.cpu_count() or 1))
        self.tell_log, self.tell_state = self.server.log, self.server.state
        self.ending = False
        self.gone = asyncio.Event()
        self.started = time.time()
        self._tasks: set[asyncio.Task[None]] = set()
        for spec in specs:
            self.units[spec.name] = Unit(self, spec)

    def launch(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run a coroutine of ours beside the rest; kept, so that it is not collected while it runs."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def release(self) -> None:
        """Begin every pending service whose dependencies are ready, or have ended well."""
        if self.ending:
            return
        for unit in self.units.values():
            if unit.life.state != "pending":
                continue
            waits = [other for name in unit.spec.depends_on if (other := self.units.get(name)) and not other.satisfied]
            unit.waits_for = f"waits for {', '.join(f'{o.spec.name} ({o.life.state})' for o in waits)}" if waits else ""
            if not waits:
                unit.feed(Event("begin"))

    def add(self, specs: tuple[ServiceSpec, ...]) -> None:
        """Take in services that were not running; those that live go on as they are."""
        for spec in specs:
            unit = self.units.get(spec.name)
            if unit is None:
                self.units[spec.name] = Unit(self, spec)
            elif not unit.life.alive and unit.life.state in ("failed", "stopped", "disabled"):
                unit.renew(spec)
        self.release()

    def tell(self, names: Iterable[str], what: Literal["stop", "restart"]) -> None:
        for name in names:
            self.units[name].feed(Event(what))

    def reap(self) -> None:
        for pid, code in kernel.reap():
            for unit in self.units.values():
                unit.reaped(pid, code)

    def stop(self) -> None:
        """Stop everything, dependents before what they depend on; asked again, kill at once."""
        if self.ending:
            self.kill()
            return
        self.ending = True
        self.launch(self._stop_in_order())

    def kill(self) -> None:
        self.ending = True
        for unit in self.units.values():
            unit.kill()
        kernel.kill_all_descendants()
        self.gone.set()

    async def _stop_in_order(self) -> None:
        edges = {name: [o for o in unit.spec.depends_on if o in self.units] for name, unit in self.units.items()}
        waiting = dict.fromkeys(reversed(graph.order(edges)))
        while waiting:
            free = [name for name in waiting if not any(name in edges[other] for other in waiting)]
            for name in free:
                self.units[name].feed(Event("stop"))
            await asyncio.gather(*(self.units[name].ended() for name in free))
            for name in free:
                del waiting[name]
        kernel.kill_all_descendants()
        self.gone.set()

    def rows(self) -> list[dict[str, Any]]:
        return [unit.row() for unit in self.units.values()]


def supervise(payload: bytes, guardian: int, blocked: list[signal.Signals]) -> int:
    """Run until everything was stopped. `payload` is JSON: root, mark, process (environment), specs, attached (bool)."""
    raw = json.loads(payload)
    kernel.adopt_orphans()
    return asyncio.run(_run(raw, guardian, blocked))


async def _run(raw: dict[str, Any], guardian: int, blocked: list[signal.Signals]) -> int:
    folder = Path(raw["root"]) / ".opskit" / "run"
    supervisor = Supervisor(Path(raw["root"]), raw["mark"], raw["process"], from_json(raw["specs"]))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGCHLD, supervisor.reap)
    for each in blocked:
        loop.add_signal_handler(each, supervisor.stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
    supervisor.server.attached = raw["attached"]
    note = {"guardian": guardian, "supervisor": os.getpid(), "started": kernel.started(os.getpid()),
            "guardian_started": kernel.started(guardian), "mark": raw["mark"]}
    write_private(folder / control.NOTE, json.dumps(note).encode())
    listening = await asyncio.start_unix_server(supervisor.server.serve, sock=control.listen(folder), limit=1 << 24)
    supervisor.release()
    beat = supervisor.launch(_beat(supervisor, guardian))
    await supervisor.gone.wait()
    beat.cancel()
    listening.close()
    for name in (control.SOCKET, control.NOTE):
        (folder / name).unlink(missing_ok=True)
    supervisor.server.goodbye()
    await asyncio.sleep(0)
    return 0


async def _beat(supervisor: Supervisor, guardian: int) -> None:
    """What no signal announces: a guardian's end where the kernel is silent, a follower who reads again, a client who never came."""
    alone = 0.0
    while True:
        await asyncio.sleep(ATTEMPT)
        if os.getppid() != guardian and not supervisor.ending:
            supervisor.stop()
        supervisor.reap()
        supervisor.server.catch_up()
        alone = 0.0 if supervisor.server.has_owner else alone + ATTEMPT
        if supervisor.server.attached and alone >= ALONE and not supervisor.ending:
            supervisor.stop()
