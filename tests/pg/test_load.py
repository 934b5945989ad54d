"""A script in one transaction against a real server: dumps load, a fault is told at its line and leaves nothing."""

import pytest

from opskit.core.errors import OpskitError
from opskit.pg.connect import connect
from opskit.pg.load import SchemaFault, load
from opskit.pg.script import read_script


def run(url, files, path="schema.sql", **more):
    files = files if isinstance(files, dict) else {path: files}
    script = read_script(path, lambda name: files.get(name))
    with connect(url) as connection:
        return load(connection, script, **more)


def tables(url):
    with connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_statements_rows_and_copy(url):
    done = run(url, b"BEGIN;\nCREATE TABLE t (a int, b text);\nCOPY t (a, b) FROM stdin;\n1\tit's\n2\t\\N\n\\.\nINSERT INTO t VALUES (3, 'x;y');\nCOMMIT;\n")
    assert (done.statements, done.rows) == (3, 3) and tables(url) == {"t"}


FAULTS = {
    "syntax": (b"CREATE TABLE a (i int);\nCREATE TABLE b (\n  i int,\n);\n", 4, 1, "syntax error"),
    "unknown type after wide letters": ("CREATE TABLE a (i int);\nCREATE TABLE b (\n  é int, j nosuch);\n".encode(), 3, 12, "nosuch"),
    "copy data": (b"CREATE TABLE a (i int);\nCOPY a FROM stdin;\nx\n\\.\n", 2, 1, "invalid input syntax"),
    "in an included file": ({"schema.sql": b"\\ir parts/a.sql\n", "parts/a.sql": b"SELECT 1;\nSELECT nosuch;\n"}, 2, 8, "nosuch"),
    "concurrently": (b"CREATE TABLE a (i int);\nCREATE INDEX CONCURRENTLY i ON a (i);\n", 2, 1, "transaction"),
    "rollback": (b"CREATE TABLE a (i int);\nROLLBACK;\n", 2, 1, "ROLLBACK"),
    "not utf-8": (b"CREATE TABLE a (i int);\nSELECT '\xff';\n", 2, 9, "UTF-8"),
    "a meta-command": (b"CREATE TABLE a (i int);\n\\if true\n", 2, 1, "\\if"),
    "utf-16": ("CREATE TABLE a (i int);".encode("utf-16"), 1, 1, "UTF-16"),
    "include of itself": (b"\\i schema.sql\n", 1, 1, "itself"),
    "include out of the tree": (b"\n\\i ../secret.sql\n", 2, 1, "out of the platform"),
}


@pytest.mark.parametrize("files, line, column, word", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_at_its_place_and_nothing_remains(url, files, line, column, word):
    with pytest.raises(OpskitError) as caught:
        run(url, files)
    assert (caught.value.place.line, caught.value.place.column) == (line, column) and word in caught.value.message
    assert tables(url) == set()


def test_the_caret_and_the_server_s_hint_are_told(url):
    with pytest.raises(SchemaFault) as caught:
        run(url, b"CREATE TABLE t (amount int);\nSELECT amuont FROM t;\n")
    assert caught.value.message.endswith("   |  SELECT amuont FROM t;\n   |         ^") and "amount" in caught.value.help


DUMP = b"""--
-- PostgreSQL database dump
--
\\restrict abc
SET transaction_timeout = 0;
SET nosuch_setting = 1;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.t (i integer);
ALTER TABLE public.t OWNER TO nosuch_role;
GRANT SELECT ON TABLE public.t TO nosuch_role;
COPY public.t (i) FROM stdin;
1
\\.
\\unrestrict abc
"""


def test_a_dump_loads_without_its_server_s_roles_and_settings(url):
    done = run(url, DUMP)
    assert done.rows == 1 and sorted(each.place.line for each in done.left) == [6, 9, 10]


def test_a_missing_role_in_a_script_that_is_no_dump_is_a_fault(url):
    with pytest.raises(SchemaFault, match="nosuch_role"):
        run(url, b"CREATE TABLE t (i int);\nGRANT SELECT ON t TO nosuch_role;\n")


def test_extensions_that_the_embedded_server_lacks_have_stand_ins(url):
    text = b'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\nCREATE EXTENSION pgcrypto;\nCREATE TABLE t (i uuid DEFAULT uuid_generate_v4(), j uuid DEFAULT gen_random_uuid());\n'
    done = run(url, text, stand_in=True)
    assert tables(url) == {"t"} and len(done.left) == 2


def test_databases_of_the_script_are_left_and_told(url):
    done = run(url, b"CREATE DATABASE shop;\n\\c shop\nCREATE TABLE t (i int);\n")
    assert tables(url) == {"t"} and [each.place.line for each in done.left] == [1, 2]


def test_nothing_remains_when_the_connection_is_lost(url, server):
    import psycopg

    script = read_script("s.sql", lambda name: b"CREATE TABLE t (i int);\nSELECT pg_terminate_backend(pg_backend_pid());\n")
    with pytest.raises((SchemaFault, psycopg.Error)), connect(url) as connection:
        load(connection, script)
    assert tables(url) == set()
