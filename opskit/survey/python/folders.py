"""Folders as code spells them (`os.path.join(os.path.dirname(__file__), "..")`, `Path(__file__).parent / "web"`)."""

import ast
from posixpath import dirname, join, normpath

from opskit.survey.python.authors import authors_roots
from opskit.survey.python.known import Evaluates
from opskit.survey.python.names import DEEPEST, name_of

SAME = frozenset({"os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser", "str", "os.fspath",
                  "pathlib.Path", "pathlib.PurePath", "os.chdir"})
READS = frozenset({"os.getenv", "os.environ.get"})
HERE = frozenset({"os.getcwd", "pathlib.Path.cwd"})


def folder(evaluate: Evaluates, node: ast.AST | None, cwd: str = ".") -> str | None:
    """The file or folder that the expression means, relative to the root ("." for the root itself); None where it
    cannot be told or lies outside. A relative one counts from `cwd`."""
    found = _spelled(evaluate, node, cwd)
    if found is not None and _absolute(found):
        found = _on_the_laptop(evaluate, found)
    if found is None:
        return None
    path = normpath(found)
    return None if path.startswith("..") else path


def _absolute(path: str) -> bool:
    return path.startswith("/") or ":" in path[:3]


def _on_the_laptop(evaluate: Evaluates, path: str) -> str | None:
    """An absolute folder of the author's that means the platform, as the platform's own."""
    whole = normpath(path)
    for root in evaluate.index.tree.computed(authors_roots):
        if whole == root or whole.startswith(f"{root}/"):
            return whole[len(root) + 1 :] or "."
    return None


def _spelled(evaluate: Evaluates, node: ast.AST | None, cwd: str, depth: int = 0) -> str | None:
    if depth > DEEPEST:
        return None
    if isinstance(node, ast.Name) and node.id == "__file__":
        return evaluate.module.path
    if isinstance(node, ast.Name):
        _, bounds = evaluate.module.lookup(node.id, node)
        if len(bounds) == 1 and bounds[0].how == "value":
            return _spelled(evaluate, bounds[0].node, cwd, depth + 1)
    if isinstance(node, ast.Call):
        return _called(evaluate, node, cwd, depth)
    if isinstance(node, ast.Attribute) and node.attr == "parent":
        base = _spelled(evaluate, node.value, cwd, depth + 1)
        return None if base is None else _above(base)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
        base, level = _spelled(evaluate, node.value.value, cwd, depth + 1), evaluate(node.slice)
        for _ in range((level.number or 0) + 1 if level else 0):
            base = None if base is None else _above(base)
        return base
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add):
        base, tail = _spelled(evaluate, node.left, cwd, depth + 1), evaluate(node.right)
        return None if base is None or tail is None or not tail.text else join(base, tail.text.replace("\\", "/").lstrip("/"))
    known = evaluate(node)
    if known is None or not isinstance(known.value, str):
        return None
    text = known.value.replace("\\", "/")
    return text if _absolute(text) else join(cwd, text)


def _called(evaluate: Evaluates, node: ast.Call, cwd: str, depth: int) -> str | None:
    name = name_of(evaluate.index, evaluate.module, node.func)
    if name in HERE or (name == "pathlib.Path" and not node.args):
        return cwd
    if name in SAME and node.args:
        return _spelled(evaluate, node.args[0], cwd, depth + 1)
    if name in READS and len(node.args) > 1:  # `os.getenv("BASE_DIR", ...)`: where nothing sets it, its fallback
        return _spelled(evaluate, node.args[1], cwd, depth + 1)
    if name == "os.path.dirname" and node.args:
        base = _spelled(evaluate, node.args[0], cwd, depth + 1)
        return None if base is None else _above(base)
    if name in ("os.path.join", "pathlib.Path().joinpath") and node.args:
        parts = [evaluate(a) for a in node.args[1:]]
        base = _spelled(evaluate, node.args[0], cwd, depth + 1)
        if base is None or any(p is None or not isinstance(p.value, str) for p in parts):
            return None
        return join(base, *(str(p.value).replace("\\", "/") for p in parts if p))
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("resolve", "absolute", "as_posix", "expanduser"):
        return _spelled(evaluate, node.func.value, cwd, depth + 1)
    return None


def _above(path: str) -> str:
    """The parent, also above a path that is `..` already."""
    cleaned = normpath(path)
    return join(cleaned, "..") if cleaned.startswith("..") or cleaned == "." else dirname(cleaned) or "."
