"""Modules with one path each: form x spelling x quotes x line ends x encoding x names that are taken x how os is bound x imports.

`see` and `open` are handed to a module when it runs, so that what it does with its path can be held against what it did before.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = "C:/Users/someone/the repo"
TAIL = "DATA/sub/file.json"

# (name, the module's last lines, whether the literal is rewritten). @ stands for the literal, # for one with a field to fill in
FORMS = (
    ("assignment", "X = @\nsee(X)", True),
    ("inside a function", "def work():\n    x = @\n    see(x)\nwork()", True),
    ("annotated", "X: str = @\nsee(X)", True),
    ("several targets", "X = Y = @\nsee(X)\nsee(Y)", True),
    ("open", "open(@)", True),
    ("open in a function", "def work():\n    with open(@, 'r') as file:\n        pass\nwork()", True),
    ("argument", "see(@)", True),
    ("keyword", "def take(path):\n    see(path)\ntake(path=@)", True),
    ("default", "def take(path=@):\n    see(path)\ntake()", True),
    ("keyword-only default", "def take(*, path=@):\n    see(path)\ntake()", True),
    ("lambda", "take = lambda: see(@)\ntake()", True),
    ("lambda's default", "take = lambda path=@: see(path)\ntake()", True),
    ("list", "for each in [@, @]:\n    see(each)", True),
    ("tuple", "X = (@,)\nsee(X[0])", True),
    ("dict value", "X = {'a': @}\nsee(X['a'])", True),
    ("nested", "X = {'a': [{'b': @}]}\nsee(X['a'][0]['b'])", True),
    ("class attribute", "class Settings:\n    PATH = @\nsee(Settings.PATH)", True),
    ("instance", "class Settings:\n    def __init__(self):\n        self.path = @\nsee(Settings().path)", True),
    ("return", "def work():\n    return @\nsee(work())", True),
    ("glued return", "def work():\n    return@\nsee(work())", True),
    ("comprehension", "see([@ for _ in range(1)][0])", True),
    ("conditional", "see(@ if True else'')", True),
    ("glued conditional", "see('' if False else@)", True),
    ("or", "see('' or @)", True),
    ("walrus", "if (x := @):\n    see(x)", True),
    ("path", "from pathlib import Path\nsee(Path(@))", True),
    ("path by an alias", "from pathlib import Path as P\nsee(P(@))", True),
    ("path by its module", "import pathlib\nsee(pathlib.Path(@))", True),
    ("path with parts", "from pathlib import Path\nsee(Path(@, 'more') / 'x')", True),
    ("path and a method", "from pathlib import Path\nsee(Path(@).joinpath('x'))", True),
    ("path over lines", "from pathlib import Path\nsee(Path(\n    @  # why\n))", True),
    ("path in a function", "def work():\n    from pathlib import Path\n    see(Path(@))\nwork()", True),
    ("decorated", "def mark(path):\n    see(path)\n    return lambda function: function\n@@mark(@)\ndef work():\n    pass", True),
    ("added", "name = 'x'\nsee(@ + '/' + name)", True),
    ("added over lines", "name = 'x'\nsee(\n    @\n    + '/'\n    + name\n)", True),
    ("added with Windows separators", "name = 'x'\nsee(@ + '\\\\' + name + '\\\\y.txt')", True),
    ("filled in by %", "see(# % 'x')", True),
    ("filled in by % and added", "see(# % 'x' + '.bak')", True),
    ("sys.path", "import sys\nsys.path.insert(0, @)\nimport json\nsee(sys.path.pop(0))", True),
    ("starred", "see(*[@])", True),
    ("yield", "def work():\n    yield @\nsee(next(work()))", True),
    ("await", "async def work():\n    see(@)\nimport asyncio\nasyncio.run(work())", True),
    ("try", "try:\n    see(@)\nfinally:\n    pass", True),
    ("main", "if __name__ == '__main__':\n    see(@)", True),
    ("concatenated", "see((@\n     '/more'))", True),
    ("dataclass", "from dataclasses import dataclass\n@@dataclass\nclass C:\n    path: str = @\nsee(C().path)", True),
    ("match subject", "match @:\n    case str(x):\n        see(x)", True),
    ("compared", "X = 'a'\nif X == @:\n    pass", False),
    ("contained", "X = 'a'\nif @ in X:\n    pass", False),
    ("compared in a list", "X = 'a'\nif X in [@]:\n    pass", False),
    ("compared by its name", "X = @\nif X == 'a':\n    pass", False),
    ("split by its name", "X = @\nX.split('/')", False),
    ("replaced", "'a'.replace(@, '')", False),
    ("taken apart", "@.split('/')", False),
    ("sliced", "@[3:]", False),
    ("key", "X = {@: 1}", False),
    ("subscript", "X = {}\nX.get(1) or X.setdefault('a', {})\nX['a'][@] = 1", False),
    ("set", "X = {@}", False),
    ("pattern", "match 'a':\n    case @:\n        pass", False),
    ("annotation", "def work(x: @):\n    pass", False),
    ("literal type", "from typing import Literal\nX: Literal[@] = 'a'", False),
    ("message", "print(@)", False),
    ("logged", "import logging\nlogging.info(@)", False),
    ("raised", "def work():\n    raise ValueError(@)", False),
    ("asserted", "assert 'a' != @", False),
    ("a string alone", "X = 1\n@", False),
    ("pattern of re", "import re\ndef work():\n    re.compile(@)", False),
    ("shell", "import os\ndef work():\n    os.system(@)", False),
    ("environment", "import os as system\nX = system.getenv('ANY', @)", False),
    ("environment or", "import os as system\nX = system.environ.get('ANY') or @", False),
    ("library of Windows paths", "import ntpath\nntpath.basename(@)", False),
    ("pure Windows path", "from pathlib import PureWindowsPath\nPureWindowsPath(@)", False),
    ("bytes", "X = b@", False),
    ("help", "def add(help):\n    pass\nadd(help=@)", False),
    ("put behind", "X = 'file:' + @", False),
)
SPELLINGS = ("forward", "escaped", "raw", "raw upper", "unicode", "mixed", "doubled raw", "dots", "trailing", "root", "case", "formatted", "raw formatted")
QUOTES = ("'", '"', '"""', "'''")
ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252")
NAMES = ("free", "a path", "imported", "in a function", "in a class", "deleted", "there already", "declared global", "star")
BINDINGS = ("none", "import", "alias", "from", "number", "parameter", "local import", "guarded", "os.path", "late")
HEADS = ("plain", "docstring", "future", "shebang", "comment", "long")


@dataclass(frozen=True, slots=True)
class Made:
    """One module. `rewritten` is what must become of its path."""

    name: str
    data: bytes
    rewritten: bool


def every(count: int, seed: int) -> Iterator[Made]:
    """Each form with each spelling at least once while `count` lasts, the rest of its axes by chance."""
    chance = random.Random(seed)
    pairs = [(form, spelling) for form in FORMS for spelling in SPELLINGS]
    while count > 0:
        chance.shuffle(pairs)
        for form, spelling in pairs[:count]:
            made = _module(form, spelling, chance)
            if made is not None:
                count -= 1
                yield made


def _module(form: tuple[str, str, bool], spelling: str, chance: random.Random) -> Made | None:
    name, body, rewritten = form
    prefix, text = _spelled(spelling, "%s" if "#" in body and "why" not in body else "")
    if ("f" in prefix and (name in ("pattern", "literal type", "bytes", "annotation", "concatenated") or "#" in body or "=@" in body)) or (
        name == "bytes" and (prefix == "u" or not text.isascii())
    ):
        return None
    quote = chance.choice(QUOTES)
    literal = f"{prefix}{quote}{text}{quote}"
    glued = prefix and ("return@" in body or "else@" in body)
    body = body.replace("@@", "\0").replace("return@", "return @" if glued else "return@").replace("else@", "else @" if glued else "else@")
    body = body.replace("# why", "\1").replace("#", literal).replace("\1", "# why").replace("@", literal).replace("\0", "@")
    names, binding, head, encoding = chance.choice(NAMES), chance.choice(BINDINGS), chance.choice(HEADS), chance.choice(ENCODINGS)
    lines = [*_head(head, encoding), *_before(names, binding), body]
    end = chance.choice(("\n", "\r\n"))
    module = "\n".join(lines).replace("\n", end) + end * chance.choice((0, 1, 2))
    return Made(" / ".join((name, spelling, quote, names, binding, head, encoding, repr(end))), module.encode(encoding), rewritten)


def _spelled(spelling: str, field: str) -> tuple[str, str]:
    path = f"{ROOT}/{TAIL}{field}"
    back = path.replace("/", "\\")
    match spelling:
        case "escaped":
            return "", back.replace("\\", "\\\\")
        case "raw" | "raw upper":
            return "r" if spelling == "raw" else "R", back
        case "unicode":
            return "u", path
        case "mixed":
            return "", path.replace("/DATA/", "\\\\DATA/")
        case "doubled raw":
            return "r", back.replace("\\", "\\\\")
        case "dots":
            return "", path.replace("/DATA/", "/other/../DATA/./")
        case "trailing" if not field:
            return "", f"{ROOT}/DATA/"
        case "root" if not field:
            return "", ROOT
        case "case":
            return "", path.replace("C:/Users", "c:/users")
        case "formatted":
            return "f", path.replace("sub", "{str(1)}")
        case "raw formatted":
            return "rf", back.replace("sub", "{1:02d}x{{}}")
    return "", path


def _head(head: str, encoding: str) -> list[str]:
    cookie = [f"# -*- coding: {encoding} -*-", "# é"] if encoding in ("latin-1", "cp1252") else []
    lines = ["#!/usr/bin/env python3"] if head == "shebang" else []
    lines += cookie
    if head in ("docstring", "future", "long"):
        lines.append('"""What it does: é."""')
    if head in ("future", "long"):
        lines.append("from __future__ import annotations")
    if head == "long":
        lines += ["", "import json  # first", "import re, math", "", "", "# a remark", "COUNT = 3"]
    return [*lines, "# who wrote it", ""] if head == "comment" else lines


def _before(names: str, binding: str) -> list[str]:
    return {
        "free": [], "a path": ["from pathlib import Path as Folder", "BASE_DIR = Folder(__file__).parent"],
        "imported": ["from math import pi as BASE_DIR"], "in a function": ["def other(BASE_DIR):", "    return BASE_DIR"],
        "in a class": ["class Other:", "    BASE_DIR = 1"], "deleted": ["BASE_DIR = 1", "del BASE_DIR"],
        "there already": ["import os", 'BASE_DIR = os.getenv("BASE_DIR", "/somewhere")'],
        "declared global": ["def change():", "    global BASE_DIR", "    BASE_DIR = 1"], "star": ["from string import *"],
    }[names] + {
        "none": [], "import": ["import os"], "alias": ["import os as o"], "from": ["from os import path"], "number": ["os = 3"],
        "parameter": ["def named(os):", "    return os"], "local import": ["def loads():", "    import os", "    return os"],
        "guarded": ["try:", "    import os", "except ImportError:", "    os = None"], "os.path": ["import os.path"], "late": ["COUNT = 4", "import os"],
    }[binding]
