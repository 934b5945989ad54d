"""What code asks of a request by hand: which path it is for, and by which method it came."""

import re
from typing import TYPE_CHECKING

from opskit.survey.facts import Route
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module

if TYPE_CHECKING:
    from tree_sitter import Node

ASKED = re.compile(r"(\.|\b)(url|pathname|path|originalUrl)\b|\bpathname\b|\broute\b")
SERVERS = ("http", "https", "http2")
ROUTERS = ("express", "koa", "fastify", "hono", "@nestjs/core", "restify", "polka")
METHOD = re.compile(r"\.(method|httpMethod)\Z")


def compared(module: Module) -> list[Route]:
    """`req.url === "/x"`, `switch (url) { case "/x": }`; `pathname.startsWith("/x")` where Node's own server answers: told
    with a `*` behind."""
    source, found = module.source, _prefixed(module) if module.imports(*SERVERS) and not module.imports(*ROUTERS) else []
    for node in source.found("binary_expression"):
        left, right = bare(node.child_by_field_name("left")), bare(node.child_by_field_name("right"))
        path = source.string(right)
        if (
            path
            and path.startswith("/")
            and right is not None
            and source.text(node.child_by_field_name("operator")) in ("===", "==")
            and _is_path(module, left)
        ):
            found.append(Route(_method(module, node), path, source.place(right)))
    for node in source.found("switch_statement"):
        if _is_path(module, bare(node.child_by_field_name("value"))):
            body = node.child_by_field_name("body")
            for case in body.named_children if body is not None else []:
                value = case.child_by_field_name("value") if case.type == "switch_case" else None
                path = source.string(value)
                if value is not None and path and path.startswith("/"):
                    found.append(Route("*", path, source.place(value)))
    return found


def _is_path(module: Module, node: "Node | None") -> bool:
    text = module.source.text(node) if node is not None and node.type in ("member_expression", "identifier") else ""
    return bool(ASKED.search(text)) and "window" not in text and "location" not in text


def _method(module: Module, node: "Node") -> str:
    """The method that stands beside the path in the same condition."""
    around = node
    while around.parent is not None and around.parent.type in ("binary_expression", "parenthesized_expression"):
        around = around.parent
    match = re.search(r"method\s*===?\s*['\"](\w+)['\"]", module.source.text(around))
    return match[1].upper() if match else "*"


def _prefixed(module: Module) -> list[Route]:
    found = []
    for call in module.source.found("call_expression"):
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or function.type != "member_expression" or arguments is None or not arguments.named_children:
            continue
        if module.source.text(function.child_by_field_name("property")) != "startsWith":
            continue
        first = arguments.named_children[0]
        path = module.source.string(first)
        if path and path.startswith("/") and _is_path(module, bare(function.child_by_field_name("object"))):
            found.append(Route(_method(module, call), f"{path}*", module.source.place(first)))
    return found


def methods_let_in(module: Module) -> tuple[str, ...]:
    """The methods that a file of one handler answers: `if (req.method !== "POST") return ...` lets only that through;
    empty where it asks for none."""
    for node in module.source.found("binary_expression"):
        if not (refused := _refused(module, node)):
            continue
        whole, names = node, [refused]
        while whole.parent is not None and whole.parent.type == "binary_expression":
            whole = whole.parent
            names += [name for side in ("left", "right") if (name := _refused(module, bare(whole.child_by_field_name(side))))]
        statement = whole.parent.parent if whole.parent is not None and whole.parent.type == "parenthesized_expression" else None
        body = statement.child_by_field_name("consequence") if statement is not None and statement.type == "if_statement" else None
        if body is not None and b"||" not in (whole.text or b"") and re.search(rb"\b(return|throw)\b", body.text or b""):
            return tuple(dict.fromkeys(names))
    return ()


def _refused(module: Module, node: "Node | None") -> str:
    """The method of `req.method !== "POST"`."""
    if node is None or node.type != "binary_expression" or module.source.text(node.child_by_field_name("operator")) not in ("!==", "!="):
        return ""
    asks = METHOD.search(module.source.text(node.child_by_field_name("left")))
    return (module.source.string(bare(node.child_by_field_name("right"))) or "").upper() if asks else ""
