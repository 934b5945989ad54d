"""Reads of environment variables in one Python file, by every idiom that names the variable where it is read."""

import ast

from opskit.core.finding import Unresolved
from opskit.survey.facts import EnvRead
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.values import Evaluation

CALLS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"})


def python_reads(index: Index) -> tuple[tuple[EnvRead, ...], tuple[Unresolved, ...]]:
    reads: list[EnvRead] = []
    for module in index.modules(b"environ", b"getenv"):
        reads.extend(_plain(index, module))
    return tuple(reads), ()


def _plain(index: Index, module: Module) -> list[EnvRead]:
    found = []
    evaluate = Evaluation(index, module)
    for call in module.all(ast.Call):
        if name_of(index, module, call.func) in CALLS and (name := evaluate(argument(call, 0, "key"))) is not None and name.text:
            default = evaluate(argument(call, 1, "default"))
            text = None if default is None or default.value is None else str(default.value)
            found.append(EnvRead(name.text, module.place(call), text is None, text))
    for item in module.all(ast.Subscript):
        if isinstance(item.ctx, ast.Load) and name_of(index, module, item.value) == "os.environ":
            name = evaluate(item.slice)
            if name is not None and name.text:
                found.append(EnvRead(name.text, module.place(item), True))
    return found
