"""Which names a script binds, and under which name it has a module of Node's already: looked for by the name's own letters."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from opskit.source.javascript import JavaScriptSource
from opskit.survey.node.modules import read_module

Node: TypeAlias = Any  # tree-sitter's, which only `source` and `survey` import

_FIELDS = {  # where a name under this field of this node is bound or written anew
    "variable_declarator": "name", "function_declaration": "name", "function_expression": "name", "generator_function": "name",
    "generator_function_declaration": "name", "class_declaration": "name", "class": "name", "enum_declaration": "name",
    "internal_module": "name", "module": "name", "required_parameter": "pattern", "optional_parameter": "pattern",
    "arrow_function": "parameter", "catch_clause": "parameter", "assignment_pattern": "left", "object_assignment_pattern": "left",
    "pair_pattern": "value", "for_in_statement": "left", "assignment_expression": "left", "augmented_assignment_expression": "left",
    "update_expression": "argument",
}
_ALWAYS = frozenset(("formal_parameters", "array_pattern", "rest_pattern", "import_specifier", "import_clause", "namespace_import",
                     "import_require_clause", "import_alias"))
_NAMES = frozenset(("identifier", "type_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))


def _nodes(source: JavaScriptSource, name: str) -> Iterator[Node]:
    """Where the name stands as a name: no key, no text, no comment."""
    assert source.root is not None
    for found in re.finditer(rb"(?<![\w$.])%b(?![\w$])" % re.escape(name.encode()), source.data):
        node = source.root.descendant_for_byte_range(found.start(), found.end())
        if node is not None and node.type in _NAMES:
            yield node


def bindings(source: JavaScriptSource, name: str) -> list[Node]:
    """Every place that gives the name a meaning, imports and assignments too, in whatever scope."""
    return [node for node in _nodes(source, name) if _binds(node)]


def _binds(node: Node) -> bool:
    parent = node.parent
    if node.type == "shorthand_property_identifier_pattern":
        return True
    field = _FIELDS.get(parent.type) if parent is not None else None
    return parent is not None and (parent.type in _ALWAYS or (field is not None and parent.child_by_field_name(field) == node))


def free(source: JavaScriptSource, names: Iterable[str]) -> str:
    """The first of them that nothing in the file is called."""
    return next(name for name in names if next(_nodes(source, name), None) is None)


def imported(source: JavaScriptSource, module: str, wanted: Iterable[str], before: int) -> str:
    """The local name that an import above `before` gives one of what `module` exports, and nothing else in the file binds; else ""."""
    for bound in read_module(source.path, source.data).bound:
        if bound.specifier.removeprefix("node:") == module and bound.node.type == "import_statement" and bound.node.end_byte <= before:
            for local, exported in bound.names:
                if exported in wanted and len(bindings(source, local)) == 1:
                    return local
    return ""
