"""MySQL's indexes moved out: the result is PostgreSQL's, nothing else in the file changes, names are new and short."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.pg.grammar import refused
from opskit.pg.mysql import find_tables
from opskit.pg.mysql_moves import apply_edits, move_indexes, proof
from opskit.pg.words import words_of


def moved(text):
    """The whole file rewritten, and the reasons of what was left."""
    data, edits, reasons = text.encode(), [], []
    taken = words_of(data)
    for _, table in find_tables(data):
        found = move_indexes(data, table, taken)
        reason = found.reason or proof(data, table, found.edits)
        reasons += [reason] if reason else []
        edits += [] if reason else found.edits
    return apply_edits(data, tuple(edits), 0, len(data)).decode(), reasons


CASES = {
    "last with the comma before": ("CREATE TABLE t (\n    a INT, -- first\n\n    INDEX i (a)\n);\n", "CREATE TABLE t (\n    a INT -- first\n);\nCREATE INDEX t_i_idx ON t (a);\n"),
    "in the middle": ("CREATE TABLE t (\n  a INT,\n  KEY (a),\n  b INT\n);\n", "CREATE TABLE t (\n  a INT,\n  b INT\n);\nCREATE INDEX t_a_idx ON t (a);\n"),
    "on one line": ("create table t (a int, index i (a)); select 1;", "create table t (a int);\nCREATE INDEX t_i_idx ON t (a);\n select 1;"),
    "descending": ("CREATE TABLE t (a INT, INDEX i (a DESC));", "CREATE TABLE t (a INT);\nCREATE INDEX t_i_idx ON t (a DESC);"),
    "windows line ends": ("CREATE TABLE t (\r\n a INT,\r\n INDEX i (a)\r\n);\r\n", "CREATE TABLE t (\r\n a INT\r\n);\r\nCREATE INDEX t_i_idx ON t (a);\r\n"),
    "comment after the statement": ("CREATE TABLE t (a INT, KEY i (a)); -- done\n", "CREATE TABLE t (a INT); -- done\nCREATE INDEX t_i_idx ON t (a);\n"),
    "unique key": ("CREATE TABLE t (a INT, UNIQUE KEY u (a));", "CREATE TABLE t (a INT, UNIQUE (a));"),
    "named unique key": ("CREATE TABLE t (a INT, CONSTRAINT c UNIQUE KEY u (a) USING BTREE);", "CREATE TABLE t (a INT, CONSTRAINT c UNIQUE (a));"),
    "prefix of a text": ("CREATE TABLE t (a TEXT, KEY k (a(20)));", "CREATE TABLE t (a TEXT);\nCREATE INDEX t_k_idx ON t (left(a, 20));"),
    "prefix of a varchar": ("CREATE TABLE t (a VARCHAR(90), KEY k (a(20)));", "CREATE TABLE t (a VARCHAR(90));\nCREATE INDEX t_k_idx ON t (a);"),
    "unique prefix": ("CREATE TABLE t (a VARCHAR(90), UNIQUE KEY k (a(20)));", "CREATE TABLE t (a VARCHAR(90));\nCREATE UNIQUE INDEX t_k_idx ON t (left(a, 20));"),
    "guarded": ("CREATE TABLE IF NOT EXISTS s.t (a INT, KEY (a));", "CREATE TABLE IF NOT EXISTS s.t (a INT);\nCREATE INDEX IF NOT EXISTS t_a_idx ON s.t (a);"),
    "no end": ("CREATE TABLE t (a INT, KEY (a))", "CREATE TABLE t (a INT);\nCREATE INDEX t_a_idx ON t (a);"),
    "comma too many": ("CREATE TABLE t (a INT, /* ) */\n);", "CREATE TABLE t (a INT /* ) */\n);"),
    "prefix of the table taken off": ("CREATE TABLE t (a INT, KEY idx_t_a (a));", "CREATE TABLE t (a INT);\nCREATE INDEX t_a_idx ON t (a);"),
}


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_an_index_moves_behind_its_table(before, after):
    assert moved(before) == (after, [])


INNOCENT = {
    "columns called key and index": "CREATE TABLE t (key VARCHAR(64), index INTEGER DEFAULT 0, b INT);",
    "a type with arguments": "CREATE TABLE t (key NUMERIC(10, 2), index geometry(Point, 4326));",
    "unique of PostgreSQL": "CREATE TABLE t (a INT, UNIQUE (a), UNIQUE NULLS NOT DISTINCT (a));",
    "in a string": "CREATE TABLE t (a TEXT DEFAULT 'x, INDEX i (a)');",
    "in a comment": "CREATE TABLE t (a INT -- , INDEX i (a)\n);",
    "in a body": "CREATE FUNCTION f() RETURNS void AS $$ CREATE TABLE t (a INT, INDEX i (a)); $$ LANGUAGE sql;",
    "table as select": "CREATE TABLE t AS SELECT 1 AS key;",
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_what_is_postgresql_already_stays(text):
    assert moved(text) == (text, [])


LEFT = {
    "full text": ("CREATE TABLE t (a TEXT, FULLTEXT KEY f (a));", "FULLTEXT"),
    "expression": ("CREATE TABLE t (a INT, KEY f ((a + 1)));", "expression"),
    "option": ("CREATE TABLE t (a INT, KEY f (a) INVISIBLE);", "INVISIBLE"),
    "binary prefix": ("CREATE TABLE t (a BLOB, KEY f (a(9)));", "binary"),
    "other MySQL": ("CREATE TABLE t (a INT AUTO_INCREMENT, KEY f (a)) ENGINE=InnoDB;", "syntax error"),
}


@pytest.mark.parametrize("text, word", LEFT.values(), ids=LEFT)
def test_what_has_no_certain_meaning_is_left_with_its_reason(text, word):
    result, reasons = moved(text)
    assert result == text and word in reasons[0]


NAMES = st.from_regex(r"[a-z][a-z_]{0,40}", fullmatch=True).filter(lambda name: refused(f"create table {name} ({name} int)".encode()) is None)
GAPS = st.sampled_from([" ", "\n    ", "\r\n  ", " -- it's (a, note;\n", " /* , ; ) */ "])


@st.composite
def tables(draw):
    columns = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    items = [f"{name} {draw(st.sampled_from(['INT', 'TEXT', 'VARCHAR(20)', 'NUMERIC(10, 2)']))}" for name in columns]
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3, unique=True))
        name = draw(st.sampled_from(["", "i", "idx_" + columns[0], "x" * 70]))
        items.insert(draw(st.integers(1, len(items))), f"{draw(st.sampled_from(['INDEX', 'KEY', 'UNIQUE KEY', 'unique index']))} {name} ({', '.join(chosen)})")
    gap = [draw(GAPS) for _ in range(2 * len(items))]
    return f"CREATE TABLE {draw(NAMES)} (" + ",".join(gap[2 * i] + item + gap[2 * i + 1] for i, item in enumerate(items)) + ");"


@given(st.lists(tables(), min_size=1, max_size=3, unique_by=lambda text: text.split("(")[0]))
@settings(max_examples=60, deadline=None)
def test_any_table_with_indexes_becomes_postgresql(texts):
    result, reasons = moved("\n".join(texts))
    assert reasons == [] and refused(result.encode()) is None
    made = [line.split(" INDEX ")[1].split(" ")[0] for line in result.splitlines() if line.startswith("CREATE") and " INDEX " in line]
    assert len(set(made)) == len(made) and all(len(name.encode()) <= 63 for name in made)
    assert moved(result) == (result, [])
