"""JavaScript and TypeScript: bytes to a syntax tree whose nodes know their byte spans in the file as it lies on disk.

One tree-sitter query gathers the nodes that readers ask for, so that no reader walks the tree in Python.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from opskit.core.place import Lines, Place

if TYPE_CHECKING:
    from tree_sitter import Language, Query, Range
    from tree_sitter import Node as Node

PLAIN = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
EMBEDDED = (".vue", ".svelte", ".html", ".htm")
LARGE, LONG_LINE = 1 << 20, 5000
SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.I | re.S)
FIRST = (
    "import_statement",
    "export_statement",
    "call_expression",
)
REST = (
    "new_expression",
    "member_expression",
    "subscript_expression",
    "variable_declarator",
    "assignment_expression",
    "augmented_assignment_expression",
    "class_declaration",
    "method_definition",
    "function_declaration",
    "binary_expression",
    "switch_statement",
    "arrow_function",
    "function_expression",
    "generator_function_declaration",
    "string",
    "template_string",
    "ternary_expression",
)


@dataclass(eq=False)
class JavaScriptSource:
    """One module. `root` is None where it was not read, and `error` says why. A syntax error in one place leaves the
    rest of the tree readable; `broken` is then true."""

    path: str
    data: bytes
    lines: Lines
    root: "Node | None" = None
    error: str = ""
    broken: bool = False
    dialect: str = "javascript"
    _groups: dict[str, list["Node"]] = field(default_factory=dict)
    _whole: bool = False

    def found(self, *kinds: str) -> list["Node"]:
        """Nodes of these kinds (of FIRST and REST), in the file's order. What imports need is gathered at once, the rest
        when first asked for: most files of a platform are only followed through."""
        if self.root is not None and not self._whole and not set(kinds) <= set(FIRST):
            self._whole = True
            self._groups.update(_gathered(self.root, self.dialect, REST))
        if len(kinds) == 1:
            return self._groups.get(kinds[0], [])
        return sorted((n for kind in kinds for n in self._groups.get(kind, [])), key=lambda n: n.start_byte)

    def within(self, kind: str, node: "Node") -> list["Node"]:
        """Nodes of one kind inside another node."""
        group = self.found(kind)
        first = bisect_left(group, node.start_byte, key=lambda n: n.start_byte)
        last = bisect_left(group, node.end_byte, key=lambda n: n.start_byte)
        return [n for n in group[first:last] if n.end_byte <= node.end_byte]

    def place(self, node: "Node") -> Place:
        return self.lines.place(self.path, node.start_byte, node.end_byte)

    def text(self, node: "Node | None") -> str:
        """The node's own source text, empty for None."""
        return "" if node is None else self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def string(self, node: "Node | None") -> str | None:
        """The value of a string literal or of a template without substitutions, else None."""
        if node is None or node.type not in ("string", "template_string"):
            return None
        parts = node.named_children
        if any(part.type == "template_substitution" for part in parts):
            return None
        raw = self.data[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
        return _unescaped(raw) if "\\" in raw else raw


def _unescaped(raw: str) -> str:
    plain = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}

    def one(match: re.Match[str]) -> str:
        body = match[1]
        if body[0] in "xu" and len(body) > 1:
            code = int(body[1:].strip("{}"), 16)
            return chr(code) if code < 0x110000 else body
        return plain.get(body, body)

    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,8}\}|.)", one, raw, flags=re.S)


def read_javascript(path: str, data: bytes) -> JavaScriptSource:
    """Never raises: what is huge, minified or not parsable comes back with its reason. Of .vue, .svelte and .html the
    <script> bodies are read, with offsets of the whole file."""
    source = JavaScriptSource(path, data, Lines(data))
    lower = path.lower()
    if reason := _unfit(data, lower):
        source.error = reason
        return source
    try:
        _parse(source, lower)
    except (ImportError, ValueError, RecursionError, MemoryError) as error:
        source.error = f"does not parse: {error}"
    return source


def _unfit(data: bytes, path: str) -> str:
    if len(data) > LARGE:
        return f"{len(data) >> 10} kB, over the limit of {LARGE >> 10} kB for scripts"
    if b"\0" in data[:4096]:
        return "not text"
    if path.endswith(PLAIN) and len(data) > 4 * LONG_LINE and len(data) / (data.count(b"\n") + 1) > LONG_LINE:
        return "minified"
    return ""


def _parse(source: JavaScriptSource, path: str) -> None:
    from tree_sitter import Parser

    ranges: list[Range] = []
    dialect = _dialect(path)
    if path.endswith(EMBEDDED):
        ranges, typed = _scripts(source.data)
        if not ranges:
            source.error = "no script inside"
            return
        dialect = "typescript" if typed else "javascript"
    language = _language(dialect)
    parser = Parser(language, included_ranges=ranges) if ranges else Parser(language)
    tree = parser.parse(source.data)
    source.root, source.broken, source.dialect = tree.root_node, tree.root_node.has_error, dialect
    source._groups = _gathered(tree.root_node, dialect, FIRST)


def _gathered(root: "Node", dialect: str, kinds: tuple[str, ...]) -> 'dict[str, list["Node"]]':
    from tree_sitter import QueryCursor

    captures = QueryCursor(_query(dialect, kinds)).captures(root)
    return {kind: sorted(nodes, key=lambda n: (n.start_byte, -n.end_byte)) for kind, nodes in captures.items()}


def _dialect(path: str) -> str:
    if path.endswith(".tsx"):
        return "tsx"
    return "typescript" if path.endswith((".ts", ".mts", ".cts")) else "javascript"


def _scripts(data: bytes) -> "tuple[list[Range], bool]":
    """Ranges of the <script> bodies that hold code, and whether they say lang="ts"."""
    from tree_sitter import Point, Range

    ranges: list[Range] = []
    typed = False
    for match in SCRIPT.finditer(data):
        attributes = match[1].lower()
        if b"src=" in attributes or re.search(
            rb"""type\s*=\s*["']?(?!module|text/javascript|application/javascript|text/babel)""", attributes
        ):
            continue
        typed = typed or bool(re.search(rb"""lang\s*=\s*["']?tsx?""", attributes))
        start, end = match.span(2)
        points = [Point(data.count(b"\n", 0, at), at - data.rfind(b"\n", 0, at) - 1) for at in (start, end)]
        ranges.append(Range(points[0], points[1], start, end))
    return ranges, typed


@cache
def _language(dialect: str) -> "Language":
    from tree_sitter import Language

    if dialect == "javascript":
        import tree_sitter_javascript

        return Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    return Language(tree_sitter_typescript.language_tsx() if dialect == "tsx" else tree_sitter_typescript.language_typescript())


@cache
def _query(dialect: str, kinds: tuple[str, ...]) -> "Query":
    from tree_sitter import Query

    return Query(_language(dialect), " ".join(f"({kind}) @{kind}" for kind in kinds))
