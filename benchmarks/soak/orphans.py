"""Orphan trials, many: python benchmarks/soak/orphans.py [TRIALS A CELL]

Each cell is a shape of service and a way to end the supervision. Counts what lives five seconds later (nothing may) and
tells how long the last death took. "both" has no guard but the next command, so that cell shows what it would leave.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from opskit.services import launch
from tests.services.orphans import WAYS, trial
from tests.services.shapes import SHAPES


def cell(shape: str, way: str, trials: int) -> tuple[int, list[float]]:
    left, seconds = 0, []
    for _ in range(trials):
        with tempfile.TemporaryDirectory(prefix="soak") as folder:
            survivors, took = trial(Path(folder), shape, way, limit=5.0 if "both" not in way else 0.5)
            left += bool(survivors)
            seconds.append(took)
            launch.sweep(Path(folder))
    return left, seconds


def main() -> int:
    trials, worst = int(sys.argv[1]) if len(sys.argv) > 1 else 50, 0
    for way in (*WAYS, "kill -9 both"):
        for shape in SHAPES:
            left, seconds = cell(shape, way, trials)
            worst += left if "both" not in way else 0
            print(f"{way:20} {shape:24} {left}/{trials} left something; last death after {statistics.median(seconds) * 1000:.0f} ms "
                  f"(max {max(seconds) * 1000:.0f})", flush=True)
    return int(bool(worst))


if __name__ == "__main__":
    sys.exit(main())
