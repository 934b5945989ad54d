"""The object literal, call or class that an expression stands for, followed through names, fields, parameters and files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.survey.node.callers import Callers
from opskit.survey.node.environment import bare, member
from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.program import Program, entry, exported

if TYPE_CHECKING:
    from tree_sitter import Node

    from opskit.source.javascript_names import Declaration

DEPTH = 14
BLOCKS = frozenset(
    ("statement_block", "if_statement", "else_clause", "try_statement", "catch_clause", "finally_clause", "switch_statement", "switch_body",
     "switch_case", "switch_default", "for_statement", "for_in_statement", "while_statement")
)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An expression with the module it stands in."""

    module: Module
    node: "Node"


class Things:
    """`callers` knows who calls a function, for its parameters."""

    def __init__(self, program: Program, callers: Callers) -> None:
        self.program, self.callers = program, callers

    def written(self, module: Module, node: "Node", name: str) -> "Node | None":
        """What a class sets its own field to, in the constructor or at its declaration."""
        holder = node
        while holder.parent is not None and holder.type not in ("class_declaration", "class"):
            holder = holder.parent
        for write in module.source.within("assignment_expression", holder):
            if re.sub(r"\s", "", module.source.text(write.child_by_field_name("left"))) == f"this.{name}":
                return write.child_by_field_name("right")
        body = holder.child_by_field_name("body")
        for child in body.named_children if body is not None else []:
            if child.type in ("field_definition", "public_field_definition"):
                key = child.child_by_field_name("property") or child.child_by_field_name("name")
                if module.source.text(key) == name:
                    return child.child_by_field_name("value")
        return None

    def of(self, module: Module, node: "Node | None", depth: int = 0) -> Seen | None:
        """The object literal, call or class that an expression stands for, followed through names and files."""
        node = bare(node)
        if node is None or depth > DEPTH:
            return None
        if node.type in ("identifier", "shorthand_property_identifier"):
            return self._thing_named(module, node, depth + 1)
        if node.type in ("member_expression", "subscript_expression"):
            found = member(module, node)
            if found and found[0].type == "this":
                return self.of(module, self.written(module, node, found[1]), depth + 1)
            holder = self.of(module, found[0], depth + 1) if found else None
            inner = entry(holder.module, holder.node, found[1]) if holder and found else None
            return self.of(holder.module, inner, depth + 1) if holder and inner is not None else None
        if node.type == "call_expression" and module.source.text(node.child_by_field_name("function")) in ("Object.freeze", "defineConfig"):
            arguments = node.child_by_field_name("arguments")
            return self.of(module, arguments.named_children[0], depth + 1) if arguments is not None and arguments.named_children else None
        if node.type == "call_expression" and module.source.text(node.child_by_field_name("function")) == "require":
            return self._thing_required(module, node, depth)
        if node.type == "call_expression":
            return self._made(module, node, depth) or Seen(module, node)
        return self._fallback(module, node, depth) if node.type == "binary_expression" else Seen(module, node)

    def _made(self, module: Module, call: "Node", depth: int) -> Seen | None:
        """What a function of the platform returns at its end, None where the callee is none or returns nothing of note."""
        ended = self.end(module, call, depth)
        made = self.of(ended.module, ended.node, depth + 1) if ended else None
        return made if made and made.node.type in ("object", "call_expression", "new_expression") else None

    def end(self, module: Module, node: "Node", depth: int = 0) -> Seen | None:
        """The expression that a function, or a call of one of the platform's, returns at its end."""
        function: Seen | None = Seen(module, node)
        if node.type == "call_expression":
            callee = bare(node.child_by_field_name("function"))
            function = self.of(module, callee, depth + 1) if callee is not None and callee.type == "identifier" else None
        if function is None or function.node.type not in ("function_declaration", "arrow_function", "function_expression"):
            return None
        body = bare(function.node.child_by_field_name("body"))
        if body is not None and body.type == "statement_block":
            ends = [r for r in _returns(body) if r.named_children]
            own = [r for r in ends if r.parent == body]
            body = bare((own or ends)[-1].named_children[0]) if ends else None
        return Seen(function.module, body) if body is not None else None

    def _fallback(self, module: Module, node: "Node", depth: int) -> Seen | None:
        """`options || {}`."""
        left = self.of(module, node.child_by_field_name("left"), depth + 1)
        return left or self.of(module, node.child_by_field_name("right"), depth + 1)

    def _thing_required(self, module: Module, node: "Node", depth: int) -> Seen | None:
        bound = next((b for b in module.bound if b.node == node), None)
        far = self.program.module(resolve(self.program.tree, module.source.path, bound.specifier)) if bound else None
        return self.of(far, exported(far, "*"), depth + 1) if far else Seen(module, node)

    def _thing_named(self, module: Module, node: "Node", depth: int) -> Seen | None:
        name = module.source.text(node)
        if far := self.program.imported(module, name):
            return self.of(far[0], exported(*far), depth)
        declared = module.names.find(name, node)
        if declared is None:
            return None
        if declared.kind == "parameter":
            return self._thing_given(module, declared, depth)
        value = self.of(module, declared.value, depth)
        for key in declared.key:
            inner = entry(value.module, value.node, key) if value else None
            value = self.of(value.module, inner, depth) if value and inner is not None else None
        if value is None and declared.value is None:
            writes = [
                n
                for n in module.source.within("assignment_expression", declared.scope)
                if module.source.text(n.child_by_field_name("left")) == name
            ]
            return self.of(module, writes[0].child_by_field_name("right"), depth) if writes else None
        return value

    def _thing_given(self, module: Module, declared: "Declaration", depth: int) -> Seen | None:
        index = int(declared.key[0])
        for caller in self.callers.of(module, declared.scope):
            if index < len(caller.arguments) and len(declared.key) == 1:
                return self.of(caller.module, caller.arguments[index], depth)
        return self.of(module, declared.value, depth) if declared.value is not None else None


def _returns(node: "Node") -> "Iterator[Node]":
    """The return statements of a function's body, those of functions inside it left out."""
    for child in node.named_children:
        if child.type == "return_statement":
            yield child
        elif child.type in BLOCKS:
            yield from _returns(child)
