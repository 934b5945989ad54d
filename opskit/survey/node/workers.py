"""Scripts of a package.json that run a program without a port: what `npm start` runs, and what runs on for ever."""

from dataclasses import replace
from typing import TYPE_CHECKING

from opskit.core.tree import Tree
from opskit.survey.declared import worker_script
from opskit.survey.facts import Service
from opskit.survey.node.modules import Module, closure
from opskit.survey.node.program import Program
from opskit.survey.node.reach import Running
from opskit.survey.packages import Script, rank

if TYPE_CHECKING:
    from tree_sitter import Node


def node_workers(tree: Tree, program: Program, scripts: list[Script], taken: set[str]) -> list[Service]:
    """Entries that are no service otherwise (`taken`). `start` is the one script that npm, and every host that knows npm,
    takes for the program itself; what other scripts start counts where it never ends."""
    found: dict[str, list[Script]] = {}
    for script in scripts:
        entry = script.starts.entry
        if entry and entry not in taken and script.starts.language == "node" and not worker_script(script):
            found.setdefault(entry, []).append(script)
    return [_worker(tree, path, min(group, key=rank)) for path, group in sorted(found.items()) if _runs_on(program, path, group)]


def _worker(tree: Tree, path: str, script: Script) -> Service:
    simple = script.starts.command
    direct = simple.program == "node" and script.alone
    command, cwd = (simple.values, simple.cwd) if direct else (("npm", "run", script.name), script.folder)
    base = Service("", path, "worker", "node", command, cwd, closure=closure(tree, path), declared_in=script.place.path)
    return replace(base, env=dict(simple.env))


def _runs_on(program: Program, path: str, group: list[Script]) -> bool:
    module = program.module(path)
    if module is None:
        return False
    return any(script.name == "start" and script.alone for script in group) or _endless(program, module)


def _endless(program: Program, module: Module) -> bool:
    """A timer that repeats and is not let go (`unref`), in what starting the file runs."""
    if b"setInterval" not in module.source.data:
        return False
    running, outline = Running(program, module), program.outline(module.source.path)
    if outline is None:
        return False
    timers = [c for c in outline.calls if module.source.text(c.child_by_field_name("function")) == "setInterval" and not _let_go(c)]
    return any(running.holds(module.source.path, outline.around[call.id]) for call in timers)


def _let_go(call: "Node") -> bool:
    parent = call.parent
    return parent is not None and (parent.text or b"").rstrip().endswith((b".unref", b".unref()"))
