"""Annotations of the SDK's generated classes, from syntax to shapes."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from opskit.sandbox.stripe.spec.shapes import Field, Shape, choice

PLAIN = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "Decimal": "decimal", "Any": "any", "object": "any"}
# which come from the SDK's own bases: options of a call, not parameters of the API
BASES = {"RequestOptions", "TypedDict"}


@dataclass(slots=True)
class Module:
    """One file of the SDK: its classes and assignments by name, and where its imported names come from."""

    name: str
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    assigned: dict[str, ast.expr] = field(default_factory=dict)
    annotated: dict[str, ast.expr] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, name: str, text: bytes) -> "Module":
        module, tree = cls(name), ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module.imported |= {alias.asname or alias.name: f"{node.module}:{alias.name}" for alias in node.names}
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                module.classes[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                module.assigned[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                module.annotated[node.target.id] = node.value
        return module


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads annotations that stand in `module`, inside `owner` where that is a class with classes of its own.

    `find` gives another module of the SDK by name. A class with OBJECT_NAME is an object of the API and is named, not unfolded.
    """

    module: Module
    find: Callable[[str], Module]
    owner: ast.ClassDef | None = None

    def record(self, node: ast.ClassDef) -> Shape:
        inner = Reader(self.module, self.find, node)
        fields = [each for base in node.bases for each in self._inherited(base)]
        for line in node.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and not line.target.id.startswith("_"):
                if isinstance(line.annotation, ast.Subscript) and _name(line.annotation.value) == "ClassVar":
                    continue
                fields.append(inner.field(line.target.id, line.annotation))
        return Shape("record", fields=tuple(fields))

    def field(self, name: str, annotation: ast.expr) -> Field:
        optional = isinstance(annotation, ast.Subscript) and _name(annotation.value) == "NotRequired"
        return Field(name, self.shape(annotation.slice if optional and isinstance(annotation, ast.Subscript) else annotation), not optional)

    def shape(self, node: ast.expr) -> Shape:
        if isinstance(node, ast.Constant):
            return self.shape(ast.parse(node.value, mode="eval").body) if isinstance(node.value, str) else Shape("null", nullable=True)
        if isinstance(node, ast.BinOp):
            return choice([self.shape(node.left), self.shape(node.right)])
        if isinstance(node, ast.Name):
            return Shape(PLAIN[node.id]) if node.id in PLAIN else self._named(node.id)
        if isinstance(node, ast.Subscript):
            return self._subscript(_name(node.value), node.slice)
        return Shape("any")

    def _subscript(self, name: str, inner: ast.expr) -> Shape:
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if name == "Literal":
            return _literal([part.value for part in parts if isinstance(part, ast.Constant)])
        if name == "Union":
            return choice([self.shape(part) for part in parts])
        if name == "Optional":
            return choice([self.shape(parts[0]), Shape("null", nullable=True)])
        if name in ("List", "Sequence"):
            return Shape("array", parts=(self.shape(parts[0]),))
        if name in ("Dict", "UntypedStripeObject", "Mapping"):
            return Shape("map", parts=(self.shape(parts[-1]),))
        if name in ("ExpandableField", "ListObject", "SearchResultObject"):
            return Shape("expandable" if name == "ExpandableField" else "list", target=self._targets(parts[0]))
        return self.shape(parts[0])

    def _targets(self, node: ast.expr) -> str:
        """`module:Class`, several separated by spaces where the SDK names a union."""
        shape = self.shape(node)
        return " ".join(part.target for part in (shape.parts or (shape,)) if part.target)

    def _named(self, name: str) -> Shape:
        own = {node.name: node for node in self.owner.body if isinstance(node, ast.ClassDef)} if self.owner else {}
        if name in own:
            return self.record(own[name])
        if name in self.module.classes:
            node = self.module.classes[name]
            return Shape("object", target=f"{self.module.name}:{name}") if object_name(node) else self.record(node)
        where, _, original = self.module.imported.get(name, "").partition(":")
        if not where.startswith("stripe."):
            return Shape("any")
        return Reader(self.find(where), self.find)._named(original)

    def _inherited(self, base: ast.expr) -> list[Field]:
        """Fields that a TypedDict takes from one written as a call, since `in`, `is` and `from` cannot be written as a class's names."""
        call = self.module.assigned.get(_name(base))
        if _name(base) in BASES or not isinstance(call, ast.Call) or not isinstance(call.args[-1], ast.Dict):
            return []
        table = call.args[-1]
        return [self.field(str(key.value), value) for key, value in zip(table.keys, table.values, strict=True)
                if isinstance(key, ast.Constant)]


def object_name(node: ast.ClassDef) -> str:
    """The `object` of an API object's class, such as `price`; "" where the class is none."""
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and _name(line.target) == "OBJECT_NAME" and isinstance(line.value, ast.Constant):
            return str(line.value.value)
    return ""


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _literal(values: list[object]) -> Shape:
    if values == [True]:
        return Shape("true")
    kept = tuple(str(value) for value in values if value != "")
    return Shape("enum", values=kept, nullable="" in values) if kept else Shape("null", nullable=True)
