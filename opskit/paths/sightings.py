"""Every path of one machine in the platform's files: the prefilter, then each file by the reader of its language, once."""

from opskit.core.tree import Tree
from opskit.paths.facts import Sighting
from opskit.paths.grammar import holds
from opskit.paths.javascript import read_javascript_paths
from opskit.paths.languages import language_of
from opskit.paths.lines import WIDE, read_lines
from opskit.paths.python.sightings import read
from opskit.source.javascript import read_javascript
from opskit.survey.manifest import MANIFEST, REGISTRY
from opskit.survey.python.index import source_of

OWN = frozenset((MANIFEST, REGISTRY, "opskit-baseline.json", ".gitignore"))


def sightings(tree: Tree) -> tuple[Sighting, ...]:
    """In the order of files and of their bytes. opskit's own files, where the roots themselves stand, are left out."""
    return tree.computed(_all)


def _all(tree: Tree) -> tuple[Sighting, ...]:
    return tuple(one for path in candidates(tree) for one in sighted(tree, path))


def candidates(tree: Tree) -> list[str]:
    """Files that may hold a path: the others are read once and never parsed."""
    return [path for path in tree.files if path not in OWN and language_of(path) and _may_hold(tree.read(path)) and not tree.is_link(path)]


def _may_hold(data: bytes | None) -> bool:
    if data is None:
        return False
    return holds(data[2:].replace(b"\0", b"")) if data[:2] in WIDE else holds(data) and b"\0" not in data[:4096]


def sighted(tree: Tree, path: str) -> tuple[Sighting, ...]:
    """The paths of one file."""
    match language := language_of(path):
        case "python":
            source = source_of(tree, path)
            return () if source is None else read(source)
        case "javascript" | "html":
            script = tree.parsed(path, read_javascript)
            return () if script is None else read_javascript_paths(script)
        case "notebook":
            from opskit.paths.notebook import read_notebook

            return read_notebook(path, tree.read(path) or b"")
    return read_lines(path, tree.read(path) or b"", language)
