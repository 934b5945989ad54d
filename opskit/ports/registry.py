"""`ports.toml`, the registry: where it and the code disagree, and edits to it that keep every comment."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opskit.core.change import FileEdit
from opskit.core.finding import Finding
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.audit import Audit
from opskit.survey.manifest import REGISTRY

HEADER = b"# The registry of ports: `opskit ports fix` keeps it. pinned = true holds a service where it is.\n\n[ports]\n"
KEY = rb"(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[\w-]+)"
ENTRY = re.compile(rb"^[ \t]*" + KEY + rb"[ \t]*=[ \t]*(?:\{[^}\n#]*?\bport[ \t]*=[ \t]*)?(\d+)", re.M)
OWN_TABLE = re.compile(rb"ports\s*\.\s*" + KEY)
PORT = re.compile(rb"^[ \t]*port[ \t]*=[ \t]*(\d+)", re.M)
TABLE = re.compile(rb"^[ \t]*\[([^\[\]\n]+)\][ \t]*(?:#[^\n]*)?\r?$", re.M)


def check_registry(audit: Audit) -> Iterator[Finding]:
    registry, tree = audit.survey.manifest.ports, audit.survey.tree
    names = {s.name for s in audit.survey.services}
    strayed = {c.service.name: c for c in audit.strayed}
    planned = {m.claim.service.name: m for m in audit.planned}
    for claim in audit.differing:
        entry = registry[claim.service.name]
        move = planned.get(entry.service) if entry.service in strayed else None
        yield Finding(
            "OPS-P009",
            "warning",
            f"ports.toml gives {entry.service} port {entry.port}, the code binds {claim.port}",
            claim.bind.place,
            help=f"run `opskit ports fix` to move it to {move.port}" if move else audit.stuck(claim) or "correct ports.toml",
            fix="safe" if move else "none",
            harm=35,
            data={"port": claim.port, "protocol": claim.protocol, "services": [entry.service]},
        )
    running, told = {c.service.name for c in audit.claims}, {(c.service.name, c.port) for c in audit.known}
    by_port = defaultdict[tuple[int, str], list[str]](list)
    for entry in registry.values():
        if entry.service in running:
            by_port[entry.port, entry.protocol].append(entry.service)
    for (port, _), holders in by_port.items():
        if len(holders) > 1 and any((name, port) not in told for name in holders):
            yield Finding(
                "OPS-P009",
                "error",
                f"ports.toml gives port {port} to {' and '.join(sorted(holders))}",
                entry_place(tree, holders[1]),
                help="give one of them another port",
                harm=50,
                data={"port": port, "services": holders},
            )
    for name in sorted(name for name in set(registry) - names if not registry[name].pinned):
        yield Finding(
            "OPS-P009",
            "note",
            f"ports.toml names {name}, which is no service of this platform",
            entry_place(tree, name),
            help="remove the line, or adopt the service",
            harm=5,
            data={"services": [name]},
        )


@dataclass(frozen=True, slots=True)
class Lines:
    """Where things stand in ports.toml: the digits of each service's port, and where a new line goes."""

    data: bytes
    digits: Mapping[str, tuple[int, int]]
    end: int
    has_table: bool


def registry_lines(tree: Tree) -> Lines:
    return tree.computed(_lines)


def entry_place(tree: Tree, name: str) -> Place:
    span = registry_lines(tree).digits.get(name)
    return tree.place(REGISTRY, *span) if span else Place(REGISTRY)


def register(tree: Tree, name: str, port: int, protocol: str, why: str, group: str, code: str = "OPS-P001") -> FileEdit | None:
    """The edit that writes one service's port: its number where it has a line, else a new line under [ports]. None where
    it stands there already. Several of these on one file do not overlap, so that each stands or falls with its own group."""
    lines = registry_lines(tree)
    data, told = lines.data, f"{name} has port {port}"
    if span := lines.digits.get(name):
        old = data[slice(*span)]
        return None if int(old) == port else FileEdit(REGISTRY, *span, old, str(port).encode(), told, group, code)
    text = f'{_key(name)} = {{ port = {port}, protocol = "{protocol}", why = "{why}" }}'.encode()
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    whole = not lines.end or data.endswith(b"\n", 0, lines.end)
    return FileEdit(REGISTRY, lines.end, lines.end, b"", text + newline if whole else newline + text, told, group, code)


def heading(tree: Tree) -> FileEdit | None:
    """The head of a registry that is not there yet, or has no [ports]; it belongs to no group."""
    lines = registry_lines(tree)
    if lines.has_table:
        return None
    text = HEADER if not lines.data else (b"" if lines.data.endswith(b"\n") else b"\n") + b"\n[ports]\n"
    return FileEdit(REGISTRY, len(lines.data), len(lines.data), b"", text, "the registry of ports", "", "OPS-P001")


def _lines(tree: Tree) -> Lines:
    data = tree.read(REGISTRY) or b""
    tables = list(TABLE.finditer(data))
    digits, has_table = dict[str, tuple[int, int]](), False
    for table, end in zip(tables, [*(m.start() for m in tables), len(data)][1:], strict=True):
        name = table[1].strip()
        has_table = has_table or name == b"ports" or name.startswith(b"ports.")
        if name == b"ports":
            digits |= {_plain(m[1]): m.span(2) for m in ENTRY.finditer(data, table.end(), end)}
        elif (own := OWN_TABLE.fullmatch(name)) and (found := PORT.search(data, table.end(), end)):
            digits[_plain(own[1])] = found.span(1)
    return Lines(data, digits, _end_of_table(data, tables), has_table)


def _end_of_table(data: bytes, tables: list[re.Match[bytes]]) -> int:
    """Where a new line of [ports] goes: behind its last entry, before the blank lines and the comment of the next table."""
    own = next((i for i, m in enumerate(tables) if m[1].strip() == b"ports"), None)
    if own is None or own + 1 == len(tables):
        return len(data)
    start, lines = tables[own].end(), data[tables[own].end() : tables[own + 1].start()].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith(b"#")):
        lines.pop()
    return start + sum(map(len, lines))


def _plain(key: bytes) -> str:
    """A TOML key as the parser reads it."""
    return next(iter(tomllib.loads(key.decode("utf-8", "replace") + "=0")))


def _key(name: str) -> str:
    if re.fullmatch(r"[\w-]+", name, re.A):
        return name
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c == "\x7f" else f"\\{c}" if c in '\\"' else c for c in name) + '"'
