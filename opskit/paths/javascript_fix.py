"""JavaScript's literals to `path.join(BASE_DIR, ...)`, where Node runs the file for certain; parsed again before it stands."""

import re
from collections.abc import Iterator, Sequence

from opskit.core.change import FileEdit
from opskit.paths.facts import How, Rewritten, Root, Sighting
from opskit.paths.grammar import key, owner, rest_of, split
from opskit.source.javascript import JavaScriptSource, read_javascript

_HEAD = re.compile(rb"^const (\w+) = process\.env\.\1 \|\|", re.M)
_SHADOWED = re.compile(rb"[(,{]\s*path\s*[,)}=]|\b(?:let|var)\s+path\b|function\s+path\b|\bpath\s*=>")
_REQUIRED = re.compile(rb"^const path = require\((['\"])(?:node:)?path\1\)", re.M)


def rewrite_javascript(source: JavaScriptSource, chosen: Sequence[Sighting], roots: Sequence[Root], how: How) -> Rewritten:
    """The edits of one file, one group: its constants in front of the first statement, and each literal. What is left has its reason."""
    if reason := _unfit(source):
        return Rewritten(left=[(one, reason) for one in chosen])
    file = _File(source, roots, how)
    edits, left = list[FileEdit](), list[tuple[Sighting, str]]()
    for one in chosen:
        new = file.spelled(one)
        if new is None:
            left.append((one, "its expressions do not stand clear of the folder's own name"))
        else:
            edits.append(file.edit(one.place.start, one.place.end, new, f"{file.owned(one)} instead of one machine's folder"))
    edits = [*file.head(), *edits]
    if edits and read_javascript(source.path, _spliced(source.data, edits)).broken:
        return Rewritten(left=[*left, *((one, "the file would no longer parse") for one in chosen)])
    return Rewritten(tuple(edits), left)


def _unfit(source: JavaScriptSource) -> str:
    if source.broken:
        return "the file does not parse"
    if source.found("import_statement", "export_statement"):
        return "an ES module, which a browser may load too: join it by hand with import.meta.dirname"
    node = any(source.text(c.child_by_field_name("function")) == "require" for c in source.found("call_expression"))
    return "" if node or b"module.exports" in source.data else "nothing shows that Node runs this file: no require, no module.exports"


class _File:
    def __init__(self, source: JavaScriptSource, roots: Sequence[Root], how: How) -> None:
        self.source, self.roots, self.how = source, roots, how
        self.used: dict[str, Root] = {}
        self.there = {name.decode() for name in _HEAD.findall(source.data)}
        required = _REQUIRED.search(source.data)
        self.path_at = required.end() if required and not _SHADOWED.search(source.data) else None

    def owned(self, one: Sighting) -> str:
        found = owner(one.value, self.roots)
        return found[0].variable if found else ""

    def edit(self, start: int, end: int, new: bytes, why: str) -> FileEdit:
        path = self.source.path
        return FileEdit(path, start, end, self.source.data[start:end], new, why, f"paths:{path}", "OPS-W001")

    def name(self, root: Root) -> str:
        """The constant of a root: the variable's own name, unless the file uses that for something else."""
        name = root.variable
        while name not in self.there and re.search(rb"(?<![\w.])%b\b" % name.encode(), self.source.data):
            name = f"{name}_"
        self.used.setdefault(name, root)
        return name

    def spelled(self, one: Sighting) -> bytes | None:
        found = owner(one.value, self.roots)
        if found is None:
            return None
        root, tail = found
        old = self.source.data[one.place.start : one.place.end].decode("utf-8", "replace")
        if "${" in old:
            rest = rest_of(one.spelled.replace("\\\\", "/"), root.prefix.replace("\\", "/"))
            return None if rest is None or not rest.startswith("/") else f"`${{{self.name(root)}}}{rest}`".encode()
        if key("/".join((root.prefix, *tail))) != key(one.value):
            return None
        quote, name = old[0], self.name(root)
        pieces = [part.replace("\\", "\\\\").replace(quote, f"\\{quote}") for part in tail]
        if pieces and split(one.value).trailing:
            pieces[-1] += "/"
        joined = ", ".join([name, *(f"{quote}{piece}{quote}" for piece in pieces)])
        return f"{self._path(one.place.start)}.join({joined})".encode() if pieces else name.encode()

    def _path(self, at: int) -> str:
        return "path" if self.path_at is not None and at > self.path_at else "require('path')"

    def head(self) -> Iterator[FileEdit]:
        """The constants that are not there yet."""
        eol = b"\r\n" if b"\r\n" in self.source.data else b"\n"
        lines = [self._constant(name, root) for name, root in self.used.items() if name not in self.there]
        if lines:
            at = self._first()
            yield self.edit(at, at, b"".join(line.encode() + eol for line in lines), "the folders come from the environment")

    def _constant(self, name: str, root: Root) -> str:
        up = [".."] * self.source.path.count("/")
        steps = [f"'{step}'" for step in (*up, *root.home)]
        here = f"require('path').join({', '.join(['__dirname', *steps])})" if steps else "__dirname"
        fallback = here if self.how.default == "repo" else "'" + root.prefix.replace("\\", "\\\\") + "'"
        return f"const {name} = process.env.{root.variable} || {fallback};"

    def _first(self) -> int:
        """Where the first statement begins: behind the shebang, comments and 'use strict'."""
        nodes = self.source.root.named_children if self.source.root is not None else []
        for node in nodes:
            directive = node.type == "expression_statement" and node.named_children and node.named_children[0].type == "string"
            if node.type not in ("hash_bang_line", "comment") and not directive:
                return node.start_byte
        return len(self.source.data)


def _spliced(data: bytes, edits: Sequence[FileEdit]) -> bytes:
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data
