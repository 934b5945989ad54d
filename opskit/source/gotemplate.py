"""Go's text/template as a tree with byte spans (pkg.go.dev/text/template): text, actions, if, range, with, define, template."""

import re
from dataclasses import dataclass, field
from typing import Any

ACTION = re.compile(
    rb"\{\{(?P<left>-(?=\s))?(?P<body>(?:\s*/\*.*?\*/\s*)|(?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|'(?:\\.|[^'\\])'|[^\"`'])*?)"
    rb"(?P<right>(?<=\s)-)?\}\}",
    re.S,
)
WORD = re.compile(
    r"\s*(?:(?P<string>\"(?:\\.|[^\"\\])*\"|`[^`]*`)|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<assign>:=|=(?!=))|(?P<mark>[()|,])"
    r"|(?P<field>\$?[A-Za-z_]?\w*(?:\.[A-Za-z_]\w*)+|\.|\$\w*)|(?P<name>[A-Za-z_]\w*))"
)
OPENING = frozenset(("if", "range", "with", "define", "block"))
LONGEST = 400_000


class Wrong(ValueError):
    """Not a template."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One word of a command: a literal `value`, a `name` of a function, `fields` behind the dot, a variable or a parenthesis."""

    kind: str
    value: Any = None
    fields: tuple[str, ...] = ()


Command = tuple[Operand, ...]
Pipeline = tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is text, print, set, if, range, with, define or template; `start` and `end` are the file's bytes. `names` are the
    variables that are declared, or the template's name; `branches` of an `if` are (condition, what it prints), () for `else`."""

    kind: str
    start: int
    end: int
    pipeline: Pipeline = ()
    names: tuple[str, ...] = ()
    branches: "tuple[tuple[Pipeline, tuple[Node, ...]], ...]" = ()


@dataclass(slots=True)
class _Frame:
    node: Node
    branches: list[tuple[Pipeline, list[Node]]] = field(default_factory=list)


def read_gotemplate(path: str, data: bytes) -> tuple[Node, ...] | None:
    """None where it is no template. Never raises."""
    if len(data) > LONGEST:
        return None
    try:
        return _read(data)
    except (Wrong, IndexError, RecursionError, UnicodeDecodeError):
        return None


def _read(data: bytes) -> tuple[Node, ...]:
    root = _Frame(Node("root", 0, len(data)), [((), [])])
    stack, at = [root], 0
    for match in ACTION.finditer(data):
        end = match.start()
        if match["left"]:
            end = at + len(data[at:end].rstrip(b" \t\r\n"))
        if end > at:
            stack[-1].branches[-1][1].append(Node("text", at, end))
        at = match.end()
        if match["right"]:
            at += len(data[at:]) - len(data[at:].lstrip(b" \t\r\n"))
        _action(stack, match["body"].decode("utf-8").strip(), match.start(), match.end())
    if len(stack) != 1:
        raise Wrong
    if at < len(data):
        root.branches[-1][1].append(Node("text", at, len(data)))
    return tuple(root.branches[0][1])


def _action(stack: list[_Frame], body: str, start: int, end: int) -> None:
    if body.startswith("/*") or not body:
        return
    word, _, rest = body.partition(" ")
    if word == "end":
        _close(stack)
    elif word == "else":
        _turn(stack, rest.strip())
    elif word in OPENING:
        names, pipeline = _declared(rest)
        if word in ("define", "block"):
            names = (str(pipeline[0][0].value),)
        stack.append(_Frame(Node("with" if word == "block" else word, start, end, pipeline, names), [(pipeline, [])]))
    elif word == "template":
        _, pipeline = _declared(rest)
        stack[-1].branches[-1][1].append(Node("print", start, end, ((Operand("name", "include"), *pipeline[0]), *pipeline[1:])))
    elif word not in ("break", "continue"):
        names, pipeline = _declared(body)
        stack[-1].branches[-1][1].append(Node("set" if names else "print", start, end, pipeline, names))


def _close(stack: list[_Frame]) -> None:
    frame = stack.pop()
    if not stack:
        raise Wrong
    branches = tuple((condition, tuple(nodes)) for condition, nodes in frame.branches)
    opened = frame.node
    stack[-1].branches[-1][1].append(Node(opened.kind, opened.start, opened.end, opened.pipeline, opened.names, branches))


def _turn(stack: list[_Frame], rest: str) -> None:
    """`else`, `else if CONDITION`, `else with CONDITION`."""
    word, _, condition = rest.partition(" ")
    stack[-1].branches.append((_declared(condition)[1] if word in ("if", "with") else (), []))


def _declared(text: str) -> tuple[tuple[str, ...], Pipeline]:
    """`$a, $b := pipeline` -> (names, pipeline)."""
    words = _words(text)
    at = next((i for i, (kind, _) in enumerate(words) if kind == "assign"), -1)
    names = tuple(value for kind, value in words[: at + 1] if kind == "field")
    pipeline, end = _pipeline(words, at + 1)
    if end != len(words):
        raise Wrong
    return names, pipeline


def _words(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = WORD.match(text, at)
        if match is None:
            raise Wrong
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        glued = found[-1][1] in (")",) and text[match.end() : match.end() + 1] == "."
        at = match.end()
        if glued and (tail := re.match(r"(?:\.[A-Za-z_]\w*)+", text[at:])):
            found.append(("tail", tail[0]))
            at += tail.end()
    return found


def _pipeline(words: list[tuple[str, str]], at: int) -> tuple[Pipeline, int]:
    commands, command = list[Command](), list[Operand]()
    while at < len(words) and words[at] != ("mark", ")"):
        kind, value = words[at]
        if (kind, value) == ("mark", "|"):
            commands.append(tuple(command))
            command = []
        elif (kind, value) == ("mark", "("):
            inner, at = _pipeline(words, at + 1)
            tail = words[at + 1][1] if at + 1 < len(words) and words[at + 1][0] == "tail" else ""
            command.append(Operand("pipeline", inner, tuple(tail.split(".")[1:])))
            at += bool(tail)
        else:
            command.append(_operand(kind, value))
        at += 1
    return (*commands, tuple(command)), at


def _operand(kind: str, value: str) -> Operand:
    if kind == "string":
        return Operand("value", value[1:-1].encode().decode("unicode_escape") if value[0] == '"' and "\\" in value else value[1:-1])
    if kind == "number":
        return Operand("value", float(value) if "." in value else int(value))
    if kind == "field":
        first, *rest = value.split(".")
        return Operand("variable" if first else "dot", first, tuple(filter(None, rest)))
    if kind == "name" and value in ("true", "false", "nil"):
        return Operand("value", {"true": True, "false": False, "nil": None}[value])
    if kind == "name":
        return Operand("name", value)
    raise Wrong
