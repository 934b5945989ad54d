"""Log lines a second through the supervisor, beside a plain `cat` of the same pipes: python benchmarks/fan_in.py [LINES]

Two services print LINES lines of 81 bytes each. The figure is lines a second from the start of the first line to the last
line in the log files, prefix, redaction and rotation included; the ratio is to two processes writing to files by themselves.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from opskit.services import launch
from opskit.services.spec import ServiceSpec

CODE = """
import sys, time
for _ in range({blocks}): sys.stdout.write(('x' * 80 + '\\n') * 1000)
print('the end', flush=True)
time.sleep({rest})
"""


def supervised(root: Path, blocks: int) -> float:
    command = (sys.executable, "-c", CODE.format(blocks=blocks, rest=600))
    specs = tuple(ServiceSpec(name, command, str(root), kind="worker") for name in ("one", "two"))
    began = time.perf_counter()
    launch.launch(root, specs, os.environ, attached=False).close()
    logs = [root / ".opskit" / "logs" / f"{spec.name}.log" for spec in specs]
    try:
        while not all(path.exists() and path.read_bytes()[-40:].rstrip().endswith(b"the end") for path in logs):
            time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        launch.stop(root)


def alone(root: Path, blocks: int) -> float:
    command = [sys.executable, "-c", CODE.format(blocks=blocks, rest=0)]
    began = time.perf_counter()
    running = []
    for name in ("a", "b"):
        with (root / name).open("wb") as file:
            running.append(subprocess.Popen(command, stdout=file))
    for process in running:
        process.wait()
    return time.perf_counter() - began


def main() -> None:
    blocks = int(sys.argv[1]) // 1000 if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="fan") as folder:
        root = Path(folder)
        ours, plain = supervised(root, blocks), alone(root, blocks)
    lines = 2 * blocks * 1000
    speed = lines / ours / 1000
    print(f"{lines} lines: supervised {ours:.2f} s ({speed:.0f} k lines/s), straight to files {plain:.2f} s, ratio {ours / plain:.1f}")


if __name__ == "__main__":
    main()
