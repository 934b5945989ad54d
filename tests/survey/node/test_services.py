"""Routes, imports, commands, dangers, frameworks and functions of Node services."""

import json

import pytest

from opskit.core.tree import Tree
from opskit.survey.node.reads import node_reads
from opskit.survey.node.services import node_services, node_unresolved

EXPRESS = "const express = require('express');\nconst app = express();\n"
LISTEN = "\napp.listen(3000);\n"


def build(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text, indent=2))
    return Tree(root)


def one(root, files):
    (service,) = node_services(build(root, files))
    return service


ROUTES = {
    "express": ("app.get('/a', h);\napp.post('/b', guard, h);", [("GET", "/a"), ("POST", "/b")]),
    "settings and caches are none": ("app.get('port'); cache.get('/x', f); app.set('x', 1)", []),
    "chained": ("app.route('/a').get(h).post(h)", [("GET", "/a"), ("POST", "/a")]),
    "a table": ("app.route({ method: ['GET', 'PUT'], url: '/a', handler })", [("GET", "/a"), ("PUT", "/a")]),
    "a compared url": ("if (req.url === '/a' && req.method === 'POST') {}", [("POST", "/a")]),
    "a switch": ("switch (url) { case '/a': break; case '/b': break; default: }", [("*", "/a"), ("*", "/b")]),
    "a page's own location is none": ("if (window.location.pathname === '/a') {}", []),
}


@pytest.mark.parametrize(("text", "expected"), ROUTES.values(), ids=ROUTES)
def test_routes(tmp_path, text, expected):
    service = one(tmp_path, {"server.js": EXPRESS + text + LISTEN})
    assert sorted((r.method, r.route) for r in service.routes) == expected


@pytest.mark.parametrize("mount", ["app.use('/api', require('./users'))", "const users = require('./users');\napp.use('/api', users)"])
def test_a_mounted_router_has_its_prefix(tmp_path, mount):
    users = "const router = require('express').Router();\nrouter.get('/users', h);\nmodule.exports = router"
    service = one(tmp_path, {"server.js": EXPRESS + mount + LISTEN, "users.js": users})
    assert [(r.method, r.route, r.place.path) for r in service.routes] == [("GET", "/api/users", "users.js")]


def test_imports_are_third_party_only(tmp_path):
    text = "const fs = require('node:fs'), path = require('path');\nconst pg = require('@scope/pg/lib');\ntry { require('canvas') } catch {}\n"
    service = one(tmp_path, {"server.js": EXPRESS + text + "require('./own')" + LISTEN, "own.js": "import('lodash/fp')"})
    assert [(i.name, i.dotted, i.optional) for i in service.imports] == [
        ("express", "express", False), ("@scope/pg", "@scope/pg/lib", False), ("canvas", "canvas", True), ("lodash", "lodash/fp", False)]


DANGERS = {
    "a shell with the body": ("app.post('/x', (req, res) => exec(req.body.cmd))", ["shell"]),
    "through a name": ("app.post('/x', (req, res) => { const { cmd } = req.body; exec(`ls ${cmd}`) })", ["shell"]),
    "through a function": ("function run(c) { exec(c) }\napp.post('/x', (req) => run(req.query.c))", ["shell"]),
    "spawn with a shell": ("app.post('/x', (req) => spawn(req.body.c, { shell: true }))", ["shell"]),
    "spawn without one": ("app.post('/x', (req) => spawn('ls', [req.body.dir]))", []),
    "its own words": ("exec('git pull')", []),
    "a tunnel's package": ("require('localtunnel')", ["tunnel"]),
    "a tunnel's program": ("spawn('ngrok', ['http', '3000'])", ["tunnel"]),
    "the folder of its own code": ("app.use(express.static('.'))", ["secrets-folder"]),
    "the folder by name": ("app.use(express.static(require('path').join(__dirname)))", ["secrets-folder"]),
    "the folder of a variable": ("const BASE = process.env.BASE_DIR || __dirname\napp.use(express.static(BASE))", ["secrets-folder"]),
    "a public folder": ("app.use(express.static('public'))", []),
}


@pytest.mark.parametrize(("text", "kinds"), DANGERS.values(), ids=DANGERS)
def test_dangers(tmp_path, text, kinds):
    text = "const { exec, spawn } = require('child_process');\n" + EXPRESS + text + LISTEN
    assert [d.kind for d in one(tmp_path, {"server.js": text}).dangers] == kinds


def test_a_folder_with_keys_is_told_by_the_key(tmp_path):
    text = EXPRESS + "const path = require('path');\napp.use(express.static(path.join(__dirname, '..')))" + LISTEN
    service = one(tmp_path, {"server/index.js": text, ".env": "A=1", "x.txt": ""})
    assert [(d.kind, ".env" in d.text) for d in service.dangers] == [("secrets-folder", True)]


FRAMEWORKS = {
    "next says": ({"dev": "next dev -p 3001", "start": "next start -p 3000", "build": "next build"}, [3001, 3000], True),
    "next does not": ({"dev": "next dev", "build": "next build"}, [3000], False),
    "vite": ({"dev": "vite --port 4000"}, [4000], True),
    "vite's own": ({"dev": "vite", "build": "vite build"}, [5173], False),
    "create-react-app with a variable": ({"start": "PORT=3005 react-scripts start"}, [3005], True),
    "through cross-env": ({"start": "cross-env NODE_ENV=x PORT=3006 react-scripts start"}, [3006], True),
    "through npx and another script": ({"dev": "npm run web", "web": "npx vite --port=4100"}, [4100], True),
}


@pytest.mark.parametrize(("scripts", "ports", "editable"), FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_framework_is_one_service_with_its_modes(tmp_path, scripts, ports, editable):
    tree = build(tmp_path, {"web/package.json": {"name": "@me/shop", "scripts": scripts}})
    (service,) = node_services(tree)
    assert (service.name, service.cwd, [b.port for b in service.binds]) == ("shop", "web", ports)
    place = service.binds[0].place
    assert service.binds[0].editable is editable
    assert not editable or tree.read(place.path)[place.start : place.end] == str(ports[0]).encode()


def test_vite_takes_the_port_of_its_configuration(tmp_path):
    config = "import { defineConfig } from 'vite';\nexport default defineConfig(({ mode }) => ({ server: { port: 4321 } }))"
    service = one(tmp_path, {"package.json": {"name": "w", "scripts": {"dev": "vite"}}, "vite.config.ts": config})
    assert (service.port, service.binds[0].place.path, service.binds[0].editable) == (4321, "vite.config.ts", True)


def test_next_answers_by_its_folders(tmp_path):
    files = {
        "web/package.json": {"name": "w", "scripts": {"dev": "next dev"}},
        "web/pages/api/users/[id].ts": "export default function handler() {}",
        "web/src/app/(shop)/pay/route.ts": "export async function POST() {}\nexport const GET = () => {}",
        "web/src/app/page.tsx": "export default () => window.location.pathname === '/x'",
    }
    service = one(tmp_path, files)
    assert sorted((r.method, r.route) for r in service.routes) == [("*", "/api/users/[id]"), ("GET", "/pay"), ("POST", "/pay")]


COMMANDS = {
    "node as it stands": ({"start": "node server.js"}, ("node", "server.js"), "api", {}),
    "with a variable": ({"start": "PORT=3999 node server.js"}, ("node", "server.js"), "api", {"PORT": "3999"}),
    "start before dev": ({"dev": "nodemon server.js", "start": "node server.js"}, ("node", "server.js"), "api", {}),
    "nodemon alone": ({"dev": "nodemon server.js"}, ("npm", "run", "dev"), "api", {}),
    "no script": ({}, ("node", "server.js"), "api", {}),
}


@pytest.mark.parametrize(("scripts", "command", "cwd", "env"), COMMANDS.values(), ids=COMMANDS)
def test_the_command_is_that_of_the_package(tmp_path, scripts, command, cwd, env):
    server = EXPRESS + "app.listen(process.env.PORT || 3000)"
    service = one(tmp_path, {"api/package.json": {"name": "api", "scripts": scripts}, "api/server.js": server})
    assert (service.command, service.cwd, dict(service.env)) == (command, cwd, env)
    assert service.port == (3999 if env else 3000)


def test_a_script_that_sets_the_port_is_where_it_stands(tmp_path):
    server = EXPRESS + "app.listen(process.env.PORT || 3000)"
    tree = build(tmp_path, {"package.json": {"name": "api", "scripts": {"start": "PORT=3999 node server.js"}}, "server.js": server})
    place = node_services(tree)[0].binds[0].place
    assert (place.path, tree.read("package.json")[place.start : place.end]) == ("package.json", b"3999")


def test_workspaces_are_services_of_their_own(tmp_path):
    files = {
        "package.json": {"name": "root", "workspaces": ["apps/*"], "scripts": {"dev": "turbo run dev"}},
        "apps/web/package.json": {"name": "web", "scripts": {"dev": "next dev"}},
        "apps/api/package.json": {"name": "api", "scripts": {"dev": "tsx watch src/index.ts"}},
        "apps/api/src/index.ts": "import express from 'express';\nimport { port } from '@me/config';\nexpress().listen(port)",
        "packages/config/package.json": {"name": "@me/config", "main": "index.ts"},
        "packages/config/index.ts": "export const port = 4700",
    }
    found = {s.path: s for s in node_services(build(tmp_path, files))}
    assert {p: s.port for p, s in found.items()} == {"apps/web/package.json": 3000, "apps/api/src/index.ts": 4700}
    assert [i.name for i in found["apps/api/src/index.ts"].imports] == ["express"]


HANDLER = "exports.handler = async () => ({ statusCode: 200 })"


def test_functions_of_netlify(tmp_path):
    toml = '[build]\nfunctions = "fn"\n[[redirects]]\nfrom = "/api/*"\nto = "/.netlify/functions/:splat"\nstatus = 200\n'
    files = {"netlify.toml": toml, "fn/pay.js": HANDLER, "fn/hook/hook.mjs": HANDLER, "fn/list/index.ts": HANDLER, "fn/list/part.ts": "", "fn/pay.test.js": ""}
    found = node_services(build(tmp_path, files))
    assert {(s.name, s.path, s.kind) for s in found} == {
        ("pay", "fn/pay.js", "function"), ("hook", "fn/hook/hook.mjs", "function"), ("list", "fn/list/index.ts", "function")}
    assert [r.route for s in found if s.name == "pay" for r in s.routes] == ["/.netlify/functions/pay", "/api/pay"]


@pytest.mark.parametrize(("toml", "routes"), [
    ("", ["/.netlify/functions/pay"]),
    ('[[redirects]]\nfrom = "/buy"\nto = "/.netlify/functions/pay"', ["/.netlify/functions/pay", "/buy"]),
    ("not [ toml", ["/.netlify/functions/pay"]),
], ids=["default folder", "one redirect", "a broken file"])
def test_redirects_of_netlify(tmp_path, toml, routes):
    service = one(tmp_path, {"netlify.toml": toml, "netlify/functions/pay.js": HANDLER})
    assert [r.route for r in service.routes] == routes


def test_the_newer_form_names_its_path(tmp_path):
    service = one(tmp_path, {"netlify/functions/pay.mts": "export default async () => new Response('')\nexport const config = { path: '/pay' }"})
    assert [r.route for r in service.routes] == ["/pay"]  # docs.netlify.com/build/functions: a path of its own replaces the default one


NESTED = {
    "within a file": ({"server.js": "const r = express.Router();\nr.get('/x', h);\napp.use('/api', r);"}, ["/api/x"]),
    "one inside another": ({"server.js": "app.use('/api', require('./api'));",
                            "api.js": "const r = require('express').Router(), a = require('express').Router();\na.get('/x', h);\nr.get('/y', h);\n"
                                      "r.use('/admin', a);\nmodule.exports = r"}, ["/api/admin/x", "/api/y"]),
    "through an index": ({"server.js": "app.use('/api', require('./api'));", "api.js": "const r = require('express').Router();\n"
                          "r.use(require('./users'));\nmodule.exports = r",
                          "users.js": "const u = require('express').Router();\nu.get('/x', h);\nmodule.exports = u"}, ["/api/x"]),
    "two of one file": ({"server.js": "const { a, b } = require('./both');\napp.use('/a', a);\napp.use('/b', b);",
                         "both.js": "const a = R(), b = R();\na.get('/x', h);\nb.get('/y', h);\nmodule.exports = { a: a, b: b }"}, ["/a/x", "/b/y"]),
}


@pytest.mark.parametrize(("files", "expected"), NESTED.values(), ids=NESTED)
def test_a_route_has_every_prefix_above_it(tmp_path, files, expected):
    service = one(tmp_path, {**files, "server.js": EXPRESS + files["server.js"] + LISTEN})
    assert sorted(r.route for r in service.routes) == expected


@pytest.mark.parametrize(("guard", "methods"), [
    ("if (event.httpMethod !== 'POST') return { statusCode: 405 };", ["POST"]),
    ("if (event.httpMethod !== 'GET' && event.httpMethod !== 'HEAD') { return { statusCode: 405 }; }", ["GET", "HEAD"]),
    ("if (event.httpMethod !== 'POST') log();", ["*"]), ("", ["*"]),
], ids=["one", "two", "only noted", "none"])
def test_a_function_answers_the_methods_it_lets_in(tmp_path, guard, methods):
    service = one(tmp_path, {"netlify/functions/pay.js": f"exports.handler = async (event) => {{ {guard} return {{}}; }};"})
    assert sorted(r.method for r in service.routes) == methods


CONFLICT = "<<<<<<< HEAD\napp.listen(1);\n=======\napp.listen(2);\n>>>>>>> other\n"


@pytest.mark.parametrize("text", [EXPRESS + CONFLICT, "<!DOCTYPE html>\n<script>" + EXPRESS + LISTEN], ids=["a merge gone wrong", "a page"])
def test_what_node_refuses_is_no_service_and_reads_nothing(tmp_path, text):
    tree = build(tmp_path, {"server.js": text + "const key = process.env.KEY;\n"})
    assert (node_services(tree), node_reads(tree)) == ((), ())
    assert [u.what for u in node_unresolved(tree)] == ["does not parse"]


@pytest.mark.parametrize(("script", "text", "kind"), [
    ("start", "run()", ["worker"]), ("stats", "setInterval(f, 1000)", ["worker"]), ("stats", "setInterval(f, 1000).unref()", []), ("seed", "run()", []),
], ids=["npm start", "runs on", "lets its timer go", "runs once"])
def test_a_program_without_a_port(tmp_path, script, text, kind):
    tree = build(tmp_path, {"package.json": {"name": "x", "scripts": {script: "node job.js"}}, "job.js": text})
    assert [s.kind for s in node_services(tree)] == kind


@pytest.mark.parametrize("text", [
    "let raw = '';\nreq.on('data', (c) => { raw += c; });\nreq.on('end', () => exec(JSON.parse(raw).cmd));",
    "req.on('data', (c) => exec(String(c)));",
], ids=["gathered", "a piece"])
def test_a_body_in_pieces_reaches_a_shell(tmp_path, text):
    code = f"const {{ exec }} = require('child_process');\nrequire('http').createServer((req, res) => {{ {text} }}).listen(3000);"
    assert [d.kind for d in one(tmp_path, {"server.js": code}).dangers] == ["shell"]
