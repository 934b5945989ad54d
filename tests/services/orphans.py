"""One orphan trial: start a service of some shape, end the supervision in some way, count what outlives it."""

import os
import signal
import time
from pathlib import Path

from opskit.services import launch
from tests.services.shapes import PROCESSES, SHAPES, note, service_processes, spec, start, until

WAYS = ("kill -9 guardian", "kill -9 supervisor", "TERM guardian", "TERM supervisor")


def trial(root: Path, shape: str, way: str, limit: float = 15.0) -> tuple[int, float]:
    """(processes still alive `limit` seconds later, seconds until none was)."""
    client = start(root, spec("service", root, *SHAPES[shape]))
    until(lambda: len(service_processes(root)) >= PROCESSES[shape])
    pids = note(root)
    victims = {"guardian": [pids["guardian"]], "supervisor": [pids["supervisor"]], "both": [pids["guardian"], pids["supervisor"]]}
    how = signal.SIGKILL if "-9" in way else signal.SIGTERM
    began = time.monotonic()
    for pid in victims[way.split()[-1]]:
        os.kill(pid, how)
    while service_processes(root) or launch.is_up(root):
        if time.monotonic() - began > limit:
            break
        time.sleep(0.002)
    client.close()
    return len(service_processes(root)), time.monotonic() - began
