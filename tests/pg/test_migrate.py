"""Numbered files, each once, in order, whoever runs them and however often."""

import threading

import pytest

from opskit.core.errors import OpskitError
from opskit.pg.connect import connect
from opskit.pg.ledger import records
from opskit.pg.migrate import migrate, number_files

FILES = {"001_a.sql": b"CREATE TABLE a (i int);", "2-b.sql": b"INSERT INTO a VALUES (1);", "10_c.sql": b"CREATE INDEX CONCURRENTLY ai ON a (i);", "README.md": b"no"}


def apply(url, files):
    with connect(url) as connection:
        return [m.name for m in migrate(connection, number_files(files))]


def count(url):
    with connect(url) as connection:
        return connection.execute("SELECT count(*) FROM a").fetchone()[0]


def test_each_runs_once_in_the_order_of_its_number(url):
    assert apply(url, FILES) == ["001_a.sql", "2-b.sql", "10_c.sql"]
    assert apply(url, FILES) == [] and count(url) == 1


def test_one_that_fails_leaves_the_ones_before_it(url):
    with pytest.raises(OpskitError, match="nosuch"):
        apply(url, FILES | {"3_x.sql": b"INSERT INTO a VALUES (2); SELECT nosuch;"})
    assert count(url) == 1
    assert apply(url, FILES) == ["10_c.sql"]


BAD = {
    "edited": (FILES | {"001_a.sql": b"CREATE TABLE a (j int);"}, "edited"),
    "before an applied one": (FILES | {"1_5.sql": b"SELECT 1;"}, "same number"),
    "late": ({"000_z.sql": b"SELECT 1;", **FILES}, "comes before"),
}


@pytest.mark.parametrize("files, word", BAD.values(), ids=BAD)
def test_files_that_do_not_add_up_are_refused(url, files, word):
    apply(url, FILES)
    with pytest.raises(OpskitError, match=word):
        apply(url, files)


def test_four_at_once_apply_each_file_once(url):
    done, failed = [], []

    def work():
        try:
            done.extend(apply(url, {k: v for k, v in FILES.items() if k != "10_c.sql"}))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and sorted(done) == ["001_a.sql", "2-b.sql"] and count(url) == 1


def test_the_ledger_keeps_the_text(url):
    apply(url, FILES)
    with connect(url) as connection:
        assert records(connection)["migration", "2-b.sql"].script == "INSERT INTO a VALUES (1);"
