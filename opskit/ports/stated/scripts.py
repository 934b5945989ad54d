"""Shell, batch and PowerShell scripts and Makefiles: servers started with a port on their line or in a variable set before."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import Homes
from opskit.source.json_text import read_json
from opskit.survey.module_names import meant
from opskit.survey.naming import kebab
from opskit.survey.runners import Started
from opskit.survey.starting import started

ENDINGS = (".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", "makefile", "justfile", ".mk")
PROGRAM = re.compile(
    r"\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|flask|fastapi|streamlit|chainlit|sanic|waitress-serve|python[\d.]*|py|node|nodemon|tsx|"
    r"ts-node|next|vite|nuxt|java|serve|http-server|json-server|live-server|ng|astro|php|rails|symfony|docker|podman)(?:\.exe)?\b"
)
ASSIGN = re.compile(
    r"^\s*(?:export\s+|set\s+\"?|\$env:|@?set\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*[\"']?(?P<port>\d{2,5})\b(?!\.)[\"']?\s*(?:$|[;&#])", re.I
)
MOVE = re.compile(r"^\s*@?(?:cd|pushd|chdir|Set-Location|sl)\s+(?:/d\s+)?(?P<to>\"[^\"]*\"|'[^']*'|[^\s&;|]+)\s*(?P<rest>$|[;&|])", re.I)
HERE = re.compile(
    r"%~dp0|%cd%\\?|\$\{?(?:PSScriptRoot|PWD|SCRIPT_DIR|DIR|ROOT|ROOT_DIR|BASE_DIR|PROJECT_ROOT)\}?[/\\]?|\$\(\s*(?:dirname|pwd)[^)]*\)[/\\]?",
    re.I,
)
WRAPPED = re.compile(r"^\s*@?(?:start\s+(?:/\w+\s+)*(?:\"[^\"]*\"\s+)?(?:/\w+\s+|/d\s+\S+\s+)*)?(?:cmd(?:\.exe)?\s+/[kc]\s+)?", re.I)
PROCESS = re.compile(r"Start-Process\s+(?:-FilePath\s+)?[\"']?(?P<program>[\w./\\-]+)[\"']?\s+(?:-ArgumentList\s+)?(?P<arguments>.+)", re.I)
PUBLISHED = re.compile(r"(?:^|\s)(?:-p|--publish)[ =]\"?(?:[\d.]+:)?(?P<port>\d{2,5}):(?P<inside>\d{2,5})(?P<proto>/udp)?")
NAMED = re.compile(r"--name[ =]\"?([\w.-]+)")
SKIPPED = re.compile(r"^\s*(?:#|rem\b|::|echo\b|@echo\b|Write-Host\b|Write-Output\b|printf\b|//)", re.I)
SETTING = re.compile(r"^\s*@?(?:set\s+\"?|export\s+|\$env:)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>[^\r\n&]+?)\"?\s*$", re.I)
ABSOLUTE = re.compile(r"(?:[A-Za-z]:)?/")
FILE = re.compile(r"^[\w./-]+\.(?:py|[cm]?js|ts)$")
IMPORTING = frozenset(("flask", "fastapi", "uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "sanic"))
Placing = Callable[[int, int], Place]


@dataclass(slots=True)
class State:
    """Where a script stands and what it has set, line by line; `homes` are variables that hold the script's own folder."""

    folder: str
    variables: dict[str, tuple[int, Place]] = field(default_factory=dict)
    homes: set[str] = field(default_factory=set)
    application: str = ""


def scripts(tree: Tree) -> Iterator[str]:
    return (
        p for p in tree.ending(*ENDINGS) if p.lower().endswith(ENDINGS[:7]) or posixpath.basename(p).lower() in ENDINGS or p.endswith(".mk")
    )


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in scripts(tree):
        if tree.is_link(path):
            continue
        state = State(posixpath.dirname(path) or ".")
        offset = 0
        for raw in _lines(path, tree.read(path) or b""):
            line = raw.decode("utf-8", "replace")
            if not SKIPPED.match(line):
                yield from _line(tree, homes, path, line, offset, state)
            offset += len(raw)


def _lines(path: str, data: bytes) -> list[bytes]:
    """The lines that the shell sees: where one goes on in the next, blanks stand for the sign and the line's end."""
    sign = b"^" if path.lower().endswith((".bat", ".cmd")) else b"`" if path.lower().endswith(".ps1") else b"\\"
    going_on = re.compile(rb"(?<=[ \t])" + re.escape(sign) + rb"[ \t]*\r?\n")
    return going_on.sub(lambda m: b" " * len(m[0]), data).splitlines(keepends=True)


def composer(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Scripts of composer.json (getcomposer.org/doc/articles/scripts.md)."""
    for path in tree.holding(tree.ending("composer.json"), b"-S", b"serve", b"server:"):
        document = tree.parsed(path, read_json)
        for script in (document.table("scripts") if document else {}).values():
            for part in script.parts or [script]:
                start, end = part.inner()
                if part.raw.encode() == (tree.read(path) or b"")[start:end]:
                    line = re.sub(r"^@(?=php\b)", " ", part.raw)
                    yield from _line(tree, homes, path, line, start, State(posixpath.dirname(path) or "."))


def _line(tree: Tree, homes: Homes, path: str, line: str, offset: int, state: State) -> Iterator[Stated]:
    def place(start: int, end: int) -> Place:
        first = offset + len(line[:start].encode())
        return tree.place(path, first, first + len(line[start:end].encode()))

    if assigned := ASSIGN.match(line):
        state.variables[assigned["name"]] = int(assigned["port"]), place(*assigned.span("port"))
    if setting := SETTING.match(line):
        value = setting["value"].strip("\"' ")
        state.homes |= {setting["name"]} if HERE.search(value) and not HERE.sub("", value).strip("/\\ ") else set()
        state.application = value if setting["name"].upper() == "FLASK_APP" else state.application
    if moved := MOVE.match(line):
        state.folder = _moved(tree, state, posixpath.dirname(path) or ".", moved["to"])
        line = " " * moved.end("to") + line[moved.end("to") :].replace("&&", "  ", 1)
    if PROGRAM.search(line):
        yield from _published(homes, line, place)
        yield from _started(tree, homes, path, line, place, state)


def _moved(tree: Tree, state: State, home: str, said: str) -> str:
    """The folder that `cd` goes to: from where the script stands, or from its own folder; of an absolute path the end that
    the tree has, else the script's own folder: it was written for another machine."""
    to = said.replace('\\"', '"').strip("\"'")
    for name in state.homes:
        to = re.sub(rf"%{name}(?::~[^%]*)?%|\$\{{?{name}\}}?[/\\]?", "%~dp0", to)
    plain = HERE.sub("", to).replace("\\", "/")
    if ABSOLUTE.match(plain) and plain == to.replace("\\", "/"):
        parts = [part for part in plain.split("/") if part]
        ends = ("/".join(parts[first:]) for first in range(1, len(parts)))
        return next((end for end in ends if end in tree.folders), home)
    base = home if plain != to.replace("\\", "/") or "$0" in to else state.folder
    return posixpath.normpath(posixpath.join(base, plain.lstrip("/") if plain != to else plain)) if plain.strip("/") else base


def _published(homes: Homes, line: str, place: Placing) -> Iterator[Stated]:
    """`docker run -p 8080:80 --name web image`."""
    if not re.search(r"\b(?:docker|podman)\b.*\brun\b", line):
        return
    named = NAMED.search(line)
    image = re.sub(r":[\w.-]+$", "", line.split()[-1].strip("\"'")).rsplit("/", 1)[-1]
    for match in PUBLISHED.finditer(line):
        service = named[1] if named else kebab(image)
        yield Stated(
            place(*match.span("port")),
            int(match["port"]),
            "publish",
            service,
            "machine",
            "script",
            "udp" if match["proto"] else "tcp",
            "medium",
            ("docker run publishes",),
            editable=True,
        )


def _started(tree: Tree, homes: Homes, path: str, line: str, place: Placing, state: State) -> Iterator[Stated]:
    skip = WRAPPED.match(line)
    start = skip.end() if skip else 0
    text = line[start:].rstrip()
    if text[:1] == '"' and text.replace('\\"', "").count('"') == 2 and text.endswith('"'):
        start, text = start + 1, text[1:-1]
    if process := PROCESS.search(line):
        text, start = f"{process['program']} {process['arguments']}".replace('"', " ").replace("'", " ").replace(",", " "), -1
        text = text[shell.end() :] if (shell := WRAPPED.match(text)) else text
    folder = state.folder
    if moved := MOVE.match(text):
        folder = _moved(tree, state, posixpath.dirname(path) or ".", moved["to"])
        text = " " * moved.end("to") + text[moved.end("to") :].replace("&&", "  ", 1)
    line_of = text.replace("\\", "/").strip()
    runs = [started(tree, line_of, at) for at in dict.fromkeys((folder, "."))]
    for each in next((run for run in runs if any(s.entry or s.command.program == "java" for s in run)), runs[0]):
        if each.command.program == "flask" and not each.entry and state.application:
            each = replace(each, entry=meant(tree, folder, state.application).path)
        if (found := _one(homes, each, text, start, place, state)) is not None:
            yield found


def _place_of(tree: Tree, each: Started) -> str:
    """The folder that a program stands for: of a built archive the project that it is built in."""
    jar = next((word for word in each.command.values if word.endswith(".jar")), "")
    built = re.split(r"/(?:target|build)/", jar)[0] if jar else ""
    if built == jar:
        return each.command.cwd
    near = posixpath.normpath(posixpath.join(each.command.cwd, built))
    return near if near in tree.folders else posixpath.normpath(built)


def _one(homes: Homes, each: Started, text: str, start: int, place: Placing, state: State) -> Stated | None:
    if each.command.program in ("npm", "yarn", "pnpm", "bun"):
        return None
    gone = next((word for word in each.command.values if FILE.search(word)), "") if each.kind == "server" else ""
    service = homes.launched(each.entry or gone) if each.entry or gone else homes.own(_place_of(homes.tree, each))
    set_before = state.variables.get(each.variable) if each.variable and not each.said else None
    if set_before is not None:
        return Stated(
            set_before[1],
            set_before[0],
            "bind",
            service,
            "machine",
            "script",
            via=(f"{each.variable} set before",),
            variable=each.variable,
            editable=True,
        )
    if each.port is None or not (each.said or each.kind == "server"):
        return None
    lead = len(text) - len(text.lstrip())
    exact = each.at is not None and start >= 0 and text.strip()[slice(*each.at)] == str(each.port)
    spot = place(start + lead + each.at[0], start + lead + each.at[1]) if exact and each.at else place(0, 0)
    step = () if each.said else (f"{each.framework} takes {each.port} when none is said",)
    return Stated(
        spot,
        each.port,
        "bind",
        service,
        "machine",
        "script",
        "tcp",
        "high" if each.said else "medium",
        (f"started by {spot.path}", *step),
        each.host,
        each.variable,
        exact,
        imports=each.command.program in IMPORTING,
    )
