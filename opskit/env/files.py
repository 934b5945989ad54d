"""The platform's dotenv files: which there are, what they hold, what git makes of them."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from opskit.core.listing import ignores, tracked
from opskit.core.tree import Tree
from opskit.source.dotenv import DotenvSource, is_values_file, read_dotenv
from opskit.survey.survey import Survey

CONTRACT, LOCAL, MAIN = ".env.example", ".env.local", ".env"
STAGES = ("", ".local", ".development", ".dev", ".production", ".prod", ".staging", ".test",
          ".development.local", ".production.local", ".test.local", ".docker", ".keys")


@dataclass(frozen=True, slots=True, eq=False)
class EnvFile:
    """One dotenv file that holds values. `stage` is dev, test, staging or production, told by its name."""

    path: str
    source: DotenvSource
    stage: Literal["dev", "test", "staging", "production"]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


def env_files(survey: Survey) -> tuple[EnvFile, ...]:
    """Files in the root, beside every service and wherever the tree lists one. Git mostly ignores them, so they are
    looked for by name."""
    return survey.tree.computed(_in_root) + tuple(_beside(survey))


def _in_root(tree: Tree) -> tuple[EnvFile, ...]:
    listed = [path for path in tree.files if is_values_file(path) and not is_fixture(path)]
    paths = dict.fromkeys([*(MAIN + stage for stage in STAGES), *listed])
    return tuple(f for path in paths if (f := _file(tree, path)))


def _beside(survey: Survey) -> list[EnvFile]:
    known = {f.path for f in survey.tree.computed(_in_root)}
    folders = dict.fromkeys(f for s in survey.services for f in (s.cwd.strip("./"), s.path.rpartition("/")[0]) if f)
    paths = [f"{folder}/{MAIN}{stage}" for folder in folders for stage in STAGES]
    return [f for path in paths if path not in known and (f := _file(survey.tree, path))]


def _file(tree: Tree, path: str) -> EnvFile | None:
    source = tree.parsed(path, read_dotenv)
    return EnvFile(path, source, _stage(path)) if source is not None else None


@cache
def _stage(path: str) -> Literal["dev", "test", "staging", "production"]:
    words = path.rpartition("/")[2].lower().split(".")
    if "production" in words or "prod" in words:
        return "production"
    return "staging" if "staging" in words else "test" if "test" in words else "dev"


def is_fixture(path: str) -> bool:
    """Made up for tests, as what stands in such a folder mostly is."""
    return not {"tests", "test", "__tests__", "fixtures", "testdata", "__mocks__"}.isdisjoint(path.split("/")[:-1])


def contract(tree: Tree) -> DotenvSource | None:
    return tree.parsed(CONTRACT, read_dotenv)


def ignore_lines(tree: Tree) -> list[str]:
    """The root's .gitignore and git's own exclude file, in the order in which the last match counts."""
    texts = [tree.read(".git/info/exclude") or b"", tree.read(".gitignore") or b""]
    return [line for text in texts for line in text.decode("utf-8-sig", "replace").splitlines()]


def is_ignored(tree: Tree, path: str) -> bool:
    return ignores(ignore_lines(tree), path)


def tracked_files(tree: Tree) -> frozenset[str]:
    """Asked of git once a run."""
    return tree.computed(_tracked)


def _tracked(tree: Tree) -> frozenset[str]:
    return tracked(tree.root)
