"""Which of the platform's files holds the application that a call serves."""

import ast

from opskit.survey.python.index import Index
from opskit.survey.python.module import Bound, Module, argument

POSITIONS = {"uvicorn": 0, "hypercorn": 0, "waitress": 0, "aiohttp": 0, "werkzeug": 2, "wsgiref": 2, "gevent": 1}
WORDS = ("app", "application", "wsgi_app")


def application_of(index: Index, module: Module, call: ast.Call, framework: str) -> str:
    """The file of `uvicorn.run("pkg.mod:app")`, of an imported `app` and of what an imported `create_app()` makes; "" where the
    application is made here or where it cannot be told."""
    position = POSITIONS.get(framework, -1)
    served = argument(call, position, *WORDS) if position >= 0 else call.func.value if isinstance(call.func, ast.Attribute) else None
    path = _home(index, module, served) if served is not None else ""
    return "" if path == module.path else path


def _home(index: Index, module: Module, node: ast.expr, depth: int = 0) -> str:
    if isinstance(node, ast.Constant):
        spelled, colon, _ = node.value.partition(":") if isinstance(node.value, str) else ("", "", "")
        return index.file_of(spelled, 0, module.path) if colon else ""
    if isinstance(node, ast.Call) and depth < 4:
        return _home(index, module, node.func, depth + 1)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        dotted, level, attribute = module.imports.get(node.value.id, ("", 0, ""))
        whole = f"{dotted}.{attribute}".lstrip(".") if attribute else dotted
        return index.file_of(whole, level, module.path) if whole else ""
    if not isinstance(node, ast.Name):
        return ""
    if node.id in module.imports:
        dotted, level, attribute = module.imports[node.id]
        return index.file_of(dotted, level, module.path) if attribute else ""
    made: list[Bound] = [b for b in module.lookup(node.id, node)[1] if b.how == "value" and isinstance(b.node, ast.expr)]
    return _home(index, module, made[0].node, depth + 1) if len(made) == 1 and depth < 4 and isinstance(made[0].node, ast.expr) else ""
