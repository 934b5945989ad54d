"""Values put into a dotenv file by span: every other byte, comment and line ending stays."""

from collections.abc import Mapping

from opskit.core.change import FileCreate, FileEdit, appended
from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.source.dotenv import DotenvSource, read_dotenv, spelled


def set_values(path: str, data: bytes | None, values: Mapping[str, str], why: str, group: str = "") -> list[FileEdit | FileCreate]:
    """The last line of a name gets the value, names that have no line get one at the end, an absent file is made with mode 0600.
    Raises OpskitError where the file would not read back so (a quote that is never closed swallows new lines)."""
    if not values:
        return []
    if data is None:
        text = "".join(f"{name}={spelled(value)}\n" for name, value in values.items())
        return [FileCreate(path, text.encode(), why, group, mode=0o600, secret=True)]
    source = read_dotenv(path, data)
    edits, new = list[FileEdit | FileCreate](), list[str]()
    for name, value in values.items():
        if found := source.last(name):
            start, end = found.value_span
            if found.value != value:
                edits.append(FileEdit(path, start, end, data[start:end], spelled(value).encode(), why, group, secret=True))
        else:
            new.append(f"{name}={spelled(value)}\n")
    if new:
        edits.append(appended(path, data, "".join(new), why, group, secret=True))
    _prove(source, edits, values)
    return edits


def _prove(source: DotenvSource, edits: list[FileEdit | FileCreate], values: Mapping[str, str]) -> None:
    data = source.data
    for edit in sorted((e for e in edits if isinstance(e, FileEdit)), key=lambda e: e.start, reverse=True):
        data = data[: edit.start] + edit.new + data[edit.end :]
    after = read_dotenv(source.path, data).values
    if any(after.get(name) != value for name, value in values.items()):
        bad = next((source.place(e.fault_span) for e in source.entries if e.kind == "malformed"), Place(source.path))
        raise OpskitError(f"{bad} holds a quote that is never closed; it would swallow new lines", code="OPS-E004",
                          help="close it, then run this again", place=bad)
