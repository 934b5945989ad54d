"""What a JavaScript module imports and exports, and which of the platform's files a relative specifier means."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from opskit.core.place import Place
from opskit.core.tree import Tree
from opskit.source.javascript import JavaScriptSource, read_javascript
from opskit.source.javascript_names import Names
from opskit.source.json_text import read_json
from opskit.survey.facts import Import

if TYPE_CHECKING:
    from tree_sitter import Node

SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
COMPONENTS = (".vue", ".svelte")
CONFLICT = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.M | re.S)
BUILTINS = frozenset(
    """
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs
    http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream
    string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib
    """.split()
)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A module's specifier at one place. `names` are (local name, exported name): "*" is the module as a whole."""

    specifier: str
    node: "Node"
    names: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(eq=False)
class Module:
    """One file's imports; `source` its syntax, `names` its scopes, `origins` what its local names come from."""

    source: JavaScriptSource
    bound: tuple[Bound, ...] = ()
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def broken(self) -> bool:
        """Whether Node refuses the file as a whole. Of TypeScript the grammar is behind the language, so that there only the
        markers of a merge gone wrong tell; Flow's types are not JavaScript's either."""
        data = self.source.data
        if not self.source.broken or CONFLICT.search(data):
            return self.source.broken
        return self.source.path.endswith((".js", ".mjs", ".cjs")) and b"@flow" not in data and b"import type" not in data

    @property
    def fault(self) -> Place:
        """Where it breaks."""
        node = self.source.root
        found = CONFLICT.search(self.source.data)
        while node is not None and node.type != "ERROR" and (inner := next((c for c in node.children if c.has_error), None)) is not None:
            node = inner
        start = found.start() if found else node.start_byte if node is not None else 0
        return self.source.lines.place(self.source.path, start, start)

    @cached_property
    def names(self) -> Names:
        return Names(self.source)

    def origin(self, name: str) -> tuple[str, str]:
        """(specifier, exported name) that a local name comes from, ("", "") where it is not imported."""
        return self.origins.get(name, ("", ""))

    def imports(self, *specifiers: str) -> bool:
        return any(b.specifier.removeprefix("node:") in specifiers for b in self.bound)


def read_module(path: str, data: bytes) -> Module:
    """Reader for `tree.parsed`; never raises."""
    module = Module(read_javascript(path, data))
    source = module.source
    found = [_imported(source, node) for node in source.found("import_statement")]
    found += [_exported(source, node) for node in source.found("export_statement")]
    found += [_required(module, node) for node in source.found("call_expression")]
    module.bound = tuple(sorted((b for b in found if b), key=lambda b: b.node.start_byte))
    module.origins = {local: (b.specifier.removeprefix("node:"), exported) for b in reversed(module.bound) for local, exported in b.names}
    return module


def resolve(tree: Tree, path: str, specifier: str) -> str:
    """The platform's file that a specifier in `path` means: a relative one, a workspace's package, a bundler's `@/` alias;
    "" where it is none of ours."""
    if specifier.startswith(("./", "../")) or specifier in (".", ".."):
        return find(tree, posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier)))
    if specifier.startswith(("@/", "~/")):
        return _aliased(tree, path, specifier[2:])
    name = package(specifier)
    folder = tree.computed(workspace).get(name) if name else None
    return _in_package(tree, folder, specifier[len(name) + 1 :]) if folder else ""


def workspace(tree: Tree) -> Mapping[str, str]:
    """Folders of the platform's own packages by their names."""
    found = {}
    for path in tree.ending("/package.json"):
        document = tree.parsed(path, read_json)
        if document and (name := document.text("name")):
            found[name] = posixpath.dirname(path)
    return found


def _in_package(tree: Tree, folder: str, inner: str) -> str:
    document = tree.parsed(f"{folder}/package.json", read_json)
    main = document.text("main") or document.text("module") if document else ""
    tries = [inner, f"src/{inner}"] if inner else [main, "src/index", "index"]
    return next((found for t in tries if t and (found := find(tree, posixpath.normpath(posixpath.join(folder, t))))), "")


def _aliased(tree: Tree, path: str, inner: str) -> str:
    """`@/x` as most projects have it: `src/x`, `app/x` or `x` of the nearest folder upward that holds it."""
    folder = posixpath.dirname(path)
    while True:
        for base in ("src", "app", ""):
            if found := find(tree, posixpath.normpath(posixpath.join(folder, base, inner))):
                return found
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def find(tree: Tree, base: str) -> str:
    """The file that Node (or a bundler) loads for a path with or without its suffix, "" where there is none."""
    stem, suffix = posixpath.splitext(base)
    swaps = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}.get(suffix, ())
    tries = [base, *(stem + s for s in swaps), *(base + s for s in SCRIPTS), *(f"{base}/index{s}" for s in SCRIPTS)]
    return next((t for t in tries if t in tree.known), "")


def third_party(tree: Tree, module: Module) -> tuple[Import, ...]:
    """Packages that the file loads: neither Node's own modules nor files, a bundler's aliases or the workspace's own."""
    found, ours = [], tree.computed(workspace)
    for bound in module.bound:
        if (name := package(bound.specifier)) and name not in ours:
            found.append(Import(name, bound.specifier, module.source.place(bound.node), bound.optional))
    return tuple(found)


def package(specifier: str) -> str:
    """`@scope/name` or `name` of a specifier, "" for builtins, files, URLs, `#imports`, `$`, `~` and `@/` aliases."""
    if specifier.startswith((".", "/", "#", "$", "~", "@/")) or ":" in specifier or not specifier:
        return ""
    parts = specifier.split("/")
    name = "/".join(parts[:2]) if specifier.startswith("@") else parts[0]
    return "" if parts[0] in BUILTINS or not name.replace("/", "").strip("@") else name


def closure(tree: Tree, entry: str) -> tuple[str, ...]:
    """The platform's files that an entry loads, the entry first."""
    seen, waiting = [entry], [entry]
    while waiting:
        path = waiting.pop(0)
        module = tree.parsed(path, read_module) if path == entry or path.endswith(SCRIPTS + COMPONENTS) else None
        for bound in module.bound if module else ():
            target = resolve(tree, path, bound.specifier)
            if target and target not in seen:
                seen.append(target)
                waiting.append(target)
    return tuple(seen)


def _imported(source: JavaScriptSource, node: "Node") -> Bound | None:
    specifier = source.string(node.child_by_field_name("source"))
    clause = next((c for c in node.named_children if c.type == "import_clause"), None)
    if any(c.type == "import_require_clause" for c in node.named_children):
        return _import_require(source, node)
    if specifier is None or source.text(node).startswith("import type"):
        return None
    names: list[tuple[str, str]] = []
    for part in clause.named_children if clause else []:
        if part.type == "identifier":
            names.append((source.text(part), "default"))
        elif part.type == "namespace_import":
            names += [(source.text(c), "*") for c in part.named_children]
        elif part.type == "named_imports":
            names += _specifiers(source, part, local="alias")
    return Bound(specifier, node, tuple(names))


def _import_require(source: JavaScriptSource, node: "Node") -> Bound | None:
    """`import x = require("y")`, TypeScript's own form."""
    clause = next(c for c in node.named_children if c.type == "import_require_clause")
    specifier = source.string(clause.child_by_field_name("source"))
    names = tuple((source.text(c), "*") for c in clause.named_children if c.type == "identifier")
    return Bound(specifier, node, names) if specifier else None


def _exported(source: JavaScriptSource, node: "Node") -> Bound | None:
    specifier = source.string(node.child_by_field_name("source"))
    return Bound(specifier, node) if specifier is not None and not source.text(node).startswith("export type") else None


def _specifiers(source: JavaScriptSource, node: "Node", local: str) -> list[tuple[str, str]]:
    found = []
    for part in node.named_children:
        name, alias = part.child_by_field_name("name"), part.child_by_field_name(local)
        if name:
            found.append((source.text(alias or name), source.text(name).strip("'\"")))
    return found


def _required(module: Module, node: "Node") -> Bound | None:
    """`require("x")` and `import("x")`, with the names that a declarator around it binds."""
    source, function, arguments = module.source, node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None or source.text(function) not in ("require", "import", "require.resolve"):
        return None
    specifier = source.string(arguments.named_children[0]) if arguments.named_children else None
    if specifier is None:
        return None
    return Bound(specifier, node, _local_names(module, node), _inside_try(node))


def _local_names(module: Module, node: "Node") -> tuple[tuple[str, str], ...]:
    tail: tuple[str, ...] = ()
    parent = node.parent
    while parent is not None and parent.type in ("await_expression", "parenthesized_expression", "member_expression", "as_expression"):
        if parent.type == "member_expression":
            tail = (*tail, module.source.text(parent.child_by_field_name("property")))
        parent = parent.parent
    if parent is None or parent.type != "variable_declarator":
        return ()
    found = []
    for declared in module.names.declared_by(parent):
        path = (*tail, *declared.key)
        found.append((declared.name, path[0] if path else "*"))
    return tuple(found)


def _inside_try(node: "Node") -> bool:
    child, parent = node, node.parent
    while parent is not None:
        if parent.type == "try_statement" and parent.child_by_field_name("body") == child:
            return True
        child, parent = parent, parent.parent
    return False
