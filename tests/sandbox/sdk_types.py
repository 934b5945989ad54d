"""The official Python SDK's classes as a judge, read at run time: another way than the engine's, which reads their syntax."""

import functools
import operator
import types
import typing
from decimal import Decimal
from importlib import import_module

import stripe
import typing_extensions
from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject, UntypedStripeObject

# where a name is that of several classes, the one outside of a namespace
MODULES = {name: module for module, name in sorted(OBJECT_CLASSES.values(), key=lambda pair: -pair[0].count("."))}


def object_class(kind):
    module, name = OBJECT_CLASSES[kind]
    return getattr(import_module(module), name)


def complaints(value, hint, path="$"):
    """Where a value is not what its annotation says: a list of sentences."""
    if isinstance(hint, (str, typing.ForwardRef)):
        hint = _named(hint if isinstance(hint, str) else hint.__forward_arg__)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is typing.Any:
        return []
    if origin in (typing.Literal, typing_extensions.Literal):
        return [] if value in args else [f"{path}: {value!r} is none of {args[:5]}"]
    if origin in (typing.Union, types.UnionType):
        return _union(value, args, path)
    if origin is list:
        return _several(enumerate(value), args[0], path) if isinstance(value, list) else [f"{path}: no list"]
    if origin in (dict, UntypedStripeObject):
        return _several(value.items(), args[-1], path) if isinstance(value, dict) else [f"{path}: no map"]
    if origin is ListObject:
        return _several(enumerate(value["data"]), args[0], f"{path}.data") if value.get("object") == "list" else [f"{path}: no list object"]
    if isinstance(hint, type) and issubclass(hint, StripeObject):
        return record(value, hint, path)
    return _plain(value, hint, path)


def record(value, cls, path="$"):
    """Every field of the class there unless it is optional, none that the class does not know."""
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    if value.get("deleted") is True and set(value) == {"id", "object", "deleted"}:
        return []
    known = {name: hint for name, hint in cls.__annotations__.items() if not name.startswith("_") and name != "OBJECT_NAME"}
    found = [f"{path}.{name}: not in {cls.__name__}" for name in value if name not in known]
    for name, hint in known.items():
        if name in value:
            found += complaints(value[name], hint, f"{path}.{name}")
        elif type(None) not in typing.get_args(hint):
            found.append(f"{path}.{name}: missing")
    return found


def _union(value, args, path):
    if value is None:
        return [] if type(None) in args else [f"{path}: null"]
    literals = [arg for arg in args if typing.get_origin(arg) in (typing.Literal, typing_extensions.Literal)]
    # Union[Literal[...], str] is open for versions to come; of this one only the literals are known
    wanted = literals if literals and isinstance(value, str) else [arg for arg in args if arg is not type(None)]
    tried = [complaints(value, arg, path) for arg in wanted]
    return [] if not all(tried) else tried[-1]


def _several(items, hint, path):
    return [each for key, value in items for each in complaints(value, hint, f"{path}[{key}]")]


def _plain(value, hint, path):
    if hint is Decimal:
        try:
            return [] if isinstance(value, str) and Decimal(value) is not None else [f"{path}: no decimal string"]
        except ArithmeticError:
            return [f"{path}: {value!r} is no decimal"]
    right = isinstance(value, (int, float) if hint is float else hint) and (hint is bool or not isinstance(value, bool))
    return [] if right else [f"{path}: {value!r} is no {hint.__name__}"]


def _named(name):
    return getattr(import_module(MODULES[name]), name)


def params_class(operation):
    """The TypedDict of an operation's parameters: `PriceService.create` -> PriceCreateParams."""
    service, method = operation.name.split(".")
    inside = operator.attrgetter("test_helpers") if "/test_helpers/" in operation.path else lambda package: package
    function = getattr(getattr(inside(stripe), service), method)
    hint = function.__annotations__["params"]
    name = next((arg for arg in typing.get_args(hint) if arg is not type(None)), hint)
    return getattr(inside(stripe.params), name.__forward_arg__ if isinstance(name, typing.ForwardRef) else name)


@functools.cache
def fields(cls):
    """(name, hint without NotRequired, required) of a TypedDict's own parameters; options of the call are none."""
    return tuple(_fields(cls))


def _fields(cls):
    own = {name: hint for name, hint in cls.__annotations__.items() if name not in RequestOptions.__annotations__}
    holder = type("Own", (), {"__annotations__": own, "__module__": cls.__module__})
    for name, hint in typing_extensions.get_type_hints(holder, include_extras=True).items():
        optional = typing_extensions.get_origin(hint) is typing_extensions.NotRequired
        yield name, (typing.get_args(hint)[0] if optional else hint), not optional
