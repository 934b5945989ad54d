"""A service's output on its way to the file and the followers."""

from hypothesis import given
from hypothesis import strategies as st

from opskit.core.secret import Redactor
from opskit.services.logs import KEEP, LONGEST, Log, LogFile, Splitter, clean, names, stored


def log(tmp_path, secrets=(), size=1 << 20):
    told = []
    return Log("api", LogFile(tmp_path / "api.log", size), Redactor(secrets), lambda name, text: told.append(text), lambda: 0.0), told


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_lines_come_out_whole_however_they_came_in(chunks):
    splitter = Splitter()
    out = [splitter.feed(chunk) for chunk in chunks]
    assert all(not piece or piece.endswith(b"\n") for piece in out)
    assert (b"".join(out) + splitter.rest()).removesuffix(b"\n") == b"".join(chunks).removesuffix(b"\n")


def test_an_endless_line_is_cut():
    splitter = Splitter()
    assert splitter.feed(b"x" * (LONGEST + 1)).endswith(b"x\n") and splitter.rest() == b""


def test_a_secret_cut_in_two_by_the_pipe_is_still_masked(tmp_path):
    made, told = log(tmp_path, ["hunter2hunter2"])
    made.feed(b"key=hunter2h")
    made.feed(b"unter2\nnext\n")
    assert told == ["key=[secret]\nnext\n"]
    assert "hunter2" not in (tmp_path / "api.log").read_text()


def test_files_rotate_and_the_oldest_goes(tmp_path):
    made, _ = log(tmp_path, size=200)
    for number in range(60):
        made.feed(f"line {number}\n".encode())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["api.log", *(f"api.log.{n}" for n in range(1, KEEP + 1))]
    assert all(p.stat().st_size <= 200 and p.stat().st_mode & 0o777 == 0o600 for p in tmp_path.iterdir())
    assert [line.text for line in stored(tmp_path, "api", 10)] == [f"line {n}" for n in range(50, 60)]


def test_the_last_lines_of_a_log_that_is_longer_than_a_block(tmp_path):
    made, _ = log(tmp_path, size=1 << 30)
    made.feed("".join(f"{n} {'é' * 50}\n" for n in range(3000)).encode())
    assert [line.text.split()[0] for line in stored(tmp_path, "api", 2)] == ["2998", "2999"]
    assert stored(tmp_path, "api", 0) == [] and list(names(tmp_path)) == ["api"]


def test_colours_stay_and_tricks_on_the_terminal_go():
    assert clean("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[1Ax\x07\rover") == "\x1b[31mred\x1b[0m x\nover"


def test_the_file_has_no_colours_and_what_is_no_utf_8_breaks_nothing(tmp_path):
    made, told = log(tmp_path)
    made.feed(b"\x1b[31mred\x1b[0m \xff\n")
    assert told == ["\x1b[31mred\x1b[0m \ufffd\n"]
    assert stored(tmp_path, "api", 1)[0].text == "red \ufffd"


def test_a_full_disk_loses_lines_and_counts_them(tmp_path, monkeypatch):
    made, told = log(tmp_path)
    monkeypatch.setattr("os.write", lambda *_: (_ for _ in ()).throw(OSError(28, "no space")))
    made.feed(b"a\nb\n")
    assert made.file.lost == 2 and told == ["a\nb\n"]
