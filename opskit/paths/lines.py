"""Paths in everything that is read by its lines: shell, batch, PowerShell, configuration, pages, and code without a reader here."""

import re

from opskit.core.place import Lines
from opskit.paths.facts import Form, Sighting
from opskit.paths.grammar import is_whole, spans
from opskit.paths.languages import role_of

WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_COMMENTS = {
    "batch": re.compile(r"\s*@?(?:rem\b|::)", re.I), "visual-basic": re.compile(r"\s*(?:'|rem\b)", re.I),
    "sql": re.compile(r"\s*--|.*\s--\s"), "powershell": re.compile(r"\s*#|.*\s#\s"),
    "shell": re.compile(r"\s*#|[^\"']*\s#\s"), "ini": re.compile(r"\s*[#;]"),
    "lua": re.compile(r"\s*--"), "matlab": re.compile(r"\s*%"), "autohotkey": re.compile(r"\s*;"), "r": re.compile(r"\s*#"),
    "html": re.compile(r".*<!--(?!.*-->)|\s*(?://|/?\*)"), "xml": re.compile(r".*<!--(?!.*-->)"),
}
_BLOCK = re.compile(r"<#.*?#>", re.S)
_CURLY = ("javascript", "go", "java", "csharp", "php", "rust", "c", "swift", "groovy")
_SLASHED = re.compile(r"\s*(?://|/\*|\*\s)|.*\s//\s")
_HASHED = re.compile(r"\s*#|[^\"']*\s#\s")
_ECHO = re.compile(r"\s*@?(?:\(\s*)?(?:echo\b|printf\b|title\b|write-(?:host|output|verbose|warning)\b|msg\b)[^>|&]*$", re.I)
_ASSIGNED = re.compile(
    r"(?:^\s*(?:(?:if\s.*)?set|export|local|readonly|declare|\$\w+:)?\s*\"?[\$A-Za-z_][\w:.]*\s*=|^\s*setx\s+\w+\s)\s*[\"']?$", re.I)
_FALLBACK = re.compile(r"if\s+not\s+defined\s+(\w+)\s+set\s+\"?\1=$|\$\{\w+:?[-=]$", re.I)
_ESCAPED = re.compile(r"[^\"'][A-Za-z]:\\[nrt](?!\\)")  # JSON's own line end, behind a word's last letter
_CHANGE = re.compile(r"\b(?:cd|chdir|pushd)\s+(?:/d\s+)?$", re.I)
_PLAIN_VALUE = {  # languages whose values stand without quotes, spaces and all, to what ends them
    "yaml": re.compile(r"^\s*(?:-\s+)*(?:[^\s:#'\"]+:\s+)?$"), "ini": re.compile(r"^\s*[^\s=:;#][^=:]*[=:]\s*$"),
    "dotenv": re.compile(r"^\s*(?:export\s+)?\w+\s*=\s*$"),
}
_VALUE_END = re.compile(r"\s[#;]|$")
_COMMAND_END = re.compile(r"[&|<>)\"]")
_LEFT = {
    "powershell": "PowerShell is not rewritten by opskit: write Join-Path $env:NAME by hand",
    "notebook": "a notebook does not know where it lies (it has no __file__): read os.environ in its first cell by hand",
    "json": "JSON knows no variables: the program that reads the file has to join it with the environment's folder",
    "dotenv": "readers of .env differ in what they make of ${NAME}: on another machine give another value",
    "html": "a page in a browser has no environment and no such folder", "text": "a record for people: not rewritten",
}


def read_lines(path: str, data: bytes, language: str) -> tuple[Sighting, ...]:
    """Every path of a file by its letters, in the file's order. Never raises. UTF-16, as Windows' tools write it, is read too; spans are
    bytes of the file as it lies on disk."""
    text, width = _text(data)
    lines, bare, reached, at = Lines(data), _unescaped if role_of(language) != "prose" else _plain, 0, 0
    blocks = [block.span() for block in _BLOCK.finditer(text)] if language == "powershell" else []
    found = list[Sighting]()
    for start, end in spans(text):
        begun = text.rfind("\n", 0, start) + 1
        closed = text.find("\n", begun)
        line = text[begun : closed if closed >= 0 else len(text)].rstrip("\r\n")
        end = _to_end(language, line, start - begun, end - begun) + begun
        if width:
            first, last = 2 + width * start, 2 + width * end
        else:
            at += len(text[reached:start].encode("utf-8", "surrogateescape"))
            reached, first = start, at
            last = first + len(text[start:end].encode("utf-8", "surrogateescape"))
        if language in ("json", "notebook") and _ESCAPED.match(text, max(0, start - 1)):
            continue
        form = "comment" if any(a <= start < b for a, b in blocks) else form_of(language, line, start - begun)
        spelled, reason = text[start:end], reason_of(language, form) or ("UTF-16 is not rewritten" if width else "")
        found.append(Sighting(
            lines.place(path, first, last), bare(spelled), spelled, language, form, "high" if form != "text" else "medium",
            "none" if reason else "safe", reason, whole=form not in ("message", "text"),
        ))
    return tuple(found)


def _to_end(language: str, line: str, start: int, end: int) -> int:
    """`cd` of Windows takes the rest of its line, spaces and all; so does a value without quotes."""
    if language in _PLAIN_VALUE and _PLAIN_VALUE[language].match(line[:start]):
        rest = _VALUE_END.search(line, end)
        whole = line[start : rest.start() if rest else len(line)].rstrip()
        return start + len(whole) if is_whole(whole) and "," not in whole else end
    if language == "batch" and _CHANGE.search(line[:start]):
        rest = _COMMAND_END.search(line, end)
        return len(line[: rest.start() if rest else len(line)].rstrip())
    return end


def _text(data: bytes) -> tuple[str, int]:
    """(text, bytes a character); 0 where that varies."""
    if encoding := WIDE.get(data[:2], ""):
        return data[2:].decode(encoding, "replace"), 2
    return data.decode("utf-8", "surrogateescape"), 0


def _plain(spelled: str) -> str:
    return spelled


def _unescaped(spelled: str) -> str:
    """Doubled backslashes are one folder's separator in every language that doubles them; JSON may escape the slash."""
    unc = spelled.startswith("\\\\")
    collapsed = re.sub(r"\\+", r"\\", spelled).replace("\\/", "/")
    return "\\" + collapsed if unc else collapsed


def form_of(language: str, line: str, column: int) -> Form:
    """How a path at `column` (from 0) of its line stands there."""
    before = line[:column]
    if language in ("text", ""):
        return "text"
    comment = _COMMENTS.get(language, _SLASHED if language in _CURLY else _HASHED)
    if language not in ("json", "notebook") and comment.match(before):
        return "comment"
    if _FALLBACK.search(before):
        return "env-fallback"
    if role_of(language) == "configuration" or language == "dockerfile":
        return "value"
    if language == "notebook":
        return "cell" if not before.rstrip().endswith(("<td>", ">")) else "markup"
    if language == "html":
        return "markup"
    if language == "javascript":
        return "text"
    if language in ("batch", "shell", "powershell"):
        return "message" if _ECHO.match(before) else "assignment" if _ASSIGNED.search(before) else "command"
    return "argument"


def reason_of(language: str, form: Form) -> str:
    """Why such a place is left alone, "" where the room rewrites it."""
    if form == "comment":
        return "a comment: no program reads it"
    if form == "message":
        return "a message for people"
    if form == "env-fallback":
        return "the environment decides already; this is the fallback"
    if language in ("batch", "shell", "compose"):
        return ""
    if language in _LEFT:
        return _LEFT[language]
    return f"{language} is not rewritten by opskit"
