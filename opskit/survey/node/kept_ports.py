"""Ports that a development server's own document keeps: angular.json and wrangler's (angular.dev/reference/configs/workspace-config,
developers.cloudflare.com/workers/wrangler/configuration)."""

import posixpath
import re

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.survey.commandline import Simple
from opskit.survey.facts import Bind

DEV = re.compile(rb"^[ \t]*\[dev\][^\n]*(?:\n(?![ \t]*\[)[^\n]*)*?\n[ \t]*port[ \t]*=[ \t]*(?P<port>\d{2,5})\b", re.M)


def kept(tree: Tree, folder: str, framework: str, command: Simple) -> Bind | None:
    """What the document beside a package says for its development server, None where it says nothing."""
    if framework == "angular":
        path = posixpath.normpath(f"{folder}/angular.json")
        document = tree.parsed(path, read_json) if path in tree.known else None
        node = _angular(document, project_of(command)) if document else None
        return _bind(tree.place(path, *node.inner()), node.raw, framework) if node is not None and node.raw.isdigit() else None
    if framework == "wrangler":
        for path in (posixpath.normpath(f"{folder}/{name}") for name in ("wrangler.json", "wrangler.jsonc")):
            document = tree.parsed(path, read_json) if path in tree.known else None
            node = document.at("dev", "port") if document else None
            if node is not None and node.raw.isdigit():
                return _bind(tree.place(path, *node.inner()), node.raw, framework)
        path = posixpath.normpath(f"{folder}/wrangler.toml")
        found = DEV.search(tree.read(path) or b"") if path in tree.known else None
        return _bind(tree.place(path, *found.span("port")), found["port"].decode(), framework) if found else None
    return None


def project_of(command: Simple) -> str:
    """The project that `ng serve shop` names, "" where it names none."""
    words = [word for word in command.values[1:] if not word.startswith("-")]
    said = command.option("--project")
    return said.value if said else words[1] if len(words) > 1 and words[0] in ("serve", "s", "dev") and not words[1].isdigit() else ""


def _angular(document: Located, project: str) -> Located | None:
    """`port` of the serve target: of the project that is named, else of the default one or the first that has such a target."""
    projects = document.table("projects")
    name = project or document.text("defaultProject")
    served = [each for key, each in projects.items() if not name or key == name]
    ways = (("options", "port"), ("configurations", "development", "port"))
    found = (each.at(kind, "serve", *way) for each in served for kind in ("architect", "targets") for way in ways)
    return next((node for node in found if node is not None), None)


def _bind(place: Place, digits: str, framework: str) -> Bind:
    return Bind(place, int(digits), framework, "", via=(f"port of {place.path}",), editable=True)
