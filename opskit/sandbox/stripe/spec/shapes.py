"""The type of one parameter or of one field of an answer."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is one of string, integer, number, decimal, boolean, true, any, enum, array, map, record, choice, object, expandable,
    list. `values` are an enum's; `parts` an array's or map's one element or a choice's several; `fields` a record's; `target`
    names the class (`module:Class`) of an object, an expandable id or a list's elements. `nullable`: None in an answer, the
    empty string in a request."""

    kind: str
    values: tuple[str, ...] = ()
    parts: tuple["Shape", ...] = ()
    fields: tuple["Field", ...] = ()
    target: str = ""
    nullable: bool = False

    def field(self, name: str) -> "Field | None":
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    shape: Shape
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API. `path` holds `{name}` where an id stands; `params` and `resource` are `module:Class` or "";
    `answer` is object, list, search or other. `name` is the SDK's, such as `PriceService.create`."""

    method: str
    path: str
    name: str
    params: str
    answer: str
    resource: str

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


def earlier(shape: Shape, extra: tuple[Field, ...]) -> Shape:
    """Parameters as an older version had them: `extra` ones beside, none of today's required ones in their place."""
    return replace(shape, fields=tuple(replace(each, required=each.required and not extra) for each in shape.fields) + extra)


def choice(parts: list[Shape]) -> Shape:
    """One shape for several: nested choices flattened, enums joined (an enum beside a string is that enum: the SDK's types are
    open for the future, the API of one version is not), None and "" told as nullable."""
    flat = [inner for part in parts for inner in (part.parts if part.kind == "choice" else (part,))]
    nullable = any(part.nullable for part in [*parts, *flat])
    values = tuple(dict.fromkeys(value for part in flat if part.kind == "enum" for value in part.values))
    # the SDK writes a map twice, as a dict and as its own class
    others = list(dict.fromkeys(
        replace(p, nullable=False) for p in flat if p.kind not in ("enum", "null") and not (values and p.kind == "string")
    ))
    kept = ([Shape("enum", values=values)] if values else []) + others
    if not kept:
        return Shape("null", nullable=True)
    if len(kept) == 1:
        return replace(kept[0], nullable=nullable)
    return Shape("choice", parts=tuple(kept), nullable=nullable)
