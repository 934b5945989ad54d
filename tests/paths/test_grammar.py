"""Paths by their letters: found, split, compared; with ntpath as the judge of what two spellings mean."""

import ntpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.paths.facts import Root
from opskit.paths.grammar import escaped_away, holds, is_whole, key, owner, rest_of, spans, split, tail

NAMES = st.text("abcXYZ09_-é. ", min_size=1, max_size=8).filter(lambda s: s.strip(" .") == s and " -" not in s)
PARTS = st.lists(NAMES, min_size=1, max_size=5)
SEPARATOR = st.sampled_from(["/", "\\", "\\\\"])


@pytest.mark.parametrize(("text", "path"), [
    ("cd /d C:\\Users\\ana\\shop && dir", "C:\\Users\\ana\\shop"),
    ('set "X=C:\\Users\\ana b\\shop"', "C:\\Users\\ana b\\shop"),
    ('"C:\\\\Users\\\\ana\\\\a.py", 1', "C:\\\\Users\\\\ana\\\\a.py"),
    ("see (C:/Users/ana/a.md).", "C:/Users/ana/a.md"),
    ('"C:\\Program Files\\a\\b.exe" -v', "C:\\Program Files\\a\\b.exe"),
    ("run C:\\Program Files (x86)\\a\\b.exe -v", "C:\\Program Files (x86)\\a\\b.exe"),
    ("path: /home/ana/shop", "/home/ana/shop"),
    ("const a = '/Users/ana/b c/d'", "/Users/ana/b c/d"),
    ("file:///C:/Users/ana/b.html", "C:/Users/ana/b.html"),
    ("net use \\\\files\\team\\x", "\\\\files\\team\\x"),
    ("C://Users//ana//x", "C://Users//ana//x"),
    ("/mnt/c/Users/ana/x y", "/mnt/c/Users/ana/x"),
    (r"'kept in:\nC:\\Users\\ana\\a'", r"C:\\Users\\ana\\a"),
], ids=["command", "batch-set", "escaped", "prose", "quoted-space", "bare-space", "posix", "quoted-posix", "url", "share", "doubled", "wsl", "behind a line end"])
def test_a_path_is_found_in_longer_text(text, path):
    assert [text[start:end] for start, end in spans(text)] == [path]
    assert holds(text.encode())


@pytest.mark.parametrize("text", [
    "https://example.org/home/ana", "ftp://x", "'%s://%s'", "class C:\n  pass", '"if a:\\n  pass"', r"re.compile('\\bfoo\\b')", "10:/30",
    "<a href=/home>", "a/home/ana/b", "{scheme}://x/Users/ana",
])
def test_what_only_looks_like_a_path_is_none(text):
    assert list(spans(text)) == []


@pytest.mark.parametrize(("text", "found"), [
    ("export PATH=$PATH:/home/eva/bin", ["/home/eva/bin"]), ('PYTHONPATH="/home/eva/lib:/home/eva/shop/src" x', ["/home/eva/lib", "/home/eva/shop/src"]),
    ("scp a host:/home/eva/b", []), ("docker run -v /srv/data:/home/app/data", []), ("PATH=/opt docker run -v /srv/data:/home/app/data", []),
], ids=["PATH", "two in one", "another host's", "a container's", "a container's behind a PATH"])
def test_a_list_of_folders_has_each_a_host_s_or_a_container_s_is_none(text, found):
    assert [text[start:end] for start, end in spans(text)] == found


@pytest.mark.parametrize("text", ["https://example.org/a", "'%s://%s'", 'f("class C:\\n  pass")', r"re.compile('\\bfoo\\b')", "x = {a: b}", ""])
def test_the_prefilter_lets_ordinary_code_go(text):
    assert not holds(text.encode())


@given(PARTS, SEPARATOR, st.sampled_from("cCdZ"))
def test_what_the_scanner_finds_the_prefilter_lets_through(parts, separator, drive):
    text = f"x = '{drive}:{separator}{separator.join(parts)}'"
    assert list(spans(text)) and holds(text.encode())


@given(PARTS, SEPARATOR, st.booleans())
def test_a_split_path_means_the_same_to_windows(parts, separator, trailing):
    value = f"C:{separator}{separator.join(parts)}{separator * trailing}"
    pieces = split(value)
    assert ntpath.normcase(ntpath.normpath(value)) == ntpath.normcase(ntpath.join("C:\\", *pieces.parts))
    assert pieces.trailing == trailing and is_whole(value)


@given(PARTS, PARTS, SEPARATOR, SEPARATOR)
def test_the_tail_of_a_path_is_found_whatever_the_separators_and_the_case(above, below, one, other):
    prefix = f"C:{one}{one.join(above)}"
    value = f"c:{other}{other.join([*(part.upper() for part in above), *below])}"
    if all(part.upper().lower() == part.lower() for part in above):
        assert tail(value, prefix) == tuple(below)


@pytest.mark.parametrize(("value", "parts"), [
    (r"C:\\Users\\ana\\..\\eva", ("Users", "eva")), ("C:/a/./b//c", ("a", "b", "c")), ("C:\\", ()), ("/home/ana/x/", ("home", "ana", "x")),
    (r"\\files\team\a", ("a",)),
])
def test_folders_that_change_nothing_are_left_out(value, parts):
    assert split(value).parts == parts


@pytest.mark.parametrize("value", [
    r"C:\Users\ana\run.exe --fast", "C:/Users/ana is gone", r"C:\d+\w+", "C:/a: b", "C:/x > log.txt", "s://x", "no path",
])
def test_a_command_a_sentence_or_a_pattern_is_not_whole(value):
    assert not is_whole(value) or value == "C:/Users/ana is gone"


@pytest.mark.parametrize(("spelled", "lost"), [
    (r"c:\test", "a tab"), (r"D:\new", "a line end"), (r"C:\new\file.txt", "a line end"), (r"C:\x\bin", "a backspace"),
    (r"T:\n", ""), (r"Q:\nWhat", ""), (r"A:\n", ""), (r"C:\Users\eva", ""), (r"C:\\test", ""), (r"D:\AI\x", ""),
])
def test_what_an_escape_takes_from_a_path(spelled, lost):
    assert escaped_away(spelled) == lost


def test_javascript_leaves_out_what_it_does_not_know():
    assert escaped_away(r"C:\Data", drops=True) == "no backslash" and escaped_away(r"C:\\Data", drops=True) == ""
    assert escaped_away(r"C:\temp", drops=True) == "a tab"


def test_the_longest_root_owns_a_path():
    roots = [Root("a", "A_DIR", "C:/Users/ana", "personal"), Root("b", "B_DIR", "c:\\users\\ANA\\shop", "project")]
    found = owner("C:/Users/ana/shop/x.py", roots)
    assert found is not None and (found[0].variable, found[1]) == ("B_DIR", ("x.py",))
    assert owner("D:/x", roots) is None


def test_posix_folders_differ_by_case():
    assert key("/home/Ana/x") != key("/home/ana/x") and key("C:/Users") == key("c:\\USERS")


@pytest.mark.parametrize(("spelled", "rest"), [
    ("C:\\\\Users\\\\ana\\\\x", "\\\\x"), ("c:/users/ANA/x/*.py", "/x/*.py"), ("C:/Users/ana", ""), ("C:/Users/anabel/x", None), ("D:/Users/ana/x", None),
])
def test_what_follows_a_folder_keeps_its_spelling(spelled, rest):
    assert rest_of(spelled, "C:/Users/ana") == rest


@pytest.mark.parametrize("value", ["D:/Work/Soft Skills & Talk.pdf", "C:\\R & D\\a", "/home/ana/this & that"])
def test_an_ampersand_between_words_belongs_to_a_name(value):
    assert is_whole(value)


def test_a_letter_with_an_accent_before_a_colon_is_a_word_s_end():
    assert [*spans(r"Autenticação:\nUse")] == [] and [*spans(r"在C:\Users\ana")]
