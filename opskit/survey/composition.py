"""Which compose files make one project, what a service takes over from another, and what variables come to
(docs.docker.com/compose: include, extends, interpolation)."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.dotenv import read_dotenv
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

NAMES = re.compile(r"(^|/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$", re.I)
SHAPED = re.compile(rb"^services:[ \t]*(?:#[^\r\n]*)?\r?$", re.M)
CONTAINED = re.compile(rb"^[ \t]+(?:image|build):", re.M)
TOP = frozenset("version name services networks volumes secrets configs include models".split())
FILLED = re.compile(r"\$\{(?P<name>\w+)(?::?[-=](?P<default>[^{}]*))?[^{}]*\}")


def compose_files(tree: Tree) -> tuple[str, ...]:
    """Those that are called so, and those that are compose files by what they hold (compose-spec, the top-level elements): one is started
    by `-f` under any name (`infra.yml`)."""
    return tree.computed(_compose_files)


def _compose_files(tree: Tree) -> tuple[str, ...]:
    written = [path for path in tree.ending(".yml", ".yaml") if ".template." not in path]
    shaped = {path for path in tree.holding((p for p in written if not NAMES.search(p)), b"services:") if _is_shaped(tree, path)}
    taken = {base for path in written if NAMES.search(path) or path in shaped for base in _bases(tree, path)}
    return tuple(path for path in written if NAMES.search(path) or path in shaped - taken)


def _bases(tree: Tree, path: str) -> Iterator[str]:
    """Files that a compose file's services take others over from."""
    document = tree.parsed(path, read_yaml)
    for body in document.table("services").values() if document else ():
        if file := body.text("extends", "file"):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), file))


def _is_shaped(tree: Tree, path: str) -> bool:
    """Whether every element is a compose file's, and every service an image, a build or somebody else's service."""
    data = tree.read(path) or b""
    document = tree.parsed(path, read_yaml) if SHAPED.search(data) and CONTAINED.search(data) else None
    if document is None or not all(key in TOP or key.startswith("x-") for key in document.items or {}):
        return False
    services = document.table("services").values()
    return bool(services) and all(any(body.at(key) for key in ("image", "build", "extends")) for body in services)


def projects(tree: Tree) -> dict[str, str]:
    """Compose files in the tree's order, each with the file whose project it belongs to: its own, the one that includes it."""
    return tree.computed(_projects)


def _projects(tree: Tree) -> dict[str, str]:
    found = {path: path for path in compose_files(tree)}
    for path in list(found):
        document = tree.parsed(path, read_yaml)
        for item in document.list("include") if document else ():
            named = [item.raw] if item.items is None else [item.text("path"), *(p.raw for p in item.list("path"))]
            for name in filter(None, named):
                included = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                if included in tree.known and included != path:
                    found[included] = found[path]
    return found


def extended(tree: Tree, path: str, body: Located, depth: int = 0) -> tuple[Located, list[tuple[str, Located]]]:
    """(the service with what it extends merged in, its entries of `ports` each with its file)."""
    own = [(path, item) for item in body.list("ports")]
    base = body.text("extends") or body.text("extends", "service")
    if not base or depth > 5:
        return body, own
    file = body.text("extends", "file")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    document = tree.parsed(there, read_yaml) if there in tree.known else None
    parent = document.at("services", base) if document else None
    if parent is None or parent.items is None:
        return body, own
    whole, ports = extended(tree, there, parent, depth + 1)
    return Located(None, body.start, body.end, items={**(whole.items or {}), **(body.items or {})}, key=body.key), [*ports, *own]


def set_in_file(tree: Tree, path: str, name: str) -> tuple[str, Place | None]:
    """What the `.env` beside a compose file says for a variable, with the value's place (docs.docker.com, interpolation)."""
    source = tree.parsed(posixpath.join(posixpath.dirname(path), ".env"), read_dotenv)
    found = source.last(name) if source else None
    return (found.value or "", source.inside(found)) if source and found else ("", None)


def filled(tree: Tree, path: str, text: str, depth: int = 0) -> str:
    """The text as compose fills it in, as far as defaults and `.env` tell."""
    def one(match: re.Match[str]) -> str:
        return set_in_file(tree, path, match["name"])[0] or match["default"] or ""

    whole = FILLED.sub(one, text) if "$" in text else text
    return filled(tree, path, whole, depth + 1) if "$" in whole and whole != text and depth < 5 else whole
