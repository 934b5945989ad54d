"""One service in the running supervisor: its machine, its processes, its log and its watch, tied together."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, Protocol

from opskit.core.secret import Redactor
from opskit.services import environment, kernel, readiness
from opskit.services.child import Child, spawn
from opskit.services.logs import Log, LogFile
from opskit.services.machine import Action, Event, Life, Policy, step
from opskit.services.ports_taken import refusal
from opskit.services.spec import ServiceSpec

SOON, OFTEN, SELDOM, FREED, TURN = 0.04, 0.5, 30.0, 3.0, 5.0  # seconds
CHUNK = 1 << 16


class Home(Protocol):
    """What a unit needs of the supervisor that holds it. `leaders` are the first processes of all services; `turns` bounds how many
    start at once."""

    root: Path
    mark: str
    process: Mapping[str, str]
    redact: Redactor
    leaders: set[int]
    turns: asyncio.Semaphore

    def launch(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]": ...
    def release(self) -> None: ...
    def reap(self) -> None: ...
    def tell_log(self, name: str, text: str) -> None: ...
    def tell_state(self, row: dict[str, Any]) -> None: ...


class Unit:
    def __init__(self, home: Home, spec: ServiceSpec) -> None:
        self.home, self.spec = home, spec
        self.policy = Policy(once=spec.kind == "worker")
        self.life = Life("pending" if spec.enabled else "disabled", reason=spec.reason)
        self.child: Child | None = None
        self.waits_for, self.found_port, self.since, self.ready_at = "", 0, time.time(), 0.0
        self.environ: dict[str, str] = {}
        folder = home.root / ".opskit" / "logs"
        self.log = Log(spec.name, LogFile(folder / f"{spec.name}.log"), home.redact, home.tell_log)
        self._code: int | None = None
        self._ended = asyncio.Event()
        self._ended.set()
        self._watch: asyncio.Task[None] | None = None
        self._terminating: asyncio.Task[None] | None = None

    @property
    def satisfied(self) -> bool:
        """Dependents may begin: it is ready, or was one that ends by itself and ended well."""
        return self.life.state == "ready" or (self.life.state == "stopped" and self.policy.once and bool(self.life.reason))

    def renew(self, spec: ServiceSpec) -> None:
        self.spec, self.life = spec, Life("pending" if spec.enabled else "disabled", reason=spec.reason)
        self._announce()

    def feed(self, event: Event) -> None:
        """Let something happen to the service, and do what its machine asks for."""
        before = self.life
        self.life, actions = step(before, event, self.policy)
        if self.life.state != before.state or self.life.reason != before.reason:
            self.since = time.time()
            self.ready_at = time.monotonic() if self.life.state == "ready" else self.ready_at
            self._announce()
        for action in actions:
            self._do(action)
        if self.life.state != before.state:
            self.home.release()

    def _do(self, action: Action) -> None:
        match action.kind:
            case "start":
                self.home.launch(self._start())
            case "terminate":
                self._terminating = self.home.launch(self._terminate())
            case "retry":
                self.home.launch(self._retry(jittered(action.delay)))

    def _announce(self) -> None:
        life = self.life
        if life.state in ("unhealthy", "failed", "restarting") and life.reason:
            self.log.say(f"{life.state}: {life.reason}")
        self.home.tell_state(self.row())

    async def _retry(self, delay: float) -> None:
        await asyncio.sleep(delay)
        self.feed(Event("waited"))

    async def _start(self) -> None:
        """In its turn, which it keeps for a while: fifty that load at once would all be late."""
        async with self.home.turns:
            await self._begin()
            until = time.monotonic() + TURN
            while self.life.state == "starting" and time.monotonic() < until:
                await asyncio.sleep(SOON)

    async def _begin(self) -> None:
        """Clear what an earlier run left, wait for its port, then start it."""
        await self._clear()
        if self.life.state != "starting" or self.life.alive:
            return
        spec = self.spec
        try:
            environ = environment.assembled(self.home.root, self.home.process, spec)
            self.home.redact.learn(environment.secrets(environ))
            if self.environ and (changes := environment.changed(self.environ, environ)):
                self.log.say(f"environment changed since the last start: {', '.join(changes)}")
            self.environ = environ
            self.child = spawn(spec, environ, f"{self.home.mark}/{spec.name}", self.home.leaders)
        except (OSError, KeyError, ValueError) as error:
            self.feed(Event("refused", _cannot(spec, error)))
            return
        self._code = None
        self._ended.clear()
        asyncio.get_running_loop().add_reader(self.child.output, self._read, self.child)
        self.feed(Event("spawned"))
        self._watch = self.home.launch(self._observe(self.child))

    async def _clear(self) -> None:
        if self.child is not None:
            kernel.send(self.child.family(), signal.SIGKILL)
        if not self.spec.port:
            return
        until = time.monotonic() + (FREED if self.environ else 0.0)
        while reason := refusal(self.spec.port, self.spec.protocol, "0.0.0.0" if self.spec.expose else "127.0.0.1"):
            if time.monotonic() >= until:
                self.feed(Event("refused", reason))
                return
            await asyncio.sleep(SOON)

    def _read(self, child: Child) -> None:
        try:
            data = os.read(child.output, CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.log.feed(data)
            return
        asyncio.get_running_loop().remove_reader(child.output)
        os.close(child.output)
        child.output = -1
        self.log.flush()

    async def _observe(self, child: Child) -> None:
        """Watch from the start to ready, quickly at first, then seldom and without a word to the service."""
        began, pause, spared = time.monotonic(), SOON, False
        while self.child is child and self.life.alive and not self.life.stopping:
            age = time.monotonic() - began
            family, settled = child.family(), self.life.state == "ready"
            verdict = readiness.watch(self.spec, family) if settled else await readiness.judge(self.spec, family, age)
            if self.child is not child:
                return
            if verdict.exposed and not spared:
                spared = True  # once: a hook closes a debugger that the command line opened; what is open at the next look is stopped
                await asyncio.sleep(OFTEN)
                continue
            self._learn(verdict, age)
            if self.life.state == "ready":
                pause = SELDOM
            await asyncio.sleep(pause)
            pause = min(OFTEN, pause * 1.3) if pause < SELDOM else SELDOM

    def _learn(self, verdict: readiness.Verdict, age: float) -> None:
        if verdict.exposed:
            self.feed(Event("exposed", f"listens on {verdict.exposed}, open to the network: stopped. Bind 127.0.0.1, or set"
                                       f" `expose = true` in [services.{self.spec.name}] if strangers may reach it"))
        elif verdict.ready:
            self.found_port = verdict.port or self.found_port
            self.feed(Event("answered"))
        elif self.life.state == "ready":
            self.feed(Event("lost", verdict.reason))
        elif age >= self.spec.limit:
            self.feed(Event("late", f"not ready after {self.spec.limit:g} s: {verdict.reason}{self.log.last_words()}"))

    def reaped(self, pid: int, code: int) -> None:
        """A process of the supervisor's has ended: ours, one of ours that was adopted, or none of ours."""
        child = self.child
        if child is None or self._ended.is_set():
            return
        if pid == child.leader and child.leader_alive:
            child.leader_alive, self._code = False, code
        if not child.leader_alive and not self.life.stopping:
            if self._code == 0 and child.family():
                return
            self._finish(child)

    def _finish(self, child: Child) -> None:
        """Nothing of it may live on: what its first process left behind is killed before the machine hears of the end."""
        for _ in range(200):
            family = child.family()
            if not family:
                break
            kernel.send(family, signal.SIGKILL)
            time.sleep(0.005)
        if child.output >= 0:
            self._drain(child)
        self.child = None
        self.home.leaders.discard(child.leader)
        self._ended.set()
        ran = time.monotonic() - self.ready_at if self.life.state == "ready" else 0.0
        code = self._code if self._code is not None else -signal.SIGKILL
        self.feed(Event("ended", f"{ended_with(code)}{'' if self.life.stopping else self.log.last_words()}", code, ran))

    def _drain(self, child: Child) -> None:
        while child.output >= 0:
            before = child.output
            try:
                data = os.read(before, CHUNK)
            except OSError:
                data = b""
            if data:
                self.log.feed(data)
                continue
            asyncio.get_running_loop().remove_reader(before)
            os.close(before)
            child.output = -1
        self.log.flush()

    async def _terminate(self) -> None:
        """The polite signal to all of it (or to its first process alone), `grace` seconds, then SIGKILL until none is left."""
        child = self.child
        if child is None:
            return
        polite = getattr(signal, f"SIG{self.spec.stop_signal}")
        kernel.send([child.leader] if self.spec.stop_leader and child.leader_alive else child.family(), polite)
        until = time.monotonic() + self.spec.grace
        pause = 0.005
        while time.monotonic() < until and (child.leader_alive or child.family()):
            await asyncio.sleep(pause)
            pause = min(0.05, pause * 1.5)
            self.home.reap()
        if self.child is child:
            if child.leader_alive:
                self.log.say(f"did not end within {self.spec.grace:g} s of SIG{self.spec.stop_signal}: killed")
                kernel.send([child.leader], signal.SIGKILL)
                while child.leader_alive:
                    await asyncio.sleep(0.005)
                    self.home.reap()
            self._finish(child)

    def kill(self) -> None:
        if self.child is not None:
            kernel.send(self.child.family(), signal.SIGKILL)

    async def ended(self) -> None:
        """Until it has no process."""
        await self._ended.wait()

    def row(self) -> dict[str, Any]:
        """The service as a fact of `status`."""
        spec, life = self.spec, self.life
        port = spec.port or self.found_port or None
        url = (spec.url or (f"http://127.0.0.1:{port}" if port and spec.http is not False and spec.protocol == "tcp" else "")) or None
        return {
            "name": spec.name, "path": spec.path, "command": spec.told, "port": port,
            "state": "restarting" if life.again else life.state,
            "url": url, "enabled": spec.enabled, "reason": life.reason or (self.waits_for if life.state == "pending" else ""),
            "pid": self.child.leader if self.child and life.alive else None, "failures": life.failures, "since": self.since,
            "hook": spec.hook, "exposed": spec.expose, "said": self.log.last if life.state in ("unhealthy", "failed", "restarting") else [],
        }


def ended_with(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"ended by signal {-code}"


def _cannot(spec: ServiceSpec, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        missing = "its folder" if error.filename == spec.cwd else f"`{spec.command[0]}`"
        return f"cannot start: {missing} is not there"
    return f"cannot start: {getattr(error, 'strerror', None) or error}"


def jittered(delay: float) -> float:
    """A quarter more or less, so that services that failed together do not come back together."""
    return delay * random.uniform(0.75, 1.25)
