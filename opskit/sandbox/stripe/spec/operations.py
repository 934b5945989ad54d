"""The table of operations, from the SDK's services: what each method sends where, with which parameters, for which answer."""

import ast
from collections.abc import Iterator
from pathlib import Path

from opskit.sandbox.stripe.spec.annotations import Module
from opskit.sandbox.stripe.spec.shapes import Operation

ANSWERS = {"ListObject": "list", "SearchResultObject": "search"}


def read_operations(package: Path) -> list[Operation]:
    """Every operation under /v1 of the SDK at `package`, sorted by path. Two names for one call (the newer one wins) are one."""
    found = {}
    for path in sorted(package.rglob("_*_service.py")):
        name = ".".join(["stripe", *path.relative_to(package).with_suffix("").parts])
        module = Module.parse(name, path.read_bytes())
        for operation in (each for node in module.classes.values() for each in _of(module, node)):
            if operation.path.startswith("/v1/"):
                found[operation.route] = operation
    return sorted(found.values(), key=lambda each: (each.path, each.method))


def _of(module: Module, service: ast.ClassDef) -> Iterator[Operation]:
    for node in service.body:
        if isinstance(node, ast.FunctionDef):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "_request":
                    yield _operation(module, service, node, call)


def _operation(module: Module, service: ast.ClassDef, node: ast.FunctionDef, call: ast.Call) -> Operation:
    method, url = call.args[0], call.args[1]
    template = url.func.value if isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute) else url
    assert isinstance(method, ast.Constant) and isinstance(template, ast.Constant)
    params = next((arg.annotation for arg in node.args.args if arg.arg == "params"), None)
    answer, resource = _answer(node.returns)
    return Operation(str(method.value).upper(), str(template.value), f"{service.name}.{node.name}",
                     module.imported.get(_last_name(params), ""), answer, module.imported.get(resource, ""))


def _answer(returns: ast.expr | None) -> tuple[str, str]:
    if not isinstance(returns, ast.Constant) or not isinstance(returns.value, str):
        return "other", ""
    node = ast.parse(returns.value, mode="eval").body
    if isinstance(node, ast.Subscript):
        return ANSWERS.get(_last_name(node.value), "other"), _last_name(node.slice)
    return "object", _last_name(node)


def _last_name(node: ast.expr | None) -> str:
    """`Optional["PriceListParams"]` and "PriceListParams" -> PriceListParams."""
    while isinstance(node, ast.Subscript):
        node = node.slice
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _last_name(ast.parse(node.value, mode="eval").body)
    return node.id if isinstance(node, ast.Name) else ""
