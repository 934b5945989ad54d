"""A port that a program takes from its configuration file: `cfg.Server.Port` beside `server: {port: 9000}` in config.yaml."""

import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.ports.stated.forms import TESTS
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.numbers import number
from opskit.ports.stated.words import Found
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.source.yaml_text import read_yaml

FILES = re.compile(
    r"(^|[/_.-])(config|configuration|conf|settings|app|application|default|base|local|development|dev)\.(ya?ml|json|toml|ini)$", re.I
)
TABLE = re.compile(rb"^[ \t]*\[(?P<name>[\w.\"-]+)\][^\n]*$(?P<body>(?:\n(?![ \t]*\[)[^\n]*)*)", re.M)
WORDS = re.compile(r"[A-Za-z_]\w*")
WHOLE = frozenset(("cfg", "conf", "config", "settings", "c", "self", "this", "d", "sprintf"))
HOLDERS = ("server", "http", "app", "api", "web", "service", "grpc", "rest", "application")


def kept(tree: Tree, homes: Homes, path: str, expression: str) -> Found | None:
    """What it comes to, where the files of the same service agree on one number. The keys are the expression's last two words; of a
    `port` without a holder those that a server's settings usually stand under."""
    words = [w.lower() for w in WORDS.findall(expression)]
    if not words or "port" not in words[-1]:
        return None
    holders = (words[-2],) if len(words) > 1 and words[-2] not in WHOLE else (*HOLDERS, "")
    own, found = homes.of(path), list[tuple[str, int]]()
    for file in (p for p in tree.files if FILES.search(p) and not TESTS.search(p) and homes.of(p) == own):
        found += [(file, port) for port in _ports(tree, file, holders, words[-1])]
    if len({port for _, port in found}) != 1:
        return None
    return Found(found[0][1], via=(f"{'.'.join(words[-2:])} of {found[0][0]}",), confidence="low")


def _ports(tree: Tree, file: str, holders: tuple[str, ...], key: str) -> Iterator[int]:
    if file.lower().endswith((".toml", ".ini")):
        entry = re.compile(rb"^[ \t]*" + re.escape(key.encode()) + rb"[ \t]*=[ \t]*[\"']?:?(\d{2,5})\b", re.M | re.I)
        data = tree.read(file) or b""
        for table in TABLE.finditer(data):
            if table["name"].decode("utf-8", "replace").rpartition(".")[2].lower() in holders:
                yield from (int(m[1]) for m in entry.finditer(data, table.start("body"), table.end("body")))
        return
    document = tree.parsed(file, read_json if file.lower().endswith(".json") else read_yaml)
    for node in _under(document, holders, key) if document else ():
        if port := number(node):
            yield port


def _under(document: Located, holders: tuple[str, ...], key: str) -> Iterator[Located]:
    for name, value in (document.items or {}).items():
        if name.lower() == key and "" in holders:
            yield value
        elif value.items:
            if name.lower() in holders:
                yield from (inner for word, inner in value.items.items() if word.lower() == key)
            elif name.lower() in ("app", "config", "default", "development"):
                yield from _under(value, tuple(h for h in holders if h), key)
