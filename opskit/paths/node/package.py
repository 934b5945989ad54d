"""What the nearest package.json says of a file: its kind of module, its bundler, Node's version, the files that Node is started with."""

import posixpath
import re
from collections.abc import Iterator

from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.source.located import Located
from opskit.survey.node.modules import closure, find
from opskit.survey.packages import package_files, package_of

BUNDLERS = frozenset(
    "vite webpack next react-scripts parcel rollup esbuild tsup @angular/core @angular/cli nuxt astro @sveltejs/kit gatsby @vue/cli-service"
    " @rsbuild/core @rspack/core rolldown @remix-run/dev @react-router/dev electron-vite expo react-native @vercel/ncc preact-cli snowpack"
    " wrangler".split())
DIRNAME = ((20, 11), (21, 2))  # nodejs.org/api/esm.html, import.meta.dirname: added in v21.2.0, v20.11.0
_STARTED = re.compile(
    r"(?:^|[\s&|;\"'])(?:node|nodemon|tsx|ts-node(?:-esm|-dev)?|bun(?: run)?|deno run|pm2 start|electron)\s"
    r"[^&|;]*?([\w@./-]+\.[cm]?[jt]s)(?=[\s\"'&|;]|$)")
_RANGE = re.compile(r"(?:>=|\^|~|=|v)?\s*(\d+)(?:\.(\d+|x|\*))?")


def manifest(tree: Tree, path: str) -> Located | None:
    """The nearest package.json above a file, read; None where there is none."""
    found = package_of(tree, path)
    return tree.parsed(found, read_json) if found else None


def kind_of(tree: Tree, path: str) -> str:
    """"module", "commonjs", or "" where no package.json says it (nodejs.org/api/packages.html, "Determining module system")."""
    if path.endswith((".mjs", ".mts")):
        return "module"
    if path.endswith((".cjs", ".cts")):
        return "commonjs"
    document = manifest(tree, path)
    return document.text("type") if document else ""


def bundler(tree: Tree, path: str) -> str:
    """The bundler that the file's package depends on, "" for none."""
    document = manifest(tree, path)
    wanted = {name for table in ("dependencies", "devDependencies") for name in document.table(table)} if document else set()
    return next(iter(sorted(wanted & BUNDLERS)), "")


def knows_dirname(tree: Tree, path: str) -> bool:
    """Whether the platform's engines promise a Node that has `import.meta.dirname`."""
    near, top = manifest(tree, path), tree.parsed("package.json", read_json)
    said = next((text for document in (near, top) if document and (text := document.text("engines", "node"))), "")
    return bool(said) and all(_has(each.strip()) for each in said.split("||"))


def _has(given: str) -> bool:
    found = _RANGE.match(given)
    if found is None:
        return False
    least = int(found[1]), int(found[2]) if found[2] and found[2].isdigit() else 0
    return least >= (DIRNAME[1] if least[0] == DIRNAME[1][0] else DIRNAME[0])


def started(tree: Tree) -> frozenset[str]:
    """Files that a package.json starts with Node itself (scripts, `bin`, `main`), and all that they load."""
    return frozenset(path for entry in dict.fromkeys(_entries(tree)) for path in closure(tree, entry))


def _entries(tree: Tree) -> Iterator[str]:
    for path in package_files(tree):
        document = tree.parsed(path, read_json)
        if document is None:
            continue
        told = [found for script in document.table("scripts").values() for found in _STARTED.findall(script.raw)]
        bins = [document.text("bin"), *(item.raw for item in document.table("bin").values())]
        for name in (*told, *bins, document.text("main")):
            if name and (found := find(tree, posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))):
                yield found


def below(tree: Tree, path: str) -> tuple[str, ...]:
    """The folders between the file and its package."""
    home = posixpath.dirname(package_of(tree, path))
    return tuple(posixpath.relpath(posixpath.dirname(path) or ".", home or ".").split("/")) if posixpath.dirname(path) != home else ()
