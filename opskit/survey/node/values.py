"""What an expression comes to when it decides a port: literals, constants, the environment, options, fields."""

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.survey.facts import Confidence
from opskit.survey.node.callers import Callers
from opskit.survey.node.environment import asked, bare, environment, is_looked_up, member
from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.program import Program, entry, exported
from opskit.survey.node.schema import schema_reads
from opskit.survey.node.things import DEPTH, Things

if TYPE_CHECKING:
    from tree_sitter import Node

    from opskit.source.javascript_names import Declaration

CASTS = frozenset(("Number", "parseInt", "Number.parseInt", "String", "parseFloat", "Math.floor", "Object.freeze"))


@dataclass(frozen=True, slots=True)
class Value:
    """`number` and `text` as far as they can be told; `variable` overrides them; `place` spans the digits that alone
    decide the number, None where several do. `via` is the chain of names that led there."""

    number: int | None = None
    text: str | None = None
    variable: str = ""
    place: Place | None = None
    via: tuple[str, ...] = ()
    confidence: Confidence = "high"

    def behind(self, variable: str) -> "Value":
        return replace(self, variable=self.variable or variable)

    def through(self, step: str) -> "Value":
        return replace(self, via=(step, *self.via))

    def less(self, confidence: Confidence) -> "Value":
        return replace(self, confidence=confidence)


class Evaluator:
    """Evaluates over several files; `callers` knows who calls a function, for its parameters, `within` the files that run."""

    def __init__(self, program: Program, within: frozenset[str] = frozenset()) -> None:
        self.program, self.callers = program, Callers(program, within)
        self.things = Things(program, self.callers)

    def value(self, module: Module, node: "Node | None", depth: int = 0) -> Value | None:
        """None where it cannot be told."""
        node = bare(node)
        if node is None or depth > DEPTH:
            return None
        if node.type in ("number", "string", "template_string"):
            return _literal(module, node)
        if found := asked(module, node):
            return self._variable(module, node, found[0], depth)
        way = {
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "call_expression": self._call,
            "identifier": self._name,
            "shorthand_property_identifier": self._name,
            "member_expression": self._member,
            "subscript_expression": self._member,
            "ternary_expression": self._ternary,
        }.get(node.type)
        return way(module, node, depth + 1) if way else None

    def _variable(self, module: Module, node: "Node", name: str, depth: int) -> Value:
        arguments = node.child_by_field_name("arguments")
        second = arguments.named_children[1] if arguments is not None and len(arguments.named_children) > 1 else None
        return (self.value(module, second, depth + 1) or Value()).behind(name)

    def _binary(self, module: Module, node: "Node", depth: int) -> Value | None:
        left = self.value(module, node.child_by_field_name("left"), depth)
        right = self.value(module, node.child_by_field_name("right"), depth)
        operator = module.source.text(node.child_by_field_name("operator"))
        if operator in ("||", "??"):
            if left is None:
                named = not is_looked_up(module, node.child_by_field_name("left"))
                return right.through(module.source.text(node)[:60]) if right and named else None
            if left.number or not right:
                return left
            return right.behind(left.variable)
        if left and right and left.number is not None and right.number is not None and operator in ("+", "-"):
            total = left.number + right.number if operator == "+" else left.number - right.number
            return Value(total, None, left.variable or right.variable, None, (module.source.text(node)[:60],), "medium")
        return None

    def _unary(self, module: Module, node: "Node", depth: int) -> Value | None:
        plus = module.source.text(node.child_by_field_name("operator")) == "+"
        return self.value(module, node.child_by_field_name("argument"), depth) if plus else None

    def _ternary(self, module: Module, node: "Node", depth: int) -> Value | None:
        """`X ? X : 3000` is a fallback; for other conditions the last branch is the likelier one on a laptop."""
        condition = bare(node.child_by_field_name("condition"))
        kept = self.value(module, node.child_by_field_name("consequence"), depth)
        other = self.value(module, node.child_by_field_name("alternative"), depth)
        tested = self.value(module, condition, depth) if condition is not None else None
        if tested and tested.variable:
            return other.behind(tested.variable) if other else kept
        if kept and kept.variable and not kept.number and other:
            return other.behind(kept.variable)
        chosen = other if other and (other.number is not None or not kept) else kept
        return replace(chosen.through(module.source.text(node)[:60]), confidence="low", place=None) if chosen else None

    def _call(self, module: Module, node: "Node", depth: int) -> Value | None:
        source, function = module.source, node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        name = source.text(function)
        if name in CASTS:
            return self.value(module, first, depth)
        if function is not None and function.type == "member_expression":
            return self._chained(module, function, first, depth)
        declared = module.names.find(name, node) if function is not None and function.type == "identifier" else None
        body = declared.value if declared else None
        if body is None or body.type not in ("function_declaration", "arrow_function", "function_expression"):
            return None
        if (given := self.value(module, first, depth)) and given.number is not None and "port" in name.lower():
            return given.through(name)
        returned = self._returned(module, body, depth)
        return returned.through(f"{name}()") if returned else None

    def _chained(self, module: Module, function: "Node", first: "Node | None", depth: int) -> Value | None:
        """`x.toString()`, and env-var's `.default("3000")` and `.asPortNumber()`."""
        target, method = function.child_by_field_name("object"), module.source.text(function.child_by_field_name("property"))
        if method in ("toString", "trim", "required") or method.startswith("as"):
            return self.value(module, target, depth)
        key = module.source.string(first) if method in ("get", "getOrThrow") else None
        if key:
            return self.stored(module, target, key, depth)
        if method == "default" and (held := self.value(module, target, depth)) and held.variable:
            return (self.value(module, first, depth) or Value()).behind(held.variable)
        return None

    def stored(self, module: Module, receiver: "Node | None", key: str, depth: int) -> Value | None:
        """What `receiver.get(key)` comes to: nothing here, `Settled` knows the stores."""
        return None

    def _returned(self, module: Module, function: "Node", depth: int) -> Value | None:
        body = function.child_by_field_name("body")
        if body is not None and body.type != "statement_block":
            return self.value(module, body, depth)
        returns = [c for c in body.named_children if c.type == "return_statement"] if body is not None else []
        return self.value(module, returns[0].named_children[0], depth) if len(returns) == 1 and returns[0].named_children else None

    def _name(self, module: Module, node: "Node", depth: int) -> Value | None:
        name = module.source.text(node)
        if (far := self.program.imported(module, name)) and far[1] != "*":
            value = self.value(far[0], exported(*far), depth)
            return value.through(f"{name} of {far[0].source.path}") if value else None
        declared = module.names.find(name, node)
        if declared is None:
            return None
        line = module.source.lines.position(declared.node.start_byte)[0]
        value = self._declared(module, declared, depth)
        return value.through(f"{name} at {module.source.path}:{line}") if value else None

    def _declared(self, module: Module, declared: "Declaration", depth: int) -> Value | None:
        fallback = self.value(module, declared.default, depth)
        if declared.kind == "parameter":
            given = self._given(module, declared, depth)
            fallback = fallback or self.value(module, declared.value, depth)
        elif declared.key:
            given = self.picked(module, declared.value, declared.key, depth)
        else:
            given = self.value(module, declared.value, depth) if declared.kind in ("const", "let", "var") else None
            if declared.kind in ("let", "var"):
                given = self._reassigned(module, declared, given, depth)
        if given and given.number is None and given.variable and fallback:
            return fallback.behind(given.variable)
        return given or fallback

    def _reassigned(self, module: Module, declared: "Declaration", given: Value | None, depth: int) -> Value | None:
        """A `let` that is set later: one assignment to an empty one decides, several leave it open."""
        writes = [
            n
            for n in module.source.within("assignment_expression", declared.scope)
            if module.source.text(n.child_by_field_name("left")) == declared.name
        ]
        if not writes:
            return given
        later = self.value(module, writes[0].child_by_field_name("right"), depth)
        if declared.value is None:
            return later.less("medium") if later and len(writes) > 1 else later
        return replace(given, confidence="medium", place=None) if given else None

    def _given(self, module: Module, declared: "Declaration", depth: int) -> Value | None:
        """What the first caller hands to a parameter."""
        index = int(declared.key[0])
        for caller in self.callers.of(module, declared.scope):
            given = caller.arguments[index] if index < len(caller.arguments) else None
            if given is not None:
                value = (
                    self.picked(caller.module, given, declared.key[1:], depth)
                    if declared.key[1:]
                    else self.value(caller.module, given, depth)
                )
                if value:
                    return value
        return None

    def picked(self, module: Module, node: "Node | None", keys: tuple[str, ...], depth: int) -> Value | None:
        """The value under a path of keys of an object-like expression."""
        node = bare(node)
        if node is None or depth > DEPTH:
            return None
        if environment(module, node):
            return Value(variable=keys[0])
        if checked := next((r for r in schema_reads(self.program, module, node) if r.name == keys[0]), None):
            return (self.value(checked.module, checked.default, depth) or Value()).behind(checked.name)
        if document := self._json(module, node):
            return _within(document, keys)
        seen = self.things.of(module, node, depth)
        if seen is None:
            return None
        if ended := self.things.end(seen.module, seen.node):
            return self.picked(ended.module, ended.node, keys, depth + 1)
        inner = entry(seen.module, seen.node, keys[0])
        if inner is None:
            return self.spread(seen.module, seen.node, keys, depth)
        return self.picked(seen.module, inner, keys[1:], depth + 1) if keys[1:] else self.value(seen.module, inner, depth + 1)

    def spread(self, module: Module, node: "Node", keys: tuple[str, ...], depth: int = 0) -> Value | None:
        """The value that an object literal takes over from another by `...other`."""
        for child in node.named_children if node.type == "object" else []:
            inner = child.named_children[0] if child.type == "spread_element" and child.named_children else None
            if inner is not None and (value := self.picked(module, inner, keys, depth + 1)):
                return value
        return None

    def _member(self, module: Module, node: "Node", depth: int) -> Value | None:
        found = member(module, node)
        if found is None:
            return None
        target, name = found
        if bare(target) is not None and bare(target).type == "this":  # type: ignore[union-attr]
            value = self._field(module, node, name, depth)
            return value.through(f"this.{name}") if value else None
        value = self.picked(module, target, (name,), depth) or self._option(module, name, depth)
        return value.through(module.source.text(node)[:60]) if value else None

    def _option(self, module: Module, name: str, depth: int) -> Value | None:
        """The default of a command-line option that yargs or commander declares in the same file."""
        if not any(module.imports(package) for package in ("yargs", "commander", "yargs/yargs", "cac")):
            return None
        for call in module.source.found("call_expression"):
            arguments, function = call.child_by_field_name("arguments"), call.child_by_field_name("function")
            given = arguments.named_children if arguments is not None else []
            if len(given) < 2 or not module.source.text(function).endswith(".option"):
                continue
            spelled = module.source.string(given[0]) or ""
            if spelled == name or f"--{name}" in re.split(r"[\s,=]+", spelled):
                default = entry(module, given[-1], "default") if given[-1].type == "object" else given[-1]
                return self.value(module, default, depth)
        return None

    def _field(self, module: Module, node: "Node", name: str, depth: int) -> Value | None:
        written = self.things.written(module, node, name)
        return self.value(module, written, depth) if written is not None else None

    def _json(self, module: Module, node: "Node") -> object:
        """The content of a .json file that a name or a `require` means."""
        specifier = module.origin(module.source.text(node))[0] if node.type == "identifier" else ""
        if node.type == "call_expression":
            specifier = next((b.specifier for b in module.bound if b.node == node), "")
        path = resolve(self.program.tree, module.source.path, specifier) if specifier.endswith(".json") else ""
        try:
            return json.loads(self.program.tree.read(path) or b"null") if path else None
        except ValueError:
            return None


def _literal(module: Module, node: "Node") -> Value | None:
    text = module.source.text(node) if node.type == "number" else module.source.string(node)
    if text is None:
        return None
    quoted = node.type != "number"
    digits = text.replace("_", "")
    if not digits.isascii() or not digits.isdigit():
        return Value(text=text)
    start, end = node.start_byte + quoted, node.end_byte - quoted
    return Value(int(digits), text, "", module.source.lines.place(module.source.path, start, end))


def _within(document: object, keys: tuple[str, ...]) -> Value | None:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    if isinstance(document, bool) or not isinstance(document, int | str):
        return None
    text = str(document)
    return Value(int(text) if text.isascii() and text.isdigit() else None, text)
