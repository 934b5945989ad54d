"""What a pydantic settings class says of its fields' variables: prefix, delimiter, aliases, parents."""

import ast
from dataclasses import dataclass, replace

from opskit.survey.python.index import Index
from opskit.survey.python.known import Evaluates
from opskit.survey.python.module import Module, argument
from opskit.survey.python.names import OWN, class_names, name_of

DEEPEST = 4
BASES = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.env_settings.BaseSettings",
                   "pydantic.v1.BaseSettings", "pydantic_settings.main.BaseSettings"})


@dataclass(frozen=True, slots=True)
class Config:
    prefix: str = ""
    delimiter: str = ""


def is_settings(index: Index, module: Module, owner: ast.ClassDef) -> bool:
    return bool(BASES & set(class_names(index, module, owner)))


def variable_of(evaluate: Evaluates, owner: ast.ClassDef, name: str) -> str:
    """The variable that sets a field of a settings class of this module, "" where it is none or has no such field."""
    if not is_settings(evaluate.index, evaluate.module, owner):
        return ""
    found = _declared(evaluate.index, evaluate.module, owner, name)
    if found is None:
        return ""
    there = evaluate.elsewhere(found[0].path)
    named = aliases(there, described(there, found[1]))
    return named[0] if named else f"{config_of(evaluate, owner).prefix}{name}".upper()


def _declared(index: Index, module: Module, owner: ast.ClassDef, name: str, depth: int = 0) -> tuple[Module, ast.AnnAssign] | None:
    for line in owner.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == name:
            return module, line
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        above = index.module(path).classes.get(local) if own and depth < DEEPEST else None
        if above is not None and above is not owner and (found := _declared(index, index.module(path), above, name, depth + 1)):
            return found
    return None


def config_of(evaluate: Evaluates, owner: ast.ClassDef, depth: int = 0) -> Config:
    """The class's own configuration over its parents'."""
    index, module, found = evaluate.index, evaluate.module, Config()
    for base in owner.bases:
        path, own, local = name_of(index, module, base).partition(OWN)
        if own and depth < 9 and (above := index.module(path).classes.get(local)) is not None:
            found = config_of(evaluate.elsewhere(path), above, depth + 1)
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


def described(evaluate: Evaluates, line: ast.AnnAssign) -> ast.Call | None:
    """The `Field(...)` that describes a field: its value, or inside `Annotated[...]`."""
    calls = [n for part in (line.value, line.annotation) if part is not None for n in ast.walk(part) if isinstance(n, ast.Call)]
    return next((c for c in calls if name_of(evaluate.index, evaluate.module, c.func).endswith("Field")), None)


def aliases(evaluate: Evaluates, given: ast.Call | None) -> tuple[str, ...]:
    """Names that replace the field's own, prefix and all: validation_alias before alias; pydantic 1's `env`."""
    if given is None:
        return ()
    told = argument(given, -1, "validation_alias") or argument(given, -1, "alias") or argument(given, -1, "env")
    parts = told.args if isinstance(told, ast.Call) else told.elts if isinstance(told, ast.List | ast.Tuple) else [told]
    texts = [known.text for known in map(evaluate, parts) if known is not None and known.text]
    return tuple(text.upper() if text.islower() else text for text in texts)
