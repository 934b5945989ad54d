"""Each language's paths: where, as what, and how they stand. Every file is read from disk, none is run."""

import json

import pytest

from opskit.paths.javascript import read_javascript_paths
from opskit.paths.lines import read_lines
from opskit.paths.notebook import read_notebook
from opskit.source.javascript import read_javascript


def script(text, path="a.js"):
    return read_javascript_paths(read_javascript(path, text.encode()))


@pytest.mark.parametrize(("text", "form", "fix"), [
    ("const A = 'C:/Users/ana/shop/a.json';", "assignment", "safe"),
    ("fs.readFileSync('C:\\\\Users\\\\ana\\\\a')", "open", "safe"),
    ("start('C:/Users/ana/a')", "argument", "safe"),
    ("path.join('C:/Users/ana', x)", "join", "safe"),
    ("const a = ['C:/Users/ana/a'];", "list-element", "safe"),
    ("const a = {b: 'C:/Users/ana/a'};", "dict-value", "safe"),
    ("f('C:/Users/ana/' + name)", "concat", "safe"),
    ("const a = `C:/Users/ana/${name}.json`;", "f-string", "review"),
    ("const a = process.env.DATA || 'C:/Users/ana/a';", "env-fallback", "none"),
    ("const a = {'C:/Users/ana/a': 1};", "dict-key", "none"),
    ("if (x === 'C:/Users/ana/a') {}", "comparison", "none"),
    ("switch (x) { case 'C:/Users/ana/a': f() }", "match", "none"),
    ("console.log('kept in C:/Users/ana/a')", "message", "none"),
    ("exec('cd C:\\\\Users\\\\ana && dir')", "command", "none"),
    ("require('C:/Users/ana/a')", "command", "none"),
    ("const u = 'file:///C:/Users/ana/a.html';", "url", "none"),
    ("app.get('/home/ana/cart', show)", "url", "none"),
    ("// see C:/Users/ana/a", "comment", "none"),
])
def test_a_literal_of_javascript_has_a_form(text, form, fix):
    (one,) = script(text)
    assert (one.form, one.fix) == (form, fix) and bool(one.reason) == (fix == "none")


def test_a_literal_s_value_is_what_the_program_means():
    (one,) = script("const a = \"C:\\\\Users\\\\ana\\\\b\";")
    assert one.value == "C:\\Users\\ana\\b" and one.spelled == "C:\\\\Users\\\\ana\\\\b" and one.whole


def test_the_place_spans_the_literal_with_its_quotes():
    text = "const é = 'C:/Users/ana/a';"
    (one,) = script(text)
    assert text.encode()[one.place.start : one.place.end] == b"'C:/Users/ana/a'"


def test_an_escape_in_javascript_is_a_defect():
    (one,) = script(r"const a = 'c:\test';")
    assert one.defect == "a tab" and one.fix == "none"


def test_scripts_of_a_page_are_read_and_its_text_is_markup():
    found = script("<p>C:/Users/ana/a</p>\n<script>const a = 'C:/Users/ana/b';</script>", "a.html")
    assert [one.form for one in found] == ["markup", "assignment"] and found[1].fix == "none"


def test_typescript_types_stay():
    (one,) = script("type A = 'C:/Users/ana/a';", "a.ts")
    assert one.form == "annotation"


@pytest.mark.parametrize(("language", "line", "form"), [
    ("batch", "cd /d C:\\Users\\ana\\a", "command"), ("batch", "REM C:\\Users\\ana\\a", "comment"), ("batch", ":: C:\\Users\\ana\\a", "comment"),
    ("batch", "echo C:\\Users\\ana\\a", "message"), ("batch", 'set "A=C:\\Users\\ana\\a"', "assignment"),
    ("batch", 'if not defined A set "A=C:\\Users\\ana\\a"', "env-fallback"), ("batch", "echo x> C:\\Users\\ana\\a", "command"),
    ("shell", "cd /home/ana/a", "command"), ("shell", "A=/home/ana/a", "assignment"), ("shell", "export A='/home/ana/a'", "assignment"),
    ("shell", "# /home/ana/a", "comment"), ("shell", "ls -l # /home/ana/a", "comment"), ("shell", 'B="${A:-/home/ana/a}"', "env-fallback"),
    ("powershell", "$a = \"C:\\Users\\ana\\a\"", "assignment"), ("powershell", "Write-Host C:\\Users\\ana\\a", "message"),
    ("json", '{"a": "C:\\\\Users\\\\ana\\\\a"}', "value"), ("yaml", "a: C:/Users/ana/a", "value"), ("yaml", "# C:/Users/ana/a", "comment"),
    ("toml", 'a = "C:/Users/ana/a"', "value"), ("ini", "a=C:\\Users\\ana\\a", "value"), ("ini", "; C:\\Users\\ana\\a", "comment"),
    ("dotenv", "A=C:/Users/ana/a", "value"), ("compose", "      - C:/Users/ana/a:/a", "value"), ("text", "in C:/Users/ana/a there", "text"),
    ("go", 'x := "C:/Users/ana/a"', "argument"), ("go", "// C:/Users/ana/a", "comment"), ("html", "<!-- C:/Users/ana/a -->", "comment"),
    ("visual-basic", "' C:\\Users\\ana\\a", "comment"), ("xml", "<a>C:\\Users\\ana\\a</a>", "value"),
])
def test_a_path_of_a_line_has_a_form(language, line, form):
    (one,) = read_lines("f", f"first\n{line}\n".encode(), language)
    assert (one.form, one.place.line) == (form, 2) and one.value.replace("\\", "/").lower().endswith("/ana/a")
    assert bool(one.reason) == (one.fix == "none")


def test_cd_of_windows_takes_the_rest_of_its_line():
    (one,) = read_lines("a.bat", b"cd /d C:\\Users\\ana\\My Shop & dir\r\n", "batch")
    assert one.value == "C:\\Users\\ana\\My Shop"


@pytest.mark.parametrize("text", ["é C:/Users/ana/ü", "\ufeffx C:/Users/ana/ü", "a\nß C:/Users/ana/ü\n"])
def test_spans_are_bytes_whatever_stands_before(text):
    data = text.encode()
    (one,) = read_lines("a.txt", data, "text")
    assert data[one.place.start : one.place.end].decode() == one.value == "C:/Users/ana/ü"


def test_utf_16_of_windows_is_read_and_never_rewritten():
    data = b"\xff\xfe" + "cd C:\\Users\\ana\\a\r\n".encode("utf-16-le")
    (one,) = read_lines("a.bat", data, "batch")
    assert one.value == "C:\\Users\\ana\\a" and data[one.place.start : one.place.end].decode("utf-16-le") == one.value and one.fix == "none"


def test_powershell_tells_code_from_comments_and_messages():
    text = b"<#\n C:\\Users\\ana\\a\n#>\n$x = \"C:\\Users\\ana\\my docs\\b\"\nSet-Location C:\\Users\\ana\\c # C:\\Users\\ana\\d\nWrite-Host 'C:\\Users\\ana\\e'\n"
    found = read_lines("a.ps1", text, "powershell")
    assert [one.form for one in found] == ["comment", "assignment", "command", "comment", "message"] and found[1].value.endswith("my docs\\b")
    assert all("by hand" in one.reason for one in found[1:3])


def test_a_notebook_tells_the_cell_and_leaves_out_what_was_printed():
    data = b"""{"cells": [
 {"cell_type": "markdown", "source": ["open C:/Users/ana/a"]},
 {"cell_type": "code", "source": ["x = 1\\n", "p = 'C:\\\\\\\\Users\\\\\\\\ana\\\\\\\\b'\\n", "# C:/Users/ana/c"],
  "outputs": [{"text": ["C:/Users/ana/d"]}]}
]}"""
    found = read_notebook("a.ipynb", data)
    assert [(one.form, one.note) for one in found] == [
        ("text", "cell 1, line 1"), ("cell", "cell 2, line 2"), ("comment", "cell 2, line 3"), ("text", "what cell 2 printed")]
    assert found[1].value == "C:\\Users\\ana\\b"


@pytest.mark.parametrize(("source", "value", "note"), [
    ("import os\n\nx = open(\"C:\\\\Users\\\\ana\\\\new.csv\")\n", "C:\\Users\\ana\\new.csv", "cell 1, line 3"), ("%cd C:\\Users\\ana\\n\n!dir", "C:\\Users\\ana\\n", "cell 1, line 1"),
    (["x = 1\n", "\n", "y = r'\\\\srv\\d\\a'"], "\\\\srv\\d\\a", "cell 1, line 3"), (["!dir C:/Users/ana/a\n", "x"], "C:/Users/ana/a", "cell 1, line 1"),
])
def test_a_notebook_s_path_ends_where_its_line_does(source, value, note):
    data = json.dumps({"cells": [{"cell_type": "code", "source": source}]}).encode()
    (one,) = read_notebook("a.ipynb", data)
    assert (one.value, one.note, one.form) == (value, note, "cell") and data[one.place.start : one.place.end].decode() == one.spelled


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe\x00", b"C:/Users/ana/a", b"[1, 2", b"\x00C:/x/y"])
def test_no_bytes_are_too_odd_for_a_notebook(data):
    assert isinstance(read_notebook("a.ipynb", data), tuple)


def test_opskit_s_own_files_and_links_are_left_out(platform):
    platform.lay({"opskit.toml": "version = 1\n[paths.roots]\nBASE_DIR = 'C:/Users/ana/shop'\n", "a.txt": "C:/Users/ana/shop/a"})
    (platform.root / "b.txt").symlink_to("a.txt")
    assert [one.place.path for one in platform.paths.sightings] == ["a.txt"]


def test_dependencies_and_pictures_are_not_read(platform):
    platform.lay({"node_modules/a/i.js": "x = 'C:/Users/ana/a'", "a.png": "C:/Users/ana/a", "styles.css": "/* C:/Users/ana/a */"})
    assert platform.paths.sightings == ()


@pytest.mark.parametrize(("language", "line", "value"), [
    ("yaml", "db: C:/Users/ana/My Shop/a b.db  # the till", "C:/Users/ana/My Shop/a b.db"), ("yaml", "- /home/ana/My Shop", "/home/ana/My Shop"),
    ("ini", "folder = C:\\Users\\ana\\My Shop", "C:\\Users\\ana\\My Shop"), ("dotenv", "A=C:/Users/ana/My Shop", "C:/Users/ana/My Shop"),
    ("yaml", "run: C:/Users/ana/a.bat --all", "C:/Users/ana/a.bat"), ("yaml", "run: cd C:/Users/ana/a b", "C:/Users/ana/a"),
    ("ini", "a = C:/Users/ana/a, D:/b", "C:/Users/ana/a"),
])
def test_a_value_without_quotes_ends_with_its_line(language, line, value):
    assert read_lines("f", f"{line}\n".encode(), language)[0].value == value


@pytest.mark.parametrize("text", [r'{"a": "as e:\n85 more"}', r'{"a": "x: y\nnamed o:\nUse it"}'])
def test_a_line_end_of_json_behind_a_colon_is_no_drive(text):
    assert read_lines("a.json", text.encode(), "json") == ()
