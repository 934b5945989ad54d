"""What tsconfig.json makes of a file: the kind of module that comes out, and where it comes out.

Sources: typescriptlang.org/tsconfig (module, outDir, rootDir, extends) and the handbook's page "Modules - Reference".
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.source.json_text import read_json

ENDS = (".ts", ".mts", ".cts")
BY_PACKAGE = frozenset(("node16", "node18", "node20", "nodenext"))
WITH_META = frozenset(("es2020", "es2022", "esnext", "preserve", "system"))
WITHOUT_META = frozenset(("es6", "es2015"))
OLD = frozenset(("amd", "umd", "none"))
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Compiler:
    """The options of the nearest tsconfig.json with those that it extends; folders are relative to the platform's root."""

    path: str
    options: Mapping[str, str]

    @property
    def module(self) -> str:
        return self.options.get("module", "").lower()


def compiler(tree: Tree, path: str) -> Compiler | None:
    """None where no tsconfig.json lies above the file."""
    folder = posixpath.dirname(path)
    while True:
        if (config := posixpath.join(folder, "tsconfig.json")) in tree.known:
            return Compiler(config, _options(tree, config, 0))
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def _options(tree: Tree, config: str, depth: int) -> dict[str, str]:
    document = tree.parsed(config, read_json) if depth < DEEPEST else None
    if document is None:
        return {}
    above, folder, found = document.text("extends"), posixpath.dirname(config), dict[str, str]()
    if above.startswith("."):
        base = posixpath.normpath(posixpath.join(folder, above))
        found = _options(tree, base if base.endswith(".json") else f"{base}.json", depth + 1)
    for name, item in document.table("compilerOptions").items():
        found[name] = posixpath.normpath(posixpath.join(folder, item.raw)) if name in ("outDir", "rootDir") else item.raw
    return found


def moved(told: Compiler, path: str) -> str:
    """Why the compiled file does not lie as deep as its source, so that no way up holds for both; "" where it does."""
    out, root = told.options.get("outDir", ""), told.options.get("rootDir", "")
    if told.options.get("outFile"):
        return f"{told.path} compiles it into one file elsewhere"
    if told.options.get("noEmit") == "true" or not out:
        return ""
    if not root:
        return f"{told.path} compiles it to {out} and names no rootDir: how deep it lies there cannot be told"
    there = posixpath.normpath(posixpath.join(out, posixpath.relpath(path, root)))
    return "" if there.count("/") == path.count("/") else f"{told.path} compiles it to {there}, which lies at another depth"
