"""The dotenv reader against its oracle, python-dotenv, and against its own promise to lose no byte."""

import io
import tempfile
from pathlib import Path

import pytest
from dotenv import dotenv_values
from dotenv.parser import parse_stream
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.source.dotenv import read_dotenv, spelled

PIECES = st.sampled_from(["A", "KEY_1", "export ", "export", "=", " = ", '"', "'", "\\", "\\n", "\\'", '\\"', "#", " #", " # note", "\n", "\r\n",
                          "\r", " ", "\t", "value", "é", "\u2028", "\x0c", "${A}", "$(x)", "`", "\ufeff", ":", "1", "\x00"])
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def read(text):
    return read_dotenv(".env", text.encode())


def oracle(text):
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [(b.key, b.value, b.error) for b in parse_stream(io.StringIO(plain)) if b.error or b.key is not None]


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_every_line_reads_as_python_dotenv_reads_it(text):
    ours = [(e.key or None, e.value, e.kind == "malformed") for e in read(text).entries if e.kind in ("binding", "malformed")]
    assert ours == oracle(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_values_are_those_of_the_file_on_disk(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ".env")
        path.write_bytes(text.encode())
        expected = {k: v for k, v in dotenv_values(path, interpolate=False, encoding="utf-8").items() if v is not None}
    assert read(text).values == expected


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXTS.map(str.encode), st.binary(max_size=60)))
def test_no_byte_is_lost_and_nothing_raises(data):
    source = read_dotenv(".env", data)
    assert b"".join(data[slice(*e.span)] for e in source.entries) == data


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_hold_the_key_and_the_value_as_written(text):
    data = text.encode()
    for entry in read(text).bindings:
        assert io.StringIO(data[slice(*entry.key_span)].decode(), newline=None).read() == entry.key
        if entry.value is not None and "\\" not in entry.value and not entry.quote:
            assert data[slice(*entry.value_span)].decode() == entry.value


@settings(max_examples=400, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_spelled_value_reads_back_as_itself(value):
    assert read(f"A={spelled(value)}\nB=1\n").values == {"A": value, "B": "1"}


@pytest.mark.parametrize(("text", "fault", "line", "column"), [
    ('A=1\nB="abc\nC=2\n', "a quote that is never closed", 2, 3),
    ('B="a"b\n', "text after the closing quote", 1, 6),
    ("some words\n", "no `=` after the name", 1, 6),
    ("=x\n", "no name before the `=`", 1, 1),
    ("'KEY=1\n", "a quote around the name that is never closed", 1, 1),
])
def test_a_malformed_line_says_what_is_wrong_and_where(text, fault, line, column):
    source = read(text)
    bad = next(e for e in source.entries if e.kind == "malformed")
    place = source.place(bad.fault_span)
    assert (bad.fault, place.line, place.column) == (fault, line, column)


def test_quote_export_and_comment_are_kept():
    first, second = read("export A='x y' # why\nB=1\n").bindings
    assert (first.export, first.quote, first.value, first.comment) == (True, "'", "x y", "why")
    assert (second.export, second.quote, second.comment) == (False, "", "")


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    source = read("\ufeffA=1\n")
    assert source.values == {"A": "1"} and source.data[slice(*source.bindings[0].key_span)] == b"A"
