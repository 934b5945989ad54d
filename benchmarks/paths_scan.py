"""Time and memory of the paths room beside ripgrep, for the same pattern on the same tree in the same run.

    pip download --no-deps --python-version 3.13 --only-binary :all: homeassistant==2025.4.4     6,700 modules, 33 MB
    python benchmarks/paths_scan.py FOLDER [--only py] [--runs 5]

Each is the best of its runs on a warm cache, in seconds of a clock and of a processor (rg uses every core, opskit one). `room` is the
prefilter and every reader in this process, `command` the whole of `opskit paths scan --json`, interpreter and all.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from opskit.core.tree import Tree
from opskit.paths.sightings import candidates, sighted

PATTERN = r"(^|[^A-Za-z0-9_%])[A-Za-z]:[\\/]|/home/|/Users/|/mnt/"


def clocked(act: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the clock, seconds of a processor with those of children)."""
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    act()
    return time.perf_counter() - wall, sum(os.times()[:4]) - cpu


def best(act: Callable[[], object], runs: int) -> tuple[float, float]:
    found = [clocked(act) for _ in range(runs)]
    return min(wall for wall, _ in found), min(cpu for _, cpu in found)


def read(root: Path) -> tuple[int, int]:
    """(candidates, sightings) of one fresh tree."""
    tree = Tree(root)
    chosen = candidates(tree)
    return len(chosen), sum(len(sighted(tree, path)) for path in chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="py", help="the ending of the files to look at [default: py]")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "tree")
        for path in given.folder.rglob(f"*.{given.only}"):
            target = root / path.relative_to(given.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file():
                shutil.copyfile(path, target)
        subprocess.run(["git", "init", "-q", root], check=True)
        subprocess.run(["git", "-C", root, "add", "-A"], check=True)
        measure(root, given.runs)


def measure(root: Path, runs: int) -> None:
    tree = Tree(root)
    size = sum((root / path).stat().st_size for path in tree.files)
    files, places = read(root)
    print(f"{len(tree.files)} files, {size / 1e6:.1f} MB; {files} of them parsed, {places} places")
    told = {"room": best(lambda: read(root), runs)}
    command = [sys.executable, "-m", "opskit", "--root", str(root), "paths", "scan", "--json", "--exit-zero"]
    told["command"] = best(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True), runs)
    rg = shutil.which("rg")
    if rg:
        told["rg -l"] = best(lambda: subprocess.run([rg, "-l", PATTERN, str(root)], stdout=subprocess.DEVNULL, check=False), runs)
    else:
        print("ripgrep is not on PATH: no ratio")
    reference = told.get("rg -l", (0.0, 0.0))
    for name, (wall, cpu) in told.items():
        ratio = f"{wall / reference[0]:6.2f} times rg" if reference[0] else ""
        print(f"{name:8} {wall:7.3f} s clock {cpu:7.3f} s processor {ratio}")
    print(f"memory of the command: {memory(command)} MB")


def memory(command: list[str]) -> int:
    """The most that one process of it held, in MB."""
    code = ("import json, resource, subprocess, sys; subprocess.run(json.loads(sys.argv[1]), stdout=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", code, json.dumps(command)], capture_output=True, text=True, check=True)
    return int(done.stdout) // (1024 if sys.platform != "darwin" else 1 << 20)


if __name__ == "__main__":
    main()
