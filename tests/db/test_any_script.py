"""Whatever stands in a .sql file: it is read without an exception, and what a fix writes is one certain thing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.change import FileEdit, Plan
from opskit.core.settle import settle
from opskit.db.schema import read_schema

PARTS = ["CREATE TABLE ", "t ", "`t` ", "u ", "(", ")", ", ", ";", "\n", "a INT", "b TEXT", "INDEX i (a)", "KEY (a)", "UNIQUE KEY (b(3))", "FULLTEXT (b)", "id INT AUTO_INCREMENT",
         " COMMENT 'x'", " ENGINE=InnoDB", "-- it's\n", "# it's\n", "/* ( */", "'", "$$", "ENUM('a')", "c DATETIME ON UPDATE CURRENT_TIMESTAMP", "PRIMARY KEY (a)", "JSONB ", "INSERT INTO t VALUES (1);"]


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_its_edits_fit(text):
    data = text.encode()
    script = read_schema("s.sql", data)
    for repair in script.repairs:
        for edits in (repair.edits, repair.reviewed):
            changes = tuple(FileEdit("s.sql", e.start, e.end, data[e.start : e.end], e.new, "", "g") for e in dict.fromkeys(edits))
            assert not settle(Plan(changes), lambda path: data).dropped


TABLES = st.lists(
    st.sampled_from(["id INT AUTO_INCREMENT PRIMARY KEY", "a VARCHAR(9) COMMENT 'it''s'", "`b` ENUM('x','y')", "c TINYINT(1) UNSIGNED DEFAULT 0", "d DATETIME(3)", "KEY (id)", "KEY k (id)",
                     "UNIQUE KEY (id)", "f INT UNSIGNED"]), unique=True, min_size=1, max_size=9)


@given(TABLES, st.sampled_from(["", " ENGINE=InnoDB", " COMMENT='people'"]), st.sampled_from(["\n  ", " ", "\r\n", " # it's one\n"]))
@settings(max_examples=150, deadline=None)
def test_a_turned_table_has_nothing_of_mysql_left(items, options, gap):
    text = f"CREATE TABLE t ({gap}id2 INT,{gap}" + f",{gap}".join(["m JSONB", *items]) + f"){options};\n"
    if "KEY" in "".join(i.split(" ")[0] for i in items) + text and "id INT AUTO" not in text:
        text = text.replace("(id)", "(id2)")
    data = text.encode()
    script = read_schema("s.sql", data)
    after = data
    for repair in script.repairs:
        edits = sorted(repair.reviewed or repair.edits, reverse=True)
        assert edits, repair.reason
        for edit in edits:
            after = after[: edit.start] + edit.new + after[edit.end :]
    again = read_schema("s.sql", after)
    assert (again.repairs, again.faults, again.foreign) == ((), (), ())
