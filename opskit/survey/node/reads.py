"""Every read of an environment variable in JavaScript and TypeScript. Comments and strings are none; a write is none."""

import re
from typing import TYPE_CHECKING

from opskit.core.finding import Unresolved
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.core.vendors import TOKEN
from opskit.survey.facts import EnvRead
from opskit.survey.node.computed import computed
from opskit.survey.node.environment import NAME, VITE_OWN, asked, environment
from opskit.survey.node.modules import COMPONENTS, SCRIPTS, Module, read_module
from opskit.survey.node.program import Program
from opskit.survey.node.schema import CHECKS, schema_reads
from opskit.survey.node.usage import Usage, literal, usage

if TYPE_CHECKING:
    from tree_sitter import Node

NEEDLES = (
    b".env",
    b"env'",
    b'env"',
    b"$env/",
    b"'process'",
    b'"process"',
    b"node:process",
    b"= process",
    b"env-var",
    b"@nestjs/config",
)


def node_reads(tree: Tree) -> tuple[EnvRead, ...]:
    """Reads in the order of the files. A page's inline scripts run in a browser, which has no environment: left out."""
    return tree.computed(_seen)[0]


def reads_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """Reads whose name is computed in a way that cannot be followed."""
    return tree.computed(_seen)[1]


def _seen(tree: Tree) -> tuple[tuple[EnvRead, ...], tuple[Unresolved, ...]]:
    program = tree.computed(Program)
    found: dict[tuple[Place, str], EnvRead] = {}
    dark: list[Unresolved] = []
    for path in tree.holding((*tree.ending(*SCRIPTS, *COMPONENTS), *program.bare), *NEEDLES):
        module = tree.parsed(path, read_module)
        if module is None or module.source.root is None or module.broken:
            continue
        told, places = computed(program, module)
        dark += [Unresolved(module.source.place(node), "an environment variable whose name is computed") for node in places]
        reads = _of_module(module) + _schema(program, module)
        reads += [_read(a.name, a.module.source.place(a.node), a.usage, a.via) for a in told]
        found.update({(read.place, read.name): read for read in reads})
    return tuple(sorted(found.values(), key=lambda r: (r.place.path, r.place.start))), tuple(dark)


def _read(name: str, place: Place, how: Usage, via: str) -> EnvRead:
    """A key pasted as a fallback is none that a fact may hold."""
    default = None if how.default is None or re.search(TOKEN, how.default) else how.default
    return EnvRead(name, place, how.required, default, how.type, via)


def _of_module(module: Module) -> list[EnvRead]:
    source, found = module.source, []
    for node in source.found("member_expression", "subscript_expression", "call_expression"):
        seen = asked(module, node)
        if seen and not _is_written(node):
            name, via, spelled = seen
            has = source.text(node.child_by_field_name("function")).endswith(".has")
            found.append(_read(name, source.place(spelled), Usage(False) if has else usage(module, node), via))
    for node in source.found("binary_expression"):
        if (name := _looked_for(module, node)) and (left := node.child_by_field_name("left")):
            found.append(_read(name, source.place(left), Usage(False), "process.env"))
    return found + _destructured(module) + _sveltekit(module)


def _looked_for(module: Module, node: "Node") -> str:
    """`"NAME" in process.env`."""
    if module.source.text(node.child_by_field_name("operator")) != "in" or not environment(module, node.child_by_field_name("right")):
        return ""
    return module.source.string(node.child_by_field_name("left")) or ""


def _schema(program: Program, module: Module) -> list[EnvRead]:
    """Keys of a schema that checks the whole environment."""
    if not any(check.encode() in module.source.data for check in CHECKS):
        return []
    found = []
    for call in module.source.found("call_expression"):
        for key in schema_reads(program, module, call):
            if NAME.match(key.name):
                how = Usage(key.required, literal(key.module, key.default), key.type)
                found.append(_read(key.name, key.module.source.place(key.node), how, "schema"))
    return found


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
