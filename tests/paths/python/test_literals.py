"""What is read from a literal's spelling is what Python itself makes of it."""

import ast
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.paths.python.literals import read_literal, string_nodes, told
from opskit.source.python import read_python


def literal(text):
    source = read_python("a.py", f"X = ({text})\n".encode())
    return read_literal(source, source.tree.body[0].value)


@given(st.text(st.sampled_from("ab/\\'\"{} \t\né🔧\0C:%"), max_size=12), st.sampled_from(("", "u", "f", "F")), st.booleans())
def test_any_text_written_by_repr_is_read_as_its_value(value, prefix, twice):
    spelled = prefix + (repr(value).replace("{", "{{").replace("}", "}}") if prefix in "fF" and prefix else repr(value))
    found = literal(f"{spelled} {spelled}" if twice else spelled)
    assert found is not None and found.value == value * (1 + twice)


@given(st.text(st.sampled_from(string.printable + "é"), max_size=14), st.sampled_from(("'", '"', '"""', "'''")), st.sampled_from(("", "r", "f", "rf")))
def test_what_python_takes_is_read_the_same_or_not_at_all(body, quote, prefix):
    source = read_python("a.py", f"X = ({prefix}{quote}{body}{quote})\n".encode())
    value = source.tree.body[0].value if source.tree and len(source.tree.body) == 1 and isinstance(source.tree.body[0], ast.Assign) else None
    found = read_literal(source, value) if isinstance(value, ast.JoinedStr | ast.Constant) else None
    assert found is None or found.value == told(value)


@pytest.mark.parametrize(("text", "value"), [
    ("f'a{x}b'", "a{...}b"), ("f'{x!r:>{w}}'", "{...}"), ("f'{d[\"k\"]}/{y:%Y}'", "{...}/{...}"), ("rf'\\{x}\\d'", "\\{...}\\d"),
    ("f'{{{x}}}'", "{{...}}"), ("'a' f'{x}' 'b'", "a{...}b"), ("f'{ {1: 2}[1] }'", "{...}"), ("f'{(lambda: 1)()}'", "{...}"),
    ("'a\\\nb'", "ab"), ("'\\N{BULLET}\\x41\\101'", "•AA"), ("f'\\N{BULLET}{x}'", "•{...}"),
], ids=["field", "conversion", "quotes inside", "raw", "braces", "pieces", "a dict", "a lambda", "continued", "escapes", "a name and a field"])
def test_expressions_stand_as_holes(text, value):
    assert literal(text).value == value


def test_a_comment_between_pieces_is_told():
    assert literal("'a'  # one\n 'b'").gaps and not literal("'a'\n 'b'").gaps


def test_an_f_string_s_own_parts_are_no_literals():
    source = read_python("a.py", b"X = f'a{b}c{\"d\"}'\nY = 'e'\n")
    assert sorted(told(node) for node in string_nodes(source)) == ["a{...}c{...}", "d", "e"]
