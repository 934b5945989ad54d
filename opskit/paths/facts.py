"""The room's facts: a path of somebody's machine where it stands, and the folders that such paths hang on.

Who makes and who takes them, so that each language can be built alone:

- `paths/python/sightings.py: read(source: PythonSource) -> tuple[Sighting, ...]`, by `tree.parsed`'s module; of one that does not parse
  (`source.tree is None`) the textual matches (`grammar.spans`), form "text", fix "none", `reason` why it does not parse. It is asked only
  for files that `grammar.holds` lets through.
- `paths/python/fix.py: rewrite(tree: Tree, source: PythonSource, chosen: Sequence[Sighting], roots: Sequence[Root], how: How)
  -> Rewritten`. `chosen` are the sightings to rewrite, already judged (class, root, review); the root of each is
  `grammar.owner(value, roots)`.
- `paths/javascript.py`, `paths/lines.py` do the same for the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from opskit.core.finding import Fix
from opskit.core.place import Place

if TYPE_CHECKING:
    from opskit.core.change import Change

Form = Literal[
    "assignment", "argument", "path-call", "sys-path", "open", "f-string", "concat", "format", "join", "default", "dict-value", "dict-key",
    "list-element", "class-attribute", "keyword", "comparison", "command", "match", "annotation", "docstring", "message", "comment",
    "env-fallback", "regex", "url", "value", "markup", "cell", "text",
]
"""How a path stands in its file. `value`: of a configuration file or a shell's variable; `env-fallback`: what a read of the environment
falls back to, which is the room's own output; `text`: prose, or code that does not parse."""

Class = Literal["project", "personal", "system", "tool", "placeholder", "fixture", "other"]
"""What a path is: below this repository's own folder on somebody's machine; below somebody's home; the operating system's; a program
by its file; a stand-in of documentation; a test's subject; any other folder of one machine."""

Kind = Literal["project", "personal", "folder"]
Confidence = Literal["high", "medium", "low"]
Default = Literal["repo", "original"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One path in one file.

    `place` spans the whole literal, prefix and quotes included, or the bare text. `value` is the path as the program means it (escapes
    decoded); of longer text (a message, a docstring, a command) only the path in it, and then `whole` is False. `spelled` is how it lies
    on disk, without quotes. An f-string's expressions stand in `value` as `{...}`. `fix` is what its form alone allows, `reason` why not
    more. `defect` is what an escape makes of it ("holds a tab"), "" where it means what it says; then `value` is the path as it was meant.
    `note` is for a person: the cell of a notebook. `variable` names the variable of an "env-fallback".
    """

    place: Place
    value: str
    spelled: str
    language: str
    form: Form
    confidence: Confidence = "high"
    fix: Fix = "none"
    reason: str = ""
    whole: bool = True
    defect: str = ""
    note: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of somebody's machine, and the environment variable that stands for it.

    `prefix` is its first spelling, without a separator at its end; `uses` counts the sightings below it. Several roots may share one
    variable: the same repository on two machines. `kind` "project" is this repository itself, "personal" lies below somebody's home.
    """

    name: str
    variable: str
    prefix: str
    kind: Kind
    uses: int = 0

    @property
    def home(self) -> tuple[str, ...]:
        """Where the folder lies below the repository's root when nothing sets the variable: () is the repository itself; anything else is
        private data, out of git. `opskit up` and `opskit run` make it."""
        return () if self.kind == "project" else (".opskit", "data", self.name)


@dataclass(frozen=True, slots=True)
class How:
    """How to rewrite: the fallback of a constant ("repo": the repository's root, found from the file; "original": the old value).
    `shared`: one module of constants a package, where it is proved how the package's modules are loaded."""

    default: Default = "repo"
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What one file's rewriting comes to: changes of one group a file, and the sightings that were left, each with its reason. `shared`
    are the variables whose constants it imports."""

    changes: "tuple[Change, ...]" = ()
    left: Sequence[tuple[Sighting, str]] = field(default=())
    shared: tuple[str, ...] = ()
