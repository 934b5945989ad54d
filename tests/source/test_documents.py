"""JSON, YAML, Procfile and Dockerfile readers: values with the bytes they stand at; nothing raises."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.source.dockerfile import read_dockerfile
from opskit.source.json_text import read_json
from opskit.source.procfile import read_procfile
from opskit.source.yaml_text import read_yaml, yaml_faults

VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=15)


def plain(found):
    if found.items is not None:
        return {key: plain(value) for key, value in found.items.items()}
    return [plain(part) for part in found.parts] if found.parts is not None else found.value


def scalars(found):
    inner = [*(found.items or {}).values(), *(found.parts or [])]
    return [s for each in inner for s in scalars(each)] if found.items is not None or found.parts is not None else [found]


@settings(max_examples=100, deadline=None)
@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_json_agrees_with_the_standard_library(value, indent, escaped):
    data = json.dumps(value, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    found = read_json("a.json", data)
    assert plain(found) == value
    assert all(json.loads(data[s.start : s.end]) == s.value for s in scalars(found))


@pytest.mark.parametrize("data", [b"", b"{", b"[1", b'{"a" 1', b'{"a": "', b"{} {}", b"\xff", b"[" * 500, b"nope"])
def test_what_is_no_json_is_none(data):
    assert read_json("a.json", data) is None


def test_json_with_comments_and_a_bom():
    data = b'\xef\xbb\xbf{ // one\n "a": [1, /* two */ true,], }'
    assert plain(read_json("tsconfig.json", data)) == {"a": [1, True]}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab:- \n\t#{}[]&*!|>'\"é,?%@", max_size=40))
def test_no_yaml_raises(text):
    read_yaml("a.yml", text.encode())


@pytest.mark.parametrize(("text", "value", "spelled"), [
    ("a: 5000", 5000, b"5000"), ("a: '5000'", "5000", b"'5000'"), ("é: 1\na: yes", True, b"yes"), ("a: 1.5", "1.5", b"1.5"), ("a: !tag x", "x", b"!tag x"),
    ("b: &x { a: 7 }\n<<: *x", 7, b"7"), ("\ufeffa: 5", 5, b"5"),
])
def test_yaml_scalars_and_their_bytes(text, value, spelled):
    found = read_yaml("a.yml", text.encode()).at("a")
    assert (found.value, text.encode()[found.start : found.end]) == (value, spelled)


def test_procfile_lines():
    data = "# é\r\nweb: node x.js  \r\n\nbad line\nworker:a b\n".encode()
    assert [(line.name, line.command, data[line.start : line.end]) for line in read_procfile("Procfile", data)] == [
        ("web", "node x.js", b"node x.js"), ("worker", "a b", b"a b")]


def test_dockerfile_instructions():
    data = b"FROM x\n# c\nCMD [\"node\", \\\n \"a.js\"]\nexpose 80\nENTRYPOINT exec python x.py"
    found = {i.name: i for i in read_dockerfile("Dockerfile", data)}
    assert (found["CMD"].words(), found["EXPOSE"].text, found["ENTRYPOINT"].words()) == (("node", "a.js"), "80", None)
    assert data[found["EXPOSE"].start : found["EXPOSE"].end] == b"80"


def test_aliases_of_aliases_without_end_are_no_document_and_take_no_time():
    lines = ["a: &a [x, x]", *(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefghij", "bcdefghijk", strict=True))]
    assert read_yaml("bomb.yaml", "\n".join(lines).encode()) is None
    assert read_yaml("few.yaml", "\n".join(lines[:3]).encode()) is not None


@pytest.mark.parametrize("text", ["a: " + "[" * 3000 + "]" * 3000, "{" * 3000, "[\n" * 3000, "- " * 3000, "".join(" " * n + "a:\n" for n in range(3000))],
                         ids=["a line of brackets", "braces", "a bracket a line", "dashes", "indents"])
def test_yaml_nested_without_end_is_told_at_once_and_where(text):
    began = time.process_time()
    ((reason, start, _),) = yaml_faults("a.yaml", text.encode())
    assert reason == "nested deeper than 60 levels" and start > 0 and read_yaml("a.yaml", text.encode()) is None
    assert time.process_time() - began < 2


def test_yaml_as_deep_as_people_write_it_is_read():
    text = ("[" * 50 + "]" * 50).encode()
    assert not yaml_faults("a.yaml", text) and read_yaml("a.yaml", text) is not None
