"""What a Python file imports: the platform's own files, and third-party modules (the standard library left out)."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname

from opskit.core.place import Place
from opskit.source.python import within
from opskit.survey.facts import Import
from opskit.survey.python.folders import folder
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.values import Evaluation

STDLIB = sys.stdlib_module_names | {"__main__", "distutils", "imp", "asynchat", "asyncore", "smtpd"}
# top names that many distributions share: only what follows tells whose module it is (PEP 420)
SHARED = frozenset({"google", "azure", "zope", "ruamel", "backports", "jaraco", "opentelemetry", "sphinxcontrib", "airflow"})
CATCHES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One imported module: `names` are what a from-import takes from it, `typing_only` one that never runs."""

    dotted: str
    level: int
    names: tuple[str, ...]
    place: Place
    optional: bool = False
    typing_only: bool = False


def wanted(index: Index, module: Module) -> tuple[Wanted, ...]:
    """Every import of a file, those inside functions and `importlib.import_module("...")` too."""
    guarded, typed = _guarded(module), _typed(module)
    found = []
    for line in module.all(ast.Import):
        found += [Wanted(a.name, 0, (), module.place(a), line in guarded, line in typed) for a in line.names]
    for source in module.all(ast.ImportFrom):
        names = tuple(a.name for a in source.names)
        found.append(Wanted(source.module or "", source.level, names, module.place(source), source in guarded, source in typed))
    if b"import_module" in module.source.data or b"__import__" in module.source.data:
        found += _dynamic(index, module)
    return tuple(found)


def _guarded(module: Module) -> set[ast.AST]:
    found: set[ast.AST] = set()
    for attempt in module.all(ast.Try):
        if any(_catches(handler) for handler in attempt.handlers):
            for part in attempt.body:
                found.update(n for n in within(part) if isinstance(n, ast.Import | ast.ImportFrom))
    return found


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(k is None or (isinstance(k, ast.Name) and k.id in CATCHES) for k in kinds)


def _typed(module: Module) -> set[ast.AST]:
    """Imports under `if TYPE_CHECKING:` (PEP 484) are read by type checkers only."""
    if b"TYPE_CHECKING" not in module.source.data:
        return set()
    return {n for test in module.all(ast.If) if isinstance(test.test, ast.Name | ast.Attribute)
            and (test.test.id if isinstance(test.test, ast.Name) else test.test.attr) == "TYPE_CHECKING"
            for part in test.body for n in within(part) if isinstance(n, ast.Import | ast.ImportFrom)}


def _dynamic(index: Index, module: Module) -> list[Wanted]:
    evaluate = Evaluation(index, module)
    found = []
    for call in module.all(ast.Call):
        if name_of(index, module, call.func) in ("importlib.import_module", "__import__"):
            known = evaluate(argument(call, 0, "name"))
            if known is not None and known.text and known.text.replace(".", "").isidentifier():
                found.append(Wanted(known.text.lstrip("."), 0, (), module.place(call)))
    return found


def search_paths(index: Index, module: Module) -> tuple[str, ...]:
    """Folders that the file itself puts on `sys.path`, as far as they can be told."""
    if b"sys.path" not in module.source.data:
        return ()
    evaluate = Evaluation(index, module)
    found = []
    for call in module.all(ast.Call):
        name = name_of(index, module, call.func)
        if name in ("sys.path.insert", "sys.path.append", "site.addsitedir") and call.args:
            where = folder(evaluate, call.args[-1])
            if where is not None:
                found.append("" if where == "." else where)
    return tuple(found)


def own_files(index: Index, want: Wanted, importer: str, extra: tuple[str, ...] = ()) -> Iterator[str]:
    """The platform's files that an import loads: the packages on the way, the module, and submodules taken by name."""
    for name in want.names:
        dotted = f"{want.dotted}.{name}".lstrip(".")
        if path := index.file_of(dotted, want.level, importer, extra):
            yield path
    if path := index.file_of(want.dotted, want.level, importer, extra):
        yield path
    if not want.level:
        parts = want.dotted.split(".")
        for length in range(1, len(parts)):
            if path := index.file_of(".".join(parts[:length]), 0, importer, extra):
                yield path


def third_party(index: Index, path: str, want: Wanted, extra: tuple[str, ...] = ()) -> Iterator[Import]:
    """The import as a fact, nothing where it is the standard library's or the platform's own."""
    top = want.dotted.split(".")[0]
    if want.level or not top or top in STDLIB or next(own_files(index, want, path, extra), ""):
        return
    if not want.names and _is_folder(index, want.dotted, path, extra):
        return
    optional = want.optional or want.typing_only
    if top in SHARED and want.names:
        for name in want.names:
            yield Import(top, f"{want.dotted}.{name}", want.place, optional)
    else:
        yield Import(top, want.dotted, want.place, optional)


def _is_folder(index: Index, dotted: str, importer: str, extra: tuple[str, ...]) -> bool:
    """A namespace package: a folder of Python files without `__init__.py` (PEP 420)."""
    path = dotted.replace(".", "/")
    return any((f"{base}/{path}" if base else path) in index.folders for base in (*extra, dirname(importer), ""))
