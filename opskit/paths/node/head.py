"""The lines that a script gets: the imports that they need, a constant for every folder, and where they stand."""

import re
from collections.abc import Iterable
from itertools import count
from typing import Any, TypeAlias

from opskit.paths.facts import Default, Root
from opskit.paths.node.host import Host
from opskit.paths.node.names import bindings, free, imported
from opskit.source.javascript import JavaScriptSource

Node: TypeAlias = Any  # tree-sitter's, which only `source` and `survey` import

HELD = re.compile(rb"^const (\w+) = process\.env\.(\w+) \|\|", re.M)
_REQUIRED = re.compile(rb"^const path = require\((['\"])(?:node:)?path\1\)", re.M)
_SHADOWED = re.compile(rb"[(,{]\s*path\s*[,)}=]|\b(?:let|var)\s+path\b|function\s+path\b|\bpath\s*=>")
_REST = re.compile(rb"[ \t]*(?://[^\n]*)?\r?(?:\n|$)")


class Head:
    """Of one file. `at` is where new lines go: behind the imports that it begins with, else in front of its first statement."""

    def __init__(self, source: JavaScriptSource, host: Host, default: Default, first: int) -> None:
        """`first` is where the first use of a constant will stand."""
        self.source, self.host, self.default = source, host, default
        self.after_imports, self.at = _place(source)
        above = (found for found in HELD.finditer(source.data) if found.end() <= first)
        held = {found[2].decode(): found[1].decode() for found in above}
        self.held = {variable: name for variable, name in held.items() if len(bindings(source, name)) == 1}
        self._new: dict[str, str] = {}
        required = _REQUIRED.search(source.data)
        self._path_at = required.end() if required and not _SHADOWED.search(source.data) else None

    def path(self, at: int) -> str:
        """What means Node's module `path` at a byte of the file."""
        if not self.host.imports and self.host.kind == "commonjs":
            return "path" if self._path_at is not None and at > self._path_at else "require('path')"
        return self._import("path", "default")

    def _import(self, module: str, wanted: str) -> str:
        names = ("default", "*") if wanted == "default" else (wanted,)
        if local := imported(self.source, module, names, self.at):
            return local
        if wanted not in self._new:
            first = "path" if wanted == "default" else wanted
            self._new[wanted] = free(self.source, (first, f"node_{first}", *(f"node_{first}_{n}" for n in range(2, 9))))
        return self._new[wanted]

    def _imports(self) -> list[str]:
        whole = "* as " if self.host.typed else ""  # without esModuleInterop a CommonJS module has no default
        lines = []
        for wanted, name in self._new.items():
            named = wanted if name == wanted else f"{wanted} as {name}"
            lines.append(f"import {whole}{name} from 'node:path';" if wanted == "default" else f"import {{ {named} }} from 'node:url';")
        return lines

    def name(self, variable: str) -> str:
        """The constant's: the variable's own, unless the file uses that for something else."""
        return self.held.get(variable) or free(self.source, (variable + "_" * n for n in count()))

    def text(self, used: Iterable[tuple[str, Root]]) -> str:
        """The lines for the constants that are not there yet, "" for none; every line ends."""
        constants = [self._constant(name, root) for name, root in used if self.held.get(root.variable) != name]
        lines = [*self._imports(), *([""] if constants and (self._new or self.after_imports) else []), *constants]
        return "".join(f"{line}\n" for line in lines)

    def _constant(self, name: str, root: Root) -> str:
        fallback = self._here(root) if self.default == "repo" else "'" + root.prefix.replace("\\", "\\\\") + "'"
        return f"const {name} = process.env.{root.variable} || {fallback};"

    def _here(self, root: Root) -> str:
        steps = [f"'{step}'" for step in (*[".."] * self.source.path.count("/"), *root.home)]
        path = self.path(-1)
        if self.host.kind == "commonjs":
            here = "__dirname"
        elif self.host.dirname:
            here = "import.meta.dirname"
        else:
            here = f"{path}.dirname({self._import('url', 'fileURLToPath')}(import.meta.url))"
        return f"{path}.join({', '.join([here, *steps])})" if steps else here


def _place(source: JavaScriptSource) -> tuple[bool, int]:
    last: Node = None
    for node in source.root.named_children if source.root is not None else []:
        directive = node.type == "expression_statement" and node.named_children and node.named_children[0].type == "string"
        if node.type == "import_statement":
            last = node
        elif node.type not in ("hash_bang_line", "comment") and not directive:
            rest = _REST.match(source.data, last.end_byte) if last is not None else None
            return (True, rest.end()) if rest and rest.end() <= node.start_byte else (False, node.start_byte)
    return False, len(source.data)
