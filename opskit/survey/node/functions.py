"""Netlify functions: which files they are and which addresses reach them.

Source of the rules: docs.netlify.com/functions/get-started (folder layout, endpoint) and docs.netlify.com/routing/redirects.
"""

import posixpath
import tomllib
from dataclasses import dataclass
from typing import Any

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.facts import Route, Service
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module, closure, read_module
from opskit.survey.node.program import entry
from opskit.survey.node.requests import methods_let_in

SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
ENDPOINT = "/.netlify/functions/"


@dataclass(frozen=True, slots=True)
class Site:
    """One netlify.toml: the folder it stands in, its functions' folder, its redirects to functions as (from, to)."""

    base: str
    folder: str
    redirects: tuple[tuple[str, str], ...] = ()


def functions(tree: Tree) -> tuple[Service, ...]:
    """One service a function; the one of two files with one name that Netlify would deploy last keeps the name too."""
    return tuple(_function(tree, site, name, path) for site in sites(tree) for name, path in _files(tree, site.folder))


def sites(tree: Tree) -> list[Site]:
    """Netlify sites by their netlify.toml; without one, a `netlify/functions` folder at the root."""
    found = []
    for path in tree.ending("netlify.toml"):
        if posixpath.basename(path) == "netlify.toml":
            found.append(_site(tree, path))
    if not any(site.folder == "netlify/functions" for site in found):
        found.append(Site(".", "netlify/functions"))
    return found


def _site(tree: Tree, path: str) -> Site:
    try:
        raw = tomllib.loads((tree.read(path) or b"").decode("utf-8-sig", "replace"))
    except tomllib.TOMLDecodeError:
        raw = {}
    build = _table(raw, "build")
    base = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(build.get("base", "")).strip("/") or "."))
    folder = _table(raw, "functions").get("directory") or build.get("functions") or "netlify/functions"
    redirects = raw.get("redirects")
    pairs = (
        [(str(r.get("from", "")), str(r.get("to", ""))) for r in redirects if isinstance(r, dict)] if isinstance(redirects, list) else []
    )
    pairs += _redirects_file(tree, posixpath.join(base, str(build.get("publish", "."))))
    return Site(base, posixpath.normpath(posixpath.join(base, str(folder).strip("/"))), tuple(p for p in pairs if ENDPOINT in p[1]))


def _redirects_file(tree: Tree, folder: str) -> list[tuple[str, str]]:
    data = tree.read(posixpath.normpath(posixpath.join(folder, "_redirects"))) or b""
    lines = [line.split() for line in data.decode("utf-8", "replace").splitlines() if not line.lstrip().startswith("#")]
    return [(words[0], words[1]) for words in lines if len(words) > 1]


def _table(raw: dict[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _files(tree: Tree, folder: str) -> list[tuple[str, str]]:
    """(function's name, entry file): `NAME.js`, `NAME/NAME.js` or `NAME/index.js`."""
    prefix = "" if folder == "." else folder + "/"
    found = []
    for path in tree.files:
        stem, suffix = posixpath.splitext(path.removeprefix(prefix))
        if not path.startswith(prefix) or suffix not in SUFFIXES or stem.endswith((".test", ".spec", ".d")):
            continue
        parts = stem.split("/")
        if (len(parts) == 1 and _answers(tree, path, folder)) or (
            len(parts) == 2 and parts[1] in (parts[0], "index") and not parts[0].startswith(("_", "node_modules"))
        ):
            found.append((parts[0], path))
    return found


def _answers(tree: Tree, path: str, folder: str) -> bool:
    """In a folder meant for functions every file is one; at a site's root only those that export a handler."""
    if folder != ".":
        return True
    data = tree.read(path) or b""
    return b"handler" in data and b"export" in data


def _function(tree: Tree, site: Site, name: str, path: str) -> Service:
    """A function that gives itself a path answers there and nowhere else (docs.netlify.com/build/functions, "Routing")."""
    module = tree.parsed(path, read_module)
    known = module if module is not None and module.source.root is not None and not module.broken else None
    addresses = _configured(known, "path") if known else []
    if not addresses:
        rewritten = (_through(pattern, target.split("?")[0], ENDPOINT + name) for pattern, target in site.redirects)
        addresses = [ENDPOINT + name, *(address for address in rewritten if address)]
    methods = ([m.upper() for m in _configured(known, "method")] or methods_let_in(known) if known else ()) or ("*",)
    routes = tuple(dict.fromkeys(Route(method, address, Place(path, 1, 1)) for address in addresses for method in methods))
    return Service(name, path, "function", "node", ("netlify", "dev"), site.base, routes=routes, closure=closure(tree, path))


def _through(pattern: str, target: str, endpoint: str) -> str:
    """The address that a redirect turns into this function's endpoint, "" where it does not."""
    if target in (endpoint, endpoint + "/:splat", endpoint + "/*"):
        return pattern
    head, splat, _ = target.partition(":splat")
    if splat and endpoint.startswith(head) and pattern.endswith("*"):
        return pattern[:-1] + endpoint[len(head) :]
    return ""


def _configured(module: Module, key: str) -> list[str]:
    """`export const config = { path: "/x", method: ["POST"] }` of a function in the newer form."""
    found = []
    for declared in module.names.all("config"):
        given = entry(module, bare(declared.value), key)
        items = given.named_children if given is not None and given.type == "array" else [given]
        found += [text for item in items if (text := module.source.string(item))]
    return found
