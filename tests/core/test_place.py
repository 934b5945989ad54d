import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.place import Lines
from opskit.source.python import read_python


def test_columns_count_code_points_from_one():
    place = Lines("é = 1\nπ = 'x'\n".encode()).place("f", 7, 9)
    assert (place.line, place.column, place.end_line, place.end_column) == (2, 1, 2, 2)


@given(st.text(alphabet="a\né\r", max_size=40))
def test_every_offset_lies_on_its_line(text):
    data = text.encode()
    lines = Lines(data)
    for offset in range(len(data) + 1):
        line, _ = lines.position(offset)
        assert lines.offset(line, 0) <= offset
        if data[max(0, offset - 1) : offset + 1] != b"\r\n":
            assert len((data[:offset] + b"x").splitlines()) == line


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_python_s_own_lines_are_ours(end):
    source = read_python("a.py", f"import os{end}{end}PORT = 5000{end}".encode())
    place = source.place(source.tree.body[1])
    assert (place.line, source.lines.text(place.line), source.text(source.tree.body[1])) == (3, "PORT = 5000", "PORT = 5000")
