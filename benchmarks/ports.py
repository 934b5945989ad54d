"""What the ports room adds to a run, beside `ast.parse` of the Python files that its bytes prefilter lets through; the goal is 1.5.

    python benchmarks/ports.py FOLDER [ROUNDS]
"""

import ast
import contextlib
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from opskit.core.finding import Checked
from opskit.core.tree import Tree
from opskit.ports.fix import plan
from opskit.ports.rules import check
from opskit.ports.sightings import sightings
from opskit.ports.spellings import NEEDLES
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


def timed(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def parse(tree: Tree, files: list[str]) -> None:
    warnings.simplefilter("ignore")
    for path in files:
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(tree.read(path) or b"")


def once(root: Path) -> dict[str, float]:
    """Each part's seconds in one run, in the order in which a command needs them."""
    survey = Survey(Tree(root), read_manifest(root))
    python = [path for path in survey.tree.files if path.endswith(".py")]
    near = list(survey.tree.holding(python, *NEEDLES, b"run(", b"listen", b"serve"))
    checked = list[Checked]()
    acts: dict[str, Callable[[], object]] = {
        f"ast.parse of {len(near)} of {len(python)} Python files": lambda: parse(survey.tree, near),
        "survey of all services (shared by every room)": lambda: survey.services,
        "sightings": lambda: sightings(survey.tree),
        "rules": lambda: checked.append(check(survey, True)),
        "fix": lambda: plan(survey, checked[0], True),
    }
    return {name: timed(act) for name, act in acts.items()}


def main(root: Path, rounds: int) -> None:
    found = [once(root) for _ in range(rounds)]
    print(f"processor seconds, median of {rounds}")
    middle = {name: statistics.median(each[name] for each in found) for name in found[0]}
    for name, seconds in middle.items():
        print(f"{name:52}{seconds:8.3f} s")
    parsing, _, *room = middle.values()
    if parsing:
        print(f"{'sightings, rules and fix beside ast.parse':52}{sum(room) / parsing:8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
