"""Every read of an environment variable in JavaScript and TypeScript. Comments and strings are none; a write is none."""

from typing import TYPE_CHECKING

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.facts import EnvRead
from opskit.survey.node.environment import NAME, VITE_OWN, asked, environment
from opskit.survey.node.modules import COMPONENTS, SCRIPTS, Module, read_module
from opskit.survey.node.usage import Usage, literal, usage

if TYPE_CHECKING:
    from tree_sitter import Node

NEEDLES = (b".env", b"env'", b'env"', b"$env/", b"'process'", b'"process"', b"node:process", b"= process", b"env-var", b"@nestjs/config")


def node_reads(tree: Tree) -> tuple[EnvRead, ...]:
    """Reads in the order of the files. A page's inline scripts run in a browser, which has no environment: left out."""
    return tuple(read for module in modules(tree) for read in _of_module(module))


def modules(tree: Tree) -> list[Module]:
    paths = tree.holding((p for p in tree.ending(*SCRIPTS, *COMPONENTS)), *NEEDLES)
    return [m for p in paths if (m := tree.parsed(p, read_module)) and m.source.root]


def _of_module(module: Module) -> list[EnvRead]:
    source, found = module.source, []
    for node in source.found("member_expression", "subscript_expression", "call_expression"):
        seen = asked(module, node)
        if seen and not _is_written(node):
            name, via, spelled = seen
            how = Usage(False) if source.text(node.child_by_field_name("function")).endswith(".has") else usage(module, node)
            found.append(EnvRead(name, source.place(spelled), how.required, how.default, how.type, via))
    found += _destructured(module) + _sveltekit(module)
    return sorted(found, key=lambda r: r.place.start)


def _is_written(node: "Node") -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        return True
    return parent.type == "unary_expression" and (parent.text or b"").startswith(b"delete")


def _destructured(module: Module) -> list[EnvRead]:
    source, found = module.source, []
    for node in source.found("variable_declarator"):
        via = environment(module, node.child_by_field_name("value"))
        if not via:
            continue
        for declared in module.names.declared_by(node):
            if len(declared.key) == 1 and NAME.match(declared.key[0]) and not (via == "import.meta.env" and declared.key[0] in VITE_OWN):
                default = literal(module, declared.default)
                found.append(
                    EnvRead(declared.key[0], source.place(declared.spelled or node), declared.default is None, default, "str", via)
                )
    return found


def _sveltekit(module: Module) -> list[EnvRead]:
    """`import { NAME } from "$env/static/private"`."""
    return [
        EnvRead(exported, module.source.place(bound.node), True, None, "str", bound.specifier)
        for bound in module.bound
        if bound.specifier.startswith("$env/static/")
        for _, exported in bound.names
        if NAME.match(exported) and exported not in ("default", "env")
    ]


def reads_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """Reads whose name is computed."""
    found = []
    for module in modules(tree):
        for node in module.source.found("subscript_expression"):
            if asked(module, node) is None and environment(module, node.child_by_field_name("object")):
                found.append(Unresolved(module.source.place(node), "an environment variable whose name is computed"))
    return tuple(found)
