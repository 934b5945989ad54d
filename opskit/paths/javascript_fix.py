"""JavaScript's literals to `path.join(BASE_DIR, ...)`, where Node runs the file for certain; parsed again before it stands."""

from collections.abc import Iterator, Sequence

from opskit.core.change import FileEdit
from opskit.paths.facts import How, Rewritten, Root, Sighting
from opskit.paths.grammar import key, owner, rest_of, split
from opskit.paths.javascript import RAW
from opskit.paths.node.head import Head
from opskit.paths.node.host import Host
from opskit.paths.node.names import bindings
from opskit.source.javascript import JavaScriptSource, read_javascript


def rewrite_javascript(source: JavaScriptSource, host: Host, chosen: Sequence[Sighting], roots: Sequence[Root], how: How) -> Rewritten:
    """The edits of one file, one group: its imports and constants in front of the first statement, and each literal. What is left has
    its reason."""
    if reason := host.reason or _unfit(source):
        return Rewritten(left=[(one, reason) for one in chosen])
    file = _File(source, host, roots, how, min(one.place.start for one in chosen))
    edits, left = list[FileEdit](), list[tuple[Sighting, str]]()
    for one in chosen:
        new = file.spelled(one)
        if new is None:
            left.append((one, "its expressions do not stand clear of the folder's own name"))
        else:
            edits.append(file.edit(one.place.start, one.place.end, new, f"{file.owned(one)} instead of one machine's folder"))
    edits = [*file.lines(), *edits]
    if edits and read_javascript(source.path, _spliced(source.data, edits)).broken:
        return Rewritten(left=[*left, *((one, "the file would no longer parse") for one in chosen)])
    return Rewritten(tuple(edits), left)


def _unfit(source: JavaScriptSource) -> str:
    meant = [node for node in bindings(source, "process") if node.parent is None or node.parent.type != "import_clause"]
    return "`process` is bound to something else in it" if meant else ""


class _File:
    def __init__(self, source: JavaScriptSource, host: Host, roots: Sequence[Root], how: How, first: int) -> None:
        self.source, self.roots = source, roots
        self.head, self.used = Head(source, host, how.default, first), dict[str, Root]()

    def owned(self, one: Sighting) -> str:
        found = owner(one.value, self.roots)
        return found[0].variable if found else ""

    def edit(self, start: int, end: int, new: bytes, why: str) -> FileEdit:
        path = self.source.path
        return FileEdit(path, start, end, self.source.data[start:end], new, why, f"paths:{path}", "OPS-W001")

    def _name(self, root: Root) -> str:
        name = self.head.name(root.variable)
        self.used.setdefault(name, root)
        return name

    def spelled(self, one: Sighting) -> bytes | None:
        found = owner(one.value, self.roots)
        if found is None:
            return None
        root, tail = found
        old = self.source.data[one.place.start : one.place.end].decode("utf-8", "replace")
        if "${" in old:
            spelled = one.spelled.replace("\\", "/") if old.startswith(RAW) else one.spelled.replace("\\\\", "/")
            rest = rest_of(spelled, root.prefix.replace("\\", "/"))
            return None if rest is None or not rest.startswith("/") else f"`${{{self._name(root)}}}{rest}`".encode()
        if key("/".join((root.prefix, *tail))) != key(one.value):
            return None
        quote, name = "'" if old.startswith(RAW) else old[0], self._name(root)
        pieces = [part.replace("\\", "\\\\").replace(quote, f"\\{quote}") for part in tail]
        if pieces and split(one.value).trailing:
            pieces[-1] += "/"
        joined = ", ".join([name, *(f"{quote}{piece}{quote}" for piece in pieces)])
        return f"{self.head.path(one.place.start)}.join({joined})".encode() if pieces else name.encode()

    def lines(self) -> Iterator[FileEdit]:
        """The imports and the constants that are not there yet."""
        if text := self.head.text(self.used.items()):
            eol = "\r\n" if b"\r\n" in self.source.data else "\n"
            yield self.edit(self.head.at, self.head.at, text.replace("\n", eol).encode(), "the folders come from the environment")


def _spliced(data: bytes, edits: Sequence[FileEdit]) -> bytes:
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data
