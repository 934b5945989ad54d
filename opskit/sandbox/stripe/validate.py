"""A request's parameters against the shapes of the SDK's generated types: strings of a form become values, or an error of Stripe's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from opskit.sandbox.stripe.spec.shapes import Shape
from opskit.sandbox.stripe.wire.errors import ApiError, empty_param, missing_param, unknown_params
from opskit.sandbox.stripe.wire.form import name_of

INTEGER = re.compile(r"-?\d{1,18}\Z")
Path = tuple[str, ...]


@dataclass(slots=True)
class Check:
    """`strict` refuses a parameter that the pinned version does not know; else it is left out and named in `ignored`."""

    strict: bool
    # parameters that Stripe lets be emptied though its published types do not say so, as full names
    emptied: frozenset[str] = frozenset()
    ignored: list[str] = field(default_factory=list)

    def record(self, shape: Shape, given: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
        """The values by name; None where the request empties a field. Unknown ones are refused first, all at once, then missing ones."""
        known = {each.name: each for each in shape.fields}
        unknown = [name_of((*path, name)) for name in given if name not in known]
        if unknown and self.strict:
            raise unknown_params(unknown)
        self.ignored += unknown
        for each in shape.fields:
            if each.required and each.name not in given:
                raise missing_param(name_of((*path, each.name)))
        return {name: self.value(known[name].shape, value, (*path, name)) for name, value in given.items() if name in known}

    def value(self, shape: Shape, given: Any, path: Path) -> Any:
        name = name_of(path)
        if given == "" and (shape.nullable or name in self.emptied):
            return None
        if given == "" and shape.kind != "any":
            raise empty_param(name)
        if shape.kind in ("record", "map", "array", "choice"):
            return getattr(self, f"_{shape.kind}")(shape, given, path)
        if not isinstance(given, str):
            raise ApiError(400, f"Invalid string: {_shown(given)}", param=name)
        return _scalar(shape, given, name)

    def _record(self, shape: Shape, given: Any, path: Path) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise ApiError(400, "Invalid object", param=name_of(path))
        return self.record(shape, given, path)

    def _map(self, shape: Shape, given: Any, path: Path) -> dict[str, Any]:
        """Keys are the caller's own; in a map of strings the empty one is a value (it unsets the key)."""
        if not isinstance(given, dict):
            raise ApiError(400, "Invalid object", param=name_of(path))
        inner = shape.parts[0]
        bare = inner.kind == "string"
        return {key: "" if bare and value == "" else self.value(inner, value, (*path, key)) for key, value in given.items()}

    def _array(self, shape: Shape, given: Any, path: Path) -> list[Any]:
        if not isinstance(given, dict) or not all(key.isdigit() for key in given):
            raise ApiError(400, "Invalid array", param=name_of(path))
        return [self.value(shape.parts[0], given[key], (*path, key)) for key in sorted(given, key=int)]

    def _choice(self, shape: Shape, given: Any, path: Path) -> Any:
        """The first that takes it; where none does, the error of the one that is most like what was given."""
        nested = [part for part in shape.parts if part.kind in ("record", "map", "array")]
        flat = [part for part in shape.parts if part not in nested]
        errors = []
        for part in (nested or flat) if isinstance(given, dict) else (flat or nested):
            try:
                return self.value(part, given, path)
            except ApiError as error:
                errors.append(error)
        raise errors[-1]


def _scalar(shape: Shape, given: str, name: str) -> Any:
    kind = shape.kind
    if kind == "enum":
        if given not in shape.values:
            raise ApiError(400, f"Invalid {name}: must be {_one_of(shape.values)}", param=name)
        return given
    if kind == "integer":
        if not INTEGER.match(given):
            raise ApiError(400, f"Invalid integer: {given[:80]}", code="parameter_invalid_integer", param=name)
        return int(given)
    if kind in ("boolean", "true"):
        if given not in ("true", "false"):
            raise ApiError(400, f"Invalid boolean: {given[:80]}", param=name)
        return given == "true"
    if kind in ("decimal", "number"):
        return _decimal(given, kind, name)
    return given


def _decimal(given: str, kind: str, name: str) -> str | float:
    """A decimal stays a string, as Stripe's answers have it; at most 12 places (the SDK's docstrings)."""
    try:
        number = Decimal(given)
        exponent = number.as_tuple().exponent
    except InvalidOperation:
        exponent = "n"
    if not isinstance(exponent, int) or exponent < -12:
        raise ApiError(400, f"Invalid decimal: {given[:80]}", param=name)
    return format(number, "f") if kind == "decimal" else float(number)


def _one_of(values: tuple[str, ...]) -> str:
    return f"one of {', '.join(values[:-1])}, or {values[-1]}" if len(values) > 1 else values[0]


def _shown(given: Any) -> str:
    return str(given)[:80]
