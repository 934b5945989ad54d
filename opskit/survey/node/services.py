"""Services that JavaScript and TypeScript show: servers, frameworks' own, and the functions of a platform that runs them.

A server is a file whose start opens a port: a bind at module level, in a callback, or in a function or method that running
code calls by name, in the same file or in one that it loads. A bind in a function that nothing calls is no service; the
nearest file that loads it and calls it is. Tests never are.
"""

from dataclasses import replace
from posixpath import dirname, relpath

from opskit.core.finding import Unresolved
from opskit.core.tree import Tree
from opskit.survey.declared import bind_of, declared, worker_script
from opskit.survey.facts import Bind, Service
from opskit.survey.node.binds import opened
from opskit.survey.node.dangers import dangers_in
from opskit.survey.node.frameworks import framework_services, kebab
from opskit.survey.node.functions import functions
from opskit.survey.node.modules import closure, read_module, third_party
from opskit.survey.node.openings import CLUES
from opskit.survey.node.program import Program
from opskit.survey.node.reads import NEEDLES, reads_unresolved
from opskit.survey.node.routes import routes_of
from opskit.survey.node.servers import Server, Servers
from opskit.survey.node.settings import Settled
from opskit.survey.node.workers import node_workers
from opskit.survey.packages import Script, package_of, package_scripts, rank


def node_services(tree: Tree) -> tuple[Service, ...]:
    """Sorted by path; names may repeat, the joining module makes them one a service."""
    return tuple(tree.computed(_services))


def _services(tree: Tree) -> list[Service]:
    program = tree.computed(Program)
    scripts = package_scripts(tree)
    entries = tuple(dict.fromkeys((*(d.entry for d in declared(tree)), *(s.starts.entry for s in scripts))))
    ran = functions(tree)
    own = {service.path for service in ran}
    servers = [s for s in Servers(tree, program).find(entries) if s.path not in own]
    found = [_server(tree, program, server, sorted((s for s in scripts if s.starts.entry == server.path), key=rank)) for server in servers]
    taken = {service.path for service in found}
    found = _with_modes(tree, found, [s for s in framework_services(tree, program, scripts) if s.path not in taken])
    found += node_workers(tree, program, scripts, {*own, *(service.path for service in found)})
    return sorted((_looked_into(program, s) for s in (*found, *ran)), key=lambda s: s.path)


def _with_modes(tree: Tree, servers: list[Service], frameworks: list[Service]) -> list[Service]:
    """A package's own server on the port of its framework is what it runs in production: two modes of one service."""
    homes: dict[str, list[Service]] = {}
    for service in servers:
        homes.setdefault(package_of(tree, service.path), []).append(service)
    alone = {home: listed[0] for home, listed in homes.items() if len(listed) == 1 and listed[0].declared_in == home}
    kept = [s for s in frameworks if not ((own := alone.get(s.declared_in)) and own.port == s.port and s.path == s.declared_in)]
    return [*servers, *kept]


def _server(tree: Tree, program: Program, server: Server, scripts: list[Script]) -> Service:
    loaded = closure(tree, server.path)
    chosen = scripts[0] if scripts else None
    command, cwd = _command(tree, server.path, chosen)
    binds = server.binds
    if chosen and chosen.starts.said and chosen.starts.variable:
        told = bind_of(tree, chosen.starts, chosen.place.path, chosen.place.start, ("script", chosen.name))
        binds = tuple(_told(bind, told) for bind in binds)
    return Service(
        kebab(server.path.rpartition("/")[2].rpartition(".")[0] or server.path.rpartition("/")[2]),
        server.path,
        "server",
        "node",
        command,
        cwd,
        binds,
        routes_of(program, loaded),
        loaded,
        declared_in=chosen.place.path if chosen and not worker_script(chosen) else "",
        env=dict(chosen.starts.command.env) if chosen else {},
    )


def _told(bind: Bind, told: Bind | None) -> Bind:
    """A script that sets the variable of a bind decides its port."""
    if told is None or bind.variable != told.variable:
        return bind
    return replace(bind, port=told.port, place=told.place, editable=told.editable, via=(*told.via, *bind.via), confidence="high")


def _command(tree: Tree, path: str, chosen: Script | None) -> tuple[tuple[str, ...], str]:
    """A plain `node x.js` of a script is started as it stands, anything else by its script."""
    if chosen is not None:
        simple = chosen.starts.command
        direct = simple.program == "node" and len(chosen.text) == simple.words[-1].end and not path.endswith(("ts", "tsx"))
        return (simple.values, simple.cwd) if direct else (("npm", "run", chosen.name), chosen.folder)
    folder = dirname(path)
    while folder and f"{folder}/package.json" not in tree.known:
        folder = dirname(folder)
    cwd = folder or "."
    name = relpath(path, cwd)
    return (("npx", "tsx", name) if path.endswith(("ts", "tsx")) else ("node", name)), cwd


def _looked_into(program: Program, service: Service) -> Service:
    modules = [m for path in service.closure if (m := program.module(path))]
    dangers = tuple(d for m in modules for d in dangers_in(program.tree, m))
    return replace(service, imports=tuple(i for m in modules for i in third_party(program.tree, m)), dangers=dangers)


def node_unresolved(tree: Tree) -> tuple[Unresolved, ...]:
    """What was seen and not understood: names of variables that are computed, ports that cannot be told, files left unread."""
    return tuple(tree.computed(_unresolved))


def _unresolved(tree: Tree) -> list[Unresolved]:
    program = tree.computed(Program)
    evaluator = Settled(program)
    found = list(reads_unresolved(tree))
    for path in tree.holding(program.scripts, *CLUES, *NEEDLES):
        module = tree.parsed(path, read_module)
        if module is not None and module.source.root is not None and module.broken:
            found.append(Unresolved(module.fault, "does not parse"))
    for module in program.holding(*CLUES):
        found += [
            Unresolved(o.bind.place, "a port that cannot be told")
            for o in opened(evaluator, module)
            if o.bind.port is None and not o.bind.variable
        ]
    return found
