"""A wrong rewrite never reaches a file: whatever the planner does, the proof sees it."""

import ast
import ntpath
import posixpath

import pytest

from opskit.paths.python import draft, proof
from opskit.paths.python.callee import Callees
from opskit.paths.python.evaluate import Evaluator, same_file
from opskit.paths.python.scope import Scopes
from opskit.paths.python.work import Splice
from opskit.source.python import read_python

from .trial import rewritten

CODE = b"import os\nx = 1\nsee('C:/Users/someone/the repo/DATA/f.json')\n"


@pytest.mark.parametrize("wrong", [
    "os.path.join(BASE_DIR, 'DATA', 'g.json')", "os.path.join(BASE_DIR, 'DATA')", "BASE_DIR", "BASE_DIR + '\\\\DATA\\\\f.json'", "'C:/Users/someone/the repo/DATA/f.json'",
    "os.path.join(BASE_DIR, 'C:/DATA', 'f.json')", "os.path.join(OTHER, 'DATA', 'f.json')", "os.path.join(BASE_DIR, 'DATA', 'f.json', '')", "os.path.join(BASE_DIR, 'DATA'",
    "x", "os.path.join(BASE_DIR, 'DATA', 'f.json'), 1", "posixpath.join(BASE_DIR, 'DATA', 'f.json')", "f'{BASE_DIR}DATA/f.json'", "os.path.join(BASE_DIR, '..', 'DATA', 'f.json')",
])
def test_a_wrong_expression_falls_out(monkeypatch, wrong):
    monkeypatch.setattr(draft, "splices", lambda source, work, constant, os, flows: [Splice(*source.span(work.node), wrong.encode())])
    data, left = rewritten(CODE)
    assert data == CODE and len(left) == 1 and left[0][1]


@pytest.mark.parametrize("wrong", [
    "BASE_DIR = os.getenv('BASE_DIR', os.path.dirname(os.path.abspath(__file__)))", "BASE_DIR = os.getenv('BASE_DIR', 'C:/other')", "BASE_DIR = 1", "OTHER = 1",
    "BASE_DIR = os.getenv('BASE_DIR', os.path.dirname(os.path.dirname(__file__)))[1:]",
])
def test_a_wrong_constant_falls_out(monkeypatch, wrong):
    monkeypatch.setattr(draft.expressions, "constant", lambda *_: wrong)
    data, left = rewritten(CODE)
    assert data == CODE and left


@pytest.mark.parametrize(("before", "after", "splices"), [
    (b"a = 1\n", b"a = 2\n", ()), (b"a = 1\n", b"a =  1 #\n", ()), (b"a = 'x'\nb = 2\n", b"a = 'y'\nb = 3\n", (Splice(4, 7, b"'y'"),)),
    (b"return_ = 1\n", b"if 1:\n  return_ = 1\n", (Splice(0, 0, b"if 1:\n"),)), (b"a = (1\n)\n", b"a = (1)\n", ()), (b"a = 1\r\n", b"a = 1\n", ()),
], ids=["a value", "a comment", "beside the edit", "a block", "a line end in braces", "a line end"])
def test_a_token_outside_of_the_edits_must_not_change(before, after, splices):
    assert proof.of_module(read_python("a.py", before), read_python("a.py", after), splices)


def test_a_token_within_an_edit_may_change():
    before, after = b"if x:\n    y = 'a'\nz = 'b'  # \xc3\xa9\n", b"if x:\n    y = (BASE, 1)\nz = 'b'  # \xc3\xa9\n"
    start = before.index(b"'a'")
    assert not proof.of_module(read_python("a.py", before), read_python("a.py", after), (Splice(start, start + 3, b"(BASE, 1)"),))


def test_a_name_that_would_be_undefined_is_told():
    before, after = (Scopes(read_python("a.py", data)) for data in (b"x = 1\n", b"x = BASE_DIR\n"))
    assert "BASE_DIR would be undefined" in proof.of_names(before, after, "os", ())


@pytest.mark.parametrize(("code", "windows", "posix"), [
    ("os.path.join(B, 'a', 'b')", "C:/r\\a\\b", "/r/a/b"), ("f'{B}/a/{x}.txt'", "C:/r/a/q1.txt", "/r/a/q1.txt"), ("B + '/' + x", "C:/r/q1", "/r/q1"),
    ("os.path.join(B, 'a/%s%%' % x)", "C:/r\\a/q1%", "/r/a/q1%"), ("os.path.join(B, '{0}{{}}'.format(x))", "C:/r\\q1{}", "/r/q1{}"), ("P(B, 'a')", "C:\\r\\a", "/r/a"),
    ("x", "q1", "q1"), ("os.path.join(B, *x)", "C:/r\\q1", "/r/q1"), ("os.getenv('B', B)", "C:/r", "/r"), ("os.path.dirname(B)", "C:/", "/"), ("f'{B!r}'", "q1", "q1"),
])
def test_values_of_expressions(code, windows, posix):
    source = read_python("a.py", f"import os\nfrom pathlib import Path as P\n({code})\n".encode())
    node = source.tree.body[-1].value
    assert Evaluator(ntpath, Callees(source), {"B": "C:/r"}).text(node) == windows
    assert Evaluator(posixpath, Callees(source), {"B": "/r"}).text(node) == posix


@pytest.mark.parametrize(("one", "other", "same"), [
    ("C:/a/b", "c:\\A\\B", True), ("C:/a/../b", "C:/b", True), ("C:/a/", "C:/a", False), ("C:/a", "C:/b", False), ("C:/a//b/", "C:\\a\\b\\", True),
])
def test_when_two_spellings_are_one_file(one, other, same):
    assert same_file(one, other, ntpath) is same


@pytest.mark.parametrize(("code", "shadowed"), [
    ("def f(n): return 'x'", True), ("def f(): return 'x'", False), ("def f():\n    for n in y: pass\n    return 'x'", True), ("class C:\n    n = 1\n    def f(self): return 'x'", True),
    ("def f(a='x', n=1): pass", False), ("lambda n: 'x'", True), ("[('x', n) for n in y]", True), ("def n(): pass\nsee('x')", False), ("def f():\n    import n\n    return 'x'", True),
    ("def f():\n    global n\n    n = 1\n    return 'x'", False), ("@dec('x')\ndef f(n): pass", False), ("def f():\n    try: pass\n    except E as n: pass\n    see('x')", True),
    ("def f(y):\n    match y:\n        case {**n}: see('x')", True), ("def f():\n    [(n := 1) for _ in y]\n    see('x')", True),
])
def test_whether_a_name_is_another_s_at_a_place(code, shadowed):
    source = read_python("a.py", f"n = 0\n{code}\n".encode())
    node = next(n for n in source.nodes if isinstance(n, ast.Constant) and n.value == "x")
    assert Scopes(source).shadowed("n", node) is shadowed
