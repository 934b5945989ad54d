"""What makes a Node service unfit to run unasked: request text in a shell, a tunnel, a folder of secrets served."""

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from opskit.core.tree import Tree
from opskit.survey.facts import Danger
from opskit.survey.node.binds import origin
from opskit.survey.node.environment import bare
from opskit.survey.node.modules import Module
from opskit.survey.node.outline import called_as

if TYPE_CHECKING:
    from tree_sitter import Node

    from opskit.source.javascript_names import Declaration

SHELLS = frozenset(("exec", "execSync"))
PROGRAMS = frozenset(("spawn", "spawnSync", "execFile", "execFileSync"))
REQUEST = re.compile(
    r"\b(req|request|ctx|event|context)\b\s*\??\.\s*(body|query|params|url|headers|rawBody|queryStringParameters|request)|"
    r"\bsearchParams\b|\bparsedUrl\b|url\.parse\(|\b(ws|socket)\.on\("
)
STREAM = re.compile(r"\b(req|request|ctx\.req|ws|socket|conn|connection|client)\.(on|once)\Z")
TUNNELS = frozenset(("ngrok", "@ngrok/ngrok", "localtunnel", "cloudflared", "untun", "node-cloudflared-tunnel"))
TUNNEL_PROGRAMS = re.compile(r"^(ngrok|cloudflared|lt|localtunnel|serveo|bore|ssh\s+.*-R)\b")
SECRET_FILES = re.compile(
    r"(^|/)(\.env(\.(?!example|sample|template|dist)[\w.-]+)?|.*\.(pem|key|p12|pfx)|credentials\.json|id_rsa|.*\.sqlite3?|.*\.db|\.git/config)$"
)
DIRECTORY = re.compile(r"(path\.)?dirname\((__filename|(url\.)?fileURLToPath\(import\.meta\.url\))\)\Z|"
                       r"""(url\.)?fileURLToPath\(new URL\(["']\./?["'],\s*import\.meta\.url\)\)\Z""")
JOINED = re.compile(r"(?:(?:path|require\(['\"](?:node:)?path['\"]\))\.)?(?:join|resolve)\(")
FALLS_BACK = re.compile(r"process\.env\.\w+\s*(?:\|\||\?\?)")
CLUES = (b"child_process", b"ngrok", b"localtunnel", b"cloudflared", b"static", b"untun", b"execa", b"shelljs", b"serve-static")
DEPTH = 5


def dangers_in(tree: Tree, module: Module) -> list[Danger]:
    if not any(clue in module.source.data for clue in CLUES):
        return []
    found = [
        Danger("tunnel", module.source.place(b.node), f"opens a tunnel with {b.specifier}") for b in module.bound if b.specifier in TUNNELS
    ]
    for call in module.source.found("call_expression"):
        if danger := _shell(module, call) or _served(tree, module, call):
            found.append(danger)
    return found


def _shell(module: Module, call: "Node") -> Danger | None:
    package, name = origin(module, call.child_by_field_name("function"))
    name = _promised(module, call, package, name)
    if not (name in SHELLS | PROGRAMS and (package in ("child_process", "shelljs", "execa") or package == "promisified")):
        return None
    arguments = call.child_by_field_name("arguments")
    given = arguments.named_children if arguments is not None else []
    if not given:
        return None
    command = module.source.string(given[0]) or ""
    if TUNNEL_PROGRAMS.match(command):
        return Danger("tunnel", module.source.place(given[0]), f"starts {command.split()[0]}")
    shelled = (
        name in SHELLS
        or "shell" in module.source.text(given[-1])
        or command in ("sh", "bash", "cmd", "powershell", "cmd.exe", "/bin/sh", "/bin/bash")
    )
    if shelled and any(_from_request(module, node) for node in given if node.type not in ("arrow_function", "function_expression")):
        return Danger("shell", module.source.place(call.child_by_field_name("function") or call), f"request text reaches {name}()")
    return None


def _promised(module: Module, call: "Node", package: str, name: str) -> str:
    """`const run = promisify(exec)` runs what it wraps."""
    function = call.child_by_field_name("function")
    if package or function is None or function.type != "identifier":
        return name.rpartition(".")[2]
    declared = module.names.find(module.source.text(function), function)
    value = bare(declared.value) if declared else None
    if (
        value is not None
        and value.type == "call_expression"
        and module.source.text(value.child_by_field_name("function")).endswith("promisify")
    ):
        arguments = value.child_by_field_name("arguments")
        if arguments is not None and arguments.named_children:
            return origin(module, arguments.named_children[0])[1].rpartition(".")[2]
    return name


def _from_request(module: Module, node: "Node", depth: int = 0) -> bool:
    """Whether an expression holds text of the request: said outright, or through names, parameters and callbacks' data."""
    if depth > DEPTH:
        return False
    if REQUEST.search(module.source.text(node)):
        return True
    return any(_name_from_request(module, name, depth) for name in _identifiers(node))


def _identifiers(node: "Node") -> "list[Node]":
    found: list[Node] = []
    waiting = [node]
    while waiting and len(found) < 50:
        here = waiting.pop()
        if here.type == "identifier":
            found.append(here)
        elif here.type not in ("arrow_function", "function_expression"):
            waiting += here.named_children
    return found


def _name_from_request(module: Module, name: "Node", depth: int) -> bool:
    declared = module.names.find(module.source.text(name), name)
    if declared is None:
        return False
    if declared.kind == "parameter":
        return _streamed(module, declared.scope) or _parameter_from_request(module, declared.scope, int(declared.key[0]), depth)
    if declared.kind in ("let", "var") and any(_from_request(module, node, depth + 1) for node in _written(module, declared)):
        return True
    return declared.value is not None and declared.kind in ("const", "let", "var") and _from_request(module, declared.value, depth + 1)


def _streamed(module: Module, function: "Node") -> bool:
    """A callback that is handed the body in pieces: `req.on("data", chunk => ...)`."""
    call = function.parent.parent if function.parent is not None and function.parent.type == "arguments" else None
    if call is None or call.type != "call_expression" or not STREAM.search(module.source.text(call.child_by_field_name("function"))):
        return False
    arguments = call.child_by_field_name("arguments")
    return arguments is not None and module.source.string(arguments.named_children[0]) in ("data", "message")


def _written(module: Module, declared: "Declaration") -> "list[Node]":
    """What a variable is set to, or added to it, after it is declared."""
    kinds = ("assignment_expression", "augmented_assignment_expression")
    writes = (node for kind in kinds for node in module.source.within(kind, declared.scope))
    return [right for n in writes if module.source.text(n.child_by_field_name("left")) == declared.name
            and (right := n.child_by_field_name("right")) is not None]


def _parameter_from_request(module: Module, function: "Node", index: int, depth: int) -> bool:
    name = called_as(module, function)
    for call in module.source.found("call_expression") if name else ():
        callee = module.source.text(call.child_by_field_name("function"))
        arguments = call.child_by_field_name("arguments")
        given = arguments.named_children[index : index + 1] if arguments is not None and callee.rpartition(".")[2] == name else []
        if any(_from_request(module, node, depth + 1) for node in given):
            return True
    return False


def _served(tree: Tree, module: Module, call: "Node") -> Danger | None:
    """`express.static(dir)` whose folder holds keys, an `.env`, a database or the server's own code."""
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    package, name = origin(module, function)
    if (package, name) not in (("express", "static"), ("serve-static", ""), ("koa-static", ""), ("koa-static", "default")):
        return None
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    folder = folder_of(module, first) if first is not None else None
    if folder is None:
        return None
    prefix = "" if folder == "." else folder + "/"
    secret = next((p for p in tree.files if p.startswith(prefix) and SECRET_FILES.search(p)), "")
    if not secret and (tree.root / folder / ".env").is_file():
        secret = normpath(join(folder, ".env"))
    own = module.source.path.startswith(prefix)
    if not secret and not own:
        return None
    return Danger("secrets-folder", module.source.place(function or call), f"serves {folder} with {secret or module.source.path} in it")


def folder_of(module: Module, node: "Node") -> str | None:
    """The folder, relative to the root, of `"."`, `__dirname`, `path.join(__dirname, "..")`; None where it cannot be told."""
    here, node = dirname(module.source.path) or ".", bare(node) or node
    text = module.source.text(node)
    if text in ("__dirname", "import.meta.dirname", "process.cwd()"):
        return here
    if (name := module.source.string(node)) is not None:
        return None if name.startswith("/") else normpath(join(here, name))
    if DIRECTORY.match(text):
        return here
    if node.type == "call_expression" and JOINED.match(text):
        arguments = node.child_by_field_name("arguments")
        parts = [module.source.string(a) for a in arguments.named_children[1:]] if arguments is not None else []
        first = folder_of(module, arguments.named_children[0]) if arguments is not None and arguments.named_children else None
        return normpath(join(first, *(p for p in parts if p))) if first and None not in parts else None
    if node.type == "binary_expression" and FALLS_BACK.match(text):
        right = node.child_by_field_name("right")
        return folder_of(module, right) if right is not None else None
    if node.type == "identifier" and (declared := module.names.find(text, node)) and declared.value is not None and not declared.key:
        return folder_of(module, declared.value)
    return None
