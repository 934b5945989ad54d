"""SQL files of a platform: which is the schema, what PostgreSQL refuses in it, what a fix makes of it."""

import pytest

from opskit.core.errors import OpskitError
from opskit.core.settle import settle
from opskit.core.tree import Tree
from opskit.db import fix, rules
from opskit.db.sightings import find_schemas, schema_files
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

USERS = "CREATE TABLE users (id SERIAL PRIMARY KEY);\n"
PG = "URL = 'postgresql://'\n"


@pytest.fixture(autouse=True)
def no_url(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def platform(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Survey(Tree(root), read_manifest(root))


def found(root, files):
    return {(f.code, f.place.path, f.place.line): f for f in rules.check(platform(root, files)).findings}


CHOICES = {
    "the only one": ({"db/tables.sql": USERS}, ["db/tables.sql"]),
    "by its name": ({"schema.sql": USERS, "backup.sql": USERS * 1 + "CREATE TABLE b (i int);"}, ["schema.sql"]),
    "not the test's": ({"tests/schema.sql": USERS, "db/schema.sql": USERS}, ["db/schema.sql"]),
    "a query is none": ({"report.sql": "SELECT 1;"}, []),
    "table in a string is none": ({"a.sql": "INSERT INTO log VALUES ('CREATE TABLE x (i int)');"}, []),
    "migrations are none": ({"migrations/001_init.sql": USERS}, []),
    "sqlite is none": ({"schema.sql": "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);"}, []),
}


@pytest.mark.parametrize("files, chosen", CHOICES.values(), ids=CHOICES)
def test_the_schema_is_found(tmp_path, files, chosen):
    assert schema_files(platform(tmp_path, files).tree) == chosen


def test_the_manifest_has_the_last_word(tmp_path):
    survey = platform(tmp_path, {"schema.sql": USERS, "real.sql": USERS})
    assert [f.path for f in find_schemas(survey.tree, ("real.sql",)) if f.chosen] == ["real.sql"]


def test_faults_are_found_where_they_stand(tmp_path):
    text = "CREATE TABLE a (\n  id SERIAL,\n  INDEX i (id)\n);\nCREATE TABLE b (id int,);\nCREATE TABEL c ();\nCREATE TABLE a (id int);\n"
    assert set(found(tmp_path, {"schema.sql": text})) == {
        ("OPS-D002", "schema.sql", 3), ("OPS-D001", "schema.sql", 5), ("OPS-D001", "schema.sql", 6), ("OPS-D001", "schema.sql", 7)}


SILENT = {
    "a dump": "-- PostgreSQL database dump\n\\restrict a\nCREATE TABLE t (i int);\nCOPY t FROM stdin;\nINDEX i (a),\n\\.\n",
    "partitions": "CREATE TABLE t (i int, at date) PARTITION BY RANGE (at);\nCREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    "a function named twice": "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n",
    "dropped first": "DROP TABLE IF EXISTS a;\nCREATE TABLE a (id SERIAL);\n",
    "jsonb operators": "CREATE VIEW v AS SELECT data #>> '{a}', data\n  #> '{b}' FROM (SELECT '{}'::jsonb AS data) x;\n",
    "row security": "CREATE TABLE a (id SERIAL);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON a USING (true);\n",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_sound_postgresql_is_left_in_peace(tmp_path, text):
    assert not {code for code, _, _ in found(tmp_path, {"schema.sql": text, "app.py": PG})} & {"OPS-D001", "OPS-D002", "OPS-D003"}


def test_a_mysql_platform_is_not_scolded_for_mysql(tmp_path):
    text = "CREATE TABLE `t` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  KEY `i` (`id`)\n) ENGINE=InnoDB;\n"
    ours = found(tmp_path, {"schema.sql": text, "app.php": "mysqli_connect();"})
    assert {code: f.severity for (code, _, _), f in ours.items()} == {"OPS-D004": "note"}
    theirs = found(tmp_path, {"app.py": PG})
    assert {code: f.severity for (code, _, _), f in theirs.items()} == {"OPS-D004": "warning"}


PLAIN_MYSQL = "CREATE DATABASE IF NOT EXISTS shop;\nUSE shop;\nCREATE TABLE t (id INT PRIMARY KEY);\n"


@pytest.mark.parametrize("text", [PLAIN_MYSQL, PLAIN_MYSQL.partition("\n")[2]], ids=["makes its database", "chooses one"])
def test_mysql_is_known_by_how_it_chooses_a_database(tmp_path, text):
    survey = platform(tmp_path, {"schema.sql": text, "app.js": "require('mysql2')"})
    assert [f.code for f in rules.check(survey).findings] == ["OPS-D004"]
    assert schema_files(survey.tree) == []


def test_a_template_is_unresolved_and_no_fault(tmp_path):
    checked = rules.check(platform(tmp_path, {"schema.sql": "CREATE TABLE t (id {{ type }}, at TIMESTAMPTZ);\n"}))
    assert not checked.findings and len(checked.unresolved) == 1


def test_a_fix_mends_the_file_and_finds_nothing_afterwards(tmp_path):
    text = "CREATE TABLE a (\n  id SERIAL,\n  name TEXT, -- who\n  INDEX i (name),\n);\n"
    survey = platform(tmp_path, {"schema.sql": text})
    settled = settle(fix.plan(survey, rules.check(survey)), survey.tree.read)
    assert [r.after for r in settled.rewrites] == [b"CREATE TABLE a (\n  id SERIAL,\n  name TEXT -- who\n);\nCREATE INDEX a_i_idx ON a (name);\n"]
    (tmp_path / "schema.sql").write_bytes(settled.rewrites[0].after)
    again = platform(tmp_path, {})
    assert rules.check(again).findings == () and not fix.plan(again, rules.check(again))


def test_what_cannot_be_mended_is_skipped_with_its_reason(tmp_path):
    survey = platform(tmp_path, {"schema.sql": "CREATE TABLE a (id SERIAL, t TEXT, FULLTEXT KEY f (t));\n"})
    plan = fix.plan(survey, rules.check(survey))
    assert not plan.changes and "FULLTEXT" in plan.skipped[0].reason


def test_a_url_is_mended_in_its_place_and_shown_nowhere(tmp_path):
    survey = platform(tmp_path, {".env": "A=1\nDATABASE_URL='postgresql://app:hunter22@x@127.0.0.1/app'  # mine\nB=2\n"})
    checked = rules.check(survey)
    settled = settle(fix.plan(survey, checked), survey.tree.read)
    assert settled.rewrites[0].after == b"A=1\nDATABASE_URL=postgresql://app:hunter22%40x@127.0.0.1/app  # mine\nB=2\n"
    assert all("hunter22" not in f"{f.message} {f.help} {dict(f.data)}" for f in checked.findings)


CONNECTS = {
    "at the top": ("conn = psycopg2.connect(dsn)", True),
    "in a with at the top": ("with psycopg2.connect(dsn) as conn:\n    pass", True),
    "in a function": ("def f():\n    return psycopg2.connect(dsn)", False),
    "caught": ("try:\n    conn = psycopg2.connect(dsn)\nexcept Exception:\n    conn = None", False),
    "when run": ("if __name__ == '__main__':\n    psycopg2.connect(dsn)", False),
    "in a lambda": ("get = lambda: psycopg2.connect(dsn)", False),
    "another module's connect": ("conn = sqlite3.connect(dsn)", False),
}


@pytest.mark.parametrize("code, early", CONNECTS.values(), ids=CONNECTS)
def test_a_connection_at_import_is_told(tmp_path, code, early):
    files = {"app.py": f"import sqlite3\nimport psycopg2\n\ndsn = ''\n{code}\n", "schema.sql": USERS}
    assert ("OPS-D009" in {f.code for f in rules.check(platform(tmp_path, files)).findings}) is early


def test_a_name_dropped_on_the_way_is_free_again(tmp_path):
    text = "CREATE OR REPLACE VIEW v AS SELECT 1 AS a;\nDROP VIEW v;\nCREATE VIEW v AS SELECT 2 AS b;\nCREATE TABLE t (i SERIAL);\n"
    assert found(tmp_path, {"schema.sql": text}) == {}


def test_types_of_mysql_wait_for_review(tmp_path):
    text = "# mine\nCREATE TABLE a (\n  id INT AUTO_INCREMENT PRIMARY KEY,\n  m JSONB,\n  KEY (id)\n);\nINSERT INTO `a` (`id`) VALUES (1);\n"
    survey = platform(tmp_path, {"schema.sql": text})
    checked = rules.check(survey)
    assert {f.fix for f in checked.findings if f.code == "OPS-D003"} == {"review"}
    assert fix.plan(survey, checked).held_back >= 3
    settled = settle(fix.plan(survey, checked, review=True), survey.tree.read)
    (tmp_path / "schema.sql").write_bytes(settled.rewrites[0].after)
    assert rules.check(platform(tmp_path, {})).findings == ()


@pytest.mark.parametrize("value", ["1", "[1]", "{ a = 1 }"], ids=["number", "list of numbers", "table"])
def test_a_schema_setting_of_the_wrong_type_is_told(tmp_path, value):
    with pytest.raises(OpskitError, match="wrong type"):
        found(tmp_path, {"opskit.toml": f"version = 1\n[database]\nschema = {value}\n"})
