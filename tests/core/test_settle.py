from hypothesis import given
from hypothesis import strategies as st

from opskit.core.change import FileCreate, FileDelete, FileEdit, Plan
from opskit.core.settle import settle


def edit(path, start, end, old, new, group=""):
    return FileEdit(path, start, end, old, new, "why", group)


def settled(files, *changes, prove=lambda path, before, after: ""):
    return settle(Plan(tuple(changes)), files.get, prove)


def test_edits_of_one_file_are_spliced_by_their_offsets():
    done = settled({"a": b"one two three"}, edit("a", 8, 13, b"three", b"3"), edit("a", 0, 3, b"one", b"1"))
    assert [(r.path, r.after) for r in done.rewrites] == [("a", b"1 two 3")]


def test_an_overlap_drops_the_later_edit_and_its_group_in_another_file():
    done = settled({"a": b"abcdef", "b": b"xyz"}, edit("a", 0, 4, b"abcd", b"A"), edit("a", 2, 6, b"cdef", b"B", "g"), edit("b", 0, 1, b"x", b"X", "g"))
    assert [r.after for r in done.rewrites] == [b"Aef"]
    assert {d.change.path for d in done.dropped} == {"a", "b"}


def test_a_stale_edit_falls_out():
    done = settled({"a": b"new text"}, edit("a", 0, 3, b"old", b"x"))
    assert not done.rewrites and "changed since" in done.dropped[0].reason


def test_a_file_that_fails_its_proof_falls_out_with_its_group():
    done = settled({"a": b"a", "b": b"b", "c": b"c"}, edit("a", 0, 1, b"a", b"!", "g"), edit("b", 0, 1, b"b", b"B", "g"), edit("c", 0, 1, b"c", b"C"),
                   prove=lambda path, before, after: "does not parse" if path == "a" else "")
    assert [r.path for r in done.rewrites] == ["c"]


def test_an_existing_file_is_never_overwritten_by_a_creation():
    done = settled({"a": b"theirs"}, FileCreate("a", b"ours", "why"))
    assert not done.rewrites and done.dropped


def test_an_identical_creation_writes_nothing_and_drops_nothing():
    done = settled({"a": b"same"}, FileCreate("a", b"same", "why"))
    assert not done.rewrites and not done.dropped


def test_a_deletion_beside_an_edit_of_the_same_file_keeps_one_of_them():
    done = settled({"a": b"x"}, edit("a", 0, 1, b"x", b"y"), FileDelete("a", "why"))
    assert len(done.dropped) == 1


@given(st.binary(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6), st.binary(max_size=5)), max_size=8))
def test_whatever_stands_is_applied_and_nothing_else_changes(data, spans):
    edits = [edit("f", s, min(s + n, len(data)), data[s : s + n], new) for s, n, new in spans if s <= len(data)]
    done = settled({"f": data}, *edits)
    standing = sorted((c for c in done.changes), key=lambda c: (c.start, c.end))
    expected, reached = b"", 0
    for c in standing:
        assert c.start >= reached
        expected += data[reached : c.start] + c.new
        reached = c.end
    expected += data[reached:]
    assert expected == (done.rewrites[0].after if done.rewrites else data)
    assert len(standing) + len(done.dropped) == len(set(edits))


def test_several_groups_share_a_file_that_is_not_there_yet():
    done = settled({"a": b"one"}, edit("new", 0, 0, b"", b"head\n"), edit("new", 0, 0, b"", b"x\n", "g"), edit("new", 0, 0, b"", b"y\n", "h"),
                   edit("a", 0, 3, b"two", b"2", "h"))
    assert [(r.path, r.before, r.after) for r in done.rewrites] == [("new", None, b"head\nx\n")]


def test_an_edit_of_bytes_that_are_not_there_falls_out_with_a_missing_file():
    assert not settled({}, edit("gone", 0, 3, b"old", b"new")).rewrites
