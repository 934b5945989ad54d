"""Environments that a schema checks as a whole: zod, envalid, t3-env, Joi. Each key of the schema is a read.

Source of the rules: zod.dev/api, github.com/af/envalid, env.t3.gg/docs, joi.dev/api.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.survey.node.environment import bare, environment
from opskit.survey.node.modules import Module
from opskit.survey.node.program import Program, exported

if TYPE_CHECKING:
    from tree_sitter import Node

OPTIONAL = re.compile(r"\.(optional|nullish|default|catch)\s*\(|devDefault|default\s*:|v\.optional\(")
TYPES = (
    ("int", r"\.number\(|\bnum\(|coerce\.number|parseInt|Number\("),
    ("bool", r"\.boolean\(|\bbool\(|stringbool"),
    ("url", r"\.url\(|\burl\(|\.uri\("),
    ("int", r"\bport\(|\.port\("),
    ("json", r"\bjson\("),
)
CHECKS = frozenset(("parse", "safeParse", "parseAsync", "safeParseAsync", "validate", "attempt", "cleanEnv", "createEnv", "mask"))


@dataclass(frozen=True, slots=True, eq=False)
class SchemaRead:
    """One key of a schema. `default` is the node of its literal default."""

    name: str
    module: Module
    node: "Node"
    required: bool
    type: str
    default: "Node | None" = None


def schema_reads(program: Program, module: Module, node: "Node | None") -> list[SchemaRead]:
    """The keys of a call that checks the whole environment; empty for any other expression (names are followed once)."""
    node = bare(node)
    if node is not None and node.type == "identifier":
        if far := program.imported(module, module.source.text(node)):
            module, node = far[0], bare(exported(*far))
        if node is not None and node.type == "identifier" and (declared := module.names.find(module.source.text(node), node)):
            node = bare(declared.value)
    if node is None:
        return []
    if node.type == "member_expression" and module.source.text(node.child_by_field_name("property")) in ("data", "value"):
        return schema_reads(program, module, node.child_by_field_name("object"))
    return _checked(program, module, node) if node.type == "call_expression" else []


def _checked(program: Program, module: Module, node: "Node") -> list[SchemaRead]:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return []
    receiver = function.child_by_field_name("object") if function.type == "member_expression" else None
    name = module.source.text(function.child_by_field_name("property") if receiver is not None else function)
    given = [a for a in arguments.named_children if a.type != "comment"]
    if name not in CHECKS or not given:
        return []
    if name == "createEnv":
        return _sections(program, module, given[0])
    if not any(environment(module, a) for a in given[:2]):
        return []
    schema = (
        receiver
        if name in ("parse", "safeParse", "parseAsync", "safeParseAsync", "validate")
        else next((a for a in given if not environment(module, a)), None)
    )
    return _keys(program, module, schema)


def _sections(program: Program, module: Module, options: "Node") -> list[SchemaRead]:
    found = []
    for pair in options.named_children:
        if pair.type == "pair" and module.source.text(pair.child_by_field_name("key")) in ("server", "client", "shared"):
            found += _keys(program, module, pair.child_by_field_name("value"))
    return found


def _keys(program: Program, module: Module, node: "Node | None", depth: int = 0) -> list[SchemaRead]:
    """The keys of the object literal inside a schema expression: `z.object({...}).strict()`, a name that holds one."""
    node = bare(node)
    if node is None or depth > 8:
        return []
    if node.type == "identifier":
        if far := program.imported(module, module.source.text(node)):
            return _keys(program, far[0], exported(*far), depth + 1)
        declared = module.names.find(module.source.text(node), node)
        return _keys(program, module, declared.value, depth + 1) if declared else []
    if node.type == "object":
        return [_key(module, pair) for pair in node.named_children if pair.type == "pair"]
    if node.type != "call_expression":
        return []
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    inner = function.child_by_field_name("object") if function is not None and function.type == "member_expression" else None
    found = _keys(program, module, inner, depth + 1) if inner is not None and inner.type == "call_expression" else []
    wraps = module.source.text(function).rpartition(".")[2] in ("object", "extend", "strictObject", "looseObject", "keys", "Object")
    return found + (_keys(program, module, first, depth + 1) if wraps else [])


def _key(module: Module, pair: "Node") -> SchemaRead:
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    text = module.source.text(value)
    kind = next((kind for kind, pattern in TYPES if re.search(pattern, text)), "str")
    return SchemaRead(
        module.source.string(key) or module.source.text(key), module, key or pair, not OPTIONAL.search(text), kind,
        default_of(module, value))


def default_of(module: Module, value: "Node | None") -> "Node | None":
    """The literal default of one key's schema: `.default(3000)`, `port({ default: 3000 })`."""
    for call in module.source.within("call_expression", value) if value is not None else []:
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or arguments is None:
            continue
        if module.source.text(function).endswith((".default", ".catch")) and arguments.named_children:
            return arguments.named_children[0]
        for option in arguments.named_children:
            for pair in option.named_children if option.type == "object" else []:
                if module.source.text(pair.child_by_field_name("key")) in ("default", "devDefault"):
                    return pair.child_by_field_name("value")
    return None
