"""Which expressions mean the environment, and which name they ask it for."""

import re
from typing import TYPE_CHECKING

from opskit.source.javascript_names import REST
from opskit.survey.node.modules import Module

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
VITE_OWN = frozenset(("MODE", "DEV", "PROD", "SSR", "BASE_URL", "LEGACY"))
OBJECTS = {
    "process.env": "process.env",
    "globalThis.process.env": "process.env",
    "global.process.env": "process.env",
    "window.process.env": "process.env",
    "import.meta.env": "import.meta.env",
    "Bun.env": "Bun.env",
}
GETTERS = {"Deno.env": "Deno.env", "Netlify.env": "Netlify.env"}
WRAPPERS = frozenset(
    ("parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression", "type_assertion", "await_expression")
)


def bare(node: "Node | None") -> "Node | None":
    """The expression inside parentheses, `as T`, `satisfies T`, `!` and `await`."""
    while node is not None and node.type in WRAPPERS and node.named_children:
        inner = node.named_children[-1 if node.type == "type_assertion" else 0]
        node = inner
    return node


def outer(node: "Node") -> "Node":
    """The widest expression that means the same as `node`: the reverse of `bare`."""
    while node.parent is not None and node.parent.type in WRAPPERS - {"await_expression"}:
        node = node.parent
    return node


def member(module: Module, node: "Node") -> "tuple[Node, str] | None":
    """(object, name) of `object.name` and `object["name"]`, None where the name is not a literal."""
    target = node.child_by_field_name("object")
    if target is None:
        return None
    if node.type == "member_expression":
        return target, module.source.text(node.child_by_field_name("property"))
    index = bare(node.child_by_field_name("index"))
    name = module.source.string(index)
    return (target, name) if name is not None else None


def is_looked_up(module: Module, node: "Node | None") -> bool:
    """Whether a value is asked for by a name that is computed (`table[key]`): what stands beside it is no fallback that counts."""
    node = bare(node)
    index = bare(node.child_by_field_name("index")) if node is not None and node.type == "subscript_expression" else None
    return index is not None and index.type != "number" and module.source.string(index) is None


def environment(module: Module, node: "Node | None", depth: int = 0) -> str:
    """How a node means the environment as an object ("process.env", ...), "" where it does not."""
    node = bare(node)
    if node is None or depth > 4:
        return ""
    if node.type in ("member_expression", "subscript_expression"):
        text = re.sub(r"\s|\?|\[[\"']env[\"']\]", lambda m: ".env" if m[0][0] == "[" else "", module.source.text(node))
        if text in OBJECTS:
            return OBJECTS[text]
        found = member(module, node)
        if found and found[1] == "env" and found[0].type == "identifier":
            specifier, exported = module.origin(module.source.text(found[0]))
            return "process.env" if specifier == "process" and exported in ("*", "default") else ""
        return ""
    return _named(module, node, depth) if node.type == "identifier" else ""


def _named(module: Module, node: "Node", depth: int) -> str:
    name = module.source.text(node)
    specifier, exported = module.origin(name)
    if (specifier == "process" and exported == "env") or (specifier.startswith("$env/dynamic/") and exported == "env"):
        return "process.env"
    declared = module.names.find(name, node)
    if declared is None or declared.value is None or declared.kind in ("function", "class", "parameter"):
        return ""
    if not declared.key and module.source.text(declared.value).startswith("loadEnv(") and module.origin("loadEnv")[0] == "vite":
        return "import.meta.env"
    if not declared.key or declared.key == (REST,):
        return environment(module, declared.value, depth + 1)
    if declared.key == ("env",) and module.source.text(bare(declared.value)) in ("process", "globalThis.process", "import.meta", "Bun"):
        return {"import.meta": "import.meta.env", "Bun": "Bun.env"}.get(module.source.text(bare(declared.value)), "process.env")
    return ""


def asked(module: Module, node: "Node") -> "tuple[str, str, Node] | None":
    """(name, via, the node that spells the name) where a node reads one variable of the environment."""
    if node.type in ("member_expression", "subscript_expression"):
        found = member(module, node)
        if found is None or not NAME.match(found[1]):
            return None
        via = environment(module, found[0])
        if not via or (via == "import.meta.env" and found[1] in VITE_OWN):
            return None
        spelled = node.child_by_field_name("property") or node.child_by_field_name("index") or node
        return found[1], via, spelled
    return _got(module, node) if node.type == "call_expression" else None


def _got(module: Module, node: "Node") -> "tuple[str, str, Node] | None":
    """`Deno.env.get("X")`, `Netlify.env.get("X")`."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or function.type != "member_expression" or arguments is None or not arguments.named_children:
        return None
    method = module.source.text(function.child_by_field_name("property"))
    receiver = re.sub(r"\s|\?", "", module.source.text(function.child_by_field_name("object")))
    first = arguments.named_children[0]
    name = module.source.string(first)
    if name is None or not NAME.match(name):
        return None
    if receiver in GETTERS and method in ("get", "has"):
        return name, GETTERS[receiver], first
    origin, exported = module.origin(receiver)
    if origin == "env-var" and method == "get" and exported in ("*", "default"):
        return name, "env-var", first
    nest = method in ("get", "getOrThrow") and module.imports("@nestjs/config") and name.upper() == name
    return (name, "ConfigService", first) if nest and _is_service(module, function.child_by_field_name("object"), receiver) else None


def _is_service(module: Module, node: "Node | None", text: str) -> bool:
    """Whether a receiver is Nest's ConfigService, by its own name or by what it is set to."""
    declared = module.names.find(text, node) if node is not None and node.type == "identifier" else None
    return "config" in text.lower() or (declared is not None and "ConfigService" in module.source.text(declared.value))
