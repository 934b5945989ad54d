"""A value that was found without running anything, and why; what finds such values, as the readers see it."""

import ast
from dataclasses import dataclass, replace
from typing import Protocol

from opskit.core.place import Place
from opskit.survey.facts import Confidence
from opskit.survey.python.index import Index
from opskit.survey.python.module import Module


@dataclass(frozen=True, slots=True)
class Known:
    """A value with its reason. `place` spans the literal that decides it; `sole` when nothing but `variable` and the
    command-line options `flags` can."""

    value: object = None
    place: Place | None = None
    variable: str = ""
    via: tuple[str, ...] = ()
    confidence: Confidence = "high"
    sole: bool = True
    flags: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, int):
            return self.value
        if isinstance(self.value, str) and self.value.strip().isdecimal():
            return int(self.value)
        return None

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


def noted(known: Known | None, name: str) -> Known | None:
    if known is None or known.place is None or len(known.via) > 6:
        return known
    return replace(known, via=(*known.via, f"{name} = {known.value} at {known.place.path}:{known.place.line}"))


class Evaluates(Protocol):
    """Evaluates expressions of one module."""

    @property
    def index(self) -> Index: ...

    @property
    def module(self) -> Module: ...

    def __call__(self, node: ast.AST | None) -> Known | None: ...

    def elsewhere(self, path: str) -> "Evaluates": ...
