"""What `opskit check` costs on a platform in CPU seconds, beside ripgrep for ports over the same files and `ast.parse` of its Python.

    python benchmarks/check.py FOLDER [ROUNDS]
"""

import ast
import contextlib
import resource
import shutil
import statistics
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from opskit.core.tree import Tree


def spent() -> float:
    """CPU seconds of this process and of those it has waited for: other work on the machine does not count."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def timed(act: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        started = spent()
        act()
        found.append(spent() - started)
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
    print(f"{len(tree.files)} files, CPU seconds, median of {rounds}")
    told = {name: timed(act, rounds) for name, act in acts.items()}
    whole = next(iter(told.values()))
    for name, seconds in told.items():
        ratio = f"   check costs {whole / seconds:.1f} x" if seconds > 0.01 and seconds != whole else ""
        print(f"{name:44}{seconds:8.2f} s{ratio}")
    print(f"{'largest process':44}{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10:8} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
