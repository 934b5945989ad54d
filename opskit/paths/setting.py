"""opskit.toml and .env.example: the roots kept, the variables told. Written once, then only added to; edits by hand win."""

import json
from collections.abc import Iterable, Sequence

from opskit.core.change import FileEdit, appended
from opskit.core.tree import Tree
from opskit.paths.facts import Root
from opskit.paths.grammar import key
from opskit.paths.roots import PROJECT, configured
from opskit.source.dotenv import read_dotenv
from opskit.source.toml_array import table_span
from opskit.survey.manifest import MANIFEST, Manifest

EXAMPLE, TABLE, CODE = ".env.example", "paths.roots", "OPS-W001"
HEAD = """
# Folders of the machines that this repository was written on, and the variable that stands for each.
# `opskit up` and `opskit run` set them: the repository itself, and private folders below .opskit/data. Your edits win.
[paths.roots]
"""


def roots_text(roots: Iterable[Root]) -> str:
    """The table as text, "" for none."""
    lines = _lines(roots)
    return HEAD + "".join(f"{line}\n" for line in lines) if lines else ""


def _lines(roots: Iterable[Root]) -> list[str]:
    folders = dict[str, list[str]]()
    for root in roots:
        if root.prefix.isprintable():  # a code page's letters, which UTF-8 does not hold, are none
            folders.setdefault(root.variable, []).append(root.prefix.replace("\\", "/"))
    return [f"{variable} = {json.dumps(given[0] if len(given) == 1 else given, ensure_ascii=False)}" for variable, given in folders.items()]


def keep_roots(tree: Tree, manifest: Manifest, roots: Sequence[Root]) -> FileEdit | None:
    """The lines of what opskit.toml does not name yet; None where there is no opskit.toml or nothing is new."""
    data = tree.read(MANIFEST)
    known = configured(manifest.paths)
    folders, variables = {key(k.prefix) for k in known}, {k.variable for k in known}
    new = [root for root in roots if key(root.prefix) not in folders and root.variable not in variables]
    if data is None or not new:
        return None
    span, eol = table_span(data, TABLE), "\r\n" if b"\r\n" in data else "\n"
    text = "".join(f"{line}\n" for line in _lines(new)) if span else roots_text(new)
    project = next((root.variable for root in new if root.kind == "project"), PROJECT)
    if project != PROJECT and not manifest.paths:
        text = f'\n[paths]\nproject = "{project}"\n{text}'
    at = span[0] + len(data[slice(*span)].rstrip()) if span else len(data)
    before, after = data[at - 1 : at], data[at : at + 1]
    text = ("\n" if before not in (b"\n", b"") else "") + text
    text = text.removesuffix("\n") if after in (b"\n", b"\r") else text
    return FileEdit(MANIFEST, at, at, b"", text.replace("\n", eol).encode(), f"{len(new)} folders and their variables", code=CODE)


def tell_variables(tree: Tree, roots: Iterable[Root]) -> FileEdit | None:
    """What an .env.example does not name yet; None where there is no such file, which `opskit env example` makes."""
    data = tree.read(EXAMPLE)
    if data is None:
        return None
    source = read_dotenv(EXAMPLE, data)
    text, there = source.data.decode("utf-8", "replace"), {entry.key for entry in source.bindings}
    new = {root.variable: root for root in roots if root.variable not in there and f"{root.variable}=" not in text}
    if not new:
        return None
    told = "\n# --- folders, set by `opskit up` and `opskit run` ---\n" + "".join(_item(root) for root in new.values())
    return appended(EXAMPLE, data, told, f"names {len(new)} folders", code=CODE)


def _item(root: Root) -> str:
    folder = "/".join(root.home) or "this repository's own folder"
    return f"\n# a folder; without a value {folder}\n# {root.variable}=\n"
