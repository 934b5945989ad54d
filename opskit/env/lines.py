"""What the lines of one dotenv file tell by themselves: values that are none, that are weak, that readers take differently."""

import re
from collections.abc import Iterator

from opskit.core.finding import Finding, Severity
from opskit.core.place import Place
from opskit.env.files import EnvFile
from opskit.env.names import VALID, is_database, is_own, is_secret, vendor_key
from opskit.env.values import is_placeholder, mistyped, weakness
from opskit.env.variables import Variable
from opskit.source.dotenv import Entry

COMMAND = re.compile(r"(?<!\\)\$\(")


def line_findings(file: EnvFile, known: dict[str, Variable], node: bool) -> Iterator[Finding]:
    """Findings of one file. `known` are the variables that the code reads; `node` tells whether Node reads dotenv files here."""
    yield from _malformed(file)
    yield from _duplicates(file)
    last = {entry.key: entry for entry in file.source.bindings}
    for entry in last.values():
        variable = known.get(entry.key)
        if finding := _empty(file, entry, variable) or _stand_in(file, entry, variable) or _weak(file, entry):
            yield finding
        elif wrong := mistyped(variable.type if variable else "str", entry.key, entry.value or ""):
            yield told(file, entry, "OPS-E018", "warning", f"{entry.key} {wrong}", "mend the value", 45)
        yield from _dialects(file, entry, node)


def told(file: EnvFile, entry: Entry, code: str, severity: Severity, message: str, help: str, harm: int,
         place: Place | None = None) -> Finding:
    """A finding at a key. `secret` keeps the report from showing the line, whose value may be one."""
    return Finding(code, severity, message, place or file.source.place(entry.key_span), help=help, harm=harm,
                   data={"name": entry.key, "secret": True})


def _malformed(file: EnvFile) -> Iterator[Finding]:
    for entry in file.source.entries:
        if entry.kind == "malformed":
            yield told(file, entry, "OPS-E004", "error", f"this line is not read: {entry.fault}", "write NAME=value, quotes closed", 65,
                       file.source.place(entry.fault_span))
        elif entry.kind == "binding" and entry.value is None:
            what = "a line without `=` sets nothing" if VALID.fullmatch(entry.key) else "this line is not read: no `=` in it"
            yield told(file, entry, "OPS-E004", "error", what, "write NAME=value, or make it a comment with #", 60)
        elif entry.kind == "binding" and not VALID.fullmatch(entry.key):
            yield told(file, entry, "OPS-E004", "warning", "no shell and no container takes a name of this spelling",
                       "use letters, digits and _ only", 30)


def _duplicates(file: EnvFile) -> Iterator[Finding]:
    first = dict[str, Entry]()
    for entry in file.source.bindings:
        if entry.key in first and entry.value is not None:
            same = first[entry.key].value == entry.value
            line = file.source.place(first[entry.key].key_span)
            yield Finding("OPS-E005", "note" if same else "warning", f"{entry.key} is set twice{'' if same else ': the later one wins'}",
                          file.source.place(entry.key_span), help="keep one of the two lines", harm=35, also=(line,),
                          data={"name": entry.key, "secret": True})
        first.setdefault(entry.key, entry)


def _empty(file: EnvFile, entry: Entry, variable: Variable | None) -> Finding | None:
    if entry.value != "" or variable is None or not variable.required or variable.bound:
        return None
    severity: Severity = "error" if variable.running else "note"
    message = f"{entry.key} is empty, and {needed_by(variable)}"
    return told(file, entry, "OPS-E002", severity, message, help_for(entry.key, "put it here"), 58)


def _stand_in(file: EnvFile, entry: Entry, variable: Variable | None) -> Finding | None:
    if not is_placeholder(entry.value or "", is_secret(entry.key)):
        return None
    severity: Severity = "error" if variable and variable.required and variable.running else "warning"
    return told(file, entry, "OPS-E003", severity, f"{entry.key} holds a placeholder, which counts as absent",
                help_for(entry.key, "put it here"), 60)


def _weak(file: EnvFile, entry: Entry) -> Finding | None:
    why = weakness(entry.value or "") if is_own(entry.key) else ""
    if not why:
        return None
    severity: Severity = "warning" if file.stage == "test" else "error"
    return told(file, entry, "OPS-E009", severity, f"{entry.key} can be guessed: {why}", f"opskit env generate {entry.key} --replace", 78)


def _dialects(file: EnvFile, entry: Entry, node: bool) -> Iterator[Finding]:
    value = entry.value or ""
    if COMMAND.search(value) and entry.quote != "'":
        yield told(file, entry, "OPS-E015", "error" if node else "warning",
                   f"{entry.key} holds `$(...)`: a shell that sources this file runs it, and so does dotenv-expand for Node",
                   "write the result, or quote it with ' and read it with a loader that leaves it alone", 74)
    if node and entry.quote == "" and "#" in value:
        yield told(file, entry, "OPS-E019", "warning",
                   f"{entry.key} holds a bare `#`: Node's dotenv cuts the value there, Python's does not",
                   "put the value in double quotes", 50)


def needed_by(variable: Variable) -> str:
    """`auth and 3 more need it`, for a person."""
    names = variable.running or variable.services
    if not names:
        return "the code that reads it has no fallback"
    return f"{names[0]} needs it" if len(names) == 1 else f"{names[0]} and {len(names) - 1} more need it"


def help_for(name: str, where: str = "put it in .env") -> str:
    """How the value of a variable comes to be."""
    if is_own(name):
        return "opskit env init makes it"
    if is_database(name):
        return "opskit db init writes it"
    key = vendor_key(name)
    return f"get the {key.vendor} {key.kind} at {key.url} and {where}" if key else f"put {name}=... in .env"
