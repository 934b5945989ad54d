"""Routes of classes that answer requests by hand: http.server's `do_GET` and Tornado's handler tables."""

import ast
from collections.abc import Iterator

from opskit.source.python import within
from opskit.survey.facts import Route
from opskit.survey.python.index import Index
from opskit.survey.python.module import FUNCTIONS, Function, Module
from opskit.survey.python.names import OWN, name_of
from opskit.survey.python.values import Evaluation

METHODS = {f"do_{verb}": verb for verb in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")}
VERBS = ("get", "post", "put", "delete", "patch", "head", "options")


def handled(index: Index, module: Module) -> Iterator[Route]:
    for name, method in METHODS.items():
        for function in module.by_name.get(name, ()):
            if module.enclosing_class(function) is not None:
                yield from _compared(index, module, function, method)
    if b"tornado" in module.source.data:
        for call in module.all(ast.Call):
            if name_of(index, module, call.func) == "tornado.web.Application" and call.args:
                yield from _table(index, module, call.args[0])


def _compared(index: Index, module: Module, function: Function, method: str) -> Iterator[Route]:
    """Strings that the request's path is compared with; `startswith` is told with a `*` behind."""
    evaluate = Evaluation(index, module)
    for node in within(function):
        if isinstance(node, ast.Compare) and _is_path(node.left) and (isinstance(node.ops[0], ast.Eq | ast.In) or _refused(module, node)):
            given = node.comparators[0]
            for part in given.elts if isinstance(given, ast.Tuple | ast.List | ast.Set) else [given]:
                known = evaluate(part)
                if known is not None and known.text.startswith("/"):
                    yield Route(method, known.text, module.place(part))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith" and node.args:
            known = evaluate(node.args[0])
            if _is_path(node.func.value) and known is not None and known.text.startswith("/"):
                yield Route(method, f"{known.text}*", module.place(node.args[0]))
        elif isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant) and str(node.value.value).startswith("/"):
            yield Route(method, str(node.value.value), module.place(node.value))


def _refused(module: Module, node: ast.Compare) -> bool:
    """`if self.path != "/x": return ...` lets that path through, and no other."""
    above = next(module.above(node), None)
    return isinstance(node.ops[0], ast.NotEq | ast.NotIn) and isinstance(above, ast.If) and above.test is node \
        and isinstance(above.body[-1], ast.Return | ast.Raise)


def _is_path(node: ast.AST) -> bool:
    """`self.path`, `urlparse(self.path).path`, or a local named for one."""
    if isinstance(node, ast.Attribute):
        return node.attr == "path"
    if isinstance(node, ast.Subscript | ast.Call):
        inner = node.value if isinstance(node, ast.Subscript) else node.func
        return _is_path(inner.value if isinstance(inner, ast.Attribute) else inner) or (
            isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and _is_path(inner.func.value))
    return isinstance(node, ast.Name) and node.id in ("path", "route", "url", "endpoint", "clean_path", "request_path")


def _table(index: Index, module: Module, node: ast.AST) -> Iterator[Route]:
    evaluate = Evaluation(index, module)
    if isinstance(node, ast.Name):
        _, bounds = module.lookup(node.id, node)
        node = bounds[0].node if bounds else node
    for row in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
        if isinstance(row, ast.Tuple) and len(row.elts) >= 2 and (known := evaluate(row.elts[0])) is not None and known.text:
            path, own, local = name_of(index, module, row.elts[1]).partition(OWN)
            owner = index.module(path).classes.get(local) if own else None
            verbs = [f.name for f in owner.body if isinstance(f, FUNCTIONS) and f.name in VERBS] if owner is not None else []
            for verb in verbs or ["*"]:
                yield Route(verb.upper(), known.text, module.place(row.elts[0]))
