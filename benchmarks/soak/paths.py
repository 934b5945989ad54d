"""Trees in which `paths fix` must find nothing to rewrite, and as many generated modules as wanted, each run before and after.

    python benchmarks/soak/paths.py untouched FOLDER...       (Python's own tests, Django, pywin32: unpacked wheels)
    python benchmarks/soak/paths.py modules [COUNT] [SEED]
"""

import importlib
import sys
from pathlib import Path

from opskit.core.change import FileEdit
from opskit.core.tree import Tree
from opskit.paths.fix import plan
from opskit.paths.rules import check
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


def untouched(folders: list[str]) -> None:
    for folder in folders:
        root = Path(folder).resolve()
        survey = Survey(Tree(root), read_manifest(root))
        checked = check(survey)
        made = plan(survey, checked)
        edits = [change for change in made.changes if isinstance(change, FileEdit) and change.path.endswith(".py")]
        seen = sum(fact["language"] == "python" for fact in checked.facts["paths"])
        files = len(list(survey.tree.ending(".py")))
        print(f"{root.name}: {files} files, {seen} paths seen, {len(edits)} edits, {made.held_back} held back for review")


def modules(count: int, seed: int) -> None:
    sys.path[:0] = [str(Path(__file__).parents[2] / "tests" / "paths")]
    trial = importlib.import_module("python.test_generated").trial
    trial(count, seed)
    print(f"{count} modules: all as they must be")


if __name__ == "__main__":
    if sys.argv[1] == "untouched":
        untouched(sys.argv[2:])
    else:
        count, seed = [*sys.argv[2:4], *("2000", "1")[len(sys.argv[2:4]) :]]
        modules(int(count), int(seed))
