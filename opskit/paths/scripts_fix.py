"""Batch files, shell scripts and compose files: the folder's name to its variable, by byte span, and the line that gives it a fallback."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from opskit.core.change import FileEdit
from opskit.paths.batch_words import hindered, value_of
from opskit.paths.facts import How, Rewritten, Root, Sighting
from opskit.paths.grammar import key, owner, rest_of, split
from opskit.paths.languages import SCRIPTS
from opskit.paths.shell_words import HEREDOC, quoting

_START = re.compile(rb"\bstart\s+(?:/\w+\s+)*$", re.I)
_REMOTE = re.compile(rb"\bssh\b[^|;&]*$")
_WSL = re.compile(rb"\b(?:wsl|bash|sh|ubuntu\d*)(?:\.exe)?\b", re.I)
_OWN_MEANING = "the script gives this name a meaning of its own"


def rewrite_script(path: str, data: bytes, chosen: Sequence[Sighting], roots: Sequence[Root], how: How) -> Rewritten:
    """The edits of one file as one group; what cannot be proved to mean the same folder is left with its reason."""
    language = chosen[0].language if chosen else ""
    edits, left, used, quotes = list[FileEdit](), list[tuple[Sighting, str]](), dict[str, Root](), dict[int, None]()
    for one in chosen:
        found = owner(one.value, roots)
        rest = rest_of(one.spelled, found[0].prefix) if found else None
        reason = _refused(path, data, one, found, rest, language)
        if found is None or rest is None or reason:
            left.append((one, reason or "its folder is not spelled out"))
            continue
        start, end = _span(data, one, rest, language)
        spelled = _SPELLED[language](data, start, found[0], rest, path, how)
        used.setdefault(found[0].variable, found[0])
        edits.append(_edit(path, data, start, end, spelled, f"{found[0].variable} instead of one machine's folder"))
        quotes |= dict.fromkeys((value_of(data, start) or ()) if language == "batch" else ())
    edits += [_edit(path, data, at, at, b'"', "quotes, for a folder may hold any sign") for at in quotes]
    return Rewritten((*_head(path, data, used, language, how), *edits), left)


def _span(data: bytes, one: Sighting, rest: str, language: str) -> tuple[int, int]:
    """A shell's word between single quotes with them, where double ones mean the same."""
    start, end = one.place.start, one.place.end
    return (start - 1, end + 1) if language == "shell" and quoting(data, start) == "'" else (start, end)


def _refused(path: str, data: bytes, one: Sighting, found: tuple[Root, tuple[str, ...]] | None, rest: str | None, language: str) -> str:
    if found is None or rest is None:
        return "its folder is not spelled out"
    root = found[0]
    if key(root.prefix + rest) != key(one.value):
        return "it would not mean the same folder"
    if language == "shell":
        if not path.lower().endswith(tuple(f".{end}" for end in SCRIPTS["shell"])):
            return "not a script by its name: nothing says where its first line may go"
        if any(match.start() < one.place.start < match.end() for match in HEREDOC.finditer(data)):
            return "in a here-document"
        if reason := _unquoted(data, one, rest):
            return reason
    if language == "batch" and split(one.value).flavour == "posix" and _WSL.search(_line(data, one.place.start)):
        return f"a command for WSL, which spells folders its own way: `wslpath` there makes it of %{root.variable}%"
    if language == "batch" and data[one.place.end : one.place.end + 1] == b'"' and not _line(data, one.place.start).count(b'"') % 2:
        return "quotes stand in the middle of it"
    if language == "batch" and (reason := hindered(data, one.place.start, one.place.end)):
        return reason
    if language == "batch" and re.search(rb"^\s*@?set\s+\"?%b=(?!%%?%b)" % ((root.variable.encode(),) * 2), data, re.M | re.I):
        return _OWN_MEANING
    if language == "shell" and re.search(rb"^\s*(?:export\s+)?%b=" % root.variable.encode(), data, re.M):
        return _OWN_MEANING
    return ""


def _unquoted(data: bytes, one: Sighting, rest: str) -> str:
    """Why a variable would not mean the folder where the path is quoted as it is."""
    start, end, quote = one.place.start, one.place.end, quoting(data, one.place.start)
    if quote == "'" and not (data[start - 1 : start] == b"'" == data[end : end + 1] and re.fullmatch(r"[\w./\\ -]*", rest)):
        return "between single quotes, in what another program reads: no variable is put in there"
    return "a command for another machine" if quote == '"' and _REMOTE.search(_line(data, start)) else ""


def _line(data: bytes, start: int) -> bytes:
    """What stands before a place on its line."""
    return data[data.rfind(b"\n", 0, start) + 1 : start]


def _batch(data: bytes, start: int, root: Root, rest: str, path: str, how: How) -> bytes:
    new = _bytes(f"%{root.variable}%{rest.replace('/', chr(92))}")
    line = _line(data, start)
    if line.count(b'"') % 2 or line.endswith((b"=", b"'", b"`")) or value_of(data, start):
        return new
    return (b'"" "' if _START.search(line) else b'"') + new + b'"'


def _shell(data: bytes, start: int, root: Root, rest: str, path: str, how: How) -> bytes:
    rest = re.sub(r"\\+", "/", rest)
    if data[start : start + 1] == b"'":
        return _bytes(f'"${{{root.variable}}}{rest}"')
    return _bytes(f"${{{root.variable}}}{rest}" if quoting(data, start) == '"' else f'"${{{root.variable}}}"{rest}')


def _compose(data: bytes, start: int, root: Root, rest: str, path: str, how: How) -> bytes:
    here = posixpath.relpath("/".join(root.home) or ".", posixpath.dirname(path) or ".")
    here = here if here.startswith(".") else f"./{here}"
    fallback = here if how.default == "repo" else root.prefix.replace("\\", "/")
    below = re.sub(r"[\\/]+", "/", rest)
    return _bytes(f"${{{root.variable}:-{fallback}}}{below}")


def _bytes(text: str) -> bytes:
    """As `lines` read it: what is no UTF-8 (a batch file in a code page) goes back as it came."""
    return text.encode("utf-8", "surrogateescape")


_SPELLED = {"batch": _batch, "shell": _shell, "compose": _compose}


def _head(path: str, data: bytes, used: dict[str, Root], language: str, how: How) -> Iterator[FileEdit]:
    """The fallbacks of a script, in front of its first command; a compose file has its own beside each use."""
    eol = "\r\n" if b"\r\n" in data else "\n"
    line_of = {"batch": _batch_line, "shell": _shell_line}.get(language)
    if line_of is None:
        return
    lines = [line for root in used.values() if _bytes(line := line_of(path, data, root, how)) not in data]
    if lines:
        at = _first(data, rb"(?:\xef\xbb\xbf)?(?:[ \t]*@echo off[^\n]*\n)?" if language == "batch" else rb"(?:#![^\n]*\n)?")
        yield _edit(path, data, at, at, _bytes("".join(line + eol for line in lines)), "the folders come from the environment")


def _first(data: bytes, pattern: bytes) -> int:
    begun = re.match(pattern, data, re.I)
    return begun.end() if begun else 0


def _batch_line(path: str, data: bytes, root: Root, how: How) -> str:
    steps = "\\".join([".."] * path.count("/") + list(root.home)) or "."
    if how.default == "repo":  # %%~fI is the folder without its dots: a script compares it with %CD%
        return f'if not defined {root.variable} for %%I in ("%~dp0{steps}") do set "{root.variable}=%%~fI"'
    return f'if not defined {root.variable} set "{root.variable}={root.prefix.replace("/", chr(92))}"'


def _shell_line(path: str, data: bytes, root: Root, how: How) -> str:
    up = "/".join([".."] * path.count("/")) or "."
    here = f'$(CDPATH= cd -- "$(dirname -- "${{BASH_SOURCE:-$0}}")/{up}" && pwd)' + "".join(f"/{step}" for step in root.home)
    fallback = here if how.default == "repo" else root.prefix.replace("\\", "/")
    return f': "${{{root.variable}:={fallback}}}"; export {root.variable}'


def _edit(path: str, data: bytes, start: int, end: int, new: bytes, why: str) -> FileEdit:
    return FileEdit(path, start, end, data[start:end], new, why, f"paths:{path}", "OPS-W001")
