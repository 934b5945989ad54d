"""JavaScript: whether something parses a receiver's body before the receiver sees its bytes.

Sources: expressjs.com/en/api.html (`express.json`, `express.raw`: the first parser that fits takes the stream), nextjs.org/docs,
"API Routes", custom config (`bodyParser`).
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from opskit.stripe.webhooks.node_reach import Reach
from opskit.stripe.webhooks.receiver import Mark
from opskit.survey.facts import Route, Service
from opskit.survey.node.modules import Module, resolve
from opskit.survey.node.program import Program

if TYPE_CHECKING:
    from opskit.source.javascript import Node

PARSER = re.compile(r"^((express|bodyParser|bodyparser|parser)\.)?json\s*\(")
OWN = re.compile(r"\.(body)\Z")
SWITCHED_OFF = re.compile(rb"bodyParser\s*:\s*false")


def parsed_before(
    program: Program, service: Service | None, route: Route, seen: Reach, module: Module, call: "Node"
) -> Iterator[Mark]:
    arguments = call.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    if first is None:
        return
    if "pages/api/" in module.source.path and not SWITCHED_OFF.search(module.source.data):
        yield Mark("parsed before", module.source.place(first), "Next.js parses it unless `export const config` says bodyParser: false")
    elif _is_body(module, first, seen):
        home = program.module(route.place.path)
        for use in _parsers(program, service, route, home) if home is not None else ():
            yield use
            return


def _is_body(module: Module, node: "Node", seen: Reach) -> bool:
    """`req.body`, also by a name; a parameter where some call on the way hands one on."""
    if OWN.search(module.source.text(node)):
        return True
    declared = module.names.find(module.source.text(node), node) if node.type == "identifier" else None
    if declared is None:
        return False
    if declared.kind == "parameter":
        given = ((m, n) for m, c in seen.found("call_expression") for n in _arguments(c))
        return any(n.type == "member_expression" and bool(OWN.search(m.source.text(n))) for m, n in given)
    return declared.value is not None and bool(OWN.search(module.source.text(declared.value)))


def _arguments(call: "Node") -> "list[Node]":
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children if arguments is not None else []


def _parsers(program: Program, service: Service | None, route: Route, home: Module) -> Iterator[Mark]:
    """`app.use(express.json())` that stands before the route, in its own file or where its router is hung."""
    for path in dict.fromkeys((home.source.path, *(service.closure if service is not None else ()))):
        module = program.module(path)
        for use in module.source.found("call_expression") if module is not None else ():
            if module is None or not (parser := _parser(module, use, route)):
                continue
            reached = route.place.start if module is home else _hung(program, module, home, _receiver(module, use))
            if reached is not None and use.end_byte < reached and (module is not home or _receiver(module, use) in _routers(home, route)):
                yield Mark("parsed before", module.source.place(parser), module.source.text(parser)[:40])


def _parser(module: Module, use: "Node", route: Route) -> "Node | None":
    function, arguments = use.child_by_field_name("function"), use.child_by_field_name("arguments")
    if arguments is None or not module.source.text(function).endswith(".use"):
        return None
    given = arguments.named_children
    prefix = module.source.string(given[0]) if given else None
    if prefix is not None and not route.route.startswith(prefix.rstrip("/")):
        return None
    found = next((n for n in given if n.type == "call_expression" and PARSER.match(module.source.text(n))), None)
    return found if found is not None and "verify" not in module.source.text(found) else None


def _receiver(module: Module, call: "Node") -> str:
    function = call.child_by_field_name("function")
    return module.source.text(function.child_by_field_name("object")) if function is not None else ""


def _routers(home: Module, route: Route) -> set[str]:
    """The router that the route hangs on, and those of the same file that it hangs on in turn."""
    for call in home.source.found("call_expression"):
        arguments = call.child_by_field_name("arguments")
        if arguments is not None and arguments.start_byte <= route.place.start and route.place.end <= arguments.end_byte:
            own = re.split(r"[.(]", _receiver(home, call))[0]
            above = {_receiver(home, c) for c in home.source.found("call_expression") if _hangs(home, c, own)}
            return {own, *above}
    return set()


def _hangs(module: Module, call: "Node", name: str) -> bool:
    arguments = call.child_by_field_name("arguments")
    return module.source.text(call.child_by_field_name("function")).endswith(".use") and any(
        module.source.text(n) == name for n in (arguments.named_children if arguments is not None else []))


def _hung(program: Program, module: Module, home: Module, on: str) -> int | None:
    """Where `module` hangs the routers of `home` on the same app, by byte; None where it does not."""
    for call in module.source.found("call_expression"):
        arguments = call.child_by_field_name("arguments")
        if not module.source.text(call.child_by_field_name("function")).endswith(".use") or _receiver(module, call) != on:
            continue
        for given in arguments.named_children if arguments is not None else []:
            for name in re.findall(r"[A-Za-z_$][\w$]*", module.source.text(given)):
                far = program.imported(module, name)
                if far is not None and far[0] is home:
                    return call.start_byte
            required = re.search(r"require\(['\"]([^'\"]+)['\"]\)", module.source.text(given))
            if required and resolve(program.tree, module.source.path, required[1]) == home.source.path:
                return call.start_byte
    return None
