"""The scanner: pieces tile the file whatever stands in it, and cut where psql cuts."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opskit.pg.scan import scan
from opskit.pg.tokens import tokens

SNIPPETS = ["'", "''", '"', "$$", "$a$", "$1", ";", "(", ")", "--", "\n", "/*", "*/", "\\", "\\.", "E'", "copy t from stdin;", "begin atomic ", "end", "create function f ",
            "insert into t values (1, 'x;y'),", "`", "#", "é", "set standard_conforming_strings = off;", "delimiter //", "a", " ", "\ufeff", "//"]
TEXTS = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=5), max_size=30).map("".join)


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_pieces_tile_the_file(dialect, text):
    data = text.encode()
    pieces = scan(data, dialect)
    assert b"".join(data[p.start : p.end] for p in pieces) == data
    assert all(p.end > p.start for p in pieces)


@given(st.binary(max_size=200))
def test_tokens_tile_any_bytes(data):
    assert b"".join(data[t.start : t.end] for t in tokens(data)) == data


@given(st.lists(st.sampled_from([b"select ';' , E'\\';'", b"select $$ ; $$", b'select 1 as ";"', b"select (1) -- ; \n", b"insert into t(a) values ('a;', 1), (-2, 'it''s')"]), max_size=8))
@example([b"insert into t(a) values ('a;', 1), (-2, 'it''s')", b"select ';' , E'\\';'"])  # Python 3.11.2's possessive groups
def test_a_semicolon_inside_quotes_ends_nothing(statements):
    data = b"".join(s + b";\n" for s in statements)
    assert [data[p.start : p.end - 1] for p in scan(data) if p.kind == "statement"] == statements


CASES = {
    "function body in dollar quotes": (b"create function f() returns int as $x$ select 1; $x$ language sql; select 2;", 2),
    "begin atomic": (b"create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3;", 2),
    "rule with a list": (b"create rule r as on insert to t do (select 1; select 2); select 3;", 2),
    "nested comment": (b"/* a /* ; */ ; */ select 1; select 2;", 2),
    "unfinished last": (b"select 1; select 2", 2),
    "backslashes after set": (rb"set standard_conforming_strings = off; select 'a\';'; select 2;", 3),
    "backslashes are letters": (rb"select 'a\'; select 2;", 2),
    "a column called begin": (b"select begin from t; select 2;", 2),
    "empty": (b"", 0),
    "only a comment": (b"-- nothing\n", 0),
}


@pytest.mark.parametrize("data, count", CASES.values(), ids=CASES)
def test_statements_are_cut_where_psql_cuts(data, count):
    assert sum(p.kind == "statement" for p in scan(data)) == count


def test_copy_data_reaches_to_its_end_marker():
    data = b"COPY a (x) FROM stdin;\nit's; $$ CREATE TABLE\n\\connect\n\\.\nselect 1;"
    assert [(p.kind, data[p.start : p.end]) for p in scan(data)][2] == ("data", b"it's; $$ CREATE TABLE\n\\connect\n\\.\n")
    assert data.endswith(b"select 1;") and scan(data)[-1].kind == "statement"


def test_copy_to_stdout_has_no_data():
    assert [p.kind for p in scan(b"copy a to stdout;\nselect 1;")] == ["statement", "space", "statement"]


def test_a_delimiter_of_mysql_holds_a_body_together():
    data = b"DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET x = 1; END //\nDELIMITER ;\nselect 1;"
    assert sum(p.kind == "statement" for p in scan(data, "mysql")) == 2


def test_a_large_dump_is_scanned_whole():
    row = b"INSERT INTO t (a, b, c) VALUES (1, 'abc; def', 2.5), (2, 'it''s', NULL);\n"
    assert sum(p.kind == "statement" for p in scan(row * 8000)) == 8000


@given(TEXTS)
def test_a_meta_command_ends_with_its_line(text):
    for piece in scan(text.encode()):
        if piece.kind == "meta":
            assert not re.search(rb"\n.", text.encode()[piece.start : piece.end])
