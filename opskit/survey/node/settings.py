"""Numbers that settings keep: `config.get("server.port")` of node-config, convict and Nest, and the default that a schema elsewhere
gives a variable (github.com/node-config, github.com/mozilla/node-convict, docs.nestjs.com/techniques/configuration)."""

import posixpath
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from opskit.source.yaml_text import read_yaml
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import SCRIPTS, Module
from opskit.survey.node.program import entry, exported
from opskit.survey.node.schema import default_of
from opskit.survey.node.values import Evaluator, Value
from opskit.survey.packages import package_of

if TYPE_CHECKING:
    from tree_sitter import Node

VARIABLE = re.compile(r"(?:[A-Z][A-Z0-9_]*_)?PORT\Z")


class Settled(Evaluator):
    """An evaluator that knows the stores of settings."""

    def stored(self, module: Module, receiver: "Node | None", key: str, depth: int) -> Value | None:
        """What `receiver.get(key)` comes to, None where the receiver is no store that is known."""
        return _kept(self, module, receiver, key, depth)


def _kept(evaluator: Evaluator, module: Module, receiver: "Node | None", key: str, depth: int) -> Value | None:
    keys, receiver = tuple(key.split(".")), bare(receiver)
    name = module.source.text(receiver)
    if module.origin(name)[0] == "config":
        return _of_files(evaluator, module, keys)
    seen = evaluator.things.of(module, receiver, depth)
    if seen and seen.node.type == "call_expression" and (found := _of_schema(evaluator, seen.module, seen.node, keys)):
        return found
    if module.imports("@nestjs/config") and (found := _of_nest(evaluator, module, keys)):
        return found
    return Value(variable=key) if VARIABLE.match(key) else None


def _of_files(evaluator: Evaluator, module: Module, keys: tuple[str, ...]) -> Value | None:
    """`config/default.*` of the package, with the variable of `config/custom-environment-variables.*`."""
    tree = evaluator.program.tree
    for home in dict.fromkeys((posixpath.dirname(package_of(tree, module.source.path)), "")):
        base = posixpath.join(home, "config", "default")
        for suffix in SCRIPTS:
            far = evaluator.program.module(base + suffix) if base + suffix in tree.known else None
            if far and (value := evaluator.picked(far, exported(far, "*") or exported(far, "default"), keys, 1)):
                return value.through(f"{'.'.join(keys)} of {base}{suffix}")
        for path in (f"{base}.json", f"{base}.yaml", f"{base}.yml"):
            node = document.at(*keys) if path in tree.known and (document := tree.parsed(path, read_yaml)) else None
            if node is not None and node.raw.isdigit():
                start, end = node.inner()
                return Value(int(node.raw), node.raw, "", tree.place(path, start, end), (f"{'.'.join(keys)} of {path}",))
    return None


def _of_schema(evaluator: Evaluator, module: Module, call: "Node", keys: tuple[str, ...]) -> Value | None:
    """`convict({port: {default: 3000, env: "PORT"}})`."""
    if module.origin(module.source.text(call.child_by_field_name("function")))[0] != "convict":
        return None
    arguments = call.child_by_field_name("arguments")
    seen = evaluator.things.of(module, arguments.named_children[0]) if arguments is not None and arguments.named_children else None
    for key in keys:
        inner = entry(seen.module, seen.node, key) if seen else None
        seen = evaluator.things.of(seen.module, inner) if seen and inner is not None else None
    if seen is None:
        return None
    variable = seen.module.source.string(entry(seen.module, seen.node, "env")) or ""
    return (evaluator.value(seen.module, entry(seen.module, seen.node, "default")) or Value()).behind(variable)


def _of_nest(evaluator: Evaluator, module: Module, keys: tuple[str, ...]) -> Value | None:
    """A namespace of `registerAs("app", () => ({...}))`, or what the functions of `load: [...]` return; of several the nearest."""
    found = [(far, returned, keys[1:]) for far, returned in _registered(evaluator, keys[0])] if len(keys) > 1 else []
    found += [(far, returned, keys) for far, returned in _loaded(evaluator)]
    for far, returned, rest in sorted(found, key=lambda f: -_shared(f[0], module)):
        if value := evaluator.picked(far, returned, rest, 1):
            return value.through(f"{'.'.join(keys)} of {far.source.path}")
    return None


def _registered(evaluator: Evaluator, namespace: str) -> "Iterator[tuple[Module, Node]]":
    for far in evaluator.program.holding(b"registerAs"):
        for call in far.source.found("call_expression"):
            arguments = call.child_by_field_name("arguments")
            given = arguments.named_children if arguments is not None else []
            if far.source.text(call.child_by_field_name("function")) == "registerAs" and len(given) > 1:
                ended = evaluator.things.end(far, given[1])
                if ended and far.source.string(given[0]) == namespace:
                    yield ended.module, ended.node


def _loaded(evaluator: Evaluator) -> "Iterator[tuple[Module, Node]]":
    for far in evaluator.program.holding(b"forRoot"):
        for pair in _pairs(far, "load"):
            listed = bare(pair.child_by_field_name("value"))
            for each in listed.named_children if listed is not None and listed.type == "array" else ():
                maker = evaluator.things.of(far, each)
                ended = evaluator.things.end(maker.module, maker.node) if maker else None
                if ended:
                    yield ended.module, ended.node


def _shared(one: Module, other: Module) -> int:
    """How many folders two files have in common."""
    pairs = zip(one.source.path.split("/"), other.source.path.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def defaulted(evaluator: Evaluator, module: Module, value: Value) -> Value:
    """A variable that is read without a fallback, with the default that a schema elsewhere declares for it: of its own package, for a
    name of its own also of another; where schemas differ none has its say."""
    if value.number is not None or not VARIABLE.match(value.variable):
        return value
    tree, name = evaluator.program.tree, value.variable
    home = package_of(tree, module.source.path)
    found: dict[bool, list[tuple[int, Value]]] = {}
    for far in evaluator.program.holding(name.encode()):
        own = package_of(tree, far.source.path) == home
        told = _declared(evaluator, far, name) if b"default" in far.source.data and (own or name != "PORT") else None
        if told is not None and told.number:
            found.setdefault(own, []).append((_shared(far, module), told.through(f"the default of {name} in {far.source.path}")))
    near = found.get(True) or found.get(False) or []
    closest = [told for shared, told in near if shared == max(s for s, _ in near)]
    if len({told.number for told in closest}) != 1:
        return value
    return closest[0].behind(name).less("medium")


def _declared(evaluator: Evaluator, module: Module, name: str) -> Value | None:
    for pair in _pairs(module, name):
        default = default_of(module, pair.child_by_field_name("value"))
        if default is not None and (value := evaluator.value(module, default)):
            return value
    return None


def _pairs(module: Module, name: str) -> "Iterator[Node]":
    """Entries of object literals under a key; looked for by the key's bytes, as pairs are too many to gather."""
    root = module.source.root
    for match in re.finditer(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])", module.source.data) if root is not None else ():
        node = root.descendant_for_byte_range(*match.span()) if root is not None else None
        while node is not None and node.type in ("property_identifier", "string_fragment", "string"):
            node, key = node.parent, node
            if node is not None and node.type == "pair" and node.child_by_field_name("key") == key:
                yield node


