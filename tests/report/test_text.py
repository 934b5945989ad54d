import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from opskit.core.place import Lines
from opskit.core.secret import Redactor
from opskit.report.excerpt import WIDTH, excerpt
from opskit.report.model import Report, Table
from opskit.report.text import render
from opskit.report.wrap import wrap
from tests.report.samples import STANDING, TOKEN, sample

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "more", "colour", "width"), [
    ("plain", {}, False, 80), ("colour", {}, True, 80), ("diff", {"diff": True}, False, 80), ("whole", {"whole": True}, False, 80),
    ("narrow", {}, False, 40), ("many", {"times": 6}, False, 80), ("doctor", {"standing": STANDING}, False, 80),
])
def test_the_screen_is_as_agreed(name, more, colour, width):
    screen = render(sample(**more), Redactor(), colour, width)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("OPSKIT_GOLDEN") == "write":
        path.write_text(screen)
    assert screen == path.read_text()


def test_no_secret_reaches_the_screen():
    assert TOKEN not in render(sample(), Redactor())


def test_plain_output_has_no_control_character():
    assert not {c for c in render(sample(), Redactor()) if c < " "} - {"\n"}


@given(st.text(max_size=300), st.integers(0, 300), st.integers(1, 40))
def test_any_line_of_code_makes_a_printable_excerpt(line, start, length):
    line = line.replace("\n", " ").replace("\r", " ")
    data = line.encode("utf-8", "replace")
    start = min(start, len(data))
    place = Lines(data).place("f", start, min(start + length, len(data)))
    text, caret = excerpt(data.decode("utf-8", "replace"), place, Redactor())
    assert cell_len(text) <= 2 * WIDTH
    assert text.isprintable() or not text
    assert set(caret) <= {" ", "^"}


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_but_one_long_word_is_wider_than_the_terminal(width):
    for line in render(sample(times=6, standing=STANDING), Redactor(), width=width).split("\n"):
        assert cell_len(line) <= width or len(line.split()) == 1, line


def test_names_are_whole_at_80_columns():
    name = "a-service-with-quite-a-long-name-of-its-own"
    table = Table("", ("service", "port", "proposal"), ((name, "5000", "off: " + "what stands in the way is told at length " * 3),))
    assert name in render(Report("init", tables=(table,)), Redactor())


def test_a_command_is_never_broken():
    told = "first something of some length, then run `opskit ports fix --dry-run` and look"
    lines = list(wrap(told, 40, 11, 11))
    assert any("`opskit ports fix --dry-run`" in line for line in lines) and " ".join(" ".join(lines).split()) == told


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12), min_size=1), st.integers(20, 100))
def test_wrapping_keeps_every_word(words, width):
    lines = list(wrap(" ".join(words), width, 10, 4))
    assert " ".join(lines).split() == " ".join(words).split()


def test_a_secret_that_would_be_broken_is_masked_first():
    secret = "correct horse battery staple and a good deal more"
    note = f"the password is {secret} and nothing else, whatever the width of the terminal may be"
    assert "horse" not in render(Report("check", notes=(note,)), Redactor([secret]), width=40)
