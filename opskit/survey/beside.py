"""Which compose projects run together: those that one command line names, and those that join one network of the machine
(docs.docker.com/compose: merge, networks)."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from opskit.core.tree import Tree
from opskit.source.yaml_text import read_yaml
from opskit.survey.composition import projects

TOLD = (
    ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", "makefile", ".mk", "justfile", "package.json", ".yml", ".yaml", ".md", ".env", ".toml",
    ".service",
)
LINE = re.compile(r"\bcompose\b(?P<words>(?:\\\r?\n|[^\n])*)")
FILE = re.compile(r"(?:^|\s)(?:-f|--file)[ =]\s*[\"']?(?P<file>[^\s\"']+\.ya?ml)")
LISTED = re.compile(r"^(?:export[ \t]+)?COMPOSE_FILE[ \t]*=[ \t]*[\"']?(?P<files>[^\s\"']+)", re.M)


def beside(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """The projects that run beside each project, without itself."""
    return tree.computed(_beside)


def _beside(tree: Tree) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for crew in (*_started(tree), *_joined(tree)):
        for one, other in combinations(crew, 2):
            if one != other:
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
    return {project: tuple(sorted(others)) for project, others in found.items()}


def _started(tree: Tree) -> Iterator[list[str]]:
    """The projects of the files of one command (`docker compose -f a.yml -f b.yml up`), or of COMPOSE_FILE."""
    whole = projects(tree)
    if len(whole) < 2:
        return
    for path in tree.holding(tree.ending(*TOLD), b"compose", b"COMPOSE_FILE"):
        text = (tree.read(path) or b"").decode("utf-8", "replace")
        lines = [[f["file"] for f in FILE.finditer(line["words"])] for line in LINE.finditer(text)]
        lines += [re.split(r"[:;,]", line["files"]) for line in LISTED.finditer(text)]
        for names in (names for names in lines if len(names) > 1):
            for base in dict.fromkeys((posixpath.dirname(path), "")):
                files = [posixpath.normpath(posixpath.join(base, name)) for name in names]
                if all(file in whole for file in files):
                    yield [whole[file] for file in files]
                    break


def _joined(tree: Tree) -> Iterator[tuple[str, str]]:
    """Two projects of different folders with one network, that for one of them exists outside; alternatives of each other aside."""
    whole = [path for path, project in projects(tree).items() if path == project]
    outer, inner = ({path: set(_networks(tree, path, external)) for path in whole} for external in (True, False))
    for one, other in combinations(whole, 2):
        shared = outer[one] & outer[other] or outer[one] & inner[other] or inner[one] & outer[other]
        if shared and not _stands_for(tree, one, other):
            yield one, other


def _networks(tree: Tree, path: str, external: bool) -> Iterator[str]:
    """By the name that each has on the machine (compose-spec, networks: external, name). A network of the project's own counts by its
    name, or by its key where that is no plain word: whoever meant to share it forgot its name."""
    document = tree.parsed(path, read_yaml)
    for key, body in (document.table("networks") if document else {}).items():
        if (body.text("external") == "true" or bool(body.text("external", "name"))) is external:
            name = body.text("external", "name") or body.text("name") or key
            if external or name != key or re.search(r"\w[-_]\w", key):
                yield name


def _stands_for(tree: Tree, one: str, other: str) -> bool:
    """Whether two compose files are alternatives: in one folder, or most services that the smaller builds are in both."""
    names = [_own_names(tree, path) for path in (one, other)]
    return posixpath.dirname(one) == posixpath.dirname(other) or 2 * len(names[0] & names[1]) > min(map(len, names))


def _own_names(tree: Tree, path: str) -> set[str]:
    """The services that a file builds; all of them where it builds none."""
    document = tree.parsed(path, read_yaml)
    services = document.table("services") if document else {}
    return {name for name, body in services.items() if body.at("build") is not None} or set(services)
