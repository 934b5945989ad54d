"""Where a module opens a port: the calls of `openings`, their number found through constants, settings and options."""

import ast
import re
from dataclasses import dataclass, replace

from opskit.core.place import Place
from opskit.source.python import within
from opskit.survey.facts import Bind
from opskit.survey.python.handing import handed_on
from opskit.survey.python.index import Index
from opskit.survey.python.known import Known
from opskit.survey.python.module import Function, Module, argument
from opskit.survey.python.names import OWN, canonical, name_of, starred
from opskit.survey.python.openings import LAST_WORDS, OPENINGS, OPENS, Opening
from opskit.survey.python.values import Evaluation

QUIET = frozenset({"print", "format", "str", "info", "debug", "warning", "error", "echo", "exception", "log", "write", "refuse_taken_port"})
"""Calls whose argument decides nothing; the last is the check that `opskit ports fix --review` writes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`call` opens the port, `function` is the one that it stands in; `later`: a thread or a process makes the call."""

    call: ast.Call
    bind: Bind
    function: Function | None
    later: bool = False


def openings_in(index: Index, module: Module) -> list[Opened]:
    """Every call of a module that opens a port to be served; probes and throw-away ports (0) left out."""
    if not OPENS.search(module.source.data):
        return []
    found = []
    for call in module.all(ast.Call):
        for each in (call, handed_on(call)):
            opening = _opening(index, module, each) if each is not None else None
            if each is not None and opening is not None and not _probes(index, module, call, opening):
                bind = _bind(index, module, each, opening)
                if bind is not None and bind.port != 0:
                    found.append(Opened(each, bind, module.function(call), each is not call))
    return found


def _opening(index: Index, module: Module, call: ast.Call) -> Opening | None:
    last = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    if last not in LAST_WORDS and last not in module.imports and last not in module.classes:
        return None
    name = name_of(index, module, call.func)
    if name in OPENINGS:
        return OPENINGS[name]
    if OWN in name and (known := OPENINGS.get(canonical(index, name))) is not None:
        return known
    if last in ("create_server", "create_datagram_endpoint") and "loop" in name:
        return OPENINGS[f"asyncio.get_running_loop().{last}"]
    if last == "run" and isinstance(call.func, ast.Attribute) and _unplaced(name):
        return _guessed(module, call)
    return None


def _unplaced(name: str) -> bool:
    """A receiver that the files do not explain: a bare local name, or nothing."""
    return not name or (name.count(".") == 1 and "(" not in name and OWN not in name)


def _guessed(module: Module, call: ast.Call) -> Opening | None:
    """`app.run(port=...)` whose `app` comes from where opskit cannot follow: Flask's signature where Flask is in sight."""
    if any(k.arg == "port" for k in call.keywords) and any(w in module.source.data for w in (b"flask", b"Flask", b"app")):
        return OPENINGS["flask.Flask().run"]
    return None


def _bind(index: Index, module: Module, call: ast.Call, opening: Opening) -> Bind | None:
    there, port_node, host_node = _arguments(index, module, call, opening)
    evaluate = Evaluation(index, there)
    if opening.transports:
        if not _listens(evaluate, call, opening):
            return None
        port_node, host_node, evaluate = _made_with(index, module, call, port_node, host_node)
        there = evaluate.module
    known = evaluate(port_node)
    host = evaluate(host_node)
    text = host.text.rstrip(":").strip("[]") if host is not None else "" if opening.address >= 0 or host_node is not None else opening.home
    if known is not None and ":" in known.text:
        text, known = _split(known, text)
    debug = any(k.arg == "debug" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords)
    protocol = "udp" if opening.framework == "socket" and _datagram(module, _socket(module, call)) else opening.protocol
    base = Bind(module.place(call), None, opening.framework, text, protocol, debug=debug)
    if port_node is None or (known is not None and known.number is None and known.variable and opening.default and known.value is not None):
        return replace(base, port=opening.default, via=(f"the default of {opening.framework}",), confidence="medium") \
            if opening.default else None
    if known is None:
        return replace(base, via=("the number cannot be told without running it",), confidence="low")
    return _numbered(index, there, base, port_node, known)


def _listens(evaluate: Evaluation, call: ast.Call, opening: Opening) -> bool:
    """Whether a server that speaks over pipes unless told otherwise is told so."""
    told = evaluate(argument(call, 0, "transport"))
    return told is not None and told.text in opening.transports


def _made_with(index: Index, module: Module, call: ast.Call, port: ast.expr | None, host: ast.expr | None) \
        -> tuple[ast.expr | None, ast.expr | None, Evaluation]:
    """The expressions of port and host of the call itself, else of the call that made its object, also in another file."""
    held = call.func.value if isinstance(call.func, ast.Attribute) else None
    if port is not None or not isinstance(held, ast.Name):
        return port, host, Evaluation(index, module)
    bounds, there = module.lookup(held.id, held)[1], module
    if not bounds and (path := _home(index, module, held.id)):
        there = index.module(path)
        bounds = there.bindings.get((None, module.imports.get(held.id, ("", 0, held.id))[2]), [])
    made = next((b.node for b in bounds if isinstance(b.node, ast.Call)), None)
    if made is None:
        return port, host, Evaluation(index, module)
    changed = (t for line in there.all(ast.Assign) for t in line.targets if isinstance(t, ast.Attribute) and t.attr == "port")
    later = next((there.source.parents[t] for t in changed if ast.unparse(t.value) == f"{held.id}.settings"), None)
    told = later.value if isinstance(later, ast.Assign) else argument(made, -1, "port")
    return told, host or argument(made, -1, "host"), Evaluation(index, there)


def _numbered(index: Index, module: Module, base: Bind, node: ast.AST, known: Known) -> Bind:
    bind = replace(base, port=known.number, variable=known.variable, via=known.via, confidence=known.confidence, flags=known.flags)
    if known.number is None:
        return replace(bind, confidence="medium" if known.variable else "low")
    spot = _digits(index, known)
    if spot is None or not known.sole or not _alone(index, module, node, spot):
        return bind
    return replace(bind, place=spot, editable=True)


def _arguments(index: Index, module: Module, call: ast.Call, opening: Opening) -> tuple[Module, ast.expr | None, ast.expr | None]:
    """The expressions of port and host, and the module they stand in; an address may be a tuple, a name for one (also
    another file's), or "host:port"."""
    if opening.address < 0 and opening.words[0] not in ("local_addr",):
        return module, argument(call, opening.port, *opening.words), argument(call, opening.host, *opening.hosts)
    module, address = _address(index, module, argument(call, opening.address, *opening.words))
    if isinstance(address, ast.Tuple) and len(address.elts) >= 2:
        return module, address.elts[1], address.elts[0]
    if isinstance(address, ast.BinOp) and isinstance(address.op, ast.Add):
        return module, address.right, address.left
    if isinstance(address, ast.JoinedStr) and address.values and isinstance(address.values[-1], ast.FormattedValue):
        return module, address.values[-1].value, address.values[0]
    return module, address, None


def _address(index: Index, module: Module, node: ast.expr | None) -> tuple[Module, ast.expr | None]:
    """What a name for an address stands for, in whichever file."""
    seen: set[ast.AST] = set()
    while isinstance(node, ast.Name | ast.Attribute) and node not in seen:
        seen.add(node)
        if isinstance(node, ast.Name):
            _, bounds = module.lookup(node.id, node)
            path = "" if bounds else _home(index, module, node.id)
            name = module.imports.get(node.id, ("", 0, ""))[2] or node.id
        else:
            bounds, path, name = [], name_of(index, module, node.value).removesuffix(OWN), node.attr
        there = index.module(path) if path in index.tree.known else module
        bounds = bounds or (there.bindings.get((None, name), []) if there is not module else [])
        if len(bounds) != 1 or bounds[0].how != "value" or not isinstance(bounds[0].node, ast.expr):
            break
        if not isinstance(bounds[0].node, ast.Tuple | ast.BinOp | ast.JoinedStr | ast.Name | ast.Attribute):
            break
        module, node = there, bounds[0].node
    return module, node


def _home(index: Index, module: Module, name: str) -> str:
    """The platform's file that an imported name comes from."""
    dotted, level, attribute = module.imports.get(name, ("", 0, ""))
    return index.file_of(dotted, level, module.path) if attribute else starred(index, module, name)


def _split(known: Known | None, host: str) -> tuple[str, Known | None]:
    """`"[::]:50051"` to host and port, its place narrowed to the digits by `_digits`."""
    if known is None or not (found := re.fullmatch(r"(.*):(\d+)", known.text)):
        return host, known
    return found[1].strip("[]").removeprefix("tcp://").replace("*", ""), replace(known, value=int(found[2]))


def _digits(index: Index, known: Known) -> Place | None:
    """The number's own bytes inside its literal (quotes and a host left out)."""
    if known.place is None:
        return None
    data = index.tree.read(known.place.path) or b""
    text = data[known.place.start : known.place.end]
    number = str(known.number).encode()
    at = text.rfind(number)
    if at < 0 or (text.count(number) > 1 and b":" not in text):
        return None
    start = known.place.start + at
    return index.tree.place(known.place.path, start, start + len(number))


def _alone(index: Index, module: Module, node: ast.AST, spot: Place) -> bool:
    """Whether the literal serves this bind only: in place, or through a constant that nothing else but messages uses."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return True
    name = node.id if isinstance(node, ast.Name) else node.attr
    if spot.path != module.path:
        users = [path for path in index.paths_holding(name.encode()) if path != spot.path]
        home = index.module(spot.path)
        return len(users) == 1 and not any(n.id == name and isinstance(n.ctx, ast.Load) for n in home.all(ast.Name))
    uses = 0
    for use in module.all(type(node)):
        used = use.id if isinstance(use, ast.Name) else use.attr
        if used == name and isinstance(use.ctx, ast.Load) and not _told(module, use):
            uses += 1
    return uses <= 1


def _told(module: Module, use: ast.AST) -> bool:
    """Stands in a message: inside an f-string, or an argument of print or a logger."""
    for above in module.above(use):
        if isinstance(above, ast.FormattedValue | ast.JoinedStr):
            return True
        if isinstance(above, ast.Call):
            last = above.func.attr if isinstance(above.func, ast.Attribute) else above.func.id if isinstance(above.func, ast.Name) else ""
            return last in QUIET
        if isinstance(above, ast.stmt):
            return False
    return False


def _probes(index: Index, module: Module, call: ast.Call, opening: Opening) -> bool:
    """A raw socket counts only where it goes on to listen (TCP) or to receive (UDP): availability tests do neither."""
    if opening.framework != "socket":
        return False
    around = _around(module, call)
    if isinstance(around, ast.Module):
        body = [n for n in module.all(ast.Call) if module.function(n) is None]
    else:
        body = [n for n in within(around) if isinstance(n, ast.Call)] if around is not None else []
    methods = {n.func.attr for n in body if isinstance(n.func, ast.Attribute)}
    wanted = {"recvfrom", "recv", "recvmsg", "recvfrom_into"} if _datagram(module, _socket(module, call)) else {"listen", "accept"}
    return not methods & wanted


def _around(module: Module, call: ast.Call) -> ast.AST | None:
    return module.enclosing_class(call) or module.function(call) or module.source.tree


def _socket(module: Module, call: ast.Call) -> ast.AST | None:
    """The call that makes the socket which `call` binds, what stands around where it is not in sight."""
    held = call.func.value if isinstance(call.func, ast.Attribute) else None
    bounds = []
    if isinstance(held, ast.Name):
        bounds = module.lookup(held.id, held)[1]
    elif isinstance(held, ast.Attribute) and (owner := module.enclosing_class(call)) is not None:
        bounds = module.bindings.get((owner, f"self.{held.attr}"), [])
    made = [b.node for b in bounds if b.how == "value" and isinstance(b.node, ast.Call)]
    return made[0] if len(made) == 1 else _around(module, call)


def _datagram(module: Module, made: ast.AST | None) -> bool:
    words = {"SOCK_DGRAM", "SOCK_RAW"}
    return made is not None and any((n.attr if isinstance(n, ast.Attribute) else n.id if isinstance(n, ast.Name) else "") in words
                                    for n in within(made))
