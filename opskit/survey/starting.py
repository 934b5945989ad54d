"""Which of the platform's files a simple command starts, as what, and on which port."""

import posixpath
import re
from dataclasses import dataclass, replace
from typing import Literal

from opskit.core.tree import Tree
from opskit.source.json_text import read_json
from opskit.survey.commandline import Simple, Word, commands

NODE_RUNNERS = frozenset(("node", "nodemon", "ts-node", "ts-node-dev", "tsx", "babel-node", "esr", "swc-node", "node-dev", "tsnd", "vite-node"))
VALUED = frozenset(("-r", "--require", "--import", "--loader", "--watch", "-w", "--ext", "-e", "--ignore", "-i", "--env-file", "--delay", "-P", "--project",
                    "--name", "-n", "--config", "-c", "--inspect-port", "--exec", "-x", "--tsconfig", "--conditions", "-C"))
FRAMEWORKS: dict[str, tuple[str, int, str, tuple[str, ...]]] = {
    "next": ("next", 3000, "PORT", ("-p", "--port")), "vite": ("vite", 5173, "", ("--port",)), "nuxt": ("nuxt", 3000, "PORT", ("-p", "--port")),
    "nuxi": ("nuxt", 3000, "PORT", ("-p", "--port")), "react-scripts": ("cra", 3000, "PORT", ()), "craco": ("cra", 3000, "PORT", ()),
    "react-app-rewired": ("cra", 3000, "PORT", ()), "astro": ("astro", 4321, "", ("--port",)), "gatsby": ("gatsby", 8000, "", ("-p", "--port")),
    "ng": ("angular", 4200, "", ("--port",)), "vue-cli-service": ("vue", 8080, "PORT", ("--port",)), "webpack-dev-server": ("webpack", 8080, "", ("--port",)),
    "webpack": ("webpack", 8080, "", ("--port",)), "parcel": ("parcel", 1234, "PORT", ("-p", "--port")), "http-server": ("http-server", 8080, "PORT", ("-p", "--port")),
    "serve": ("serve", 3000, "PORT", ("-p", "--port", "-l", "--listen")), "live-server": ("live-server", 8080, "PORT", ("--port",)),
    "json-server": ("json-server", 3000, "", ("-p", "--port")), "remix": ("remix", 3000, "PORT", ("--port", "-p")), "remix-serve": ("remix", 3000, "PORT", ()),
    "react-router": ("react-router", 5173, "", ("--port",)), "react-router-serve": ("react-router", 3000, "PORT", ()),
    "svelte-kit": ("sveltekit", 5173, "", ("--port",)), "wrangler": ("wrangler", 8787, "", ("--port",)), "netlify": ("netlify", 8888, "", ("-p", "--port")),
    "vercel": ("vercel", 3000, "", ("-l", "--listen")), "strapi": ("strapi", 1337, "PORT", ()), "docusaurus": ("docusaurus", 3000, "", ("-p", "--port")),
    "vitepress": ("vitepress", 5173, "", ("--port",)), "fastify": ("fastify", 3000, "FASTIFY_PORT", ("-p", "--port")), "expo": ("expo", 8081, "", ("-p", "--port")),
    "vinxi": ("vinxi", 3000, "PORT", ("--port",)), "rsbuild": ("rsbuild", 3000, "PORT", ("--port",)), "medusa": ("medusa", 9000, "PORT", ("-p", "--port")),
    "directus": ("directus", 8055, "PORT", ()), "keystone": ("keystone", 3000, "PORT", ()),
}
VERBS = frozenset(("dev", "start", "serve", "develop", "preview", "dev-server", "server", "vite:dev", "dev:server"))
NEEDS_VERB = frozenset(("next", "nuxt", "nuxi", "react-scripts", "craco", "react-app-rewired", "astro", "gatsby", "ng", "vue-cli-service", "webpack", "remix",
                        "react-router", "svelte-kit", "wrangler", "netlify", "vercel", "strapi", "docusaurus", "vitepress", "fastify", "expo", "vinxi",
                        "rsbuild", "medusa", "directus", "keystone"))
PYTHON: dict[str, tuple[int | None, str, tuple[str, ...]]] = {
    "uvicorn": (8000, "UVICORN_PORT", ("--port",)), "gunicorn": (8000, "", ("-b", "--bind")), "hypercorn": (8000, "", ("-b", "--bind")),
    "daphne": (8000, "", ("-p", "--port")), "waitress-serve": (8080, "", ("--port", "--listen")), "flask": (5000, "FLASK_RUN_PORT", ("-p", "--port")),
    "fastapi": (8000, "", ("--port",)), "streamlit": (8501, "STREAMLIT_SERVER_PORT", ("--server.port",)), "celery": (None, "", ()), "rq": (None, "", ()),
    "granian": (8000, "GRANIAN_PORT", ("--port",)), "sanic": (8000, "", ("-p", "--port")), "chainlit": (8000, "", ("--port",)),
}
NUMBER = re.compile(r"(?:^|[:=\-])(\d{1,5})\}?$|^(\d{1,5})$")
VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Started:
    """What a command starts. `entry` is one of the platform's files or ""; `port` the number said (or the framework's
    own, `said` False), `variable` the one that decides it; `at` the digits' offsets in the command's text."""

    command: Simple
    kind: Literal["server", "worker", ""]
    framework: str = ""
    entry: str = ""
    port: int | None = None
    variable: str = ""
    host: str = ""
    said: bool = False
    at: tuple[int, int] | None = None
    language: Literal["python", "node", "other"] = "other"


def started(tree: Tree, text: str, cwd: str, depth: int = 0) -> list[Started]:
    """Everything of note that a shell line starts; builds, tests and tools are none."""
    found: list[Started] = []
    for simple in commands(text, cwd):
        found += _one(tree, simple, depth)
    return found


def _one(tree: Tree, simple: Simple, depth: int) -> list[Started]:
    program = simple.program
    if program in ("sh", "bash") and "-c" in simple.values and depth < 4:
        index = simple.values.index("-c") + 1
        return _again(tree, simple, simple.words[index : index + 1], depth)
    if program == "concurrently" and depth < 4:
        return [s for w in simple.words[1:] if not w.value.startswith("-") for s in _listed(tree, simple, w, depth)]
    if program in ("npm-run-all", "run-p", "run-s") and depth < 4:
        return [s for w in simple.words[1:] if not w.value.startswith("-") for s in _script(tree, simple, simple.cwd, w.value, depth)]
    if program in ("npm", "yarn", "pnpm", "bun") and depth < 4 and (called := _called(simple)):
        return _script(tree, simple, *called, depth)
    if program in ("yarn", "pnpm", "bun") and len(simple.words) > 1:
        rest = simple.words[2:] if simple.values[1] in ("exec", "dlx", "run", "x") else simple.words[1:]
        bun_file = program == "bun" and rest and re.search(r"\.[cm]?[jt]sx?$", rest[-1].value)
        return [_node(tree, simple, rest)] if bun_file else _one(tree, replace(simple, words=tuple(rest)), depth + 1) if rest and depth < 6 else []
    if program in NODE_RUNNERS or program == "deno":
        if (inner := simple.option("--exec", "-x")) is not None and depth < 4:
            return started(tree, inner.value, simple.cwd, depth + 1) or [_node(tree, simple, simple.words[1:])]
        return [_node(tree, simple, simple.words[1:])]
    if program in FRAMEWORKS:
        return _framework(simple)
    if program in PYTHON or re.match(r"python[0-9.]*$|py$", program):
        from opskit.survey.starting_python import python_started

        return python_started(tree, simple)
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


def _script(tree: Tree, simple: Simple, folder: str, name: str, depth: int) -> list[Started]:
    path = posixpath.normpath(posixpath.join(folder, "package.json"))
    document = tree.parsed(path, read_json) if path in tree.known else None
    text = document.text("scripts", name) if document else ""
    if not text and document and simple.program in ("yarn", "pnpm", "bun") and (name in FRAMEWORKS or name in NODE_RUNNERS):
        return _one(tree, replace(simple, words=simple.words[1:]), depth + 1)
    if not text and name == "start" and posixpath.normpath(posixpath.join(folder, "server.js")) in tree.known:
        text = "node server.js"
    return [replace(s, at=None) for s in started(tree, text, folder, depth + 1)] if text else []


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
    port, variable, at = port_of(simple.assigned.get("PORT"))
    return Started(simple, "", "node", entry, port, variable or ("PORT" if port else ""), said=port is not None, at=at, language="node")


def script_file(tree: Tree, cwd: str, name: str) -> str:
    """The platform's file that Node starts for a name; for a build's output the source it is built from."""
    from opskit.survey.node.modules import find

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


def _framework(simple: Simple) -> list[Started]:
    name, default, variable, options = FRAMEWORKS[simple.program]
    plain = [v for v in simple.values[1:] if not v.startswith("-")]
    if simple.program in NEEDS_VERB and not any(v in VERBS for v in plain[:3]) and not (simple.program == "next" and not plain):
        return []
    if simple.program in ("vite", "parcel") and plain[:1] in (["build"], ["optimize"]):
        return []
    said = (simple.option(*options) if options else None) or simple.assigned.get("PORT" if variable else "")
    port, by, at = port_of(said)
    if name == "vite" and plain[:1] == ["preview"]:
        default = 4173
    host = simple.option("--host", "-H", "--hostname", "--address")
    return [Started(simple, "server", name, "", port if port or by else default, by or variable, host.value if host else "", port is not None, at, "node")]


def _by_suffix(tree: Tree, simple: Simple) -> list[Started]:
    """A file of the platform started by its own name (`./server.js`, `bin/www`)."""
    path = posixpath.normpath(posixpath.join(simple.cwd, simple.words[0].value))
    if path in tree.known and path.endswith((".js", ".mjs", ".cjs", ".ts")):
        return [_node(tree, simple, simple.words)]
    if path in tree.known and path.endswith(".py"):
        return [Started(simple, "", "python", path, language="python")]
    return []


def port_of(word: Word | None) -> tuple[int | None, str, tuple[int, int] | None]:
    """(number, variable, offsets of the digits) of `3000`, `:8000`, `0.0.0.0:$PORT`, `tcp://...:3000`, `${PORT:-8080}`."""
    if word is None:
        return None, "", None
    text = word.value
    variable = VARIABLE.search(text)
    match = NUMBER.search(text)
    digits = (match[1] or match[2]) if match else ""
    number = int(digits) if digits and 0 < int(digits) < 65536 else None
    if number is None or match is None:
        return None, variable[1] if variable else "", None
    offset = word.start + word.quote + (match.start(1) if match[1] else match.start(2))
    return number, variable[1] if variable else "", (offset, offset + len(digits))
