"""Which compose files make one project, what a service takes over from another, and what variables come to
(docs.docker.com/compose: include, extends, interpolation)."""

import posixpath
import re

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.dotenv import read_dotenv
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

NAMES = re.compile(r"(^|/)(docker-)?compose([.-][\w.-]+)?\.ya?ml$", re.I)
FILLED = re.compile(r"\$\{(?P<name>\w+)(?::?[-=](?P<default>[^{}]*))?[^{}]*\}")


def projects(tree: Tree) -> dict[str, str]:
    """Compose files in the tree's order, each with the file whose project it belongs to: its own, the one that includes it, or the
    first of those in other folders that join the same external network: they are started beside one another."""
    found = {path: path for path in tree.ending(".yml", ".yaml") if NAMES.search(path) and ".template." not in path}
    for path in list(found):
        document = tree.parsed(path, read_yaml)
        for item in document.list("include") if document else ():
            named = [item.raw] if item.items is None else [item.text("path"), *(p.raw for p in item.list("path"))]
            for name in filter(None, named):
                included = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                if included in tree.known and included != path:
                    found[included] = found[path]
    joined = dict[str, list[str]]()
    for path in [p for p, whole in found.items() if p == whole]:
        network = next(iter(_outer_networks(tree, path)), "")
        crew = joined.setdefault(network, []) if network else []
        if crew and not any(_stands_for(tree, path, other) for other in crew):
            found[path] = found[crew[0]]
        crew.append(path)
    return found


def _outer_networks(tree: Tree, path: str) -> list[str]:
    """Networks that exist outside of the project, by the name that they have there (compose-spec, networks: external, name)."""
    document = tree.parsed(path, read_yaml)
    own = document.table("networks") if document else {}
    joined = {key: body for key, body in own.items() if body.text("external") == "true" or body.text("external", "name")}
    return [body.text("external", "name") or body.text("name") or key for key, body in joined.items()]


def _stands_for(tree: Tree, one: str, other: str) -> bool:
    """Whether two compose files are alternatives: in one folder, or most services that the smaller builds are in both."""
    names = [_own_names(tree, path) for path in (one, other)]
    return posixpath.dirname(one) == posixpath.dirname(other) or 2 * len(names[0] & names[1]) > min(map(len, names))


def _own_names(tree: Tree, path: str) -> set[str]:
    """The services that a file builds; all of them where it builds none."""
    document = tree.parsed(path, read_yaml)
    services = document.table("services") if document else {}
    return {name for name, body in services.items() if body.at("build") is not None} or set(services)


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
