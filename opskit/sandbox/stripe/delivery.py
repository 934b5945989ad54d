"""Signed delivery of events to webhook endpoints, in the order of the events, again where no 2xx came.

The sandbox speaks to loopback alone: an endpoint elsewhere gets its events at `forward`, or they are held and told as such. A signed
event of a sandbox must never reach a site that takes it for a customer's payment.
"""

import asyncio
import hashlib
import hmac
import json
import sqlite3
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import httpx

from opskit.core.loopback import is_loopback
from opskit.sandbox.stripe.engine import Engine
from opskit.sandbox.stripe.faults import Fault, Faults
from opskit.sandbox.stripe.render import render
from opskit.sandbox.stripe.store import Kept

AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
DUE = "SELECT * FROM delivery WHERE state = 'pending' ORDER BY seq"
REORDER_LIMIT = 5.0


def sign(payload: bytes, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header (docs.stripe.com/webhooks/signature)."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + payload, hashlib.sha256)
    return f"t={timestamp},v1={digest.hexdigest()}"


def target_of(url: str, forward: str = "") -> str:
    """Where an endpoint's events go: its own address on loopback, its path at `forward`, "" for nowhere."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        return url
    return forward.rstrip("/") + (parts.path or "/") + (f"?{parts.query}" if parts.query else "") if forward else ""


@dataclass(slots=True)
class _Queue:
    """One endpoint's deliveries go out one after another; `latest` is the newest that was sent, for what waits to be overtaken."""

    turn: asyncio.Lock
    latest: int = 0


class Courier:
    def __init__(self, engine: Engine, faults: Faults) -> None:
        self.engine, self.faults = engine, faults
        self._wake = asyncio.Event()
        self._queues: dict[str, _Queue] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled. What is still pending then is pending at the next start."""
        async with httpx.AsyncClient(timeout=self.engine.settings.timeout, trust_env=False) as client:
            try:
                while True:
                    self._wake.clear()
                    wait = self._start_due(client)
                    try:
                        await asyncio.wait_for(self._wake.wait(), wait)
                    except TimeoutError:
                        continue
            finally:
                for task in list(self._tasks.values()):
                    task.cancel()
                await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient) -> float | None:
        """Begin what is due; seconds until the next that is not, None where nothing waits."""
        now, later = self.engine.now(), list[float]()
        for row in self.engine.store.rows(DUE):
            if row["seq"] in self._tasks:
                continue
            if row["due"] > now:
                later.append(row["due"] - now)
                continue
            task = asyncio.create_task(self._deliver(client, row))
            self._tasks[row["seq"]] = task
            task.add_done_callback(partial(self._ended, row["seq"]))
        return min(later, default=None)

    def _ended(self, seq: int, _: asyncio.Task[None]) -> None:
        self._tasks.pop(seq, None)
        self.wake()

    async def _deliver(self, client: httpx.AsyncClient, row: sqlite3.Row) -> None:
        store = self.engine.store
        event, endpoint = store.get("event", row["event"]), store.get("webhook_endpoint", row["endpoint"])
        if event is None or endpoint is None or endpoint.gone or endpoint.body["status"] != "enabled":
            return self._close(row, "canceled", "the endpoint is gone or disabled")
        target = target_of(endpoint.body["url"], self.engine.settings.forward)
        if not target:
            return self._close(row, "held", "not on loopback; the sandbox sends nothing elsewhere (--forward-to)")
        struck = self.faults.strike(f"event {event.body['type']}") if row["attempt"] == 0 else []
        queue = self._queues.setdefault(endpoint.id, _Queue(asyncio.Lock()))
        await self._wait(struck, queue, row["seq"])
        async with queue.turn:
            for _ in range(1 + any(fault.kind == "duplicate" for fault in struck)):
                note = await self._send(client, target, event, endpoint)
            queue.latest = max(queue.latest, row["seq"])
        self._record(row, note)

    async def _wait(self, struck: list[Fault], queue: _Queue, seq: int) -> None:
        """`hold` waits its seconds; `reorder` until a later event to the same endpoint was sent."""
        for fault in struck:
            if fault.kind == "hold":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "reorder":
                end = asyncio.get_running_loop().time() + REORDER_LIMIT
                while queue.latest < seq and asyncio.get_running_loop().time() < end:
                    await asyncio.sleep(0.02)

    async def _send(self, client: httpx.AsyncClient, target: str, event: Kept, endpoint: Kept) -> str:
        """What the receiver answered: its status, or why there is none."""
        body = render(self.engine.store, event)
        body["api_version"] = endpoint.body["api_version"] or body["api_version"]
        payload = json.dumps(body, indent=2).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT, "Accept": "*/*",
                   "Stripe-Signature": sign(payload, endpoint.hidden["secret"], int(self.engine.now()))}
        try:
            return str((await client.post(target, content=payload, headers=headers)).status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__

    def _record(self, row: sqlite3.Row, note: str) -> None:
        retries = self.engine.settings.retries
        if note.startswith("2"):
            self._close(row, "delivered", note)
        elif row["attempt"] < len(retries):
            with self.engine.store.writing():
                self.engine.store.rows("UPDATE delivery SET attempt = attempt + 1, due = ?, note = ? WHERE seq = ?",
                                       self.engine.now() + retries[row["attempt"]], note, row["seq"])
        else:
            self._close(row, "failed", note)

    def _close(self, row: sqlite3.Row, state: str, note: str) -> None:
        with self.engine.store.writing():
            self.engine.store.rows("UPDATE delivery SET state = ?, note = ?, attempt = attempt + 1 WHERE seq = ?", state, note, row["seq"])
