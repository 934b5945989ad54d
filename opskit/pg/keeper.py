"""Holds one child for as long as its own standard input stays open, then stops it: a killed opskit leaves nothing running.

Run as a file by a bare interpreter (`python -I keeper.py SPEC`), in a session of its own, so that ^C and the death of
the terminal do not reach the child before opskit does. SPEC is JSON: argv, cwd, user, group, stop (a command where the
system has no signals to ask with). Needs nothing of opskit. Works on Windows as on POSIX: a pipe's end is told everywhere.
"""

import json
import os
import signal
import subprocess
import sys
import threading

ASK, INSIST = 15.0, 5.0


def main(spec: dict) -> int:  # type: ignore[type-arg]
    child = subprocess.Popen(spec["argv"], cwd=spec["cwd"], stdin=subprocess.DEVNULL, **spec["account"])
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: threading.Thread(target=_stop, args=(child, spec["stop"]), daemon=True).start())
    threading.Thread(target=_stop_at_end, args=(child, spec["stop"]), daemon=True).start()
    return child.wait()


def _stop_at_end(child: "subprocess.Popen[bytes]", stop: list[str]) -> None:
    while os.read(0, 1):
        pass
    _stop(child, stop)


def _stop(child: "subprocess.Popen[bytes]", stop: list[str]) -> None:
    if stop:
        subprocess.run(stop, capture_output=True)
    elif child.poll() is None:
        child.send_signal(signal.SIGINT)
    try:
        child.wait(ASK)
    except subprocess.TimeoutExpired:
        child.send_signal(getattr(signal, "SIGQUIT", signal.SIGTERM))
        try:
            child.wait(INSIST)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
