"""The life of one service as a pure function: a life and an event give the next life and what to do.

No clock, no process, no randomness: the supervisor hands in what happened and does what is asked, so that any history
can be replayed in a test.
"""

from dataclasses import dataclass, replace
from typing import Literal

State = Literal["pending", "starting", "ready", "unhealthy", "restarting", "failed", "stopped", "disabled"]
STATES: tuple[State, ...] = ("pending", "starting", "ready", "unhealthy", "restarting", "failed", "stopped", "disabled")


@dataclass(frozen=True, slots=True)
class Policy:
    """When to try again: `first` seconds doubled with each failure up to `longest`, at most `tries` restarts in a row.
    A run of `steady` seconds after ready forgets earlier failures. `once` marks what may end by itself with code 0."""

    first: float = 0.5
    longest: float = 30.0
    tries: int = 5
    steady: float = 10.0
    once: bool = False

    def delay(self, failures: int) -> float:
        return float(min(self.longest, self.first * 2 ** max(0, min(failures, 32) - 1)))


@dataclass(frozen=True, slots=True)
class Life:
    """`alive`: it has processes. `stopping`: they were told to end. `again`: it starts afresh when they have."""

    state: State = "pending"
    alive: bool = False
    stopping: bool = False
    again: bool = False
    failures: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """begin, refused, spawned, answered, late, lost, ended, waited, stop, restart, exposed.

    `code` (negative for a signal) and `ran` (seconds since it was ready, 0 if it never was) belong to `ended`;
    `reason` to refused, late, lost, ended and exposed.
    """

    kind: Literal["begin", "refused", "spawned", "answered", "late", "lost", "ended", "waited", "stop", "restart", "exposed"]
    reason: str = ""
    code: int = 0
    ran: float = 0.0


@dataclass(frozen=True, slots=True)
class Action:
    """start; terminate (politely, then by force); retry after `delay` seconds."""

    kind: Literal["start", "terminate", "retry"]
    delay: float = 0.0


Step = tuple[Life, tuple[Action, ...]]
START, TERMINATE = Action("start"), Action("terminate")


def step(life: Life, event: Event, policy: Policy) -> Step:
    """Events that do not fit the life (an answer from what has ended, a stop of what is stopped) change nothing."""
    match event.kind:
        case "begin" | "waited" | "spawned" | "refused":
            return _starting(life, event)
        case "answered" | "late" | "lost" | "exposed":
            return _judged(life, event)
        case "ended":
            return _ended(life, event, policy)
        case "stop":
            return _asked_to_end(life, again=False)
        case "restart":
            return _asked_to_end(life, again=True)


def _starting(life: Life, event: Event) -> Step:
    if event.kind == "spawned":
        if life.state == "starting" and not life.alive:
            return replace(life, alive=True), ()
        return replace(life, alive=True, stopping=True), (TERMINATE,)
    if event.kind == "refused":
        return (replace(life, state="failed", reason=event.reason), ()) if life.state == "starting" and not life.alive else (life, ())
    fits = ("restarting",) if event.kind == "waited" else ("pending", "stopped", "failed")
    if life.alive or life.state not in fits:
        return life, ()
    return replace(life, state="starting", reason="", failures=life.failures if event.kind == "waited" else 0), (START,)


def _judged(life: Life, event: Event) -> Step:
    if not life.alive or life.stopping:
        return life, ()
    if event.kind == "exposed":
        return replace(life, state="failed", stopping=True, reason=event.reason), (TERMINATE,)
    if event.kind == "answered" and life.state in ("starting", "unhealthy"):
        return replace(life, state="ready", reason=""), ()
    if life.state == ("starting" if event.kind == "late" else "ready") and event.kind != "answered":
        return replace(life, state="unhealthy", reason=event.reason), ()
    return life, ()


def _ended(life: Life, event: Event, policy: Policy) -> Step:
    if not life.alive:
        return life, ()
    if life.stopping:
        if life.again:
            return Life(state="starting"), (START,)
        if life.state == "failed":
            return replace(life, alive=False, stopping=False), ()
        return Life(state="stopped"), ()
    if policy.once and event.code == 0:
        return Life(state="stopped", reason="ended by itself"), ()
    failures = 1 if event.ran >= policy.steady else life.failures + 1
    if failures > policy.tries:
        return Life(state="failed", failures=failures, reason=f"{event.reason}; given up after {policy.tries} restarts"), ()
    return Life(state="restarting", failures=failures, reason=event.reason), (Action("retry", policy.delay(failures)),)


def _asked_to_end(life: Life, again: bool) -> Step:
    if life.state == "disabled":
        return life, ()
    if life.alive:
        return replace(life, stopping=True, again=again), () if life.stopping else (TERMINATE,)
    if again:
        return (life, ()) if life.state == "starting" else (Life(state="starting"), (START,))
    return Life(state="stopped", reason=life.reason if life.state == "failed" else ""), ()
