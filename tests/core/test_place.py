from hypothesis import given
from hypothesis import strategies as st

from opskit.core.place import Lines


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
        assert data[: offset].count(b"\n") == line - 1
