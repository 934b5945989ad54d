"""Shell, batch and PowerShell scripts and Makefiles: servers started with a port on their line or in a variable set before."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.dockerfiles import started_inside
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.identity import Homes
from opskit.source import bash, batch, powershell
from opskit.source.json_text import read_json
from opskit.source.shell_steps import Step
from opskit.source.traced import Traced, made, read_traced
from opskit.survey.module_names import meant
from opskit.survey.naming import kebab
from opskit.survey.runners import IMPORTING, Started
from opskit.survey.starting import started

ENDINGS = (".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", "makefile", "justfile", ".mk")
PROGRAM = re.compile(
    r"\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|flask|fastapi|streamlit|chainlit|sanic|waitress-serve|python[\d.]*|py|node|nodemon|tsx|"
    r"ts-node|next|vite|nuxt|java|serve|http-server|json-server|live-server|ng|astro|php|rails|symfony|docker|podman)(?:\.exe)?\b"
)
MOVE = re.compile(r"^\s*@?(?:cd|pushd|chdir|Set-Location|sl)\s+(?:/d\s+)?(?P<to>\"[^\"]*\"|'[^']*'|[^\s&;|]+)\s*(?P<rest>$|[;&|])", re.I)
OWN = re.compile(
    r"\x01[/\\]?|%~dp0|%cd%\\?|\$\{?(?:PSScriptRoot|PWD|SCRIPT_DIR|DIR|ROOT|ROOT_DIR|BASE_DIR|PROJECT_ROOT)\}?[/\\]?|\$\(\s*(?:dirname|pwd)[^)]*\)[/\\]?",
    re.I,
)
OWN_WORD = re.compile(r"\x01[/\\]?|%~dp0|\$\{?PSScriptRoot\}?[/\\]?", re.I)
BACK = re.compile(r"^\s*@?(?:popd|Pop-Location)\b", re.I)
WRAPPED = re.compile(r"^\s*@?(?:start\s+(?:/\w+\s+)*(?:\"[^\"]*\"\s+)?(?:/\w+\s+|/d\s+\S+\s+)*)?(?:cmd(?:\.exe)?\s+/[kc]\s+)?", re.I)
PUBLISHED = re.compile(r"(?:^|\s)(?:-p|--publish)[ =]\"?(?:[\d.]+:)?(?P<port>\d{2,5}):(?P<inside>\d{2,5})(?P<proto>/udp)?")
NAMED = re.compile(r"--name[ =]\"?([\w.-]+)")
SKIPPED = re.compile(r"^\s*(?:#|rem\b|::|echo\b|@echo\b|Write-Host\b|Write-Output\b|printf\b|//)", re.I)
SETTING = re.compile(r"^\s*@?(?:set\s+\"?|export\s+|\$env:)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>[^\r\n&]+?)\"?\s*$", re.I)
ABSOLUTE = re.compile(r"(?:[A-Za-z]:)?/")
MODULE = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):[A-Za-z_]\w*(?:\(\))?$")
FILE = re.compile(r"^[\w./-]+\.(?:py|[cm]?js|ts)$")
SERVING = frozenset(("http.server", "http-server", "serve", "live-server", "php"))
SETS = re.compile(
    r"(?:^|[;&])[ \t]*(?:export[ \t]+|set[ \t]+\"?|\$env:)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*[\"']?(?P<port>\d{2,5})\b(?!\.)[\"']?"
    r"(?=[ \t]*(?:$|[;&#\r\n]|[ \t]\w))",
    re.I,
)
WHERE = re.compile(r"^[ \t]*@?start(?:[ \t]+(?:/(?!d\b)\w+|\"[^\"]*\"))*[ \t]+(?P<flag>/D)[ \t]*(?P<to>\"[^\"]+\"|[^\s\"]+)", re.I)


@dataclass(slots=True)
class State:
    """Where a script stands and what it has set, line by line; `lost` is the name of a folder that the tree does not have."""

    folder: str
    variables: dict[str, tuple[int, Place]] = field(default_factory=dict)
    application: str = ""
    left: list[str] = field(default_factory=list)
    lost: str = ""


Placing = Callable[[int, int], Place]


@dataclass(frozen=True, slots=True)
class Reading:
    """The script that is read; `home` is its own folder, `placing` says where a command of another file stands."""

    tree: Tree
    homes: Homes
    path: str
    placing: Placing | None = None

    @property
    def home(self) -> str:
        return posixpath.dirname(self.path) or "."

    def place(self, text: Traced, start: int = 0, end: int = 0) -> Place:
        """Where a part of a line stands, the line's first byte for what does not stand in the file as it reads."""
        span = text.span(start, end) or (text.first, text.first)
        return self.placing(*span) if self.placing else self.tree.place(self.path, *span)


def scripts(tree: Tree) -> Iterator[str]:
    return (
        p for p in tree.ending(*ENDINGS) if p.lower().endswith(ENDINGS[:7]) or posixpath.basename(p).lower() in ENDINGS or p.endswith(".mk")
    )


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    for path in scripts(tree):
        data = tree.read(path) or b""
        if not tree.is_link(path) and PROGRAM.search(data.decode("utf-8", "replace")):
            image = started_inside(homes, path)
            for each in _found(Reading(tree, homes, path), _steps(path, data)):
                yield replace(each, service=image, scope="container", role="target") if image else each


def _steps(path: str, data: bytes) -> Iterator[Step]:
    """The lines as their shell sees them: where one goes on in the next, blanks stand for the sign and the line's end."""
    name = path.lower()
    sign = b"^" if name.endswith((".bat", ".cmd")) else b"`" if name.endswith(".ps1") else b"\\"
    going_on = re.compile(rb"(?<=[ \t])" + re.escape(sign) + rb"[ \t]*\r?\n")
    plain = going_on.sub(lambda m: b" " * len(m[0]), data)
    if name.endswith(".ps1"):
        return powershell.steps(plain)
    return batch.steps(plain) if sign == b"^" else bash.steps(plain, make=not name.endswith(ENDINGS[:3]))


def _found(reading: Reading, steps: Iterable[Step]) -> Iterator[Stated]:
    """Each claim once, however often a loop or a call comes by."""
    state, kept, seen = State(reading.home), list[State](), set[tuple[Place, str, int]]()
    for step in steps:
        if step.kind == "open":
            kept.append(State(state.folder, dict(state.variables), state.application))
            if to := step.text.text.strip():
                state.folder = _moved(reading.tree, state, reading.home, to)
        elif step.kind == "close":
            state = kept.pop() if kept else state
        elif not SKIPPED.match(step.text.text):
            for found in _line(reading, step.text, state):
                if (key := (found.place, found.service, found.port)) not in seen:
                    seen.add(key)
                    yield found


def composer(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Scripts of composer.json (getcomposer.org/doc/articles/scripts.md)."""
    for path in tree.holding(tree.ending("composer.json"), b"-S", b"serve", b"server:"):
        document = tree.parsed(path, read_json)
        for script in (document.table("scripts") if document else {}).values():
            for part in script.parts or [script]:
                start, end = part.inner()
                line = read_traced(tree.read(path) or b"", start, end)
                if part.raw == line.text:
                    line = line.filled(re.compile(r"^@(?=php\b)"), lambda m: made(" "))
                    yield from _line(Reading(tree, homes, path), line, State(posixpath.dirname(path) or "."))


def line_stated(tree: Tree, homes: Homes, path: str, line: str, placing: Placing, state: State) -> Iterator[Stated]:
    """What one command line starts that another reader has put together; `placing` takes bytes of the line."""
    yield from _line(Reading(tree, homes, path, placing), read_traced(line.encode()), state)


def _line(reading: Reading, line: Traced, state: State) -> Iterator[Stated]:
    for assigned in SETS.finditer(line.text):
        state.variables[assigned["name"].upper()] = int(assigned["port"]), reading.place(line, *assigned.span("port"))
    if setting := SETTING.match(line.text):
        state.application = setting["value"].strip("\"' ") if setting["name"].upper() == "FLASK_APP" else state.application
    folder = state.folder
    if BACK.match(line.text):
        state.folder = state.left.pop() if state.left else state.folder
    if moved := MOVE.match(line.text):
        state.left += [state.folder] if "push" in moved[0].lower() else []
        state.folder = _moved(reading.tree, state, reading.home, moved["to"])
        line = made(" " * moved.end("to")) + line.cut(moved.end("to")).filled(re.compile(r"^\s*(?:&&|;)"), lambda m: made(" " * len(m[0])))
    if PROGRAM.search(line.text):
        yield from _published(reading, line)
        yield from _started(reading, line, state)
    state.folder = folder if moved and re.search(r"[^&]&\s*$", line.text) else state.folder


def _moved(tree: Tree, state: State, home: str, said: str) -> str:
    """The folder that `cd` goes to: from where the script stands, or from its own folder; of an absolute path the end that
    the tree has, else the script's own folder: it was written for another machine."""
    to = said.replace('\\"', '"').strip("\"' ")
    plain = OWN.sub("", to).replace("\\", "/")
    if ABSOLUTE.match(plain) and plain == to.replace("\\", "/"):
        parts = [part for part in plain.split("/") if part]
        ends = ("/".join(parts[first:]) for first in range(1, len(parts)))
        found = next((end for end in ends if end in tree.folders), "")
        state.lost = "" if found else kebab(parts[-1]) if parts else ""
        return found or home
    state.lost = ""
    base = home if plain != to.replace("\\", "/") or "$0" in to else state.folder
    return posixpath.normpath(posixpath.join(base, plain.lstrip("/") if plain != to else plain)) if plain.strip("/") else base


def _published(reading: Reading, line: Traced) -> Iterator[Stated]:
    """`docker run -p 8080:80 --name web image`."""
    text = line.text
    if not re.search(r"\b(?:docker|podman)\b.*\brun\b", text):
        return
    named = NAMED.search(text)
    image = re.sub(r":[\w.-]+$", "", text.split()[-1].strip("\"'")).rsplit("/", 1)[-1]
    for match in PUBLISHED.finditer(text):
        name = named[1] if named else kebab(image)
        yield Stated(
            reading.place(line, *match.span("port")),
            int(match["port"]),
            "publish",
            reading.homes.contained.get(name, name),
            "machine",
            "script",
            "udp" if match["proto"] else "tcp",
            "medium",
            ("docker run publishes",),
            editable=line.span(*match.span("port")) is not None,
        )


def _started(reading: Reading, line: Traced, state: State) -> Iterator[Stated]:
    tree, folder = reading.tree, state.folder
    if where := WHERE.match(line.text):
        folder = _moved(tree, state, reading.home, where["to"])
        line = line.cut(0, where.start("flag")) + line.cut(where.end("to"))
    skip = WRAPPED.match(line.text)
    text = line.cut(skip.end() if skip else 0).filled(re.compile(r"\s+\Z"), lambda m: made(""))
    if text.text[:1] == '"' and text.text.replace('\\"', "").count('"') == 2 and text.text.endswith('"'):
        text = text.cut(1, -1)
    if shell := WRAPPED.match(text.text):
        text = text.cut(shell.end())
    if moved := MOVE.match(text.text):
        folder = _moved(tree, State(folder), reading.home, moved["to"])
        text = text.cut(moved.end("to")).filled(re.compile(r"^\s*(?:&&|;)"), lambda m: made(""))
    for assigned in SETS.finditer(text.text):
        state.variables[assigned["name"].upper()] = int(assigned["port"]), reading.place(text, *assigned.span("port"))
    near = made(posixpath.relpath(reading.home, folder))
    text = text.filled(OWN_WORD, lambda m: near + made("/" if m[0][-1] in "/\\" else "")).stripped()
    line_of = text.text.replace("\\", "/")
    runs = [started(tree, line_of, at) for at in dict.fromkeys((folder, "."))]
    for each in next((run for run in runs if any(s.entry or s.command.program == "java" for s in run)), runs[0]):
        if each.command.program == "flask" and not each.entry and state.application:
            each = replace(each, entry=meant(tree, folder, state.application).path)
        if (found := _one(reading, each, text, state)) is not None:
            yield found


def _place_of(tree: Tree, each: Started) -> str:
    """The folder that a program stands for: of a built archive the project that it is built in."""
    jar = next((word for word in each.command.values if word.endswith(".jar")), "")
    built = re.split(r"/(?:target|build)/", jar)[0] if jar else ""
    if built == jar:
        return each.command.cwd
    near = posixpath.normpath(posixpath.join(each.command.cwd, built))
    return near if near in tree.folders else posixpath.normpath(built)


def _service(reading: Reading, each: Started, state: State) -> str:
    """Whom a command starts: by its file, else by its folder; what serves a plain folder is called like that."""
    homes = reading.homes
    gone = next((word for word in each.command.values if FILE.search(word)), "") if each.kind == "server" else ""
    if each.command.program in IMPORTING and not each.several:
        module = next((m[1] for word in each.command.values[1:] if (m := MODULE.match(word))), "")
        gone = gone or (f"{module.replace('.', '/')}.py" if module else "")
    if each.entry or gone:
        return homes.launched(each.entry or gone)
    place = _place_of(homes.tree, each)
    own = homes.own(place)
    if state.lost and place == reading.home:
        return state.lost
    plain = each.framework in SERVING and place not in ("", ".") and own == homes.own(".")
    return kebab(posixpath.basename(place)) if plain else own


def _one(reading: Reading, each: Started, text: Traced, state: State) -> Stated | None:
    if each.command.program in ("npm", "yarn", "pnpm", "bun"):
        return None
    homes = reading.homes
    service = _service(reading, each, state)
    variables = (each.variable, *homes.variables.get(each.entry, ())) if not each.said else ()
    variable, set_before = next(((v, given) for v in variables if (given := state.variables.get(v.upper()))), ("", None))
    if set_before is not None:
        return Stated(
            set_before[1],
            set_before[0],
            "bind",
            service,
            "machine",
            "script",
            via=(f"{variable} set before",),
            variable=variable,
            editable=set_before[1].end > set_before[1].start,
        )
    if each.port is None or not (each.said or each.kind == "server"):
        return None
    exact = each.at is not None and text.text[slice(*each.at)] == str(each.port) and text.span(*each.at) is not None
    spot = reading.place(text, *each.at) if exact and each.at else reading.place(text)
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
