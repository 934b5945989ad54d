"""`.env` from the contract: what opskit can make, what has a default, and what only a person can bring."""

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opskit.core.change import Change, FileCreate, FileEdit, appended
from opskit.core.errors import OpskitError
from opskit.core.place import Place
from opskit.core.secret import Secret
from opskit.core.tree import Tree
from opskit.env.contract import named_in
from opskit.env.files import MAIN, contract, env_files
from opskit.env.lines import needed_by
from opskit.env.names import VALID, is_database, is_given, is_own, is_secret, vendor_key
from opskit.env.values import is_placeholder
from opskit.env.variables import Variable, variables, wanted
from opskit.source.dotenv import Entry, read_dotenv, spelled
from opskit.survey.survey import Survey

# a folder of one machine: a hand-written contract may hold one, and it is right nowhere else
MACHINE = re.compile(r"[A-Za-z]:[\\/]|/(?:home|Users|root)/")
CHECK, DATABASE = "opskit env check", "opskit db init"
HEAD = "# Values for this machine. Never in git; `opskit env check` tells what is missing.\n"


@dataclass(frozen=True, slots=True)
class Need:
    """What a person must provide: the key, which services wait for it, where it comes from, what to run then."""

    name: str
    services: tuple[str, ...]
    provider: str
    url: str
    command: str

    def fact(self) -> dict[str, Any]:
        return {"name": self.name, "services": list(self.services), "provider": self.provider, "url": self.url, "command": self.command}


@dataclass(frozen=True, slots=True)
class Provision:
    """The change to `.env` (none when nothing is missing), the secrets made for it, by name, and what is left to people."""

    changes: tuple[Change, ...]
    made: dict[str, Secret]
    needs: tuple[Need, ...]


def make_secret(name: str, size: int = 32) -> Secret:
    """`size` bytes of the system's randomness as URL-safe text; a Fernet key in the form that Fernet wants (32 bytes, padded)."""
    if "FERNET" in name.upper():
        return Secret(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    return Secret(secrets.token_urlsafe(size))


def provision(survey: Survey, everything: bool = False, make: Callable[[str], Secret] = make_secret) -> Provision:
    """What `env init` writes. Hand-edited values win; only an empty or placeholder secret that opskit can make is filled in place."""
    known = {v.name: v for v in variables(survey, everything) if wanted(v)}
    here = {e.key: e for e in _bindings(survey.tree)}
    dev = [f.source.values for f in env_files(survey) if not f.folder and f.stage == "dev"]
    settled = {key for values in dev for key, value in values.items() if _holds(key, value)}
    defaults = _defaults(survey.tree, known)
    mentioned = named_in(survey.tree.parsed(MAIN, read_dotenv))
    made, lines, edits = dict[str, Secret](), list[str](), list[Change]()
    for name in dict.fromkeys((*defaults, *known)):
        variable = known.get(name)
        if name in settled or is_database(name) or (variable and variable.bound):
            continue
        if is_own(name):
            made[name] = make(name)
            if name in here and here[name].value is not None:
                edits.append(_filled(here[name], made[name], survey.tree))
            else:
                lines.append(f"{name}={spelled(made[name].reveal())}\n")
        elif name not in mentioned:
            lines.append(_line(name, defaults[name], variable))
            settled |= {name} if defaults[name] else set()
    return Provision(_changes(survey.tree, lines, edits), made, _needs(known, settled))


def _bindings(tree: Tree) -> list[Entry]:
    source = tree.parsed(MAIN, read_dotenv)
    return source.bindings if source else []


def _holds(name: str, value: str) -> bool:
    return bool(value) and not is_placeholder(value, is_secret(name))


def _defaults(tree: Tree, known: dict[str, Variable]) -> dict[str, str]:
    """Every name of the contract in its order, with the value that it gives, "" where it gives none that is one."""
    source, found = contract(tree), dict[str, str]()
    for entry in source.bindings if source else ():
        if VALID.fullmatch(entry.key) and not is_given(entry.key):
            value = entry.value or ""
            usable = _holds(entry.key, value) and not is_secret(entry.key) and not MACHINE.match(value)
            found[entry.key] = value if usable else ""
    for name, variable in known.items():
        found.setdefault(name, variable.shareable or "")
    return found


def _line(name: str, default: str, variable: Variable | None) -> str:
    """A line with its default, else the name held ready in a comment, with where a person gets the value above it."""
    if default:
        return f"{name}={spelled(default)}\n"
    if key := vendor_key(name):
        told = f"the {key.vendor} {key.kind}, from {key.url}"
    elif variable is None:
        told = "named in the contract, read by nothing that opskit sees"
    else:
        told = needed_by(variable) if variable.required else "the code has a fallback"
    return f"# {told}:\n# {name}=\n"


def _filled(entry: Entry, secret: Secret, tree: Tree) -> FileEdit:
    data = tree.read(MAIN) or b""
    start, end = entry.value_span
    why = f"a strong {entry.key} in the place of none"
    return FileEdit(MAIN, start, end, data[start:end], spelled(secret.reveal()).encode(), why, secret=True)


def _changes(tree: Tree, lines: list[str], edits: list[Change]) -> tuple[Change, ...]:
    if not lines:
        return tuple(edits)
    why = f"{len(lines)} line{'s' * (len(lines) != 1)} from the contract"
    return (*edits, _added(tree, "".join(lines), why))


def _added(tree: Tree, text: str, why: str) -> Change:
    """Lines at the end of `.env`, or the file. An error where a quote that is never closed would swallow them."""
    data = tree.read(MAIN)
    if data is None:
        return FileCreate(MAIN, (HEAD + text).encode(), why, mode=0o600, secret=True)
    edit, source = appended(MAIN, data, text, why), read_dotenv(MAIN, data)
    before, after = named_in(source), named_in(read_dotenv(MAIN, data + edit.new))
    if not before | named_in(read_dotenv(MAIN, text.encode())) <= after:
        bad = next((source.place(e.fault_span) for e in source.entries if e.kind == "malformed"), Place(MAIN))
        raise OpskitError(f"{bad} holds a quote that is never closed; it would swallow new lines", code="OPS-E004",
                          help="close it, then run this again", place=bad)
    return edit


def _needs(known: dict[str, Variable], settled: set[str]) -> tuple[Need, ...]:
    """Of what running services cannot do without: the rest works without it or is not run."""
    found = []
    for v in known.values():
        if v.required and v.running and not v.bound and v.name not in settled and not is_own(v.name):
            key, database = vendor_key(v.name), is_database(v.name)
            found.append(Need(v.name, v.running, v.provider, key.url if key else "", DATABASE if database else CHECK))
    return tuple(sorted(found, key=lambda n: (-len(n.services), n.name)))


def generated(tree: Tree, name: str, secret: Secret) -> Change:
    """The change that sets `name` in `.env`: its last line when there is one, else a new line, else the file."""
    line = f"{name}={spelled(secret.reveal())}\n"
    source = tree.parsed(MAIN, read_dotenv)
    if source and (found := source.last(name)):
        return _filled(found, secret, tree)
    return _added(tree, line, f"a strong {name}")


def holds_value(tree: Tree, name: str) -> bool:
    """Whether `.env` gives it a value that is one."""
    return any(e.key == name and _holds(name, e.value or "") for e in _bindings(tree))


def is_name(text: str) -> bool:
    return VALID.fullmatch(text) is not None
