"""Ready means: the service's own processes hold its socket, on loopback unless it is exposed, and answer where it speaks HTTP."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from opskit.core.loopback import is_loopback
from opskit.services.spec import ServiceSpec

SILENT = 3.0
WORKER = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """A socket that a process listens on (TCP) or receives on (UDP)."""

    protocol: Literal["tcp", "udp"]
    address: str
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`port` is where it was found to listen. `exposed` names an address that it must not listen on."""

    ready: bool
    reason: str = ""
    port: int | None = None
    exposed: str = ""


def held_by(pids: Iterable[int]) -> list[Held]:
    """Sockets of these processes; one that has ended or is not ours to look into holds none."""
    import psutil

    found = list[Held]()
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections(kind="inet")
        except psutil.Error:
            continue
        for each in connections:
            if each.laddr and (each.status == psutil.CONN_LISTEN or (each.status == psutil.CONN_NONE and not each.raddr)):
                found.append(Held("tcp" if each.status == psutil.CONN_LISTEN else "udp", each.laddr.ip, each.laddr.port, pid))
    return found


async def judge(spec: ServiceSpec, pids: Iterable[int], age: float) -> Verdict:
    """`age` is seconds since the start. Looks at sockets first; only a socket of its own is ever spoken to."""
    held = held_by(pids)
    if not spec.expose and (open_to_all := _open_to_all(spec, held)):
        return Verdict(False, exposed=f"{open_to_all.address}:{open_to_all.port}")
    if isinstance(spec.ready, (int, float)):
        return Verdict(age >= spec.ready, f"waits {spec.ready:g} s")
    if spec.ready == "none":
        return Verdict(True)
    if spec.kind == "worker" and spec.port is None and spec.ready == "port":
        return Verdict(age >= WORKER, "has just started")
    mine = [h for h in held if h.protocol == spec.protocol and h.port == (spec.port or h.port)]
    if not mine:
        return Verdict(False, _elsewhere(spec, held))
    if spec.protocol == "udp" or spec.http is False:
        return Verdict(True, port=mine[0].port)
    return await _speaks(spec, mine[0], age)


def watch(spec: ServiceSpec, pids: Iterable[int]) -> Verdict:
    """The same without a word to the service, for one that was ready before: its log is not filled with our visits."""
    held = held_by(pids)
    if not spec.expose and (open_to_all := _open_to_all(spec, held)):
        return Verdict(False, exposed=f"{open_to_all.address}:{open_to_all.port}")
    kept = not spec.port or spec.ready == "none" or not isinstance(spec.ready, str) or any(
        h.port == spec.port and h.protocol == spec.protocol for h in held)
    return Verdict(kept, "" if kept else f"no longer listens on port {spec.port}")


def _open_to_all(spec: ServiceSpec, held: list[Held]) -> Held | None:
    """A listening TCP socket off loopback. UDP counts only on its declared port: a client's own socket looks the same."""
    return next((h for h in held if not is_loopback(h.address)
                 and (h.protocol == "tcp" or (spec.protocol == "udp" and h.port == spec.port))), None)


def _elsewhere(spec: ServiceSpec, held: list[Held]) -> str:
    others = sorted({h.port for h in held if h.protocol == spec.protocol})
    if others:
        return f"listens on port {', '.join(map(str, others))}, not on {spec.port}"
    return f"does not listen on port {spec.port} yet" if spec.port else "does not listen on any port yet"


async def _speaks(spec: ServiceSpec, held: Held, age: float) -> Verdict:
    path = spec.ready if isinstance(spec.ready, str) and spec.ready.startswith("/") else ""
    status = await answer(held.address, held.port, path)
    if path:
        good = status is not None and 200 <= status < 400
        return Verdict(good, "" if good else f"{path} answers {status}" if status else f"{path} does not answer", held.port)
    if status is not None or (spec.http is None and age >= SILENT):
        return Verdict(True, port=held.port)
    return Verdict(False, "holds its port and does not answer", held.port)


async def answer(address: str, port: int, path: str = "", wait: float = 2.0) -> int | None:
    """The HTTP status of `path`, or of `HEAD /` without one; None where it is not HTTP or does not answer in `wait` seconds."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    writer = None
    try:
        async with asyncio.timeout(wait):
            reader, writer = await asyncio.open_connection(host, port)
            first = f"{'GET' if path else 'HEAD'} {path or '/'} HTTP/1.1"
            head = (first, f"Host: 127.0.0.1:{port}", "User-Agent: opskit", "Connection: close")
            writer.write("".join(f"{line}\r\n" for line in (*head, "")).encode())
            await writer.drain()
            words = (await reader.readline()).split()
            return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") and words[1].isdigit() else None
    except (OSError, ValueError, TimeoutError):
        return None
    finally:
        if writer is not None:
            writer.close()
