"""A schema put into a real database: once, by what is there, and never at the cost of a row."""

import pytest

from opskit.core.errors import NotReady
from opskit.db.check import probe
from opskit.db.init import carry_out, text_of
from opskit.pg.connect import connect
from opskit.pg.script import read_script

SCHEMA = "CREATE TABLE a (i int);\nCREATE INDEX ai ON a (i);\nCREATE VIEW v AS SELECT * FROM a;\nINSERT INTO a VALUES (1);\n"


def init(url, text, path="schema.sql"):
    script = read_script(path, lambda name: text.encode())
    with connect(url) as connection:
        verdict, loaded = carry_out(connection, script, text_of(script), lambda done, of: None, stand_in=False)
    return verdict.state, loaded.rows if loaded else 0


def execute(url, statement):
    with connect(url) as connection:
        connection.execute(statement)


def rows(url):
    with connect(url) as connection:
        return connection.execute("SELECT count(*) FROM a").fetchone()[0]


def test_a_second_run_adds_no_row(url):
    assert [init(url, SCHEMA), init(url, SCHEMA)] == [("fresh", 1), ("same", 0)] and rows(url) == 1


AFTER = {
    "comments only": (SCHEMA.replace("(i int)", "(\n  i INT -- number\n)"), ("reworded", 0)),
    "moved to another file": (SCHEMA, ("same", 0)),
    "a new table": (SCHEMA + "CREATE TABLE b (i int);\n", ("grown", 0)),
}


@pytest.mark.parametrize("text, expected", AFTER.values(), ids=AFTER)
def test_a_changed_file_adds_only_what_is_new(url, text, expected):
    init(url, SCHEMA)
    assert init(url, text, "other.sql" if text == SCHEMA else "schema.sql") == expected
    assert init(url, text)[0] == "same" and rows(url) == 1


REFUSED = {
    "a column changed": (SCHEMA.replace("a (i int)", "a (i int, j int)"), "line 1"),
    "a statement gone": (SCHEMA.replace("CREATE INDEX ai ON a (i);\n", ""), "1 are gone"),
    "a new row": (SCHEMA + "INSERT INTO a VALUES (2);\n", "line 5"),
}


@pytest.mark.parametrize("text, word", REFUSED.values(), ids=REFUSED)
def test_another_change_is_named_and_nothing_runs(url, text, word):
    init(url, SCHEMA)
    with pytest.raises(NotReady, match=word):
        init(url, text)
    assert rows(url) == 1 and init(url, SCHEMA)[0] == "same"


def test_objects_that_are_all_there_are_adopted_as_they_are(url):
    execute(url, SCHEMA)
    assert init(url, SCHEMA) == ("adopt", 0) and init(url, SCHEMA) == ("same", 0) and rows(url) == 1


def test_objects_that_are_partly_there_are_named(url):
    execute(url, "CREATE TABLE a (i int)")
    with pytest.raises(NotReady, match="a is there already, ai, v are not"):
        init(url, SCHEMA)


def test_a_guarded_script_is_resumed(url):
    execute(url, "CREATE TABLE a (i int)")
    assert init(url, "CREATE TABLE IF NOT EXISTS a (i int);\nCREATE TABLE b (i int);\n") == ("resume", 0)


def test_a_script_that_drops_first_never_drops(url):
    execute(url, "CREATE TABLE a (i int); INSERT INTO a VALUES (7)")
    text = "DROP TABLE IF EXISTS a;\nCREATE TABLE IF NOT EXISTS a (i int);\n"
    assert init(url, text)[0] == "adopt" and rows(url) == 1


def test_a_script_that_drops_and_is_partly_there_is_refused(url):
    execute(url, "CREATE TABLE a (i int); INSERT INTO a VALUES (7)")
    with pytest.raises(NotReady):
        init(url, "DROP TABLE IF EXISTS a;\nCREATE TABLE IF NOT EXISTS a (i int);\nCREATE TABLE b (i int);\n")
    assert rows(url) == 1


def test_a_fault_leaves_no_ledger(url):
    with pytest.raises(Exception, match="nosuch"):
        init(url, "CREATE TABLE a (i nosuch);\n")
    assert init(url, SCHEMA) == ("fresh", 1)


def test_a_probe_tells_version_tables_and_latency(url):
    init(url, SCHEMA)
    tried = probe(url)
    assert tried.ok and tried.tables == 1 and tried.version.count(".") == 1 and 0 < tried.again < 5 and not tried.pooled


def test_a_probe_of_a_bad_url_never_connects():
    from opskit.core.secret import Secret

    tried = probe(Secret("postgresql://app:hunter@22@127.0.0.1:1/d"))
    assert tried.kind == "raw character" and "22" not in tried.masked
