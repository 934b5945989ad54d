"""Services as platform files declare them: Procfile, compose files, package.json scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.facts import Bind


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared process. `place` is the line that declares it; `command` runs in `cwd` (relative to the root, with
    `$VARIABLES` as written). `entry` is the platform's file that the command starts, "" where it is none of ours.
    `ports` are what it says it listens on or publishes; `profile` the mode or compose profile it belongs to."""

    name: str
    command: tuple[str, ...]
    cwd: str
    kind: Literal["server", "worker", "function", ""]
    place: Place
    entry: str = ""
    ports: tuple[Bind, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    profile: str = ""


def declared(tree: Tree) -> tuple[Declared, ...]:
    """Every declared process, in the order of the files; what cannot be read stands in `declared_unresolved`."""
    return ()
