"""Fields of pydantic settings classes as environment reads (pydantic-settings' documentation; pydantic 1's `class Config` too)."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from opskit.survey.facts import EnvRead
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import OWN, class_names, name_of
from opskit.survey.python.settings_class import Config, aliases, config_of, described, is_settings
from opskit.survey.python.values import Evaluation

DEEPEST = 4
TYPES = {"int": "int", "bool": "bool", "float": "float", "Path": "path", "AnyUrl": "url", "AnyHttpUrl": "url", "HttpUrl": "url",
         "PostgresDsn": "url", "RedisDsn": "url", "MongoDsn": "url", "AmqpDsn": "url", "list": "list", "List": "list", "set": "list",
         "dict": "json",
         "Dict": "json", "EmailStr": "email", "PositiveInt": "int", "Decimal": "float"}


def settings_reads(index: Index) -> Iterator[EnvRead]:
    """The fields of each settings class that is used as such: one that is only a parent counts through its children."""
    found = []
    for module in index.modules(b"Settings"):
        for owner in module.all(ast.ClassDef):
            if is_settings(index, module, owner):
                found.append((module, owner))
    parents = {name_of(index, m, base) for m, o in found for base in o.bases}
    for module, owner in found:
        if f"{module.path}{OWN}{owner.name}" not in parents or next(index.paths_holding(f"{owner.name}()".encode()), None) is not None:
            yield from _fields(index, module, owner, config_of(Evaluation(index, module), owner))


def _fields(index: Index, module: Module, owner: ast.ClassDef, config: Config, depth: int = 0) -> Iterator[EnvRead]:
    """A field that a class declares again is its own, the parent's no more."""
    reads = list(_own(index, module, owner, config))
    taken = {read.name for read in reads}
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        if own and depth < 9 and (above := index.module(path).classes.get(local)) is not None and above is not owner:
            inherited = list(_fields(index, index.module(path), above, config, depth + 1))
            yield from (read for read in inherited if read.name not in taken)
            taken.update(read.name for read in inherited)
    yield from reads


def _own(index: Index, module: Module, owner: ast.ClassDef, config: Config) -> Iterator[EnvRead]:
    for line in owner.body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        shared = isinstance(line.annotation, ast.Subscript) and "ClassVar" in ast.dump(line.annotation.value)
        if not shared and not line.target.id.startswith(("_", "model_config")):
            yield from _field(index, module, line, line.target.id, config)


def _field(index: Index, module: Module, line: ast.AnnAssign, name: str, config: Config) -> Iterator[EnvRead]:
    evaluate = Evaluation(index, module)
    given = described(evaluate, line)
    value = line.value if given is None or line.value is not given else argument(given, 0, "default")
    if isinstance(value, ast.Constant) and value.value is ...:
        value = None
    made = given is not None and argument(given, -1, "default_factory") is not None
    nested = _nested(index, module, line.annotation)
    if nested is not None:
        where, inner = nested
        if config.delimiter and config.prefix.count(config.delimiter) < DEEPEST:
            deeper = replace(config, prefix=f"{config.prefix}{name}{config.delimiter}")
            yield from (replace(r, required=r.required and value is None and not made) for r in _fields(index, where, inner, deeper))
        return
    known = evaluate(value)
    text = None if known is None or known.value is None else str(known.value)
    optional = value is not None or made
    for variable in aliases(evaluate, given) or (f"{config.prefix}{name}".upper(),):
        yield EnvRead(variable, module.place(line), not optional, text, _type(line.annotation), "pydantic settings")


def _nested(index: Index, module: Module, annotation: ast.AST) -> tuple[Module, ast.ClassDef] | None:
    """The platform's own model that a field holds."""
    path, own, local = name_of(index, module, annotation).partition(OWN)
    owner = index.module(path).classes.get(local) if own else None
    if owner is None or not any(n.endswith(("BaseModel", "BaseSettings")) for n in class_names(index, index.module(path), owner)):
        return None
    return index.module(path), owner


def _type(annotation: ast.AST) -> str:
    for node in ast.walk(annotation):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in TYPES:
            return TYPES[name]
    return "str"
