"""The commands that files of process managers, editors and hosting platforms list, each with its folder, variables and place."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

WORKSPACE = re.compile(
    r"\$\{(?:workspaceFolder|workspaceRoot|cwd)(?::[^}]*)?\}/?|\{\{\.(?:ROOT_DIR|USER_WORKING_DIR|TASKFILE_DIR)\}\}/?|%\(here\)s/?"
)
SECTION = re.compile(rb"^\[program:(?P<name>[^\]\r\n]+)\][^\n]*\n(?P<body>(?:(?!^\[)[^\n]*\n?)*)", re.M)
SET = re.compile(rb"^(?P<key>command|directory|environment)[ \t]*=[ \t]*(?P<value>[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)", re.M)
PAIR = re.compile(r"(?P<key>[A-Za-z_]\w*)[ \t]*=[ \t]*[\"']?(?P<value>[^,\"']*)")
TIMED = re.compile(rb"^(?:@reboot|(?:[\d*/,-]+[ \t]+){5})[ \t]*(?P<command>[^\r\n]+)", re.M)
ENTRY = re.compile(
    rb"<key>(?P<key>\w+)</key>\s*(?:<array>(?P<array>.*?)</array>|<string>(?P<text>[^<]*)</string>|<dict>(?P<dict>.*?)</dict>)", re.S
)
WORD = re.compile(rb"<string>([^<]*)</string>")
NAMED = re.compile(rb"<key>(?P<key>\w+)</key>\s*<string>(?P<value>[^<]*)</string>")
SAID = re.compile(rb"^[ \t]*(?:run|startCommand)[ \t]*=[ \t]*\"(?P<command>[^\"\n]+)\"", re.M)
Environment = Mapping[str, tuple[str, int]]
WINDOWS = re.compile(r"(^|/)\.?tmuxinator([.\w-]*)?(\.ya?ml|/[^/]+\.ya?ml)$")
LISTED = {"mprocs.yaml": "procs", "mprocs.yml": "procs", "process-compose.yaml": "processes", "process-compose.yml": "processes"}


@dataclass(frozen=True, slots=True)
class Process:
    """`start` is the byte that `command` begins at; `env` its variables, each with the byte of its value; `hosted` what a hosting
    platform runs, `manager` what an image may copy to run it inside, `editor` what is started from an editor."""

    path: str
    name: str
    command: str
    start: int
    folder: str
    env: Environment = field(default_factory=dict)
    hosted: bool = False
    manager: bool = False
    editor: bool = False


def processes(tree: Tree) -> Iterator[Process]:
    for path in tree.files:
        name = posixpath.basename(path).lower()
        if name in LISTED:
            yield from _managed(tree, path, LISTED[name])
        elif name in ("tasks.json", "launch.json") and posixpath.basename(posixpath.dirname(path)) == ".vscode":
            yield from _edited(tree, path)
        elif name.startswith("taskfile") and name.endswith((".yml", ".yaml")):
            yield from _tasks(tree, path)
        elif name in ("render.yaml", "render.yml", "app.yaml", "railway.json"):
            yield from _hosted(tree, path)
        elif name.endswith(".plist"):
            yield from _launched(tree, path)
        elif name in (".replit", "railway.toml") or name == "crontab" or name.endswith((".cron", ".crontab")):
            yield from _lines(tree, path)
        elif name.endswith((".conf", ".ini")):
            yield from _supervised(tree, path)
        elif "tmuxinator" in path and WINDOWS.search(path):
            yield from _windows(tree, path)


def _folder(tree: Tree, path: str, said: str, base: str = "") -> str:
    """A folder as a file says it: from where the file stands; of an absolute one the end that the tree has."""
    home = base or posixpath.dirname(path) or "."
    told = WORKSPACE.sub("", said).replace("\\", "/")
    if not told or told in (".", "./"):
        return home if told == said else "."
    if told.startswith(("/", "~")) or re.match(r"[A-Za-z]:", told):
        parts = [part for part in told.split("/") if part]
        return next((end for n in range(len(parts)) if (end := "/".join(parts[n:])) in tree.folders), home)
    return posixpath.normpath(told if told != said else posixpath.join(home, told))


def _environment(node: Located | None) -> dict[str, tuple[str, int]]:
    found = {key: (each.raw, each.inner()[0]) for key, each in (node.items or {}).items()} if node else {}
    for each in (node.parts or []) if node else ():
        key, sign, value = each.raw.partition("=")
        found |= {key: (value, each.inner()[0] + len(key) + 1)} if sign else {}
    return found


def _process(path: str, name: str, said: Located, folder: str, env: Environment, hosted: bool = False) -> Iterator[Process]:
    """One a line where a command is a block of several."""
    words = [part.raw for part in said.parts or []]
    text = WORKSPACE.sub("./" if folder == "." else "", " ".join(words) if words else said.raw)
    for line in text.splitlines():
        yield Process(path, name, line.strip(), said.inner()[0], folder, env, hosted)


def _managed(tree: Tree, path: str, key: str) -> Iterator[Process]:
    document = tree.parsed(path, read_yaml)
    for name, body in document.table(key).items() if document else ():
        said = body.at("shell") or body.at("cmd") or body.at("command")
        folder = _folder(tree, path, body.text("cwd") or body.text("working_dir"))
        if said is not None and said.items is None:
            yield from _process(path, name, said, folder, _environment(body.at("env") or body.at("environment")))


def _tasks(tree: Tree, path: str) -> Iterator[Process]:
    document = tree.parsed(path, read_yaml)
    for name, body in document.table("tasks").items() if document else ():
        folder, env = _folder(tree, path, body.text("dir")), _environment(body.at("env"))
        for part in [*body.list("cmds"), *body.list()]:
            said = part.at("cmd") or part
            if said.items is None:
                yield from _process(path, name, said, folder, env)


def _hosted(tree: Tree, path: str) -> Iterator[Process]:
    reader = read_json if path.endswith(".json") else read_yaml
    document = tree.parsed(path, reader)
    for body in [*(document.list("services") if document else ()), *filter(None, (document, document.at("deploy") if document else None))]:
        env = {part.text("key"): (value.raw, value.inner()[0]) for part in body.list("envVars") if (value := part.at("value"))}
        folder = _folder(tree, path, body.text("rootDir"))
        for key in ("startCommand", "dockerCommand", "entrypoint"):
            said = body.at(key)
            if said is not None and said.items is None:
                yield from _process(path, body.text("name"), said, folder, env, hosted=True)


def _edited(tree: Tree, path: str) -> Iterator[Process]:
    """Visual Studio Code: tasks that run a command, configurations that run a program or a module."""
    document = tree.parsed(path, read_json)
    root = posixpath.dirname(posixpath.dirname(path)) or "."
    for body in [*(document.list("tasks") if document else ()), *(document.list("configurations") if document else ())]:
        folder = _folder(tree, path, body.text("options", "cwd") or body.text("cwd"), root)
        folder = posixpath.normpath(posixpath.join(root, folder)) if root != "." and not folder.startswith(root) else folder
        program, up = _program(body), "./" if folder == root else f"{posixpath.relpath(root, folder)}/"
        words = [WORKSPACE.sub(up, word) for word in (*program, *_words(body.list("args")))]
        env = _environment(body.at("options", "env") or body.at("env"))
        if program and body.text("request") != "attach":
            yield Process(path, body.text("label") or body.text("name"), " ".join(words), body.start, folder, env, editor=True)


def _program(body: Located) -> list[str]:
    kind = body.text("type")
    if body.text("runtimeExecutable"):
        return [body.text("runtimeExecutable"), *_words(body.list("runtimeArgs"))]
    if kind == "npm" and body.text("script"):
        return ["npm", "run", body.text("script")]
    if kind in ("python", "debugpy"):
        return ["python", "-m", body.text("module")] if body.text("module") else ["python", body.text("program")]
    if "node" in kind and body.text("program"):
        return ["node", body.text("program")]
    return [body.text("command")] if body.text("command") else []


def _words(parts: Iterable[Located]) -> list[str]:
    return [f'"{part.raw}"' if " " in part.raw else part.raw for part in parts if part.items is None]


def _windows(tree: Tree, path: str) -> Iterator[Process]:
    """tmuxinator: windows with a command, several, or panes."""
    document = tree.parsed(path, read_yaml)
    root = _folder(tree, path, document.text("root")) if document else "."
    for window in document.list("windows") if document else ():
        for name, body in (window.items or {}).items():
            folder = _folder(tree, path, body.text("root"), root)
            for said in _panes(body):
                yield from _process(path, name, said, folder, {})


def _panes(body: Located) -> Iterator[Located]:
    if body.items is None and body.parts is None:
        yield body
    for part in (*(body.parts or ()), *body.list("panes")):
        plain = part.items is None and part.parts is None
        yield from [part] if plain else (pane for own in (part.items or {}).values() for pane in _panes(own))


def _supervised(tree: Tree, path: str) -> Iterator[Process]:
    data = tree.read(path) or b""
    for section in SECTION.finditer(data) if b"[program:" in data else ():
        told = {m["key"]: m for m in SET.finditer(data, *section.span("body"))}
        if said := told.get(b"command"):
            given = told.get(b"environment")
            pairs = PAIR.finditer(given["value"].decode("utf-8", "replace")) if given else ()
            env = {m["key"]: (m["value"], given.start("value") + m.start("value")) for m in pairs} if given else {}
            where = told[b"directory"]["value"].decode("utf-8", "replace").strip() if b"directory" in told else ""
            text = re.sub(r"[\r\n]", " ", WORKSPACE.sub("", said["value"].decode("utf-8", "replace"))).rstrip()
            text = re.sub(r"%\(ENV_(\w+)\)s", r"${\1}", text)
            name, folder = section["name"].decode("utf-8", "replace"), _folder(tree, path, where)
            yield Process(path, name, text, said.start("value"), folder, env, manager=True)


def _launched(tree: Tree, path: str) -> Iterator[Process]:
    told = {m["key"]: m for m in ENTRY.finditer(tree.read(path) or b"")}
    said = told.get(b"ProgramArguments")
    if said is not None and said["array"] is not None:
        words = [word.decode("utf-8", "replace") for word in WORD.findall(said["array"])]
        where = (told[b"WorkingDirectory"]["text"] or b"").decode("utf-8", "replace") if b"WorkingDirectory" in told else ""
        given = told.get(b"EnvironmentVariables")
        pairs = NAMED.finditer(given["dict"] or b"") if given else ()
        begun = given.start("dict") if given else 0
        env = {m["key"].decode(): (m["value"].decode("utf-8", "replace"), begun + m.start("value")) for m in pairs}
        name = posixpath.basename(path).removesuffix(".plist").rpartition(".")[2]
        yield Process(path, name, " ".join(words), said.start("array"), _folder(tree, path, where), env)


def _lines(tree: Tree, path: str) -> Iterator[Process]:
    hosted = path.endswith((".replit", "railway.toml"))
    for match in (SAID if hosted else TIMED).finditer(tree.read(path) or b""):
        text = match["command"].decode("utf-8", "replace")
        yield Process(path, "", text, match.start("command"), posixpath.dirname(path) or ".", {}, hosted)
