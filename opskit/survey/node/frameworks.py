"""Services that a framework's own program runs (`next dev`, `vite`): one a package, its scripts are its modes."""

import re
from collections import Counter
from posixpath import basename, dirname, normpath
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.survey.declared import MODES, bind_of
from opskit.survey.facts import Bind, Route, Service
from opskit.survey.naming import telling_name
from opskit.survey.node.kept_ports import kept, project_of
from opskit.survey.node.modules import SCRIPTS, Module, closure
from opskit.survey.node.next_routes import next_routes
from opskit.survey.node.program import Program, entry, exported
from opskit.survey.node.routes import routes_of
from opskit.survey.node.settings import Settled
from opskit.survey.node.things import Seen
from opskit.survey.node.values import Evaluator
from opskit.survey.packages import ASIDE, Script, package_files, rank

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
    "rspack": ("rspack.config", ("devServer", "port")),
    "quasar": ("quasar.config", ("devServer", "port")),
    "keystone": ("keystone", ("server", "port")),
    "strapi": ("config/server", ("port",)),
    "vuepress": ("docs/.vuepress/config", ("port",)),
    "vitepress": ("docs/.vitepress/config", ("vite", "server", "port")),
}
PREVIEWED = {"vite": ("preview", "port")}


def framework_services(tree: Tree, program: Program, scripts: list[Script]) -> list[Service]:
    """Platforms' own emulators are no services: what they serve are functions."""
    groups: dict[tuple[str, str, str], list[Script]] = {}
    for script in scripts:
        starts = script.starts
        if starts.kind == "server" and starts.language == "node" and starts.framework not in PLATFORMS:
            project = project_of(starts.command) if starts.framework == "angular" else ""
            groups.setdefault((starts.command.cwd, starts.framework, project), []).append(script)
    found = {key: sorted(group, key=rank) for key, group in sorted(groups.items())}
    main = {folder: min((group for key, group in found.items() if key[0] == folder), key=_standing)[0] for folder, *_ in found}
    several = Counter(folder for folder, _, project in found if project)
    return [_service(tree, program, folder, framework, group, group[0] is main[folder], project if several[folder] > 1 else "")
            for (folder, framework, project), group in found.items()]


def _standing(group: list[Script]) -> tuple[bool, tuple[bool, bool, bool, int]]:
    """Stories, documentation and mocks stand beside what a package is for."""
    return group[0].name.lower().startswith(ASIDE), rank(group[0])


def _service(tree: Tree, program: Program, folder: str, framework: str, group: list[Script], main: bool, project: str) -> Service:
    """`main`: whether it is what its package is known for, so that it has its name; another has its project's, its script's or its
    framework's."""
    first = group[0]
    binds: list[Bind] = []
    said = any(script.starts.said for script in group)
    for script in group:
        bind = bind_of(tree, script.starts, script.place.path, script.place.start, ("script", script.name))
        if bind and not script.starts.said and (told := _configured_for(program, folder, framework, script)):
            bind = told
        elif bind and said and not script.starts.said:
            continue
        twin = next((b for b in binds if bind and b.port == bind.port), None)
        if bind and twin and bind.editable and not twin.editable:
            binds[binds.index(twin)] = bind
        elif bind and not twin:
            binds.append(bind)
    manifest = normpath(f"{folder}/package.json")
    path = first.starts.entry or (manifest if manifest in tree.known else first.place.path)
    title = first.package.rpartition("/")[2].strip(".") or tree.root.name
    named = telling_name(title, basename(folder)) if path == first.place.path else basename(folder)
    if project:
        named = project
    elif not main:
        named = framework if MODES.match(first.name) or ":" in first.name else first.name
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


def _configured_for(program: Program, folder: str, framework: str, script: Script) -> Bind | None:
    """What the configuration file says for one script: `preview` has a port of its own, `--config` names another file."""
    command = script.starts.command
    if any(word == "preview" for word in command.values[1:3]):
        return configured(program, folder, framework, keys=PREVIEWED[framework]) if framework in PREVIEWED else None
    if told := kept(program.tree, folder, framework, command):
        return told
    named = command.option("--config", "-c", "--conf")
    return configured(program, folder, framework, normpath(f"{folder}/{named.value}") if named else "")


def configured(program: Program, folder: str, framework: str, named: str = "", keys: tuple[str, ...] = ()) -> Bind | None:
    """The port of the framework's own configuration file (`named` is another than usual), where it stands there."""
    stem, own = CONFIGS.get(framework, ("", ()))
    keys = keys or own
    path = next((p for s in SCRIPTS if (p := normpath(f"{folder}/{stem}{s}")) in program.tree.known), "") if stem else ""
    path = named if named in program.tree.known else path
    module = program.module(path) if path else None
    if module is None:
        return None
    evaluator = Settled(program)
    whole = exported(module, "default") or exported(module, "*")
    seen = _options(evaluator, evaluator.things.of(module, whole))
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


def _options(evaluator: Evaluator, seen: Seen | None, depth: int = 0) -> Seen | None:
    """The object that a configuration given as a function returns, or that a helper is handed (`defineConfig`, `merge`, `withX`)."""
    if seen is None or depth > 4:
        return seen
    if ended := evaluator.things.end(seen.module, seen.node):
        return _options(evaluator, evaluator.things.of(ended.module, ended.node), depth + 1)
    if seen.node.type != "call_expression":
        return seen
    arguments = seen.node.child_by_field_name("arguments")
    for each in reversed(arguments.named_children if arguments is not None else []):
        inner = _options(evaluator, evaluator.things.of(seen.module, each), depth + 1)
        if inner is not None and inner.node.type == "object":
            return inner
    return None
