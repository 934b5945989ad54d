"""Which declaration a JavaScript name means at a place: scopes, parameters, destructuring."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.source.javascript import JavaScriptSource

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset(
    (
        "function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
        "generator_function_declaration",
        "generator_function",
    )
)


REST = "..."


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A name's binding. `kind` is const, let, var, function, class, parameter or import; `value` the initialiser (for a
    destructured name the whole initialiser, with the path of keys in `key`, the default in `default`, REST as the last key
    for `...name`); `spelled` the name's own node."""

    name: str
    kind: str
    scope: "Node"
    node: "Node"
    value: "Node | None" = None
    key: tuple[str, ...] = ()
    default: "Node | None" = None
    spelled: "Node | None" = None


class Names:
    """Which declaration a name means at a place: the innermost scope that holds it."""

    def __init__(self, source: JavaScriptSource) -> None:
        self.source = source
        self._by_name: dict[str, list[Declaration]] = {}
        self._by_node: dict[int, list[Declaration]] = {}
        for node in source.found("variable_declarator"):
            self._declared(node)
        for kind in ("function_declaration", "class_declaration"):
            for node in source.found(kind):
                if name := node.child_by_field_name("name"):
                    self._add(Declaration(source.text(name), kind.partition("_")[0], _block(node.parent), node, node))
        for node in source.found("function_declaration", "function_expression", "arrow_function", "method_definition"):
            self._parameters(node)

    def find(self, name: str, at: "Node") -> Declaration | None:
        """The declaration of `name` as seen at a node, None for globals and imports that are not constants."""
        best: Declaration | None = None
        for found in self._by_name.get(name, ()):
            scope = found.scope
            inside = scope.start_byte <= at.start_byte and at.end_byte <= scope.end_byte
            if inside and (best is None or (scope.start_byte >= best.scope.start_byte and scope.end_byte <= best.scope.end_byte)):
                best = found
        return best

    def all(self, name: str) -> list[Declaration]:
        return self._by_name.get(name, [])

    def declared_by(self, node: "Node") -> list[Declaration]:
        """The names that one declarator binds."""
        return self._by_node.get(node.start_byte, [])

    def _add(self, found: Declaration) -> None:
        self._by_name.setdefault(found.name, []).append(found)
        self._by_node.setdefault(found.node.start_byte, []).append(found)

    def _declared(self, node: "Node") -> None:
        name, value, parent = node.child_by_field_name("name"), node.child_by_field_name("value"), node.parent
        if name is None or parent is None:
            return
        kind = self.source.text(parent.children[0]) if parent.children else "var"
        scope = _function(parent) if kind == "var" else _block(parent)
        for found in self._pattern(name, ()):
            self._add(Declaration(found[0], kind, scope, node, value, *found[1:]))

    def _parameters(self, node: "Node") -> None:
        single, several = node.child_by_field_name("parameter"), node.child_by_field_name("parameters")
        for index, parameter in enumerate([single] if single else several.named_children if several else []):
            name, default = parameter, None
            if parameter.type in ("required_parameter", "optional_parameter"):
                name, default = parameter.child_by_field_name("pattern") or parameter, parameter.child_by_field_name("value")
            elif parameter.type == "assignment_pattern":
                name = parameter.child_by_field_name("left") or parameter
                default = parameter.child_by_field_name("right")
            for found, key, fallback, spelled in self._pattern(name, (str(index),)):
                self._add(Declaration(found, "parameter", node, parameter, default if len(key) == 1 else None, key, fallback, spelled))

    def _pattern(self, node: "Node", key: tuple[str, ...]) -> "list[tuple[str, tuple[str, ...], Node | None, Node]]":
        """Names that a (destructuring) pattern binds: name, path of keys, its own default, the node that spells the key."""
        text = self.source.text
        if node.type == "identifier":
            return [(text(node), key, None, node)]
        if node.type in ("object_assignment_pattern", "assignment_pattern"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            return [(n, k, d or right, s) for n, k, d, s in self._pattern(left, key)] if left else []
        if node.type == "shorthand_property_identifier_pattern":
            return [(text(node), (*key, text(node)), None, node)]
        if node.type == "pair_pattern":
            name, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            if name is None or value is None:
                return []
            found = self._pattern(value, (*key, self.source.string(name) or text(name)))
            return [(n, k, d, name if len(k) == len(key) + 1 else s) for n, k, d, s in found]
        if node.type == "rest_pattern" and node.named_children:
            return [(n, (*k, REST), d, s) for n, k, d, s in self._pattern(node.named_children[0], key)]
        if node.type == "object_pattern":
            return [found for child in node.named_children for found in self._pattern(child, key)]
        if node.type == "array_pattern":
            return [found for i, child in enumerate(node.named_children) for found in self._pattern(child, (*key, str(i)))]
        return []


def _block(node: "Node | None") -> "Node":
    """The block, loop, function or module that a declaration under `node` is seen in."""
    assert node is not None
    while node.parent is not None and node.type not in ("statement_block", "for_statement", "for_in_statement", "switch_body", "program"):
        node = node.parent
    return node


def _function(node: "Node") -> "Node":
    while node.parent is not None and node.type not in FUNCTIONS:
        node = node.parent
    return node
