"""Names that will fail when their line runs; everything that binds a name in a way of its own stays silent."""

import pytest

from opskit.survey.python.faults import faults_of
from opskit.survey.python.index import index_of


def faults(tree):
    return [(f.place.line, f.what.split("`")[1] if "`" in f.what else f.what) for f in faults_of(index_of(tree), ["s.py"])]


@pytest.mark.parametrize(("text", "expected"), [
    ("x = os.getenv('A')", [(1, "os")]),
    ("def f():\n    return json.loads('1')\nf()", [(2, "json")]),
    ("def f():\n    import os\ndef g():\n    os.getcwd()", [(4, "os")]),
    ("print([y for x in (1,)])", [(1, "y")]),
    ("a = b\nc = b", [(1, "b")]),
    ("class C:\n    n = 1\n    def f(self):\n        return n", [(4, "n")]),
], ids=["module level", "function", "imported elsewhere", "comprehension", "told once", "class scope"])
def test_an_unbound_name(platform, text, expected):
    assert faults(platform(s=text)) == expected


SILENT = {
    "builtin": "print(len(__file__), __name__)",
    "import": "import os.path as p\np.join('a')",
    "star": "from os.path import *\njoin('a')",
    "global": "def f():\n    global x\n    x = 1\ndef g():\n    return x",
    "later": "def f():\n    return x\nx = 1",
    "except as": "try:\n    pass\nexcept ValueError as e:\n    print(e)",
    "with as": "with open('x') as f:\n    print(f)",
    "loop": "for i in ():\n    pass\nprint(i)",
    "walrus": "if (n := 1):\n    print(n)",
    "closure": "def f(a):\n    def g():\n        return a\n    return g",
    "comprehension": "print([x for x in (1,)], {k: v for k, v in ()})",
    "lambda": "f = lambda a, *b, **c: (a, b, c)",
    "match": "match 1:\n    case {'a': b, **rest}:\n        print(b, rest)",
    "asked for": "try:\n    unicode\nexcept NameError:\n    unicode = str",
    "globals": "globals()['x'] = 1\nprint(x)",
    "annotation not evaluated": "from __future__ import annotations\ndef f(a: Missing) -> Missing: ...",
    "super": "class A:\n    def f(self):\n        return super().f(), __class__",
    "private": "class A:\n    def f(self):\n        self.__x = 1\n        return self.__x",
    "decorator and default": "d = 1\ndef f(x=d): ...",
    "type alias": "T = int\ndef f(a: T) -> T: return a",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_bound_names(platform, text):
    assert faults(platform(s=text)) == []


def test_a_file_that_does_not_parse_is_a_fault_at_its_line(platform):
    ((line, what),) = faults(platform(s="x = 1\nprint 'x'\n"))
    assert line == 2 and what.startswith("does not parse")
