"""`ports.toml`, the registry: where it and the code disagree, and edits to it that keep every comment."""

import re
from collections import defaultdict
from collections.abc import Iterator

from opskit.core.change import FileEdit
from opskit.core.finding import Finding
from opskit.core.place import Lines, Place
from opskit.core.tree import Tree
from opskit.ports.audit import Audit
from opskit.survey.manifest import REGISTRY

HEADER = b"# The registry of ports: `opskit ports fix` keeps it. pinned = true holds a service where it is.\n\n[ports]\n"
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
    by_port = defaultdict[tuple[int, str], list[str]](list)
    for entry in registry.values():
        by_port[entry.port, entry.protocol].append(entry.service)
    for (port, _), holders in by_port.items():
        if len(holders) > 1:
            yield Finding(
                "OPS-P009",
                "error",
                f"ports.toml gives port {port} to {' and '.join(sorted(holders))}",
                entry_place(tree, holders[1]),
                help="give one of them another port",
                harm=50,
                data={"port": port, "services": holders},
            )
    for name in sorted(set(registry) - names):
        yield Finding(
            "OPS-P009",
            "note",
            f"ports.toml names {name}, which is no service of this platform",
            entry_place(tree, name),
            help="remove the line, or adopt the service",
            harm=5,
            data={"services": [name]},
        )


def entry_place(tree: Tree, name: str) -> Place:
    data = tree.read(REGISTRY) or b""
    span = _port_span(data, name)
    return Lines(data).place(REGISTRY, *span) if span else Place(REGISTRY)


def register(tree: Tree, name: str, port: int, protocol: str, why: str, group: str, code: str = "OPS-P001") -> FileEdit | None:
    """The edit that writes one service's port: its number where it has a line, else a new line under [ports]. None where
    it stands there already. Several of these on one file do not overlap, so that each stands or falls with its own group."""
    data = tree.read(REGISTRY) or b""
    if span := _port_span(data, name):
        old = data[slice(*span)]
        return None if int(old) == port else FileEdit(REGISTRY, *span, old, str(port).encode(), f"{name} has port {port}", group, code)
    at = _end_of_table(data)
    text = f'{_key(name)} = {{ port = {port}, protocol = "{protocol}", why = "{why}" }}'.encode()
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    whole = not data[:at] or data[:at].endswith(b"\n")
    return FileEdit(REGISTRY, at, at, b"", text + newline if whole else newline + text, f"{name} has port {port}", group, code)


def heading(tree: Tree) -> FileEdit | None:
    """The head of a registry that is not there yet, or has no [ports]; it belongs to no group."""
    data = tree.read(REGISTRY)
    if data is not None and any(m[1].strip() == b"ports" or m[1].strip().startswith(b"ports.") for m in TABLE.finditer(data)):
        return None
    text = HEADER if not data else (b"" if data.endswith(b"\n") else b"\n") + b"\n[ports]\n"
    return FileEdit(REGISTRY, len(data or b""), len(data or b""), b"", text, "the registry of ports", "", "OPS-P001")


def _end_of_table(data: bytes) -> int:
    """Where a new line of [ports] goes: behind its last entry, before the blank lines and the comment of the next table."""
    tables = list(TABLE.finditer(data))
    own = next((i for i, m in enumerate(tables) if m[1].strip() == b"ports"), None)
    if own is None or own + 1 == len(tables):
        return len(data)
    body = data[tables[own].end() : tables[own + 1].start()]
    kept = re.search(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*\Z", body)
    end = tables[own].end() + (kept.start() if kept else len(body))
    return data.find(b"\n", end) + 1 if not data[:end].endswith(b"\n") else end


def _port_span(data: bytes, name: str) -> tuple[int, int] | None:
    """The digits of a service's port: `name = 5000`, `name = { port = 5000 }`, or `port = 5000` under [ports.name]."""
    word = rb"(?:\"" + re.escape(name.encode()) + rb"\"|'" + re.escape(name.encode()) + rb"'|" + re.escape(name.encode()) + rb")"
    tables = [(m[1].strip(), m.end()) for m in TABLE.finditer(data)]
    ends = [*(m.start() for m in TABLE.finditer(data)), len(data)][1:]
    for (table, start), end in zip(tables, ends, strict=True):
        if table == b"ports":
            found = re.compile(rb"^[ \t]*" + word + rb"[ \t]*=[ \t]*(?:\{[^}\n#]*?\bport[ \t]*=[ \t]*)?(\d+)", re.M).search(
                data, start, end
            )
        elif re.fullmatch(rb"ports\s*\.\s*" + word, table):
            found = re.compile(rb"^[ \t]*port[ \t]*=[ \t]*(\d+)", re.M).search(data, start, end)
        else:
            continue
        if found:
            return found.span(1)
    return None


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.A) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
