"""Whether Node runs a file for certain, and as which kind of module: what a browser or a bundler takes gets no `path`."""

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from opskit.core.tree import Tree
from opskit.paths.node import typescript
from opskit.paths.node.package import below, bundler, kind_of, knows_dirname, started
from opskit.source.javascript import PLAIN, SCRIPT, JavaScriptSource, read_javascript
from opskit.survey.node.modules import closure
from opskit.survey.survey import Survey

Kind = Literal["commonjs", "module"]
NODE_ONLY = re.compile(
    rb"""(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["'](?:node:\w+|(?:fs|fs/promises|child_process|os|http|https|net|dgram|worker_threads"""
    rb"""|readline|cluster|module|v8|dns|tls|zlib|@playwright/test|(?:playwright|puppeteer)(?:-core)?|selenium-webdriver)["'])""")
BROWSER = re.compile(rb"^[ \t]*(['\"])use client\1|\bimport\.meta\.(?:env|hot|glob)\b|\b(?:window|document|localStorage)\.\w", re.M)
CONFIG = re.compile(r"\.config\.[cm]?[jt]s$")
TOOLS = frozenset("scripts script tools bin tasks ci cli e2e".split())  # beside a bundler's own folders
_SRC = re.compile(rb"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.I)


@dataclass(frozen=True, slots=True)
class Host:
    """`kind` tells `__dirname` from `import.meta`; `reason` why the file is left alone, "" where Node runs it. `dirname`: that Node is
    new enough for `import.meta.dirname`; `typed`: TypeScript; `imports`: that the file imports by syntax."""

    kind: Kind = "commonjs"
    reason: str = ""
    dirname: bool = False
    typed: bool = False
    imports: bool = False


class Hosts:
    """One a survey."""

    def __init__(self, survey: Survey) -> None:
        self.survey, self.tree = survey, survey.tree

    def of(self, source: JavaScriptSource) -> Host:
        if source.broken or source.root is None:
            return Host(reason="the file does not parse")
        typed, imports = source.path.endswith(typescript.ENDS), bool(source.found("import_statement", "export_statement"))
        kind, reason = self._kind(source.path, typed, imports)
        reason = reason or self._moved(source.path, typed) or self._elsewhere(source, imports)
        if not reason and kind == "module" and source.path in self._functions:
            reason = "a host bundles its functions: where an ES module lies when it runs cannot be told"
        return Host(kind, reason, not typed and knows_dirname(self.tree, source.path), typed, imports)

    def _kind(self, path: str, typed: bool, imports: bool) -> tuple[Kind, str]:
        said = kind_of(self.tree, path)
        told = typescript.compiler(self.tree, path) if typed else None
        if path.endswith((".mjs", ".cjs", ".mts", ".cts")):
            return ("module" if said == "module" else "commonjs"), ""
        if told is not None and told.module:
            return _compiled(told.module, said, told.path)
        if said == "module":
            return "module", ""
        if not imports:
            return "commonjs", ""
        where = "no tsconfig.json says" if typed else 'neither its name nor "type" in package.json says'
        return "module", f"it imports like an ES module, and {where} that Node takes it as one"

    def _moved(self, path: str, typed: bool) -> str:
        told = typescript.compiler(self.tree, path)
        return typescript.moved(told, path) if told and (typed or told.options.get("allowJs") == "true") else ""

    def _elsewhere(self, source: JavaScriptSource, imports: bool) -> str:
        """Why it may be something else than Node that runs the file."""
        path, data = source.path, source.data
        if path in self._pages:
            return f"{self._pages[path]} loads it: a page in a browser has no such folder"
        if BROWSER.search(data) and not NODE_ONLY.search(data):
            return "code of a browser, which has no environment and no such folder"
        folders = below(self.tree, path)
        if data.startswith(b"#!") or path in self._started or (not folders and CONFIG.search(path)):
            return ""
        if (name := bundler(self.tree, path)) and not (NODE_ONLY.search(data) and (not folders or folders[0] in TOOLS)):
            return f"{name} may bundle it: where it lies when it runs cannot be told, and a browser may be what runs it"
        if NODE_ONLY.search(data) or (not imports and self._requires(source)) or path in self._beside:
            return ""
        if imports:
            return "nothing shows that Node runs this ES module, and no browser: no module of Node's own, no script that starts it"
        return "nothing shows that Node runs this file: no require, no module.exports"

    def _requires(self, source: JavaScriptSource) -> bool:
        called = (source.text(call.child_by_field_name("function")) for call in source.found("call_expression"))
        return b"module.exports" in source.data or any(name == "require" for name in called)

    @cached_property
    def _functions(self) -> frozenset[str]:
        return frozenset(path for service in self.survey.services if service.kind == "function" for path in service.closure)

    @cached_property
    def _started(self) -> frozenset[str]:
        """What Node is started with, by a package's scripts or as a service of this platform, with what that loads."""
        ran = (s for s in self.survey.services if s.language == "node" and s.kind != "function" and not s.path.endswith(".json"))
        direct = {path for service in ran if service.command[:1] == ("node",) for path in service.closure}
        return self.tree.computed(started) | direct

    @cached_property
    def _beside(self) -> frozenset[str]:
        """What files that ask for Node's own modules load, of packages without a bundler."""
        own = (p for p in self.tree.ending(*PLAIN) if NODE_ONLY.search(self.tree.read(p) or b"") and not bundler(self.tree, p))
        return frozenset(path for entry in own for path in closure(self.tree, entry))

    @cached_property
    def _pages(self) -> dict[str, str]:
        """Scripts that a page of the tree loads, each with that page."""
        return self.tree.computed(_loaded)


def _compiled(module: str, said: str, config: str) -> tuple[Kind, str]:
    if module in typescript.BY_PACKAGE:
        return ("module" if said == "module" else "commonjs"), ""
    if module == "commonjs":
        return "commonjs", ""
    if module in typescript.WITH_META:
        return "module", ""
    if module in typescript.WITHOUT_META:
        return "module", f'{config} compiles to "{module}", which has no import.meta'
    return "module", f'{config} compiles to "{module}", which is not rewritten'


def _loaded(tree: Tree) -> dict[str, str]:
    found = dict[str, str]()
    for page in tree.ending(".html", ".htm"):
        for attributes, body in SCRIPT.findall(tree.read(page) or b""):
            for path in _scripts(tree, page, attributes) if not body.strip() else _inline(tree, page):
                found.setdefault(path, page)
    return found


def _scripts(tree: Tree, page: str, attributes: bytes) -> tuple[str, ...]:
    """The file that `src` names, from the page or from the site's root, and what it imports."""
    named = _SRC.search(attributes)
    name = named[1].decode("utf-8", "replace").partition("?")[0] if named else ""
    if not name or "//" in name:
        return ()
    if name.startswith("/"):
        entries = [path for path in tree.known if path == name[1:] or path.endswith(name)]
    else:
        entries = [posixpath.normpath(posixpath.join(posixpath.dirname(page), name))]
    return tuple(path for entry in entries if entry in tree.known for path in closure(tree, entry))


def _inline(tree: Tree, page: str) -> tuple[str, ...]:
    """What the scripts inside a page import."""
    source = tree.parsed(page, read_javascript)
    return closure(tree, page)[1:] if source is not None and source.found("import_statement") else ()
