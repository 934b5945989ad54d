"""The value of a rewritten expression, worked out over its syntax tree: nothing of the platform is run."""

import ast
import ntpath
import posixpath
import re
from collections.abc import Iterable, Mapping
from types import ModuleType

from opskit.paths.python.callee import PATHS, Callees

_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([a-zA-Z%])")
_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


class Evaluator:
    """Texts of expressions. `flavour` is the path module that the program would run with, `constants` the values of names.

    What cannot be known (a variable, a call) is a word of its own, the same one before and after a rewrite: they are counted in order.
    """

    def __init__(self, flavour: ModuleType, callees: Callees, constants: Mapping[str, str]) -> None:
        self.flavour, self.callees, self.constants, self.unknown = flavour, callees, constants, 0

    def text(self, node: ast.AST) -> str:
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.Name(id=name) if name in self.constants:
                return self.constants[name]
            case ast.Attribute() | ast.Name() if self.callees.dotted(node) in ("os.sep", "os.path.sep"):
                return str(self.flavour.sep)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.text(left) + self.text(right)
            case ast.BinOp(op=ast.Mod(), left=left):
                return _PERCENT.sub(lambda found: "%" if found[1] == "%" else self._word(), self.text(left))
            case ast.JoinedStr(values=values):
                return "".join(self.text(value) for value in values)
            case ast.FormattedValue(value=ast.Name(id=name), conversion=-1, format_spec=None) if name in self.constants:
                return self.constants[name]
            case ast.Call(func=ast.Attribute(attr="format", value=template)) if not isinstance(template, ast.Name):
                return _BRACES.sub(lambda found: found[0][0] if found[0] in ("{{", "}}") else self._word(), self.text(template))
            case ast.Call(func=function, args=given) if not any(isinstance(each, ast.Starred) for each in given):
                return self._call(self.callees.dotted(function), given)
            case ast.Call(func=function, args=[*given, ast.Starred()]):
                return self._call(self.callees.dotted(function), [*given, ast.Pass()])
        return self._word()

    def _call(self, name: str, given: Iterable[ast.AST]) -> str:
        given = list(given)
        if name == "os.path.join" and given:
            return str(self.flavour.join(*map(self.text, given)))
        if name in PATHS and given:
            return str(self.flavour.normpath(self.flavour.join(*map(self.text, given))))
        if name in ("os.getenv", "os.environ.get") and len(given) == 2:
            return self.text(given[1])
        if name in ("os.path.dirname", "os.path.abspath") and len(given) == 1:
            function = self.flavour.dirname if name.endswith("dirname") else self.flavour.normpath
            return str(function(self.text(given[0])))
        return self._word()

    def _word(self) -> str:
        self.unknown += 1
        return f"q{self.unknown}"


def same_file(one: str, other: str, flavour: ModuleType) -> bool:
    """Whether two spellings name one file, and both or none say that it is a folder."""
    if _ends(one) != _ends(other):
        return False
    return bool(flavour.normcase(flavour.normpath(one)) == flavour.normcase(flavour.normpath(other)))


def _ends(text: str) -> bool:
    return text.endswith(("/", "\\"))


def flavour_of(anchor: str) -> ModuleType:
    return posixpath if anchor == "/" else ntpath
