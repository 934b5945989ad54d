"""From services to what is unfit to run, or unable to. Pure."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import join, normpath

from opskit.core.finding import Checked, Finding, Severity
from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.services import graph
from opskit.services.publish import check_publish
from opskit.survey.facts import Bind, Danger, Service
from opskit.survey.manifest import MANIFEST, Manifest
from opskit.survey.survey import Survey

OPEN = ("0.0.0.0", "::", "[::]", "*")
ENTRIES = (".py", ".js", ".mjs", ".cjs", ".ts", ".sh")
DANGERS: dict[str, tuple[str, Severity, int, str]] = {
    "shell": ("OPS-V007", "error", 95, "gives whoever reaches it a shell"),
    "secrets-folder": ("OPS-V009", "error", 90, "serves a folder that holds secrets"),
    "tunnel": ("OPS-V008", "warning", 65, "opens a tunnel to the internet"),
    "microphone": ("OPS-V017", "warning", 45, "listens to the microphone"),
}


def check(survey: Survey, everything: bool = False) -> Checked:
    """Services that `up` would run; of disabled ones only the dangers are told, as notes. `everything` judges all alike."""
    running = survey.running(everything)
    found = [*_manifest(survey.tree, survey.manifest), *check_publish(survey.tree)]
    for service in running:
        found += [*_dangers(service), *_binds(survey.manifest, service)]
    found += _faults(running)
    for service in survey.services:
        if service not in running and service.kind in ("server", "worker"):
            found += _dangers(service)
    return Checked(tuple(found), {"services": [_fact(s) for s in survey.services if s.kind in ("server", "worker")]})


def _manifest(tree: Tree, manifest: Manifest) -> Iterator[Finding]:
    edges = {name: entry.depends_on for name, entry in manifest.services.items()}
    if cycle := graph.find_cycle(edges):
        yield Finding("OPS-V002", "error", f"services wait for each other: {' -> '.join(cycle)}", entry_place(tree, cycle[0], "depends_on"),
                      label="none of them can start", harm=70, help="take one of them out of depends_on", data={"cycle": list(cycle)})
    for name, entry in manifest.services.items():
        for other in entry.depends_on:
            if other not in edges:
                yield Finding("OPS-V003", "error", f"{name} waits for `{other}`, which opskit.toml does not list",
                              entry_place(tree, name, "depends_on"), harm=60, help=f"the services are: {', '.join(edges)}",
                              data={"service": name, "missing": other})
        if entry.enabled and (missing := _missing_file(tree, entry.command, entry.cwd)):
            yield Finding("OPS-V018", "error", f"{name} cannot start: {missing} is not there", entry_place(tree, name, "command"), harm=60,
                          help="correct the command, or take the entry out", data={"service": name, "file": missing})


def _missing_file(tree: Tree, command: str, cwd: str) -> str:
    """The first word of the command that names a script, where the platform holds no such file; "" where all is well."""
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    path = next((normpath(join(cwd, word)) for word in words if word.endswith(ENTRIES) and not word.startswith(("-", "/", "$"))), "")
    return path if path and path not in tree.known and tree.read(path) is None else ""


def _dangers(service: Service) -> Iterator[Finding]:
    for danger in service.dangers:
        code, severity, harm, what = DANGERS[danger.kind]
        state = "" if service.enabled else " (disabled)"
        yield Finding(code, severity if service.enabled else "note", f"{service.name} {what}{state}", danger.place,
                      label=danger.text, harm=harm if service.enabled else 20, help=_safer(service, danger),
                      data={"service": service.name, "kind": danger.kind})


def _safer(service: Service, danger: Danger) -> str:
    if not service.enabled:
        return "it stays off until its entry in opskit.toml says enabled = true"
    return f"take it out, or keep `{service.name}` at enabled = false in opskit.toml (`opskit init` writes that)"


def _binds(manifest: Manifest, service: Service) -> Iterator[Finding]:
    entry = manifest.services.get(service.name)
    exposed = entry is not None and entry.expose
    for bind in service.binds:
        if bind.debug and bind.host not in OPEN:
            yield _debugger(service, bind, exposed)


def _debugger(service: Service, bind: Bind, exposed: bool) -> Finding:
    """On loopback, or opened by its entry; one that the code itself opens to all is the ports room's OPS-P010."""
    message = f"{service.name} runs with a debugger" + (" that strangers can reach: it runs any code they type" if exposed else "")
    return Finding("OPS-V005", "error" if exposed else "warning", message, bind.place, label="debug is on", harm=85 if exposed else 50,
                   help="take debug=True out; under `opskit up` it is off", data={"service": service.name, "host": bind.host})


def _faults(services: Iterable[Service]) -> Iterator[Finding]:
    """One finding a place, however many services load the file."""
    hit = defaultdict[tuple[Place, str], list[str]](list)
    for service in services:
        for fault in service.faults:
            hit[fault.place, fault.what].append(service.name)
    for (place, what), names in hit.items():
        whom = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        yield Finding("OPS-V006", "warning", f"{whom} will fail here: {what}", place, harm=55,
                      help="import or define it", data={"service": names[0], "services": names})


def entry_place(tree: Tree, name: str, key: str = "") -> Place:
    """Where `[services.NAME]`, or its `key`, stands in opskit.toml; the file as a whole where it is written otherwise."""
    data = tree.read(MANIFEST) or b""
    head = re.search(rb"^[ \t]*\[\s*services\s*\.\s*[\"']?" + re.escape(name.encode()) + rb"[\"']?\s*\]", data, re.MULTILINE)
    if head is None:
        return Place(MANIFEST)
    following = re.search(rb"^[ \t]*\[", data[head.end():], re.MULTILINE)
    end = head.end() + following.start() if following else len(data)
    line = re.search(rb"^[ \t]*" + re.escape(key.encode()) + rb"[ \t]*=[^\r\n]*", data[head.end():end], re.MULTILINE) if key else None
    if line is None:
        return tree.place(MANIFEST, head.start(), head.end())
    return tree.place(MANIFEST, head.end() + line.start(), head.end() + line.end())


def _fact(service: Service) -> dict[str, object]:
    return {"name": service.name, "path": service.path, "command": shlex.join(service.command), "port": service.port,
            "state": "stopped" if service.enabled else "disabled", "url": f"http://127.0.0.1:{service.port}" if service.port else None,
            "enabled": service.enabled, "reason": service.reason, "pid": None}
