"""opskit.toml and ports.toml as text, written once and then only added to: comments, order and hand edits stay."""

import json
import shlex
from collections.abc import Collection

from opskit.core.change import Change, FileCreate, appended
from opskit.core.tree import Tree
from opskit.services.proposal import Proposed
from opskit.survey.manifest import MANIFEST, REGISTRY, Manifest

HEAD = """# What runs here, and how. opskit reads it; your edits win over what it finds.
# `opskit init` adds services that it has not seen before and changes nothing else.
version = 1

[project]
name = {name}
# tests = "pytest -q"            the command that `opskit doctor` runs
# leave_alone = ["archive/"]     paths that opskit never reads
"""

PORTS_HEAD = """# Which service has which port. `opskit ports fix` keeps it; `pinned = true` keeps a port where it is.
version = 1

[ports]
"""


def plan_files(tree: Tree, manifest: Manifest, proposed: tuple[Proposed, ...], schema: tuple[str, ...], more: str = "") -> list[Change]:
    """The changes that make or extend the two files. `schema` are the platform's SQL schema files, `more` the tables of other rooms for a
    new manifest."""
    return [*_manifest(tree, manifest, proposed, schema, more), *_registry(tree, manifest, proposed)]


def _manifest(tree: Tree, manifest: Manifest, proposed: tuple[Proposed, ...], schema: tuple[str, ...], more: str) -> list[Change]:
    listed = {*manifest.services, *(p.name for p in proposed)}
    body = "".join(entry_text(p, listed) for p in proposed)
    if not manifest.present:
        database = f'\n[database]\nkind = "embedded"\nschema = {json.dumps(list(schema))}\n' if schema else ""
        text = HEAD.format(name=json.dumps(manifest.name)) + database + body + more
        return [FileCreate(MANIFEST, text.encode(), f"{len(proposed)} services", "init")]
    return _appended(tree, MANIFEST, body, f"{len(proposed)} new services")


def _registry(tree: Tree, manifest: Manifest, proposed: tuple[Proposed, ...]) -> list[Change]:
    rows = [(p.name, p.service.port) for p in proposed if p.service.port and p.name not in manifest.ports]
    body = "".join(f"{name} = {{ port = {port} }}\n" for name, port in rows)
    if tree.read(REGISTRY) is None:
        return [FileCreate(REGISTRY, (PORTS_HEAD + body).encode(), f"{len(rows)} ports", "init")]
    return _appended(tree, REGISTRY, body, f"{len(rows)} new ports")


def _appended(tree: Tree, path: str, body: str, why: str) -> list[Change]:
    data = tree.read(path)
    return [] if not body or data is None else [appended(path, data, body, why, "init")]


def entry_text(proposed: Proposed, listed: Collection[str]) -> str:
    """One `[services.NAME]` table. A compose service also waits for databases and brokers, which are containers and no
    services of ours: it is written to wait for what is `listed`, and for nothing else."""
    service = proposed.service
    waits = [name for name in service.depends_on if name in listed]
    lines = ["", f"[services.{proposed.name}]", f"command = {json.dumps(shlex.join(service.command), ensure_ascii=False)}"]
    if service.cwd not in ("", "."):
        lines.append(f"cwd = {json.dumps(service.cwd, ensure_ascii=False)}")
    if waits:
        lines.append(f"depends_on = {json.dumps(waits)}")
    if service.env:
        lines.append("env = { " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in service.env.items()) + " }")
    if not proposed.enabled:
        lines += ["enabled = false", f"reason = {json.dumps(proposed.reason, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
