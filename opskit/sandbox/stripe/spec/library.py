"""The installed `stripe` package as a library of operations, parameters and shapes."""

import ast
import importlib.util
import re
from pathlib import Path

from opskit.core.errors import OpskitError
from opskit.sandbox.stripe.spec.annotations import Module, Reader, object_name
from opskit.sandbox.stripe.spec.cache import cached
from opskit.sandbox.stripe.spec.operations import read_operations
from opskit.sandbox.stripe.spec.shapes import Operation, Shape

EMPTY = Shape("record")


class Library:
    """Shapes are read when first asked for: a program uses a few of the 5,000 classes."""

    def __init__(self, package: Path | None = None) -> None:
        self.package = package or _installed()
        self.version = _constant(self.package / "_version.py", "VERSION")
        self.api_version = _constant(self.package / "_api_version.py", "CURRENT")
        self.operations = cached(self.package, self.version, read_operations)
        self._routes: dict[tuple[str, int, str], list[tuple[tuple[str, ...], Operation]]] = {}
        for operation in self.operations:
            words = tuple(operation.path.strip("/").split("/"))
            self._routes.setdefault(_first(operation.method, words), []).append((words, operation))
        self._modules: dict[str, Module] = {}
        self._shapes: dict[str, Shape] = {}
        self._kinds: dict[str, str] = {}

    def route(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation that a request is for and the ids in its path; a written-out word wins over a placeholder."""
        words = tuple(path.strip("/").split("/"))
        best: tuple[int, Operation, dict[str, str]] | None = None
        for pattern, operation in self._routes.get(_first(method, words), []):
            pairs = list(zip(pattern, words, strict=True))
            ids = {want[1:-1]: have for want, have in pairs if want.startswith("{")}
            if all(want == have or want.startswith("{") for want, have in pairs) and (best is None or len(ids) < best[0]):
                best = (len(ids), operation, ids)
        return best and (best[1], best[2])

    def params(self, operation: Operation) -> Shape:
        return self.record(operation.params) if operation.params else EMPTY

    def record(self, target: str) -> Shape:
        """The fields of a class named `module:Class`."""
        if target not in self._shapes:
            module, _, name = target.partition(":")
            found = self.module(module)
            self._shapes[target] = Reader(found, self.module).record(found.classes[name])
        return self._shapes[target]

    def kind(self, target: str) -> str:
        """The `object` of a class: `stripe._price:Price` -> price."""
        module, _, name = target.partition(":")
        return object_name(self.module(module).classes[name])

    def object(self, kind: str) -> Shape:
        """The fields of an object by its name: price, checkout.session."""
        if not self._kinds:
            table = self.module("stripe._object_classes").annotated["OBJECT_CLASSES"]
            self._kinds = {name: f"{module}:{cls}" for name, (module, cls) in ast.literal_eval(table).items()}
        return self.record(self._kinds[kind])

    def module(self, name: str) -> Module:
        if name not in self._modules:
            path = self.package.joinpath(*name.split(".")[1:])
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            self._modules[name] = Module.parse(name, file.read_bytes())
        return self._modules[name]


def _first(method: str, words: tuple[str, ...]) -> tuple[str, int, str]:
    """`/v1/prices/{price}` -> what tells it from most others: the word after the version is never an id."""
    return method, len(words), words[1] if len(words) > 1 else ""


def _installed() -> Path:
    spec = importlib.util.find_spec("stripe")
    if spec is None or spec.origin is None:
        raise OpskitError("the `stripe` package is not installed", help="pip install opskit-cli", code="OPS-X006")
    return Path(spec.origin).parent


def _constant(file: Path, name: str) -> str:
    found = re.search(rf'{name}\s*=\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    if found is None:
        raise OpskitError(f"{file} names no {name}: this version of the `stripe` package is laid out in another way", code="OPS-X006",
                          help="pip install 'stripe>=16.1,<17'")
    return found[1]
