"""Services that a framework's own program runs (`next dev`, `vite`): one a package, its scripts are its modes."""

import re
from posixpath import basename, dirname, normpath
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.declared import bind_of
from opskit.survey.facts import Bind, Route, Service
from opskit.survey.naming import telling_name
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import SCRIPTS, Module, closure
from opskit.survey.node.next_routes import next_routes
from opskit.survey.node.program import Program, entry, exported
from opskit.survey.node.routes import routes_of
from opskit.survey.node.things import Seen
from opskit.survey.node.values import Evaluator
from opskit.survey.packages import Script, package_files, rank

if TYPE_CHECKING:
    from tree_sitter import Node

PLATFORMS = frozenset(("netlify", "vercel"))
CONFIGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "vite": ("vite.config", ("server", "port")),
    "sveltekit": ("vite.config", ("server", "port")),
    "react-router": ("vite.config", ("server", "port")),
    "astro": ("astro.config", ("server", "port")),
    "webpack": ("webpack.config", ("devServer", "port")),
    "vue": ("vue.config", ("devServer", "port")),
    "nuxt": ("nuxt.config", ("devServer", "port")),
    "rsbuild": ("rsbuild.config", ("server", "port")),
    "remix": ("vite.config", ("server", "port")),
}


def framework_services(tree: Tree, program: Program, scripts: list[Script]) -> list[Service]:
    """Platforms' own emulators are no services: what they serve are functions."""
    groups: dict[tuple[str, str], list[Script]] = {}
    for script in scripts:
        starts = script.starts
        if starts.kind == "server" and starts.language == "node" and starts.framework not in PLATFORMS:
            groups.setdefault((starts.command.cwd, starts.framework), []).append(script)
    return [_service(tree, program, folder, framework, sorted(group, key=rank)) for (folder, framework), group in sorted(groups.items())]


def _service(tree: Tree, program: Program, folder: str, framework: str, group: list[Script]) -> Service:
    first = group[0]
    binds: list[Bind] = []
    for script in group:
        bind = bind_of(tree, script.starts, script.place.path, script.place.start, ("script", script.name))
        if bind and not script.starts.said and (told := configured(program, folder, framework)) and script.name != "preview":
            bind = told
        twin = next((b for b in binds if bind and b.port == bind.port), None)
        if bind and twin and bind.editable and not twin.editable:
            binds[binds.index(twin)] = bind
        elif bind and not twin:
            binds.append(bind)
    manifest = normpath(f"{folder}/package.json")
    path = first.starts.entry or (manifest if manifest in tree.known else first.place.path)
    named = telling_name(first.package.rpartition("/")[2], basename(folder)) if path == first.place.path else basename(folder)
    loaded = closure(tree, path) if path in program.scripts else (path, *_own(program, path))
    return Service(
        kebab(named),
        path,
        "server",
        "node",
        ("npm", "run", first.name),
        first.folder,
        tuple(binds),
        _routes(program, first, folder, loaded),
        loaded,
        declared_in=first.place.path,
        env=dict(first.starts.command.env),
    )


def _routes(program: Program, first: Script, folder: str, loaded: tuple[str, ...]) -> tuple[Route, ...]:
    """A browser's code compares paths too, so that only what a framework is known to serve counts."""
    if first.starts.entry:
        return routes_of(program, loaded)
    return next_routes(program, loaded, folder) if first.starts.framework == "next" else ()


def _own(program: Program, manifest: str) -> list[str]:
    """The package's scripts, those of packages inside it left out."""
    folder = dirname(manifest)
    inner = [
        dirname(p) + "/"
        for p in package_files(program.tree)
        if dirname(p).startswith(f"{folder}/" if folder else "") and dirname(p) != folder
    ]
    prefix = f"{folder}/" if folder else ""
    return [p for p in program.scripts if p.startswith(prefix) and not p.startswith(tuple(inner))]


def kebab(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "service"


def configured(program: Program, folder: str, framework: str) -> Bind | None:
    """The port of the framework's own configuration file, where it stands there."""
    stem, keys = CONFIGS.get(framework, ("", ()))
    path = next((p for s in SCRIPTS if (p := normpath(f"{folder}/{stem}{s}")) in program.tree.known), "") if stem else ""
    module = program.module(path) if path else None
    if module is None:
        return None
    evaluator = Evaluator(program)
    seen = _options(evaluator, evaluator.things.of(module, exported(module, "default")))
    for key in keys[:-1]:
        inner = entry(seen.module, seen.node, key) if seen else None
        seen = _options(evaluator, evaluator.things.of(seen.module, inner)) if seen and inner is not None else None
    value = evaluator.value(seen.module, entry(seen.module, seen.node, keys[-1])) if seen else None
    if seen is None or value is None or (value.number is None and not value.variable):
        return None
    place = value.place or _start(seen.module, seen.node)
    return Bind(
        place,
        value.number,
        framework,
        "",
        "tcp",
        value.variable,
        (f"{keys[-1]} of {path}", *value.via),
        value.confidence,
        value.place is not None and value.confidence == "high",
    )


def _start(module: Module, node: "Node") -> Place:
    return module.source.lines.place(module.source.path, node.start_byte, node.start_byte)


def _options(evaluator: Evaluator, seen: Seen | None) -> Seen | None:
    """The object that a configuration given as a function returns."""
    if seen is None or seen.node.type not in ("arrow_function", "function_expression", "function_declaration"):
        return seen
    body = bare(seen.node.child_by_field_name("body"))
    if body is not None and body.type == "statement_block":
        returned = [c for c in body.named_children if c.type == "return_statement"]
        body = bare(returned[-1].named_children[0]) if returned and returned[-1].named_children else None
    return evaluator.things.of(seen.module, body) if body is not None else None
