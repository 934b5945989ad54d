"""Fields of pydantic settings classes as environment reads (pydantic-settings' documentation; pydantic 1's `class Config` too)."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from opskit.survey.facts import EnvRead
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import OWN, class_names, name_of
from opskit.survey.python.values import Evaluation

DEEPEST = 4
BASES = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.env_settings.BaseSettings",
                   "pydantic.v1.BaseSettings", "pydantic_settings.main.BaseSettings"})
TYPES = {"int": "int", "bool": "bool", "float": "float", "Path": "path", "AnyUrl": "url", "AnyHttpUrl": "url", "HttpUrl": "url",
         "PostgresDsn": "url", "RedisDsn": "url", "MongoDsn": "url", "AmqpDsn": "url", "list": "list", "List": "list", "set": "list",
         "dict": "json",
         "Dict": "json", "EmailStr": "email", "PositiveInt": "int", "Decimal": "float"}


@dataclass(frozen=True, slots=True)
class _Config:
    prefix: str = ""
    delimiter: str = ""


def settings_reads(index: Index) -> Iterator[EnvRead]:
    """The fields of each settings class that is used as such: one that is only a parent counts through its children."""
    found = []
    for module in index.modules(b"Settings"):
        for owner in module.all(ast.ClassDef):
            if BASES & set(class_names(index, module, owner)):
                found.append((module, owner))
    parents = {name_of(index, m, base) for m, o in found for base in o.bases}
    for module, owner in found:
        if f"{module.path}{OWN}{owner.name}" not in parents or next(index.modules(f"{owner.name}()".encode()), None) is not None:
            yield from _fields(index, module, owner, _config(index, module, owner))


def variable_of(index: Index, module: Module, owner: ast.ClassDef, name: str) -> str:
    """The variable that sets a field of a settings class, "" where it is no such class or has no such field."""
    if b"Settings" not in module.source.data or not BASES & set(class_names(index, module, owner)):
        return ""
    found = _declared(index, module, owner, name)
    if found is None:
        return ""
    where, line = found
    given = next((c for c in _calls(line) if name_of(index, where, c.func).endswith("Field")), None)
    aliases = _aliases(Evaluation(index, where), given)
    return aliases[0] if aliases else f"{_config(index, module, owner).prefix}{name}".upper()


def _declared(index: Index, module: Module, owner: ast.ClassDef, name: str, depth: int = 0) -> tuple[Module, ast.AnnAssign] | None:
    for line in owner.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == name:
            return module, line
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        if own and depth < DEEPEST and (above := index.module(path).classes.get(local)) is not None and above is not owner:
            if found := _declared(index, index.module(path), above, name, depth + 1):
                return found
    return None


def _config(index: Index, module: Module, owner: ast.ClassDef, depth: int = 0) -> _Config:
    found = _Config()
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        if own and depth < 9 and (above := index.module(path).classes.get(local)) is not None:
            found = _config(index, index.module(path), above, depth + 1)
    evaluate = Evaluation(index, module)
    for key, attribute in (("env_prefix", "prefix"), ("env_nested_delimiter", "delimiter")):
        known = evaluate(_told(module, owner, key))
        if known is not None and isinstance(known.value, str):
            found = replace(found, **{attribute: known.value})
    return found


def _told(module: Module, owner: ast.ClassDef, key: str) -> ast.AST | None:
    """A setting of the class: in `model_config = SettingsConfigDict(...)` or a dict, in `class Config`, in the class line."""
    for keyword in owner.keywords:
        if keyword.arg == key:
            return keyword.value
    for bound in module.bindings.get((owner, "model_config"), ()):
        if isinstance(bound.node, ast.Call):
            return argument(bound.node, -1, key)
        if isinstance(bound.node, ast.Dict):
            return next((v for k, v in zip(bound.node.keys, bound.node.values, strict=True)
                         if isinstance(k, ast.Constant) and k.value == key), None)
    inner = next((c for c in owner.body if isinstance(c, ast.ClassDef) and c.name == "Config"), None)
    return next((b.node for b in module.bindings.get((inner, key), ())), None) if inner is not None else None


def _fields(index: Index, module: Module, owner: ast.ClassDef, config: _Config, depth: int = 0) -> Iterator[EnvRead]:
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        if own and depth < 9 and (above := index.module(path).classes.get(local)) is not None and above is not owner:
            yield from _fields(index, index.module(path), above, config, depth + 1)
    for line in owner.body:
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        shared = isinstance(line.annotation, ast.Subscript) and "ClassVar" in ast.dump(line.annotation.value)
        if not shared and not line.target.id.startswith(("_", "model_config")):
            yield from _field(index, module, line, line.target.id, config)


def _field(index: Index, module: Module, line: ast.AnnAssign, name: str, config: _Config) -> Iterator[EnvRead]:
    evaluate = Evaluation(index, module)
    given = next((c for c in _calls(line) if name_of(index, module, c.func).endswith("Field")), None)
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
    for variable in _aliases(evaluate, given) or (f"{config.prefix}{name}".upper(),):
        yield EnvRead(variable, module.place(line), not optional, text, _type(line.annotation), "pydantic settings")


def _calls(line: ast.AnnAssign) -> list[ast.Call]:
    """The calls that may be the field's description: its value, or inside `Annotated[...]`."""
    return [n for part in (line.value, line.annotation) if part is not None for n in ast.walk(part) if isinstance(n, ast.Call)]


def _nested(index: Index, module: Module, annotation: ast.AST) -> tuple[Module, ast.ClassDef] | None:
    """The platform's own model that a field holds."""
    path, own, local = name_of(index, module, annotation).partition(OWN)
    owner = index.module(path).classes.get(local) if own else None
    if owner is None or not any(n.endswith(("BaseModel", "BaseSettings")) for n in class_names(index, index.module(path), owner)):
        return None
    return index.module(path), owner


def _aliases(evaluate: Evaluation, given: ast.Call | None) -> tuple[str, ...]:
    """Names that replace the field's own, prefix and all: validation_alias before alias; pydantic 1's `env`."""
    if given is None:
        return ()
    told = argument(given, -1, "validation_alias") or argument(given, -1, "alias") or argument(given, -1, "env")
    parts = told.args if isinstance(told, ast.Call) else told.elts if isinstance(told, ast.List | ast.Tuple) else [told]
    texts = [known.text for known in map(evaluate, parts) if known is not None and known.text]
    return tuple(text.upper() if text.islower() else text for text in texts)


def _type(annotation: ast.AST) -> str:
    for node in ast.walk(annotation):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in TYPES:
            return TYPES[name]
    return "str"
