"""Packages declared in TOML, with spans in the file as it lies on disk."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.source.pyproject import read_pipfile, read_pyproject
from opskit.source.toml_array import find_array

PROJECT = b"""# ours
[project]
name = "My_Shop"
dependencies = [
    "flask>=3",  # a "quoted" word and a ]
    'stripe',
]

[project.optional-dependencies]
excel = ["openpyxl"]

[dependency-groups]
dev = ["pytest>=8", {include-group = "docs"}]
docs = ["mkdocs"]
"""


def spelled(data, requirement):
    return data[requirement.place.start : requirement.place.end].decode()


def test_pep_621_and_735_with_their_spans():
    found = read_pyproject("pyproject.toml", PROJECT)
    assert [(r.name, r.group) for r in found.requirements] == [
        ("flask", ""),
        ("stripe", ""),
        ("openpyxl", "excel"),
        ("pytest", "dev"),
        ("mkdocs", "docs"),
    ]
    assert [spelled(PROJECT, r) for r in found.requirements] == ['"flask>=3"', "'stripe'", '"openpyxl"', '"pytest>=8"', '"mkdocs"']
    assert found.project == "my-shop" and PROJECT[found.end : found.end + 1] == b"]"


@pytest.mark.parametrize(
    ("version", "specifier"),
    [
        ('"^1.2.3"', "<2,>=1.2.3"),
        ('"^0.3"', "<0.4,>=0.3"),
        ('"~1.4"', "<1.5,>=1.4"),
        ('"*"', ""),
        ('"2.0"', "==2.0"),
        ('">=1,<3"', "<3,>=1"),
        ('{version = "^2", extras = ["a"]}', "<3,>=2"),
        ('{git = "https://example.org/x.git"}', ""),
    ],
)
def test_poetry_s_own_notation(version, specifier):
    data = f'[tool.poetry.dependencies]\npython = "^3.11"\nthing = {version}\n'.encode()
    (found,) = read_pyproject("pyproject.toml", data).requirements
    assert (found.name, found.specifier, found.place.line) == ("thing", specifier, 3)


def test_a_pipfile():
    data = b'[packages]\nFlask = "*"\n\n[dev-packages]\npytest = ">=8"\n'
    assert [(r.name, r.group, spelled(data, r)) for r in read_pipfile("Pipfile", data).requirements] == [
        ("flask", "", 'Flask = "*"'),
        ("pytest", "dev", 'pytest = ">=8"'),
    ]


def test_what_is_not_toml_says_so():
    assert "not TOML" in read_pyproject("pyproject.toml", b"[project\n").error


@pytest.mark.parametrize(
    "text",
    [
        "project = 3",
        "[project]\ndependencies = 'flask'\ndynamic = 1\noptional-dependencies = []",
        "[dependency-groups]\na = 1\nb = [1, []]",
        "[tool.poetry.dependencies]\nx = 5\ny = [{version = '1'}]\nz = {extras = 'e', version = 3}",
        "[tool]\npoetry = 1",
    ],
)
def test_other_shapes_than_the_standards_do_no_harm(text):
    assert not read_pyproject("pyproject.toml", text.encode()).error


def test_dependencies_that_a_tool_fills_are_not_added_to():
    assert read_pyproject("pyproject.toml", b'[project]\nname = "a"\ndynamic = ["dependencies"]\n').end == -1


@given(
    st.lists(st.text(alphabet="abc-[]#,= \t", max_size=6), max_size=5), st.sampled_from(["", "\n  ", "\r\n    ", " # [\n"]), st.booleans()
)
def test_spans_agree_with_what_toml_says(items, gap, literal):
    quote = "'" if literal else '"'
    array = "[" + gap + ("," + gap).join(f"{quote}{item}{quote}" for item in items) + gap + "]"
    data = f"[a]\nx = 1\n[project]\ndependencies = {array}\n[b]\n".encode()
    found = find_array(data, "project", "dependencies")
    assert [data[s + 1 : e - 1].decode() for s, e in found.items] == tomllib.loads(data.decode())["project"]["dependencies"]
