"""The JavaScript of a platform as a whole: modules by path, who imports whom, what a name exports."""

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from opskit.core.tree import Tree
from opskit.survey.node.modules import COMPONENTS, SCRIPTS, Bound, Module, read_module, resolve, workspace
from opskit.survey.node.outline import Outline

if TYPE_CHECKING:
    from tree_sitter import Node

TESTS = re.compile(
    r"(^|/)(__tests__|__mocks__|tests?|specs?|e2e|cypress|playwright|fixtures|mocks)/|\.(test|spec|stories|cy|d)\.[cm]?[jt]sx?$|"
    r"(^|/)(jest|vitest|playwright|cypress|karma)\.",
    re.I,
)
SHEBANG = re.compile(rb"#!.*\b(node|bun|deno|tsx|ts-node)\b")


class Program:
    """Modules are parsed when asked for, once a run."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._outlines: dict[str, Outline | None] = {}

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """Files without a suffix that name Node in their first line."""
        return tuple(p for p in self.tree.files if "." not in posixpath.basename(p) and SHEBANG.match((self.tree.read(p) or b"")[:80]))

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """Files of code that are not tests."""
        return tuple(p for p in (*self.tree.ending(*SCRIPTS), *self.bare) if not TESTS.search(p) and not self.tree.is_link(p))

    def module(self, path: str) -> Module | None:
        """None where the file is not read (absent, huge, minified, broken)."""
        if not path.endswith(SCRIPTS + COMPONENTS) and path not in self.scripts:
            return None
        module = self.tree.parsed(path, read_module)
        return module if module and module.source.root and not module.broken else None

    def outline(self, path: str) -> Outline | None:
        if path not in self._outlines:
            module = self.module(path)
            self._outlines[path] = Outline(module) if module else None
        return self._outlines[path]

    def holding(self, *needles: bytes) -> list[Module]:
        return [m for p in self.tree.holding(self.scripts, *needles) if (m := self.module(p))]

    def imported(self, module: Module, name: str) -> tuple[Module, str] | None:
        """(module, exported name) behind a local name that comes from another file of the platform."""
        specifier, exported = module.origin(name)
        target = self.module(resolve(self.tree, module.source.path, specifier)) if specifier else None
        return self.declaring(target, exported) if target else None

    def declaring(self, module: Module, name: str, depth: int = 0) -> tuple[Module, str]:
        """(module, exported name) past `export * from "./x"` and `export { x } from "./x"`; the module itself where none leads on."""
        if name == "*" or depth > 6 or exported(module, name) is not None:
            return module, name
        for bound in module.bound:
            target = self.module(resolve(self.tree, module.source.path, bound.specifier)) if bound.node.type == "export_statement" else None
            clause = next((c for c in bound.node.named_children if c.type == "export_clause"), None)
            inner = _handed_on(module, clause, name) if clause is not None else name
            if target is None or not inner or (clause is None and inner == "default"):
                continue
            found = self.declaring(target, inner, depth + 1)
            if clause is not None or exported(*found) is not None:
                return found
        return module, name

    def importers(self, path: str, depth: int = 0) -> list[Module]:
        """Modules that load `path`, also through files that hand on what it exports."""
        found = self._loading(path)
        passing = [m for m in found if depth < 4 and any(b.node.type == "export_statement" and self._leads(m, b, path) for b in m.bound)]
        further = [m for each in passing for m in self.importers(each.source.path, depth + 1)]
        return list({m.source.path: m for m in (*found, *further)}.values())

    def _leads(self, module: Module, bound: Bound, path: str) -> bool:
        return resolve(self.tree, module.source.path, bound.specifier) == path

    def _loading(self, path: str) -> list[Module]:
        stem = posixpath.splitext(posixpath.basename(path))[0]
        needle = posixpath.basename(posixpath.dirname(path)) if stem == "index" else stem
        if stem == "index" and needle == "src":
            needle = posixpath.basename(posixpath.dirname(posixpath.dirname(path)))
        inside = [name for name, folder in self.tree.computed(workspace).items() if path.startswith(f"{folder}/")]
        found = self.holding(*(word.encode() for word in (needle, *inside) if word)) if needle else []
        return [m for m in found if any(self._leads(m, b, path) for b in m.bound)]


def exported(module: Module, name: str) -> "Node | None":
    """The node whose value a module exports as `name`; "*" and "default" are the module's whole or default export."""
    source = module.source
    for node in source.found("assignment_expression"):
        left, right = source.text(node.child_by_field_name("left")), node.child_by_field_name("right")
        if name in ("*", "default") and left in ("module.exports", "exports", "exports.default"):
            return right
        if left in (f"exports.{name}", f"module.exports.{name}"):
            return right
        if left in ("module.exports", "exports") and right is not None and (found := entry(module, right, name)) is not None:
            return found
    for node in source.found("export_statement"):
        if (found := _statement(module, node, name)) is not None:
            return found
    return None


def _statement(module: Module, node: "Node", name: str) -> "Node | None":
    source = module.source
    if name in ("default", "*") and (value := node.child_by_field_name("value")) is not None:
        return value
    if name == "default" and source.text(node).startswith("export default"):
        return node.child_by_field_name("declaration")
    declaration = node.child_by_field_name("declaration")
    for child in declaration.named_children if declaration is not None else []:
        if child.type == "variable_declarator" and source.text(child.child_by_field_name("name")) == name:
            return child.child_by_field_name("value")
    if declaration is not None and source.text(declaration.child_by_field_name("name")) == name:
        return declaration
    for clause in (c for c in node.named_children if c.type == "export_clause" and node.child_by_field_name("source") is None):
        for part in clause.named_children:
            local, alias = part.child_by_field_name("name"), part.child_by_field_name("alias")
            if local is not None and source.text(alias or local) == name:
                return local
    return None


def _handed_on(module: Module, clause: "Node", name: str) -> str:
    """What `export { inner as name } from` calls a name in the file that it comes from, "" where it does not name it."""
    for part in clause.named_children:
        local, alias = part.child_by_field_name("name"), part.child_by_field_name("alias")
        if local is not None and module.source.text(alias or local) == name:
            return module.source.text(local)
    return ""


def entry(module: Module, node: "Node | None", name: str) -> "Node | None":
    """The value of one key of an object literal; for a method or a shorthand the node that stands for it."""
    if node is None or node.type != "object":
        return None
    for child in node.named_children:
        if child.type == "pair":
            key = child.child_by_field_name("key")
            if (module.source.string(key) or module.source.text(key)) == name:
                return child.child_by_field_name("value")
        elif (child.type == "shorthand_property_identifier" and module.source.text(child) == name) or (
            child.type == "method_definition" and module.source.text(child.child_by_field_name("name")) == name
        ):
            return child
    return None
