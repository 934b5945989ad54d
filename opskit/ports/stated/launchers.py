"""Launchers written in Python: what `subprocess` and its like start, row by row of the lists and dicts that the program keeps."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.ports.stated.facts import Stated
from opskit.ports.stated.forms import TESTS
from opskit.ports.stated.identity import Homes
from opskit.survey.naming import GENERIC, kebab
from opskit.survey.python.index import index_of
from opskit.survey.python.launches import Launch, launches
from opskit.survey.runners import IMPORTING, PYTHON, TOOLS, Started
from opskit.survey.starting import started

STARTS = (b"subprocess", b"os.system", b"os.popen", b"os.exec", b"os.spawn")
SERVES = re.compile(
    rb"uvicorn|gunicorn|hypercorn|streamlit|flask|http\.server|daphne|granian|chainlit|fastapi|sanic|waitress|runserver|--port|PORT['\"]|"
    + "|".join(TOOLS).encode()
)
WRAPPED = re.compile(
    r"""^\s*(?:start\s+(?:/\w+\s+)*(?:"[^"]*"\s+)?(?:/\w+\s+)*)?(?:cmd(?:\.exe)?\s+/[kc]\s+|(?:gnome-terminal|xterm|konsole)\b.*?\s(?:--|-e|-hold)\s+)?""",
    re.I,
)
MOVED = re.compile(r"\bcd\s+/d\s+", re.I)
FILE = re.compile(r"^[\w./-]+\.py$")
MODULE = re.compile(r"^(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*):\w+(?:\(\))?$")


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    index = index_of(tree)
    for path in index.paths_holding(*STARTS):
        if not TESTS.search(path) and SERVES.search(tree.read(path) or b""):
            for launch in launches(index, index.module(path)):
                yield from _claims(tree, homes, path, launch)


def _claims(tree: Tree, homes: Homes, path: str, launch: Launch) -> Iterator[Stated]:
    line = WRAPPED.sub("", MOVED.sub("cd ", launch.line.replace("\\", "/")), count=1)
    if line[:1] == '"' and line.count('"') == 2 and line.rstrip().endswith('"'):
        line = line.strip().strip('"')
    folders = (launch.folder,) if launch.folder else dict.fromkeys((posixpath.dirname(path) or ".", "."))
    runs = [started(tree, line, folder) for folder in (*folders, ".")]
    for each in next((run for run in runs if any(s.entry for s in run)), runs[0]):
        if each.port is not None and (each.said or each.kind == "server") and each.language != "node":
            spot = _digits(tree, launch, each.port) if each.said else None
            step = () if each.said else (f"{each.framework} takes {each.port} when none is said",)
            yield Stated(
                spot or launch.place,
                each.port,
                "bind",
                _service(homes, each),
                "machine",
                "script",
                confidence="high" if each.said else "medium",
                via=(f"started by {path}", *step),
                host=each.host,
                variable=each.variable,
                editable=spot is not None,
                imports=each.framework in IMPORTING,
            )


def _service(homes: Homes, each: Started) -> str:
    """The service of the file that is started; of one that the tree lacks what it would be called."""
    if each.entry:
        return homes.launched(each.entry)
    gone = next((word for word in each.command.values if FILE.search(word)), "")
    if gone:
        return homes.launched(gone)
    module = next((found for word in each.command.values if each.framework in PYTHON and (found := MODULE.match(word))), None)
    if module and kebab(module[1]) not in GENERIC and not each.several:
        return kebab(module[1])
    if each.framework in TOOLS:
        return each.framework
    folder = posixpath.basename(each.command.cwd)
    return kebab(folder) if each.framework == "http.server" and folder not in ("", ".") else homes.own(each.command.cwd)


def _digits(tree: Tree, launch: Launch, port: int) -> Place | None:
    """The one literal of the command that says the number."""
    found: set[Place] = set()
    for text, place in launch.spots:
        raw = (tree.read(place.path) or b"")[place.start : place.end]
        if str(port) in text and len(re.findall(rb"(?<!\d)%d(?!\d)" % port, raw)) == 1:
            start = place.start + raw.index(str(port).encode())
            found.add(tree.place(place.path, start, start + len(str(port))))
    return found.pop() if len(found) == 1 else None
