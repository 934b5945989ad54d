"""The JavaScript reader: never raises, spans are bytes of the file, names mean the innermost declaration."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.source.javascript import read_javascript
from opskit.source.javascript_names import Names

PIECES = st.sampled_from(["const a = ", "process.env.A", "{", "}", "(", ")", "=>", "`${", "`", "'", '"', "/*", "//", "\n", "\r\n", "é", "function f", "<a>",
                          ";", "import x from 'y'", "class C ", "\\", "\x00", "</script>", "<script>", "[", "]", "?.", "??", "1"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["a.js", "a.ts", "a.tsx", "a.vue", "a.html"]))
def test_no_text_raises_and_every_span_is_inside(text, path):
    data = text.encode()
    source = read_javascript(path, data)
    for node in source.found("string", "call_expression", "variable_declarator"):
        place = source.place(node)
        assert 0 <= place.start <= place.end <= len(data)
    Names(source)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"x" * (2 << 20), b"var a=1;" * 5000, b"\x00"], ids=["UTF-16", "huge", "minified", "binary"])
def test_what_is_left_says_why(data):
    source = read_javascript("a.js", data)
    assert source.root is None and source.error


@pytest.mark.parametrize(("text", "value"), [
    ("'a'", "a"), ('"a\\n"', "a\n"), ("`a`", "a"), ("'\\x41\\u0042\\u{43}'", "ABC"), ("'it\\'s'", "it's"), ("`a${b}`", None), ("'\\u{110000}'", "u{110000}"),
])
def test_values_of_strings(text, value):
    source = read_javascript("a.js", f"f({text})".encode())
    (call,) = source.found("call_expression")
    assert source.string(call.child_by_field_name("arguments").named_children[0]) == value


@pytest.mark.parametrize(("path", "text"), [("a.ts", "const a: number = 1"), ("a.tsx", "const a = <b c={1}>{x as any}</b>"), ("a.js", "const a = <b/>; a?.b ?? c")])
def test_dialects_parse_whole(path, text):
    assert not read_javascript(path, text.encode()).broken


def test_scripts_of_a_component_keep_their_places():
    data = "<p>é</p>\n<script setup lang=\"ts\">\nconst n: number = f()\n</script>\n<script type=\"application/json\">{f()}</script>".encode()
    source = read_javascript("a.vue", data)
    (call,) = source.found("call_expression")
    assert (source.place(call).line, data[call.start_byte : call.end_byte]) == (3, b"f()")


@pytest.mark.parametrize(("text", "kind", "key"), [
    ("const a = 1; use(a)", "const", ()),
    ("const a = 1; function f(a) { use(a) }", "parameter", ("0",)),
    ("const a = 1; { let a = 2; use(a) }", "let", ()),
    ("const { b: { a } } = o; use(a)", "const", ("b", "a")),
    ("const f = ({ a = 1 }) => use(a)", "parameter", ("0", "a")),
    ("function a() {} use(a)", "function", ()),
    ("function f() { var a = 1; { use(a) } }", "var", ()),
])
def test_a_name_means_its_innermost_declaration(text, kind, key):
    source = read_javascript("a.js", text.encode())
    call = next(c for c in source.found("call_expression") if source.text(c).startswith("use"))
    found = Names(source).find("a", call.child_by_field_name("arguments").named_children[0])
    assert (found.kind, found.key) == (kind, key)
