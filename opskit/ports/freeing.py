"""The review fix: a service takes its port from the environment, and ends with the holder's name where the port is taken.

`auth` reads AUTH_PORT, with the number that stood there as the fallback. Python gets a check before it binds; Node says
EADDRINUSE itself. Only a plain literal is rewritten: in the call that opens the port, or of a constant of the same file.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opskit.core.change import FileEdit
from opskit.core.finding import Finding
from opskit.core.tree import Tree
from opskit.ports.audit import Audit
from opskit.ports.claims import Claim, is_published
from opskit.source.python import PythonSource
from opskit.survey.facts import Bind
from opskit.survey.python.binds import openings_in
from opskit.survey.python.index import index_of

CODE = "OPS-P016"
IMPORT = re.compile(rb"^(?:from|import)[ \t]", re.M)
SCRIPTS = ("js", "mjs", "cjs", "ts", "mts")
GUARD = '''

def refuse_taken_port(port):
    """Ends with the holder's name where another program listens on the port already."""
    import os
    import socket

    with socket.socket() as probe:
        probe.settimeout(1)
        if os.environ.get("WERKZEUG_RUN_MAIN") or probe.connect_ex(("127.0.0.1", port)):
            return
    try:
        import psutil

        pids = [c.pid for c in psutil.net_connections("inet") if c.pid and c.status == "LISTEN" and c.laddr.port == port]
        holder = f"process {pids[0]}, {psutil.Process(pids[0]).name()}"
    except Exception:
        holder = f"another program (opskit ports who {port})"
    raise SystemExit(f"port {port} is held by {holder}")
'''


@dataclass(frozen=True, slots=True)
class Fixed:
    """A service whose port only an edit of its code changes; `edits` make it read a variable."""

    claim: Claim
    variable: str
    edits: tuple[tuple[int, int, bytes], ...]


def variable_of(name: str) -> str:
    """`auth-system` -> AUTH_SYSTEM_PORT."""
    word = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return f"{'S_' * word[:1].isdigit()}{word}_PORT"


def likely(audit: Audit) -> Iterator[Claim]:
    """Services that run together whose port is a plain literal of their code: by the bytes alone, no file is parsed again."""
    for claim in audit.claims:
        bind = claim.bind
        plain = bind.editable and not bind.variable and not bind.flags and not is_published(bind) and claim.protocol == "tcp"
        if not plain or not claim.main or bind.place.path not in (claim.service.path, *claim.service.closure):
            continue
        data, ending = audit.survey.tree.read(bind.place.path) or b"", bind.place.path.rsplit(".", 1)[-1]
        python = ending == "py" and bind.place.path == claim.service.path and b"refuse_taken_port" not in data and IMPORT.search(data)
        if (python or ending in SCRIPTS) and data[bind.place.start : bind.place.end] == str(claim.port).encode():
            yield claim


def fixed(audit: Audit, ports: dict[tuple[str, int, str], int]) -> Iterator[Fixed]:
    """Those of them that can be rewritten; `ports` are the new ones of those that move."""
    for claim in likely(audit):
        place, number, variable = claim.bind.place, ports.get(claim.key, claim.port), variable_of(claim.service.name)
        if place.path.endswith(".py"):
            edits = _python(audit.survey.tree, claim.bind, number, variable)
        else:
            edits = ((place.start, place.end, f"Number(process.env.{variable} ?? {number})".encode()),)
        if edits:
            yield Fixed(claim, variable, edits)


def check_fixed(audit: Audit) -> Iterator[Finding]:
    """One note for all of them."""
    found = list(likely(audit))
    if found:
        first, *others = found
        count = f"{first.service.name} takes its port" if not others else f"{len(found)} services take their ports"
        yield Finding(
            CODE, "note", f"{count} from nowhere but the code", first.bind.place,
            help="`opskit ports fix --review` lets a variable decide, and has each say who holds its port", fix="review", harm=6,
            also=tuple(c.bind.place for c in others), data={"services": [c.service.name for c in found]})


def freed(found: Iterable[Fixed], audit: Audit, groups: dict[tuple[str, int, str], str]) -> list[FileEdit]:
    """The edits, a group a service; of one that moves, its move's."""
    edits = []
    for each in found:
        path, group = each.claim.bind.place.path, groups.get(each.claim.key, f"ports:env:{each.claim.service.name}")
        data = audit.survey.tree.read(path) or b""
        why = f"{each.claim.service.name} takes its port from {each.variable}"
        edits += [FileEdit(path, start, end, data[start:end], new, why, group, CODE) for start, end, new in each.edits]
    return edits


def _python(tree: Tree, bind: Bind, number: int, variable: str) -> tuple[tuple[int, int, bytes], ...]:
    index = index_of(tree)
    module = index.module(bind.place.path)
    source = module.source
    call = next((each.call for each in openings_in(index, module) if each.bind.place == bind.place and not each.later), None)
    if source.tree is None or call is None:
        return ()
    literal = next((n for n in source.nodes if isinstance(n, ast.Constant) and source.span(n) == (bind.place.start, bind.place.end)), None)
    statement, above = _statement(source, call), _head(source)
    start = source.span(statement)[0] if statement else 0
    lead = source.data[source.data.rfind(b"\n", 0, start) + 1 : start]
    if literal is None or type(literal.value) is not int or statement is None or above is None or lead.strip() or start < above:
        return ()
    newline = b"\r\n" if b"\r\n" in source.data else b"\n"
    read = f'int(os.environ.get("{variable}", "{number}"))'.encode()
    guard = GUARD.encode().replace(b"\n", newline)
    imports = b"" if _imports_os(source.tree) else newline + b"import os"
    head = (above, above, imports + newline + guard.rstrip() + newline)
    name = _constant(source, literal)
    if name:
        return (head, (bind.place.start, bind.place.end, read), (start, start, f"refuse_taken_port({name})".encode() + newline + lead))
    if call not in _around(source, literal):
        return ()
    own = variable.lower().encode()
    before = own + b" = " + read + newline + lead + b"refuse_taken_port(" + own + b")" + newline + lead
    return head, (start, start, before), (bind.place.start, bind.place.end, own)


def _around(source: PythonSource, node: ast.AST) -> list[ast.AST]:
    found = []
    while (parent := source.parents.get(node)) is not None:
        found.append(parent)
        node = parent
    return found


def _statement(source: PythonSource, call: ast.AST) -> ast.stmt | None:
    """The statement that a call stands in; none where it is a definition (a default of a parameter)."""
    found = next((n for n in _around(source, call) if isinstance(n, ast.stmt)), None)
    return None if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else found


def _constant(source: PythonSource, literal: ast.AST) -> str:
    """The module's own name that is given the literal before anything else reads it."""
    parent = source.parents.get(literal)
    top = parent is not None and isinstance(source.parents.get(parent), ast.Module)
    if top and isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return parent.targets[0].id
    return ""


def _head(source: PythonSource) -> int | None:
    """Where the imports at the file's top end."""
    body = source.tree.body if source.tree else []
    last = None
    for each in body:
        if isinstance(each, ast.Import | ast.ImportFrom):
            last = each
        elif not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
            break
    end = source.span(last)[1] if last is not None else None
    return end if end is not None and source.data[end : end + 2].strip(b" \t")[:1] in (b"", b"\n", b"\r") else None


def _imports_os(tree: ast.Module) -> bool:
    return any(isinstance(n, ast.Import) and any(a.name == "os" and not a.asname for a in n.names) for n in tree.body)
