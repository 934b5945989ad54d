"""How long `opskit check` takes on a platform, beside ripgrep for ports over the same files and `ast.parse` of its Python.

    python benchmarks/check.py FOLDER [ROUNDS]
"""

import ast
import contextlib
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from opskit.core.tree import Tree


def timed(act: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def parse(root: Path, files: list[str]) -> None:
    warnings.simplefilter("ignore")
    for path in files:
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse((root / path).read_bytes())


def main(root: Path, rounds: int) -> None:
    tree = Tree(root)
    python = [path for path in tree.files if path.endswith(".py")]
    acts: dict[str, Callable[[], object]] = {
        "opskit check --json": lambda: subprocess.run(
            [sys.executable, "-m", "opskit", "--root", str(root), "check", "--json"], capture_output=True),
        f"ast.parse of {len(python)} Python files": lambda: parse(root, python),
    }
    if shutil.which("rg"):
        names = "\0".join(str(root / path) for path in tree.files).encode()
        acts["rg ':\\d{4}' over the same files"] = lambda: subprocess.run(
            ["xargs", "-0", "rg", "-c", r":\d{4}"], input=names, capture_output=True)
    print(f"{len(tree.files)} files, median of {rounds}")
    for name, act in acts.items():
        print(f"{name:44}{timed(act, rounds):8.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
