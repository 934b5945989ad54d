"""Python: bytes to a syntax tree whose nodes know their byte spans in the file as it lies on disk."""

import ast
import io
import tokenize
import warnings
from dataclasses import dataclass, field

from opskit.core.place import Lines, Place

SILENT = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, eq=False)
class PythonSource:
    """One module. `tree` is None where it does not parse, and `error` says why at `error_line`.

    `nodes` holds every node in one walk's order (breadth first, as `ast.walk`; operators and contexts, which say
    nothing alone, left out), `parents` what each stands in, so that no room walks the tree again.
    """

    path: str
    data: bytes
    encoding: str
    tree: ast.Module | None
    nodes: tuple[ast.AST, ...]
    lines: Lines
    error: str = ""
    error_line: int = 0
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Byte offsets (start, end) of a node; `ast` counts columns in UTF-8, the file may be in another encoding."""
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def place(self, node: ast.AST) -> Place:
        return self.lines.place(self.path, *self.span(node))

    def text(self, node: ast.AST) -> str:
        """The node's own source text."""
        start, end = self.span(node)
        return self.data[start:end].decode(self.encoding, "replace")

    def _offset(self, line: int, column: int) -> int:
        start = self.lines.offset(line, 0)
        if line == 1 and self.data.startswith(BOM):
            start += len(BOM)
        if self.encoding in ("utf-8", "ascii"):
            return start + column
        end = self.lines.offset(line + 1, 0) if line < len(self.lines) else len(self.data)
        decoded = self.data[start:end].decode(self.encoding, "replace")
        return start + len(decoded.encode("utf-8")[:column].decode("utf-8", "ignore").encode(self.encoding, "replace"))


def read_python(path: str, data: bytes) -> PythonSource:
    """Never raises: what does not parse comes back with its reason (Python 2, merge markers, a wrong encoding)."""
    lines, encoding = Lines(data), "utf-8"
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0].replace("utf-8-sig", "utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data, path)
    except SyntaxError as error:
        return PythonSource(path, data, encoding, None, (), lines, f"does not parse: {error.msg}", error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return PythonSource(path, data, encoding, None, (), lines, f"does not parse: {error}")
    parents: dict[ast.AST, ast.AST] = {}
    return PythonSource(path, data, encoding, tree, tuple(_walked(tree, parents)), lines, parents=parents)


def _walked(tree: ast.AST, parents: dict[ast.AST, ast.AST]) -> list[ast.AST]:
    """Every node, `parents` filled on the way; twice as fast as `ast.walk`, which asks each node for its fields by name."""
    found: list[ast.AST] = [tree]
    for node in found:
        for value in node.__dict__.values():
            for child in value if value.__class__ is list else (value,):
                if isinstance(child, ast.AST) and not isinstance(child, SILENT):
                    parents[child] = node
                    found.append(child)
    return found
