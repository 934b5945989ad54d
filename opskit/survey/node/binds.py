"""Where a module opens a port: `.listen(...)` and its kin, with the number found through names, options and fields."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.survey.facts import Bind
from opskit.survey.node.environment import bare
from opskit.survey.node.microservices import GRPC, transport
from opskit.survey.node.modules import Module
from opskit.survey.node.openings import CLUES, CONSTRUCTED, DATAGRAMS, LISTENERS, SERVED, Opening
from opskit.survey.node.program import entry
from opskit.survey.node.settings import defaulted
from opskit.survey.node.values import Evaluator, Value

if TYPE_CHECKING:
    from tree_sitter import Node

ANYWHERE = "::"
CALLBACKS = frozenset(("arrow_function", "function_expression", "function"))


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A bind with the call that opens it; `shared` where different files call what opens it, each with a port of its own."""

    call: "Node"
    bind: Bind
    shared: bool = False


def opened(evaluator: Evaluator, module: Module) -> list[Opened]:
    """Every call that opens a port to be served; ports of the moment (0), pipes and sockets by path left out."""
    if not any(clue in module.source.data for clue in CLUES):
        return []
    found = []
    for call in module.source.found("call_expression", "new_expression"):
        evaluator.callers.several = False
        bind = _listening(evaluator, module, call) or _built(evaluator, module, call) or _transported(evaluator, module, call)
        if bind is not None and bind.port != 0:
            found.append(Opened(call, bind, evaluator.callers.several))
    return [*found, *_exporting(evaluator, module)]


def _exporting(evaluator: Evaluator, module: Module) -> list[Opened]:
    """`export default { port: 3000, fetch: app.fetch }`, which Bun serves (bun.sh/docs/api/http)."""
    for statement in module.source.found("export_statement") if b".fetch" in module.source.data else ():
        seen = evaluator.things.of(module, statement.child_by_field_name("value"))
        if seen and all(entry(seen.module, seen.node, key) is not None for key in ("port", "fetch")):
            bind = _optioned(evaluator, seen.module, statement, seen.node, SERVED["", "Bun.serve"], module)
            return [Opened(statement, bind)] if bind else []
    return []


def _arguments(call: "Node") -> "list[Node]":
    arguments = call.child_by_field_name("arguments")
    return [a for a in arguments.named_children if a.type != "comment"] if arguments is not None else []


def _listening(evaluator: Evaluator, module: Module, call: "Node") -> Bind | None:
    """`x.listen(...)`, `socket.bind(...)` and `server.bindAsync("host:port", ...)`."""
    function = call.child_by_field_name("function")
    if call.type != "call_expression" or function is None or function.type != "member_expression":
        return None
    method = module.source.text(function.child_by_field_name("property"))
    if method not in ("listen", "bind", "bindAsync"):
        return None
    opening = receiver(evaluator, module, function.child_by_field_name("object"))
    given = _arguments(call)
    if method == "bindAsync":
        return _addressed(evaluator, module, call, module, given[0]) if given else None
    if method == "bind":
        return _bound(evaluator, module, call, given, opening) if opening is DATAGRAMS else None
    return None if opening is DATAGRAMS else _bound(evaluator, module, call, given, opening)


def receiver(evaluator: Evaluator, module: Module, node: "Node | None", depth: int = 0) -> Opening | None:
    """What kind of server an expression is, None where it cannot be told."""
    seen = evaluator.things.of(module, node)
    if seen is None or depth > 6:
        return None
    made = seen.node
    callee = made.child_by_field_name("function") or made.child_by_field_name("constructor")
    if callee is None:
        return None
    if seen.module.source.text(callee).endswith("createSocket"):
        return DATAGRAMS
    specifier, _ = origin(seen.module, callee)
    if specifier in LISTENERS:
        return LISTENERS[specifier]
    if callee.type == "member_expression":
        return receiver(evaluator, seen.module, callee.child_by_field_name("object"), depth + 1)
    return _own(evaluator, seen.module, callee, depth)


def _own(evaluator: Evaluator, module: Module, callee: "Node", depth: int) -> Opening | None:
    """A function of the platform that returns a server."""
    maker = evaluator.things.of(module, callee)
    if maker is None or maker.node.type not in ("function_declaration", "arrow_function", "function_expression"):
        return None
    for statement in maker.module.source.within("call_expression", maker.node):
        specifier, _ = origin(maker.module, statement.child_by_field_name("function"))
        if specifier in LISTENERS:
            return LISTENERS[specifier]
    return None


def origin(module: Module, callee: "Node | None") -> tuple[str, str]:
    """(package, dotted name) of a callee: `http.createServer` is ("http", "createServer"), `Bun.serve` ("", "Bun.serve")."""
    callee = bare(callee)
    if callee is None:
        return "", ""
    parts: list[str] = []
    while callee is not None and callee.type == "member_expression":
        parts.insert(0, module.source.text(callee.child_by_field_name("property")))
        callee = bare(callee.child_by_field_name("object"))
    if callee is None:
        return "", ""
    if callee.type == "call_expression":
        bound = next((b for b in module.bound if b.node == callee), None)
        return (bound.specifier.removeprefix("node:"), ".".join(parts)) if bound else ("", "")
    name = module.source.text(callee)
    specifier, exported = module.origin(name)
    whole = exported in ("*", "default")
    return specifier, ".".join([*([] if whole else [exported] if specifier else [name]), *parts])


def _built(evaluator: Evaluator, module: Module, call: "Node") -> Bind | None:
    """`new WebSocketServer({ port })`, `Bun.serve({ port })`, `serve({ fetch, port })`, `Hapi.server({ port })`."""
    callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    package, name = origin(module, callee)
    if call.type == "new_expression":
        opening = CONSTRUCTED.get((package, name))
        if opening is None and package == "ws" and name == "":
            return None
    else:
        opening = SERVED.get((package, name)) or (LISTENERS.get(package) if package == "socket.io" and not name else None)
    if opening is None:
        return None
    given = _arguments(call)
    if not given:
        return _default(module, call, opening)
    if opening.framework == "apollo":
        given = [n for a in given[1:] if (n := entry(module, bare(a), "listen")) is not None]
    if opening.framework == "deno":
        given = [a for a in given if a.type == "object"]
    if opening.framework == "cra":
        given = given[1:2]
    options = evaluator.things.of(module, given[0]) if given else None
    if options and options.node.type == "object":
        return _optioned(evaluator, options.module, call, options.node, opening, module)
    value = evaluator.value(module, given[0]) if given else None
    return (
        _bind(evaluator, module, call, value, opening)
        if value and value.number
        else _default(module, call, opening)
        if call.type != "new_expression"
        else None
    )


def _default(module: Module, call: "Node", opening: Opening) -> Bind | None:
    if opening.default is None:
        return None
    return Bind(
        _where(module, call),
        opening.default,
        opening.framework,
        ANYWHERE,
        opening.protocol,
        opening.variable,
        (f"{opening.framework} takes {opening.default} when none is said",),
        "medium",
    )


def _bound(evaluator: Evaluator, module: Module, call: "Node", given: "list[Node]", opening: Opening | None) -> Bind | None:
    if not given or given[0].type in CALLBACKS:
        return _default(module, call, opening) if opening else None
    options = evaluator.things.of(module, given[0])
    if options and options.node.type == "object":
        guessed = opening or Opening("node")
        return (
            _optioned(evaluator, options.module, call, options.node, guessed, module)
            if opening or _has_port(options.module, options.node)
            else None
        )
    value = evaluator.value(module, given[0])
    if value is None:
        known = opening is not None or "port" in module.source.text(given[0]).lower()
        return Bind(_where(module, call), None, (opening or Opening("node")).framework, ANYWHERE, confidence="low") if known else None
    if value.number is None and value.text is not None and not value.variable:
        second = evaluator.value(module, given[1]) if opening and opening.framework == "uwebsockets" and len(given) > 1 else None
        return _bind(evaluator, module, call, second, opening, value.text) if second and opening else None
    if opening is None and value.number is None and "PORT" not in value.variable.upper():
        return None
    host = evaluator.value(module, given[1]) if len(given) > 1 and given[1].type not in CALLBACKS else None
    return _bind(evaluator, module, call, value, opening or Opening("node"), (host.text or "") if host else "")


def _has_port(module: Module, node: "Node") -> bool:
    return entry(module, node, "port") is not None


def _optioned(evaluator: Evaluator, holder: Module, call: "Node", options: "Node", opening: Opening, module: Module) -> Bind | None:
    """`{ port, host }`; options with a server of their own (`{ server }`, `{ noServer: true }`, `{ path }`) open nothing."""
    port = entry(holder, options, "port")
    if port is None:
        shares = any(entry(holder, options, key) is not None for key in ("server", "noServer", "path", "fd"))
        spread = any(c.type == "spread_element" for c in options.named_children)
        if spread and not shares and (value := evaluator.spread(holder, options, ("port",))):
            return _bind(evaluator, module, call, value, opening)
        return None if shares else _default(module, call, opening)
    value = evaluator.value(holder, port)
    hosted = entry(holder, options, "host") or entry(holder, options, "hostname")
    host = evaluator.value(holder, hosted) if hosted is not None else None
    if value is None:
        return Bind(_where(module, call), None, opening.framework, (host.text or "") if host else ANYWHERE, confidence="low")
    return _bind(evaluator, module, call, value, opening, (host.text or "") if host else "")


def _transported(evaluator: Evaluator, module: Module, call: "Node") -> Bind | None:
    """A microservice of Nest: its port, or the address that gRPC listens on."""
    found = transport(evaluator, module, call)
    if found is None:
        return None
    opening, options = found
    url = entry(options.module, options.node, "url") if options else None
    if options is None or (opening is GRPC and url is None):
        return _default(module, call, opening)
    if opening is GRPC:
        told = _addressed(evaluator, module, call, options.module, url)
        return told or Bind(_where(module, call), None, opening.framework, confidence="low")
    return _optioned(evaluator, options.module, call, options.node, opening, module)


def _addressed(evaluator: Evaluator, module: Module, call: "Node", holder: Module, address: "Node | None") -> Bind | None:
    """gRPC's `bindAsync("0.0.0.0:50051", ...)`, also as a template whose last part is the port."""
    node = bare(address)
    if node is None:
        return None
    substitutions = [c for c in node.named_children if c.type == "template_substitution"]
    if substitutions:
        value = evaluator.value(holder, substitutions[-1].named_children[0]) if substitutions[-1].named_children else None
        return _bind(evaluator, module, call, value, Opening("grpc")) if value else None
    value = evaluator.value(holder, node)
    host, _, port = (value.text or "").rpartition(":") if value else ("", "", "")
    if not port.isdigit():
        return None
    place = None
    if holder.source.string(node) is not None:
        place = holder.source.lines.place(holder.source.path, node.end_byte - 1 - len(port), node.end_byte - 1)
    return _bind(evaluator, module, call, Value(int(port), port, value.variable if value else "", place), Opening("grpc"), host)


def _bind(evaluator: Evaluator, module: Module, call: "Node", value: Value | None, opening: Opening, host: str = "") -> Bind | None:
    if value is None:
        return None
    value = defaulted(evaluator, module, value)
    number = value.number if value.number is not None and value.number < 65536 else None
    editable = number is not None and value.place is not None and value.confidence == "high"
    place = value.place if editable and value.place else _where(module, call)
    return Bind(
        place,
        number,
        opening.framework,
        host or ANYWHERE,
        opening.protocol,
        value.variable,
        value.via,
        value.confidence if number is not None else "low",
        editable,
    )


def _where(module: Module, call: "Node") -> Place:
    """The call without its receiver, which may be hundreds of lines long."""
    function = call.child_by_field_name("function")
    start = function.child_by_field_name("property") if function is not None and function.type == "member_expression" else None
    first = (start or call).start_byte
    return module.source.lines.place(module.source.path, first, call.end_byte)
