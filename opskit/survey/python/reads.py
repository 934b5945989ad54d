"""Reads of environment variables in Python, by every idiom that names the variable where it is read."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.facts import EnvRead
from opskit.survey.python.env_libraries import CLUES as LIBRARIES
from opskit.survey.python.env_libraries import library_reads
from opskit.survey.python.index import Index, index_of
from opskit.survey.python.module import Function, Module, argument, default_of
from opskit.survey.python.names import OWN, name_of
from opskit.survey.python.read_names import meant, substituted
from opskit.survey.python.read_use import use_of
from opskit.survey.python.settings import settings_reads
from opskit.survey.python.values import Evaluation

CALLS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.environ.copy().get",
                   "os.environ.copy().pop", "os.getenvb", "dict().get"})
MAPPINGS = frozenset({"os.environ", "os.environ.copy()"})
CLUES = (b"environ", b"getenv", b"expandvars")
UNTOLD = "reads an environment variable whose name cannot be told without running it"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function of the platform that reads the variable its parameter names."""

    module: Module
    function: Function
    parameter: str
    name: ast.expr
    read: ast.expr
    default: ast.expr | None
    raises: bool


@dataclass(slots=True)
class Found:
    reads: list[EnvRead] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    wrappers: list[Wrapper] = field(default_factory=list)


def python_reads(tree: Tree) -> Found:
    """Every read of the tree's Python files, once a run (`tree.computed`)."""
    index, found = index_of(tree), Found()
    for module in index.modules(*CLUES, *LIBRARIES):
        if any(clue in module.source.data for clue in CLUES):
            for read, name, default, raises in _sites(index, module):
                _file(index, module, read, name, default, raises, found)
        found.reads.extend(library_reads(index, module))
    found.unresolved.sort(key=lambda unclear: unclear.place.path)
    found.wrappers.sort(key=lambda wrapper: wrapper.module.path)
    for wrapper, reads in zip(found.wrappers, _through(index, found.wrappers), strict=True):
        found.reads.extend(reads)
        if not reads:
            found.unresolved.append(Unresolved(wrapper.module.place(wrapper.read), UNTOLD))
    found.reads.extend(settings_reads(index))
    return found


def _sites(index: Index, module: Module) -> Iterator[tuple[ast.expr, ast.expr | None, ast.expr | None, bool]]:
    """(the read, its name, its default, whether absence raises) of a file's own idioms."""
    for call in module.all(ast.Call):
        if isinstance(call.func, ast.Name | ast.Attribute):
            name = name_of(index, module, call.func)
            if name in CALLS and name != "dict().get":
                yield call, argument(call, 0, "key", "varname"), argument(call, 1, "default"), False
            elif name == "dict().get" and _copied(index, module, call.func):
                yield call, argument(call, 0, "key"), argument(call, 1, "default"), False
    for item in module.all(ast.Subscript):
        if isinstance(item.ctx, ast.Load) and name_of(index, module, item.value) in MAPPINGS:
            yield item, item.slice, None, True
    for test in module.all(ast.Compare):
        if isinstance(test.ops[0], ast.In | ast.NotIn) and name_of(index, module, test.comparators[0]) in MAPPINGS:
            yield test, test.left, None, False


def _copied(index: Index, module: Module, function: ast.Name | ast.Attribute) -> bool:
    """`dict(os.environ)` bound to a name, then asked."""
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    _, bounds = module.lookup(function.value.id, function.value)
    return any(isinstance(b.node, ast.Call) and b.node.args and name_of(index, module, b.node.args[0]) in MAPPINGS for b in bounds)


def _file(index: Index, module: Module, read: ast.expr, name: ast.expr | None, default: ast.expr | None, raises: bool,
          found: Found) -> None:
    evaluate = Evaluation(index, module)
    told = meant(evaluate, name)
    use = use_of(evaluate, read, raises, default)
    for text in told.texts:
        found.reads.append(EnvRead(text, module.place(read), use.required, use.default, _typed(text, use.type, use.default)))
    if told.wrapper is not None and name is not None:
        found.wrappers.append(Wrapper(module, told.wrapper, told.parameter, name, read, default, raises))
    elif not told.texts:
        found.unresolved.append(Unresolved(module.place(read), UNTOLD))


def _through(index: Index, wrappers: list[Wrapper]) -> list[list[EnvRead]]:
    """The reads that calls of each wrapper are, wherever they stand."""
    found: list[list[EnvRead]] = [[] for _ in wrappers]
    named: dict[str, list[int]] = {}
    for at, wrapper in enumerate(wrappers):
        named.setdefault(wrapper.function.name, []).append(at)
    for module in index.modules(*(f"{name}{gap}(".encode() for name in named for gap in ("", " "))) if named else ():
        for call in module.all(ast.Call):
            last = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
            for at in named.get(last, ()):
                found[at] += _called(index, module, call, wrappers[at])
    return found


def _called(index: Index, module: Module, call: ast.Call, wrapper: Wrapper) -> Iterator[EnvRead]:
    positions = [a.arg for a in (*wrapper.function.args.posonlyargs, *wrapper.function.args.args)]
    method = positions[:1] in (["self"], ["cls"])
    positions = positions[1:] if method else positions
    if not _calls(index, module, call, wrapper, method):
        return
    evaluate, there = Evaluation(index, module), Evaluation(index, wrapper.module)
    at = positions.index(wrapper.parameter) if wrapper.parameter in positions else -1
    given = meant(evaluate, argument(call, at, wrapper.parameter))
    default = _default(call, wrapper, positions, wrapper.default.id if isinstance(wrapper.default, ast.Name) else "")
    given_here = default in call.args or default in [k.value for k in call.keywords]
    use = use_of(evaluate, call, False, default, evaluate if given_here else there)
    raises = wrapper.raises or _insists(wrapper)
    for text in given.texts:
        if full := substituted(there, wrapper.name, wrapper.parameter, text):
            required = (raises and default is None) or (use.required and not wrapper.raises)
            kind = _typed(full, use.type, use.default)
            yield EnvRead(full, module.place(call), required, use.default, kind, f"{wrapper.function.name}()")


def _default(call: ast.Call, wrapper: Wrapper, positions: list[str], inner: str) -> ast.expr | None:
    """What the call gives as fallback, the wrapper's own where it gives none."""
    named = inner or next((p for p in positions if p in ("default", "fallback")), "")
    if not named:
        return wrapper.default
    return argument(call, positions.index(named) if named in positions else -1, named) or default_of(wrapper.function, named)


def _insists(wrapper: Wrapper) -> bool:
    return any(isinstance(n, ast.Raise) for n in ast.walk(wrapper.function))


def _calls(index: Index, module: Module, call: ast.Call, wrapper: Wrapper, method: bool) -> bool:
    last = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    name, home, here = name_of(index, module, call.func), f"{wrapper.module.path}{OWN}", module is wrapper.module
    if name == f"{home}{last}" or (method and (here or name.startswith(home))):
        return True
    return here and isinstance(call.func, ast.Name) and module.scope(wrapper.function) is not None


def _typed(name: str, seen: str, default: str | None) -> str:
    """A string is told as a URL by its name or its fallback, a flag by its fallback."""
    if seen != "str":
        return seen
    if re.search(r"(^|_)(URL|URI|DSN)$", name) or re.match(r"[a-z][a-z0-9+.-]*://", default or ""):
        return "url"
    return "bool" if (default or "").lower() in ("true", "false") else "str"

