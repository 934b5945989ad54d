import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from opskit.core.place import Lines
from opskit.core.secret import Redactor
from opskit.report.excerpt import WIDTH, excerpt
from opskit.report.text import render
from tests.report.samples import TOKEN, sample

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "more", "colour"), [("plain", {}, False), ("colour", {}, True), ("diff", {"diff": True}, False), ("whole", {"whole": True}, False)])
def test_the_screen_is_as_agreed(name, more, colour):
    screen = render(sample(**more), Redactor(), colour)
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
