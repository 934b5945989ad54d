"""Every literal with its form, and the reason where it must stay."""

import pytest

from .trial import seen

P = "'C:/Users/x/r/a.json'"


@pytest.mark.parametrize(("code", "form", "fix"), [
    (f"X = {P}", "assignment", "safe"), (f"see({P})", "argument", "safe"), (f"see(a={P})", "keyword", "safe"), (f"open({P})", "open", "safe"),
    (f"from pathlib import Path\nPath({P})", "path-call", "safe"), (f"from x import Path\nPath({P})", "argument", "safe"),
    (f"import os\nos.path.join({P}, x)", "join", "safe"), (f"import sys\nsys.path.append({P})", "sys-path", "safe"),
    ("X = f'C:/Users/x/{y}'", "f-string", "safe"), (f"X = {P} + y", "concat", "safe"), ("X = 'C:/Users/x/%s' % y", "format", "safe"),
    ("X = 'C:/Users/x/{}'.format(y)", "format", "safe"), (f"def f(a={P}): pass", "default", "safe"), (f"X = {{'a': {P}}}", "dict-value", "safe"),
    (f"X = [{P}]", "list-element", "safe"), (f"class C:\n    X = {P}", "class-attribute", "safe"), ("X = 'C:/Users/x/%s.json'", "assignment", "review"),
    (f"X = {{{P}: 1}}", "dict-key", "none"), (f"x == {P}", "comparison", "none"), (f"{P} in x", "comparison", "none"),
    (f"import os\nos.getenv('A', {P})", "env-fallback", "none"), (f"import os\nX = os.environ.get('A') or {P}", "env-fallback", "none"),
    (f"from os import environ\nenviron.get('A', {P})", "env-fallback", "none"), (f"import argparse\np.add_argument('-a', default={P})", "keyword", "safe"),
    (f"import re\nre.sub({P}, '', x)", "regex", "none"), (f"match x:\n    case {P}: pass", "match", "none"), (f"print({P})", "message", "none"),
    (f"X: Literal[{P}] = 1", "annotation", "none"), (f"def f():\n    {P}", "docstring", "none"), (f"raise ValueError({P})", "message", "none"),
    (f"print(open({P}).read())", "open", "safe"), (f"import logging\nlogging.FileHandler({P})", "argument", "safe"),
    (f"import logging\nlogging.warning({P})", "message", "none"), (f"import os\nos.system({P})", "command", "none"), (f"import subprocess\nsubprocess.run({P}, shell=True)", "command", "none"),
    (f"import subprocess\nsubprocess.run(['x', {P}], cwd={P})", "list-element", "safe"), (f"X = b{P}", "text", "none"),
    ("X = f'{see(\"C:/Users/x/a\")}'", "f-string", "none"), (f"X = 'file://' + {P}", "concat", "none"), (f"self.assertEqual(x, {P})", "argument", "none"),
    (f"import os\nassert os.path.isdir({P})", "argument", "safe"), (f"assert x == {P}", "comparison", "none"),
    (f"import sys\n{P} not in sys.path", "sys-path", "safe"), (f"import ntpath\nntpath.split({P})", "argument", "none"), (f"X = {P}.upper()", "text", "none"), (f"x.replace({P}, '')", "comparison", "none"),
])
def test_forms(code, form, fix):
    first = seen(code.encode())[0]
    assert (first.form, first.fix) == (form, fix)
    assert first.reason or fix == "safe"


@pytest.mark.parametrize("use", ["X == y", "y in X", "X.split('/')", "y.replace(X, '')", "d[X]", "X[3:]", "re.match(X, y)"])
def test_text_that_is_used_as_text_under_its_name_stays(use):
    assert "`X`" in seen(f"import re\nX = {P}\n{use}\n".encode())[0].reason


@pytest.mark.parametrize("use", ["open(X)", "X is None", "X == ''", "X + 'a'", "f'{X}/b'", "os.path.exists(X)", "print(X)", "X in sys.path", "X.rstrip('/')"])
def test_text_that_is_used_as_a_path_does_not_stay(use):
    assert seen(f"import os, sys\nX = {P}\n{use}\n".encode())[0].fix == "safe"


@pytest.mark.parametrize("function", [
    "def see(p): return p.split('/')", "def see(a=1, *, p=2): return p == a", "class see:\n    def __init__(self, p): self.n = p[3:]",
    "class T:\n    def see(self, p): return p in y", "def see(p):\n    match p:\n        case 'a': pass", "async def see(p): return {p: 1}",
])
def test_text_that_a_function_of_the_file_reads_stays(function):
    call = "see(p=%s)" if "*" in function else "t.see(%s)" if "class T" in function else "see(%s)"
    assert "takes it as `p`" in seen(f"{function}\n{call % P}\n".encode())[-1].reason


@pytest.mark.parametrize("function", ["def see(p): return open(p)", "def see(p, q): return q == 1", "def see(p): return p.endswith(('.a', '.b'))",
                                      "def see(p): return open(p.replace('.json', '.csv'))", "def see(*p): return p[0]"])
def test_a_path_that_a_function_of_the_file_opens_does_not_stay(function):
    assert seen(f"{function}\nsee({P})\n".encode())[-1].fix == "safe"


def test_a_path_that_a_comparison_elsewhere_means_waits_for_review():
    code = f"import os\nfor x in os.listdir('C:/Users/x/r'):\n    see(x == {P})\nopen('C:/Users/x/other')\n"
    assert [s.fix for s in seen(code.encode())] == ["review", "none", "safe"]


def test_an_attribute_is_no_name_of_the_same_letters():
    assert seen(f"import os\npath = {P}\nos.path.join(path, 'a')\n".encode())[0].fix == "safe"
    assert seen(f"class C:\n    path = {P}\nC.path.split('/')\n".encode())[0].fix == "none"


def test_a_local_name_is_no_other_function_s():
    assert seen(f"def f():\n    x = {P}\n    open(x)\ndef g(x):\n    return x == 'a'\n".encode())[0].fix == "safe"


@pytest.mark.parametrize(("code", "value", "form"), [
    ("X = 'cd C:\\\\Users\\\\x\\\\r && run'", "C:\\Users\\x\\r", "command"), ('"""Reads C:/Users/x/a.json always."""', "C:/Users/x/a.json", "docstring"),
    ("print(f'saved to C:/Users/x/{y}')", "C:/Users/x/{...}", "message"), ("X = 'file:///C:/Users/x/a.html'", "C:/Users/x/a.html", "url"),
    ("X = 1  # was C:/Users/x/a", "C:/Users/x/a", "comment"),
])
def test_a_path_within_longer_text_is_told_and_stays(code, value, form):
    (found,) = seen(code.encode())
    assert (found.value, found.form, found.fix, found.whole) == (value, form, "none", False)
    assert code.encode()[found.place.start : found.place.end].decode() == found.spelled


@pytest.mark.parametrize("data", [
    b"print 'C:/Users/x/a'\n", b"<<<<<<< HEAD\nX = 'C:/Users/x/a'\n=======\n", b"X = 'C:/Users/x/\xe9'\n", b"X = 'C:/Users/x/a'\rY = 1\r",
    "X = 'C:/Users/x/a'\n".encode("utf-16"), b"X = 'C:\\Users\\x\\a'\n", b"X = 'C:/Users/x/a\0'\n",
], ids=["Python 2", "merge markers", "no cookie", "carriage returns", "UTF-16", "a broken escape", "NUL"])
def test_what_does_not_parse_gives_its_textual_matches_and_is_left(data):
    (found,) = seen(data)
    assert found.fix == "none" and found.reason and found.form == "text" and "Users" in found.value


@pytest.mark.parametrize(("code", "told"), [("X = 'c:\\test\\a'", "a tab"), ("X = 'D:\\data\\new\\a'", "a line end"), ("X = 'C:\\work\\x41\\b'", "another character")])
def test_a_string_that_an_escape_broke_is_a_defect(code, told):
    (found,) = seen(code.encode())
    assert found.defect == told and found.fix == "none"


def test_a_suite_s_subjects_stay_and_what_it_opens_does_not():
    code = f"import unittest\nX = {P}\nopen({P})\nsee({P})\nsave(path={P})\n".encode()
    assert [s.fix for s in seen(code, "tests/test_a.py")] == ["none", "safe", "none", "safe"]


@pytest.mark.parametrize(("head", "encoding"), [("", "utf-8-sig"), ("# coding: latin-1\n", "latin-1"), ("# coding: gbk\n", "gbk")])
def test_places_are_bytes_of_the_file(head, encoding):
    data = f"{head}X = 'é'; Y = {P}\n".replace("é", "中" if encoding == "gbk" else "é").encode(encoding)
    (found,) = seen(data)
    assert data[found.place.start : found.place.end] == P.encode()
