"""Where the database's URL, kind and port are written: .env, opskit.toml, ports.toml, each by span."""

import json
import re
import socket
from collections.abc import Collection, Mapping

from pathspec import GitIgnoreSpec

from opskit.core.change import Change, FileCreate, FileEdit
from opskit.core.secret import Secret
from opskit.core.tree import Tree
from opskit.db.url import every_given
from opskit.source.dotenv import spelled
from opskit.survey.manifest import MANIFEST, REGISTRY, Manifest

ENTRY, FIRST, LAST = "database", 5433, 5999
GROUP = "db:init"
PORTS_HEAD = b"# Which service has which port. `opskit ports fix` keeps it; `pinned = true` keeps a port where it is.\nversion = 1\n\n[ports]\n"


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


def plan_settings(tree: Tree, manifest: Manifest, environ: Mapping[str, str], name: str, url: Secret, port: int) -> list[Change]:
    """What is not so yet; an empty list on a second run."""
    return [*_env(tree, name, url), *_ignored(tree), *_kind(tree, manifest), *_port(tree, manifest, port)]


def _env(tree: Tree, name: str, url: Secret) -> list[Change]:
    """Every sample of the variable is filled in (a sample in .env.local would win over .env for other readers); else it is added to .env."""
    value, why = spelled(url.reveal()).encode(), "the embedded database's URL"
    given = list(every_given(tree, {}, name))
    if any(g.value == url for g in given):
        return []
    changes: list[Change] = []
    for each in given:
        if each.placeholder and each.entry:
            start, end = each.entry.value_span
            changes.append(FileEdit(each.source, start, end, (tree.read(each.source) or b"")[start:end], value, why, GROUP))
    if changes:
        return changes
    return [_added(tree, ".env", f"{name}=".encode() + value + b"\n", why)]


def _added(tree: Tree, path: str, line: bytes, why: str) -> Change:
    data = tree.read(path)
    if data is None:
        return FileCreate(path, line, why, GROUP, mode=0o600, secret=path == ".env")
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if data.endswith(b"\n") or not data else newline
    return FileEdit(path, len(data), len(data), b"", gap + line.replace(b"\n", newline), why, GROUP)


def _ignored(tree: Tree) -> list[Change]:
    """The URL holds a password: in a git repository .env is ignored first."""
    if not (tree.root / ".git").exists():
        return []
    lines = (tree.read(".gitignore") or b"").decode("utf-8", "replace").splitlines()
    if GitIgnoreSpec.from_lines(lines).match_file(".env"):
        return []
    if tree.read(".gitignore") is None:
        return [FileCreate(".gitignore", b".env\n", "keeps the password out of git", GROUP)]
    return [_added(tree, ".gitignore", b".env\n", "keeps the password out of git")]


def _kind(tree: Tree, manifest: Manifest) -> list[Change]:
    data = tree.read(MANIFEST)
    if data is None or manifest.database.get("kind") == "embedded":
        return []
    why, line = 'kind = "embedded"', b'kind = "embedded"\n'
    header = re.search(rb"^[ \t]*\[database\][ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)", data, re.M)
    if header is None:
        return [_added(tree, MANIFEST, b"\n[database]\n" + line, why)]
    following = re.compile(rb"^[ \t]*\[", re.M).search(data, header.end())
    old = re.compile(rb"^([ \t]*kind[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.M).search(data, header.end(), following.start() if following else len(data))
    if old:
        return [FileEdit(MANIFEST, old.start(2), old.end(2), old[2], b'"embedded"', why, GROUP)]
    return [FileEdit(MANIFEST, header.end(), header.end(), b"", line if header[0].endswith(b"\n") else b"\n" + line, why, GROUP)]


def _port(tree: Tree, manifest: Manifest, port: int) -> list[Change]:
    if pinned_port(manifest) == port:
        return []
    line = f"{ENTRY} = {{ port = {port}, pinned = true, why = {json.dumps('the embedded PostgreSQL')} }}\n".encode()
    data, why = tree.read(REGISTRY), f"the database's port, {port}"
    if data is None:
        return [FileCreate(REGISTRY, PORTS_HEAD + line, why, GROUP)]
    header = re.search(rb"^[ \t]*\[ports\][ \t]*(?:#[^\n]*)?\r?\n", data, re.M)
    if header is None:
        return [_added(tree, REGISTRY, b"\n[ports]\n" + line, why)]
    return [FileEdit(REGISTRY, header.end(), header.end(), b"", line, why, GROUP)]
