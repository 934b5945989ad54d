"""A bootstrap killed with SIGKILL at a chosen call of the API, and what must hold once it was run again.

A proxy stands between opskit and the sandbox. At call N it kills the process: before the call is passed on, after it was carried out
(the answer is lost), or a moment after the answer was passed back.
"""

import contextlib
import importlib
import json
import os
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from opskit.stripe.values import SIGNING

WHEN = ("before", "lost", "after")
COMMAND = ("bootstrap", "--yes")
VARYING = re.compile(r"\b(?:price|we|whsec|acct)_[A-Za-z0-9]{8,}|\b[0-9a-f]{16,64}\b|/tmp/\w+")
TIMES = re.compile(r"\b1[0-9]{9}\b|\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Kill:
    """At call `at` (from 1); `pause` seconds go by between the answer and the kill."""

    at: int
    when: str
    pause: float = 0.0


class Proxy:
    """One request a connection, so that each call is one connection. `calls` counts them since `arm`."""

    def __init__(self, target):
        parts = urlsplit(target)
        self.target = (parts.hostname, parts.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.lock, self.calls, self.kill, self.pid = threading.Lock(), 0, None, 0
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, kill):
        self.calls, self.kill, self.pid = 0, kill, 0

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, self.lock:
            request = _message(connection)
            if not request:
                return
            self.calls += 1
            struck = self.kill if self.kill and self.calls == self.kill.at else None
            if struck and struck.when == "before":
                return self._strike()
            answer = self._passed_on(request)
            if struck and struck.when == "lost":
                return self._strike()
            connection.sendall(answer)
            if struck:
                time.sleep(struck.pause)
                self._strike()

    def _passed_on(self, request):
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(self.target) as upstream:
            upstream.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            chunks = []
            while chunk := upstream.recv(65536):
                chunks.append(chunk)
        return b"".join(chunks)

    def _strike(self):
        end = time.monotonic() + 5
        while not self.pid and time.monotonic() < end:
            time.sleep(0.001)
        os.kill(self.pid, signal.SIGKILL)


def _message(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:  # killed between a request's head and its body
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body


class Zygote:
    """A process that has imported what opskit needs and forks one child a command: real processes that are killed, without a second of
    imports each. Forked from a fresh interpreter, since this one has threads."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            ours.close()
            os.execv(sys.executable, [sys.executable, "-m", "tests.stripe.killing", str(_inherited(theirs))])
        theirs.close()
        self.wire = ours.makefile("rw")

    def run(self, root, base, words, started):
        """The exit code (negative for a signal); `started(pid)` is called once the child is there."""
        print(root, base, *words, file=self.wire, sep="\t", flush=True)
        started(int(self.wire.readline()))
        return int(self.wire.readline())

    def close(self):
        self.wire.close()
        os.waitpid(self.pid, 0)


def _inherited(end):
    os.set_inheritable(end.fileno(), True)
    return end.detach()


def serve(descriptor):
    """The zygote's loop."""
    from opskit.cli.door import enter

    wire = socket.socket(fileno=descriptor).makefile("rw")
    with tempfile.TemporaryFile("w+") as loaded:
        for line in wire:
            root, base, *words = line.rstrip("\n").split("\t")
            pid = os.fork()
            if not pid:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                said = os.open(f"{root}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                for each in (1, 2):
                    os.dup2(said, each)
                os.environ["OPSKIT_STRIPE_BASE"] = base
                code = enter(["--root", root, "stripe", *words])
                print(*sys.modules, file=loaded, flush=True)
                os._exit(code)
            print(pid, file=wire, flush=True)
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), file=wire, flush=True)
            _import_too(loaded)


def _import_too(loaded):
    """What a child that came to its end had to import, so that the next ones need not."""
    loaded.seek(0)
    for name in set(loaded.read().split()) - set(sys.modules) - {"__main__"}:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    loaded.seek(0)
    loaded.truncate()


class Trial:
    """One platform and one sandbox: killed as told, run again, judged."""

    def __init__(self, root, sandbox, zygote, file):
        self.root, self.sandbox, self.zygote = root, sandbox, zygote
        self.proxy, self.log = Proxy(sandbox.url), root.with_name(f"{root.name}.log")
        (root / "stripe.yaml").write_text(file)

    def run(self, kill=None):
        self.proxy.arm(kill)
        return self.zygote.run(str(self.root), self.proxy.url, COMMAND, lambda pid: setattr(self.proxy, "pid", pid))

    def finish(self, most=2):
        """Run until it is done: how many more runs it took."""
        for runs in range(1, most + 1):
            if self.run() == 0:
                return runs
        raise AssertionError(f"not done after {most} more runs: {self.told()}; {self.log.read_text()[-500:]!r}")

    def judge(self, products=2, prices=2):
        """No duplicate, no lost secret, and nothing more to write."""
        from dotenv import dotenv_values

        asked = len(self.sandbox.requests("POST", "DELETE"))
        assert self.run() == 0 and len(self.sandbox.requests("POST", "DELETE")) == asked, "a further run writes"
        store, values = self.sandbox.server.engine.store, dict(dotenv_values(self.root / ".env"))
        assert len(store.select("product")) == products and len(store.select("price")) == prices, self.told()
        (endpoint,) = store.select("webhook_endpoint")
        assert SIGNING.fullmatch(values["STRIPE_WEBHOOK_SECRET"]) and endpoint.hidden["secret"] == values["STRIPE_WEBHOOK_SECRET"], "a lost secret"
        ids = {kept.body["lookup_key"]: kept.id for kept in store.select("price") if kept.body["active"]}
        assert (values["STRIPE_PRICE_BUILDER"], values["STRIPE_PRICE_STUDIO"]) == (ids["builder_monthly"], ids["studio_monthly"])

    def state(self):
        """All that the next run finds, in words that two trials share: ids are numbered as they come, times left out."""
        store = self.sandbox.server.engine.store
        remote = [sorted(json.dumps(kept.body) for kept in store.select(kind)) for kind in ("product", "price", "webhook_endpoint")]
        files = [f"{path}\n{path.read_text()}" for path in sorted(self.root.rglob("*")) if path.is_file() and "lock" not in path.name]
        seen = {}
        return VARYING.sub(lambda found: f"#{seen.setdefault(found[0], len(seen))}", TIMES.sub("", json.dumps([files, remote])))

    def told(self):
        return [(r["method"], r["path"], r["status"]) for r in self.sandbox.requests("POST", "DELETE")]

    def close(self):
        self.proxy.close()
        self.log.unlink(missing_ok=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
