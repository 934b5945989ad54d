"""What `paths fix` takes for a platform's Python, beside LibCST's bare parse of the files that it changes.

    python benchmarks/paths_fix.py FOLDER [ROUNDS]
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import libcst

from opskit.core.tree import Tree
from opskit.paths.fix import plan
from opskit.paths.rules import check
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


def timed(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def once(root: Path) -> dict[str, float]:
    """Processor seconds of each step of one run, then those of LibCST for the same files."""
    survey = Survey(Tree(root), read_manifest(root))
    found = {"scan: walk, prefilter, ast, roots, classes": timed(lambda: check(survey))}
    checked = check(survey)
    made = plan(survey, checked)
    changed = sorted({change.path for change in made.changes if getattr(change, "path", "").endswith(".py")})
    found[f"fix: plan and proof of {len(changed)} Python files"] = timed(lambda: plan(survey, checked))
    texts = [survey.tree.read(path) or b"" for path in changed]
    found[f"libcst.parse_module of the {len(changed)}"] = timed(lambda: [libcst.parse_module(text) for text in texts])
    return found


def main(root: Path, rounds: int) -> None:
    runs = [once(root) for _ in range(rounds)]
    print(f"processor seconds, median of {rounds}")
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    for name, seconds in medians.items():
        print(f"{name:52}{seconds:8.2f} s")
    _, ours, theirs = medians.values()
    print(f"{'fix beside LibCST (at most 2)':52}{ours / theirs:8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
