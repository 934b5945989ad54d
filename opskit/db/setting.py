"""Where the database's URL, kind and port are written: .env, opskit.toml, ports.toml, each by span."""

import json
import re
import socket
from collections.abc import Collection

from opskit.core.change import Change, FileCreate, FileEdit, appended
from opskit.core.listing import ignores
from opskit.core.secret import Secret
from opskit.core.tree import Tree
from opskit.db.url import every_given
from opskit.pg.doctor import read_url
from opskit.source.dotenv import spelled
from opskit.survey.manifest import MANIFEST, REGISTRY, Manifest

ENTRY, FIRST, LAST = "database", 5433, 5999
SECRETS, SETTINGS = "db:secrets", "db:settings"
PORTS_HEAD = (
    b"# Which service has which port. `opskit ports fix` keeps it; `pinned = true` keeps a port where it is.\nversion = 1\n\n[ports]\n"
)


def pinned_port(manifest: Manifest) -> int | None:
    """The embedded server's port, as ports.toml has it."""
    entry = manifest.ports.get(ENTRY)
    return entry.port if entry else None


def free_port(taken: Collection[int]) -> int:
    """The first port from 5433 on that no service has and nothing on this machine holds (5432 is left to a PostgreSQL of the system's)."""
    for port in range(FIRST, LAST):
        if port in taken:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no free port")


def plan_settings(tree: Tree, manifest: Manifest, name: str, url: Secret, port: int) -> list[Change]:
    """What is not so yet; an empty list on a second run. The password and what keeps it out of git stand or fall together."""
    return [*_env(tree, name, url, port), *_kind(tree, manifest), *_port(tree, manifest, port)]


def is_ours(value: Secret, port: int | None) -> bool:
    """Whether a URL points at the embedded server's own port on this machine."""
    address = read_url(value.reveal())[0]
    return bool(address and address.local and port and address.port == port)


def _env(tree: Tree, name: str, url: Secret, port: int) -> list[Change]:
    """Every sample of the variable is filled in (a sample in .env.local would win over .env for other readers), and a URL of
    this server whose password is no longer true is replaced; where there is neither, it is added to .env."""
    value, why = spelled(url.reveal()).encode(), "the embedded database's URL"
    given = list(every_given(tree, {}, name))
    changes: list[Change] = []
    for each in given:
        if each.entry and each.value != url and (each.placeholder or is_ours(each.value, port)):
            start, end = each.entry.value_span
            changes.append(FileEdit(each.source, start, end, (tree.read(each.source) or b"")[start:end], value, why, SECRETS, secret=True))
    if not given:
        changes.append(_added(tree, ".env", f"{name}=".encode() + value + b"\n", why, SECRETS))
    return [*changes, *_ignored(tree)] if changes else []


def _added(tree: Tree, path: str, line: bytes, why: str, group: str) -> Change:
    data, private = tree.read(path), path == ".env"
    if data is None:
        return FileCreate(path, line, why, group, mode=0o600 if private else 0o644, secret=private)
    return appended(path, data, line.decode(), why, group, secret=private)


def _ignored(tree: Tree) -> list[Change]:
    """The URL holds a password: in a git repository .env is ignored first."""
    if not (tree.root / ".git").exists():
        return []
    lines = (tree.read(".gitignore") or b"").decode("utf-8", "replace").splitlines()
    if ignores(lines, ".env"):
        return []
    return [_added(tree, ".gitignore", b".env\n", "keeps the password out of git", SECRETS)]


def _kind(tree: Tree, manifest: Manifest) -> list[Change]:
    data = tree.read(MANIFEST)
    if data is None or manifest.database.get("kind") == "embedded":
        return []
    why, line = 'kind = "embedded"', b'kind = "embedded"\n'
    header = re.search(rb"^[ \t]*\[database\][ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)", data, re.M)
    if header is None:
        return [_added(tree, MANIFEST, b"\n[database]\n" + line, why, SETTINGS)]
    following = re.compile(rb"^[ \t]*\[", re.M).search(data, header.end())
    old = re.compile(rb"^([ \t]*kind[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.M).search(
        data, header.end(), following.start() if following else len(data)
    )
    if old:
        return [FileEdit(MANIFEST, old.start(2), old.end(2), old[2], b'"embedded"', why, SETTINGS)]
    return [FileEdit(MANIFEST, header.end(), header.end(), b"", line if header[0].endswith(b"\n") else b"\n" + line, why, SETTINGS)]


def _port(tree: Tree, manifest: Manifest, port: int) -> list[Change]:
    if pinned_port(manifest) == port:
        return []
    line = f"{ENTRY} = {{ port = {port}, pinned = true, why = {json.dumps('the embedded PostgreSQL')} }}\n".encode()
    data, why = tree.read(REGISTRY), f"the database's port, {port}"
    if data is None:
        return [FileCreate(REGISTRY, PORTS_HEAD + line, why, SETTINGS)]
    header = re.search(rb"^[ \t]*\[ports\][ \t]*(?:#[^\n]*)?\r?\n", data, re.M)
    if header is None:
        return [_added(tree, REGISTRY, b"\n[ports]\n" + line, why, SETTINGS)]
    return [FileEdit(REGISTRY, header.end(), header.end(), b"", line, why, SETTINGS)]
