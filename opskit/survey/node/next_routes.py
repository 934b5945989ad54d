"""Addresses that Next.js answers by its folders (nextjs.org/docs: `pages/api` and route handlers named `route`)."""

import posixpath
import re

from opskit.core.place import Place
from opskit.survey.facts import Route
from opskit.survey.node.modules import SCRIPTS
from opskit.survey.node.program import Program, exported
from opskit.survey.node.requests import methods_let_in

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
GROUP = re.compile(r"/(\([^/]*\)|@[^/]+)(?=/|$)")


def next_routes(program: Program, paths: tuple[str, ...], folder: str) -> tuple[Route, ...]:
    """`pages/api/x.ts` is /api/x for the methods that it lets in, `app/x/route.ts` is /x for the methods it exports; `[id]` as spelled."""
    base = "" if folder == "." else folder + "/"
    found: list[Route] = []
    for path in paths:
        stem, suffix = posixpath.splitext(path.removeprefix(base).removeprefix("src/"))
        if suffix not in SCRIPTS:
            continue
        if stem.startswith("pages/api/"):
            module, address = program.module(path), "/" + stem.removeprefix("pages/").removesuffix("/index")
            found += [Route(method, address, Place(path, 1, 1)) for method in (methods_let_in(module) if module else ()) or ("*",)]
        elif stem.startswith("app/") and stem.endswith("/route"):
            found += _handlers(program, path, stem.removeprefix("app").removesuffix("/route"))
    return tuple(found)


def _handlers(program: Program, path: str, folders: str) -> list[Route]:
    """Folders in parentheses and slots (`@x`) are no part of the address."""
    module = program.module(path)
    address = GROUP.sub("", folders) or "/"
    named = [(m, exported(module, m)) for m in METHODS] if module else []
    return [Route(method, address, module.source.place(node)) for method, node in named if node is not None and module is not None]
