"""Which distributions on PyPI provide an import name. Tables of facts, read offline; docs/deps.md says how they were made.

A name that no table knows falls back to itself and is never certain: on PyPI anybody can own it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from packaging.utils import canonicalize_name


@dataclass(frozen=True, slots=True)
class Providers:
    """`distributions`, spelled as PyPI shows them, the first to be added; none where the name belongs to no package (an
    editor's or a device's own module, a bare namespace). `how`: table, namespace, family (a rule of thumb) or guess."""

    distributions: tuple[str, ...]
    certain: bool
    how: Literal["table", "namespace", "family", "guess"]


def providers(dotted: str) -> Providers:
    """What provides `import dotted`; the full dotted name matters for shared top names such as google and azure."""
    top = dotted.partition(".")[0]
    if top in _namespace_roots():
        return _in_namespace(dotted)
    if found := _table().get(top):
        return found
    return Providers((top.replace("_", "-"),), False, "guess")


def is_namespace(top: str) -> bool:
    return top in _namespace_roots()


def provided(distribution: str) -> frozenset[str]:
    """Import names (dotted ones in namespaces) that a distribution is known to provide; none where it is unknown."""
    return _provided().get(canonicalize_name(distribution), frozenset())


def brought_along(distribution: str) -> frozenset[str]:
    """Import names that come with a distribution's own dependencies."""
    return _along().get(canonicalize_name(distribution), frozenset())


def _in_namespace(dotted: str) -> Providers:
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        if (exact := _namespaces().get(".".join(parts[:size]))) is not None:
            return Providers((exact,) if exact != "-" else (), True, "namespace")
        if size > 1 and (rule := _namespaces().get(".".join([*parts[: size - 1], "*"]))) is not None:
            return Providers((rule.lstrip("?").replace("*", parts[size - 1].replace("_", "-")),), not rule.startswith("?"), "family")
    return _table().get(parts[0], Providers((), False, "namespace"))


def _lines(name: str) -> Iterator[list[str]]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return (line.split() for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _table() -> "MappingProxyType[str, Providers]":
    found = {name: Providers((name.replace("_", "-"),), True, "table") for line in _lines("same.txt") for name in line}
    for name, *distributions in _lines("other.txt"):
        found[name.lstrip("?")] = Providers(tuple(distributions), not name.startswith("?"), "table")
    return MappingProxyType(found)


@cache
def _namespaces() -> "MappingProxyType[str, str]":
    return MappingProxyType({line[0]: line[1] for line in _lines("namespaces.txt")})


@cache
def _namespace_roots() -> frozenset[str]:
    return frozenset(dotted.partition(".")[0] for dotted in _namespaces())


@cache
def _provided() -> "MappingProxyType[str, frozenset[str]]":
    found: dict[str, set[str]] = {}
    for name, known in _table().items():
        for distribution in known.distributions:
            found.setdefault(canonicalize_name(distribution), set()).add(name)
    for dotted, distribution in _namespaces().items():
        if "*" not in dotted and distribution != "-":
            found.setdefault(canonicalize_name(distribution), set()).add(dotted)
    return MappingProxyType({name: frozenset(names) for name, names in found.items()})


@cache
def _along() -> "MappingProxyType[str, frozenset[str]]":
    return MappingProxyType({canonicalize_name(name): frozenset(names) for name, *names in _lines("along.txt")})
