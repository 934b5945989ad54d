"""Which version of Stripe's API a file speaks: what it sets itself, else what its library was made for.

A receiver reads events in the shape of its endpoint's version (docs.stripe.com/webhooks/versioning), so the two are to agree.
Versions of the libraries: read in the tags of stripe-node and stripe-python, of those major versions that sent one API version
from their first to their last; earlier ones sent none, later ones another one with each minor version.
"""

import json
import posixpath
import re

from opskit.core.tree import Tree

NODE_MAJORS = {12: "2022-11-15", 13: "2023-08-16", 14: "2023-10-16", 15: "2024-04-10", 16: "2024-06-20"}
PYTHON_MAJORS = {6: "2023-08-16", 7: "2023-10-16", 8: "2023-10-16", 9: "2024-04-10", 10: "2024-06-20"}
VERSION = rb"(20\d\d-\d\d-\d\d(?:\.[a-z]+)?)"
SET = re.compile(rb"(?:apiVersion|api_version|stripe_version|Stripe-Version)['\"]?\s*[:=]\s*['\"]" + VERSION + rb"['\"]")
PINNED = re.compile(rb"^stripe\b(?:\[[^\]]*\])?[ \t]*(?:(?:==|~=)[ \t]*(\d+))?", re.M | re.I)


def spoken_by(tree: Tree, path: str) -> tuple[str, str]:
    """(version, how it is known); ("", "") where nothing tells: then the account's default version counts."""
    if found := SET.search(tree.read(path) or b""):
        return found[1].decode(), f"{path} sets it"
    folders = [*_upward(path)]
    return _python(tree, folders) if path.endswith((".py", ".pyw")) else _node(tree, folders)


def _upward(path: str) -> list[str]:
    folder, found = posixpath.dirname(path), list[str]()
    while folder:
        found.append(folder + "/")
        folder = posixpath.dirname(folder)
    return [*found, ""]


def _node(tree: Tree, folders: list[str]) -> tuple[str, str]:
    for folder in folders:
        installed = tree.read(f"{folder}node_modules/stripe/cjs/apiVersion.js") or b""
        if found := re.search(rb"ApiVersion\s*=\s*['\"]" + VERSION, installed):
            return found[1].decode(), f"{folder}node_modules/stripe"
        for name in ("node_modules/stripe/package.json", "package.json"):
            if (major := _major(tree.read(folder + name), name)) is not None:
                return (NODE_MAJORS[major], f"stripe {major} in {folder}{name}") if major in NODE_MAJORS else ("", "")
    return "", ""


def _major(data: bytes | None, name: str) -> int | None:
    """The library's major version by the nearest manifest that names it, 0 for a range that has none, None where it is not named."""
    try:
        document = json.loads(data or b"{}")
        listed = {**document.get("devDependencies", {}), **document.get("dependencies", {})}
        text = document.get("version") if name.startswith("node_modules") else listed.get("stripe")
    except (ValueError, AttributeError, TypeError):
        return None
    found = re.match(r"[\^~=v ]*(\d+)", str(text))
    return None if text is None else int(found[1]) if found else 0


def _python(tree: Tree, folders: list[str]) -> tuple[str, str]:
    for folder in folders:
        found = PINNED.search(tree.read(f"{folder}requirements.txt") or b"")
        if found:
            major = int(found[1] or 0)
            return (PYTHON_MAJORS[major], f"stripe {major} in {folder}requirements.txt") if major in PYTHON_MAJORS else ("", "")
    return "", ""
