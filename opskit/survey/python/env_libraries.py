"""Environment reads through libraries: python-decouple, environs, django-environ, Starlette's Config, python-dotenv's
`dotenv_values`, click and typer's `envvar`, dj-database-url. Each library's own documentation gives the forms."""

import ast
import re
from collections.abc import Iterator

from opskit.survey.facts import EnvRead
from opskit.survey.python.index import Index
from opskit.survey.python.known import Evaluates
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import name_of
from opskit.survey.python.read_names import meant
from opskit.survey.python.values import Evaluation

CLUES = (b"decouple", b"environs", b"environ", b"starlette.config", b"dotenv_values", b"envvar", b"dj_database_url", b"expandvars")
CONFIGS = frozenset({"decouple.config", "decouple.Config()", "decouple.AutoConfig()", "starlette.config.Config()",
                     "starlette.config.Config().get"})
TYPES = {"int": "int", "bool": "bool", "float": "float", "list": "list", "json": "json", "dict": "json", "url": "url", "db": "url",
         "db_url": "url",
         "dj_db_url": "url", "cache": "url", "cache_url": "url", "email_url": "url", "path": "path", "decimal": "float", "tuple": "list",
         "Csv()": "list", "log_level": "str", "str": "str"}
# what django-environ reads when a call names nothing
UNNAMED = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL", "email": "EMAIL_URL",
           "email_url": "EMAIL_URL", "search_url": "SEARCH_URL"}


def library_reads(index: Index, module: Module) -> Iterator[EnvRead]:
    if not any(clue in module.source.data for clue in CLUES):
        return
    for call in module.all(ast.Call):
        yield from _call(index, module, call)
    if b"dotenv_values" in module.source.data:
        evaluate = Evaluation(index, module)
        for item in module.all(ast.Subscript):
            if isinstance(item.ctx, ast.Load) and name_of(index, module, item.value) == "dotenv.dotenv_values()":
                yield from _named(evaluate, item, item.slice, None, "str", "dotenv_values")


def _call(index: Index, module: Module, call: ast.Call) -> Iterator[EnvRead]:
    evaluate, name = Evaluation(index, module), name_of(index, module, call.func)
    if name in CONFIGS:
        yield from _named(evaluate, call, argument(call, 0, "option", "key"), argument(call, 2 if "starlette" in name else 1, "default"),
                          _cast(evaluate, argument(call, -1, "cast")), name.split(".")[0])
    elif name.startswith(("environs.Env()", "environs.FileAwareEnv()", "environ.Env()", "environ.FileAwareEnv()")):
        yield from _of_env(evaluate, call, name)
    elif name == "dotenv.dotenv_values().get":
        yield from _named(evaluate, call, argument(call, 0, "key"), argument(call, 1, "default"), "str", "dotenv_values")
    elif name == "dj_database_url.config":
        variable = evaluate(argument(call, 1, "env"))
        default = evaluate(argument(call, 0, "default"))
        yield EnvRead(variable.text if variable else "DATABASE_URL", module.place(call), default is None,
                      default.text if default else None, "url", "dj_database_url")
    elif name == "os.path.expandvars" and call.args:
        text = evaluate(call.args[0])
        for variable in re.findall(r"\$\{?([A-Za-z_]\w*)", text.text) if text else ():
            yield EnvRead(variable, module.place(call), False, None, "str", "expandvars")
    elif any(k.arg == "envvar" for k in call.keywords):
        yield from _option(evaluate, call, name)


def _of_env(evaluate: Evaluates, call: ast.Call, name: str) -> Iterator[EnvRead]:
    method = name.partition("()")[2].lstrip(".")
    if method in ("read_env", "prefixed", "seal", "dump", "add_parser", "parser_for", "read_envfile", "__call__") or "." in method:
        return
    prefix = "".join(_prefixes(evaluate, call))
    default = argument(call, 1 if name.startswith("environs") else -1, "default")
    if name.startswith("environ.") and default is None and len(call.args) > 1 and not isinstance(call.args[1], ast.Name):
        default = call.args[1]
    named = argument(call, 0, "name", "var")
    if named is None and method in UNNAMED:
        yield EnvRead(UNNAMED[method], evaluate.module.place(call), default is None, None, "url", name.split(".")[0])
        return
    kind = TYPES.get(method, "str") if method else _cast(evaluate, argument(call, -1, "cast"))
    if default is None and not method:
        kind, default = _schema(evaluate, call, named, kind)
    for read in _named(evaluate, call, named, default, kind, name.split(".")[0]):
        yield EnvRead(f"{prefix}{read.name}", read.place, read.required, read.default, read.type, read.via)


def _schema(evaluate: Evaluates, call: ast.Call, named: ast.expr | None, kind: str) -> tuple[str, ast.expr | None]:
    """django-environ's `Env(DEBUG=(bool, False))`: type and default of a name, told at the object's making."""
    key = evaluate(named)
    if isinstance(call.func, ast.Name) and key is not None:
        for bound in evaluate.module.lookup(call.func.id, call.func)[1]:
            told = argument(bound.node, -1, key.text) if isinstance(bound.node, ast.Call) and key.text else None
            if isinstance(told, ast.Tuple) and len(told.elts) == 2:
                return _cast(evaluate, told.elts[0]), told.elts[1]
            if told is not None:
                return _cast(evaluate, told), None
    return kind, None


def _prefixes(evaluate: Evaluates, node: ast.AST) -> list[str]:
    """`with env.prefixed("APP_"):` around the read, the outermost first."""
    found = []
    for above in evaluate.module.above(node):
        for item in above.items if isinstance(above, ast.With | ast.AsyncWith) else []:
            held = item.context_expr
            if isinstance(held, ast.Call) and isinstance(held.func, ast.Attribute) and held.func.attr == "prefixed":
                known = evaluate(argument(held, 0, "prefix"))
                found.append(known.text if known else "")
    return found[::-1]


def _option(evaluate: Evaluates, call: ast.Call, name: str) -> Iterator[EnvRead]:
    named = argument(call, -1, "envvar")
    names = named.elts if isinstance(named, ast.List | ast.Tuple) else [named]
    default = argument(call, 0 if name.startswith("typer.") else -1, "default")
    if isinstance(default, ast.Constant) and default.value is ...:
        default = None
    insists = argument(call, -1, "required")
    for one in names:
        for read in _named(evaluate, call, one, default, _cast(evaluate, argument(call, -1, "type")), name.split(".")[0]):
            required = isinstance(insists, ast.Constant) and bool(insists.value) and len(names) == 1
            yield EnvRead(read.name, read.place, required, read.default, read.type, read.via)


def _named(evaluate: Evaluates, node: ast.AST, named: ast.expr | None, default: ast.expr | None, kind: str, via: str) -> Iterator[EnvRead]:
    known = evaluate(default)
    text = None if known is None or known.value is None else str(known.value)
    for name in meant(evaluate, named).texts:
        yield EnvRead(name, evaluate.module.place(node), default is None, text, kind, via)


def _cast(evaluate: Evaluates, node: ast.AST | None) -> str:
    name = name_of(evaluate.index, evaluate.module, node) if node is not None else ""
    return TYPES.get(name.rsplit(".", 1)[-1], "str")
