"""Which of the platform's files a simple command starts, as what, and on which port."""

import posixpath
import re
from dataclasses import replace

from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.survey.commandline import Simple, Word, commands
from opskit.survey.node.modules import find
from opskit.survey.runners import FRAMEWORKS, NEEDS_VERB, NODE_RUNNERS, PYTHON, VALUED, VERBS, Started, decided, port_of
from opskit.survey.starting_other import PROGRAMS, other_started
from opskit.survey.starting_python import python_started
from opskit.survey.workspaces import handed, member_called

PORT = re.compile(rb"(?<![A-Za-z0-9_])PORT\b")


def started(tree: Tree, text: str, cwd: str, depth: int = 0) -> list[Started]:
    """Everything of note that a shell line starts; builds, tests and tools are none."""
    found: list[Started] = []
    for simple in commands(text, cwd):
        found += _one(tree, simple, depth)
    return found


def main_of(starts: list[Started]) -> Started | None:
    """What a line is for: its server, else the last thing it starts (what comes before prepares)."""
    return next((s for s in starts if s.kind == "server"), starts[-1] if starts else None)


def runnable(text: str, folder: str) -> tuple[tuple[str, ...], str]:
    """(command, its folder) of a shell line: a single command without what wraps it, else the line for a shell."""
    simple = commands(text, folder)
    if len(simple) == 1 and not set("|<>") & set(text):
        return simple[0].values, simple[0].cwd
    return (("sh", "-c", text) if text else ()), folder


def _one(tree: Tree, simple: Simple, depth: int) -> list[Started]:
    program = simple.program
    if program in ("sh", "bash") and "-c" in simple.values and depth < 4:
        index = simple.values.index("-c") + 1
        return _again(tree, simple, simple.words[index : index + 1], depth)
    if program == "concurrently" and depth < 4:
        return [s for w in simple.words[1:] if not w.value.startswith("-") for s in _listed(tree, simple, w, depth)]
    if program in ("npm-run-all", "run-p", "run-s") and depth < 4:
        return [s for w in simple.words[1:] if not w.value.startswith("-") for s in _script(tree, simple, simple.cwd, w.value, depth)]
    if program in ("npm", "yarn", "pnpm", "bun") and depth < 4 and (called := member_called(tree, simple) or _called(simple)):
        return _script(tree, simple, *called, depth, handed(simple, called[1]))
    if program in ("yarn", "pnpm", "bun") and len(simple.words) > 1:
        rest = simple.words[2:] if simple.values[1] in ("exec", "dlx", "run", "x") else simple.words[1:]
        bun_file = program == "bun" and rest and re.search(r"\.[cm]?[jt]sx?$", rest[-1].value)
        return (
            [_node(tree, simple, rest)]
            if bun_file
            else _one(tree, replace(simple, words=tuple(rest)), depth + 1)
            if rest and depth < 6
            else []
        )
    if program in NODE_RUNNERS or program == "deno":
        if (inner := simple.option("--exec", "-x")) is not None and depth < 4:
            return started(tree, inner.value, simple.cwd, depth + 1) or [_node(tree, simple, simple.words[1:])]
        return [_node(tree, simple, simple.words[1:])]
    if program in FRAMEWORKS:
        return _framework(tree, simple)
    if program in PYTHON or re.match(r"python[0-9.]*$|py$", program):
        return python_started(tree, simple)
    if program in PROGRAMS:
        return other_started(simple)
    return _by_suffix(tree, simple)


def _again(tree: Tree, simple: Simple, inner: tuple[Word, ...], depth: int) -> list[Started]:
    return [replace(s, at=None) for w in inner for s in started(tree, w.value, simple.cwd, depth + 1)]


def _listed(tree: Tree, simple: Simple, word: Word, depth: int) -> list[Started]:
    for prefix in ("npm:", "yarn:", "pnpm:", "bun:"):
        if word.value.startswith(prefix):
            return _script(tree, simple, simple.cwd, word.value.removeprefix(prefix), depth)
    return _again(tree, simple, (word,), depth) if " " in word.value else []


def _called(simple: Simple) -> tuple[str, str] | None:
    """(folder, script) of `npm start`, `npm run x`, `yarn x`, `npm --prefix client run x`, `pnpm --dir x dev`."""
    where = simple.option("--prefix", "-C", "--dir", "--cwd")
    skip = {where.value, "--prefix", "-C", "--dir", "--cwd"} if where else set()
    rest = [v for v in simple.values[1:] if v not in skip and not v.startswith("-")]
    if not rest or rest[0] in ("install", "ci", "exec", "dlx", "x", "add", "i", "workspace", "-r"):
        return None
    if rest[0] in ("run", "run-script"):
        name = rest[1] if len(rest) > 1 else ""
    else:
        name = rest[0] if simple.program != "npm" or rest[0] in ("start", "test", "stop", "restart") else ""
    if simple.program == "bun" and re.search(r"\.[cm]?[jt]sx?$", name):
        return None
    return (posixpath.normpath(posixpath.join(simple.cwd, where.value)) if where else simple.cwd, name) if name else None


def _script(tree: Tree, simple: Simple, folder: str, name: str, depth: int, more: str = "") -> list[Started]:
    path = posixpath.normpath(posixpath.join(folder, "package.json"))
    document = tree.parsed(path, read_json) if path in tree.known else None
    text = document.text("scripts", name) if document else ""
    if not text and document and simple.program in ("yarn", "pnpm", "bun") and (name in FRAMEWORKS or name in NODE_RUNNERS):
        return _one(tree, replace(simple, words=simple.words[1:]), depth + 1)
    if not text and name == "start" and posixpath.normpath(posixpath.join(folder, "server.js")) in tree.known:
        text = "node server.js"
    return [replace(s, at=None) for s in started(tree, f"{text} {more}", folder, depth + 1)] if text else []


def _node(tree: Tree, simple: Simple, rest: tuple[Word, ...]) -> Started:
    """The first word that is a file: options are skipped with the values they take."""
    entry, skip = "", False
    for word in rest:
        if skip:
            skip = False
        elif word.value.startswith("-"):
            skip = word.value in VALUED
        elif word.value not in ("run", "watch", "start", "serve", "--"):
            entry = script_file(tree, simple.cwd, word.value)
            if entry or "." in word.value:
                break
    port, variable, at = port_of(simple.assigned.get("PORT") if not entry or _reads_port(tree, entry) else None)
    return Started(simple, "", "node", entry, port, variable or ("PORT" if port else ""), said=port is not None, at=at, language="node")


def _reads_port(tree: Tree, entry: str) -> bool:
    """Whether a script, or another of its folder that it may load, speaks of PORT at all: GW_PORT is another variable."""
    folder = posixpath.dirname(entry)
    beside = (p for p in tree.ending(".js", ".mjs", ".cjs", ".ts", ".mts") if not folder or p.startswith(f"{folder}/"))
    return any(PORT.search(tree.read(path) or b"") for path in tree.holding((entry, *beside), b"PORT"))


def script_file(tree: Tree, cwd: str, name: str) -> str:
    """The platform's file that Node starts for a name; for a build's output the source it is built from."""
    base = posixpath.normpath(posixpath.join(cwd, name))
    if found := find(tree, base):
        return found
    if name in (".", "./"):
        return find(tree, posixpath.join(cwd, "index"))
    inner = posixpath.relpath(base, cwd).split("/")
    if inner[0] in ("dist", "build", "lib", "out", ".build"):
        stem = posixpath.splitext("/".join(inner[1:]))[0]
        for folder in ("src/", "", "server/"):
            if found := find(tree, posixpath.normpath(posixpath.join(cwd, folder + stem.removeprefix("src/")))):
                return found
    return ""


def _framework(tree: Tree, simple: Simple) -> list[Started]:
    name, default, variable, options = FRAMEWORKS[simple.program]
    plain = [v for v in simple.values[1:] if not v.startswith("-")]
    if simple.program in NEEDS_VERB and not any(v in VERBS for v in plain[:3]) and not (simple.program in ("next", "nuxt") and not plain):
        return []
    if (simple.program == "eleventy" and "--serve" not in simple.values) or (name == "serverless" and "offline" not in plain):
        return []
    if name == "wrangler" and plain[:1] == ["pages"]:
        default = 8788
    if simple.program in ("vite", "parcel") and plain[:1] in (["build"], ["optimize"], ["watch"]):
        return []
    said, variable = decided(simple, options, variable)
    port, by, at = port_of(said)
    if name == "vite" and plain[:1] == ["preview"]:
        default = 4173
    host = simple.option("--host", "-H", "--hostname", "--address")
    entry = next((f for v in reversed(plain) if "." in v and (f := script_file(tree, simple.cwd, v))), "") if name == "fastify" else ""
    number = port if port or by else default
    return [Started(simple, "server", name, entry, number, by or variable, host.value if host else "", port is not None, at, "node")]


def _by_suffix(tree: Tree, simple: Simple) -> list[Started]:
    """A file of the platform started by its own name (`./server.js`, `bin/www`)."""
    path = posixpath.normpath(posixpath.join(simple.cwd, simple.words[0].value))
    if path in tree.known and path.endswith((".js", ".mjs", ".cjs", ".ts")):
        return [_node(tree, simple, simple.words)]
    if path in tree.known and path.endswith(".py"):
        return [Started(simple, "", "python", path, language="python")]
    return []
