"""What one file takes from its package's module of constants, and how such a module is known again."""

import ast
from dataclasses import dataclass
from posixpath import dirname

TOLD = '"""The folders that this package works in: from the environment, else this repository\'s own."""'


@dataclass(frozen=True, slots=True)
class Share:
    """What one file takes from its package's module of constants: `module` as the file spells it, `path` where it lies, `variables` those
    that it holds. A file that keeps its own constants has `own`, the reason, and no variables."""

    path: str = ""
    module: str = ""
    variables: frozenset[str] = frozenset()
    own: str = ""

    @property
    def group(self) -> str:
        return f"paths:{self.path}"


def meant(path: str, statement: ast.ImportFrom) -> str:
    """The file that such an import of a package's module in `path` means; an absolute one counts from the platform's root."""
    folder, where = path, f"{(statement.module or '').replace('.', '/')}.py"
    for _ in range(statement.level):
        folder = dirname(folder)
    return f"{folder}/{where}".lstrip("/") if statement.level else where
