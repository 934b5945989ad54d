"""Which port a Node server answers on, and which bytes decide it."""

import pytest

from opskit.core.tree import Tree
from opskit.survey.node.services import node_services, node_unresolved

APP = "const app = require('express')();\n"
HTTP = "const http = require('http');\n"
ESM = "import express from 'express';\nconst app = express();\n"

SHAPES = {
    "a literal": (APP + "app.listen(5001)", 5001, "", "5001"),
    "a dead constant is not the port": (APP + "const PORT = process.env.PORT || 5000;\napp.listen(5001)", 5001, "", "5001"),
    "the environment with ||": (APP + "const PORT = process.env.PORT || 5000;\napp.listen(PORT, () => {})", 5000, "PORT", "5000"),
    "the environment with ?? in Number()": (HTTP + "http.createServer(f).listen(Number(process.env.CHAT_PORT ?? 4001))", 4001, "CHAT_PORT", "4001"),
    "a unary plus": (APP + "app.listen(+(process.env.PORT || 8080))", 8080, "PORT", "8080"),
    "parseInt of a string": (APP + "app.listen(parseInt(process.env.PORT || '3100', 10))", 3100, "PORT", "3100"),
    "a ternary on the variable": (APP + "const p = process.env.PORT ? Number(process.env.PORT) : 6100;\napp.listen(p)", 6100, "PORT", "6100"),
    "a destructured environment": (APP + "const { PORT = 4567 } = process.env;\napp.listen(PORT)", 4567, "PORT", "4567"),
    "a field set in the constructor": (
        HTTP + "class S { constructor() { this.port = 2000; } go() { http.createServer(f).listen(this.port); } }\nnew S().go()", 2000, "", "2000"),
    "a constructor's argument": (
        HTTP + "class S { constructor(port = 3000) { this.port = port; } go() { http.createServer(f).listen(this.port); } }\nnew S(4100).go()",
        4100, "", "4100"),
    "a constructor's default": (
        HTTP + "class S { constructor(port = 3000) { this.port = port; } go() { http.createServer(f).listen(this.port); } }\nnew S().go()",
        3000, "", "3000"),
    "options with a default": (
        HTTP + "class S { constructor(options = {}) { this.port = options.port || 3000; } go() { http.createServer(f).listen(this.port); } }\n"
        "new S({ port: 4200 }).go()", 4200, "", "4200"),
    "destructured options": (HTTP + "function start({ port = 3000 } = {}) { http.createServer(f).listen(port); }\nstart({ port: 4300 })", 4300, "", "4300"),
    "a nested configuration": (APP + "const config = { server: { port: process.env.PORT || 3120 } };\napp.listen(config.server.port)", 3120, "PORT", "3120"),
    "fastify's options": ("const f = require('fastify')();\n(async () => { await f.listen({ port: 3001, host: '127.0.0.1' }); })()", 3001, "", "3001"),
    "a ws server": ("const WebSocket = require('ws');\nnew WebSocket.Server({ port: 8091 })", 8091, "", "8091"),
    "a ws server, ESM": ("import { WebSocketServer } from 'ws';\nnew WebSocketServer({ port: 8090 })", 8090, "", "8090"),
    "a net server": ("const net = require('node:net');\nnet.createServer(f).listen({ port: 9000 })", 9000, "", "9000"),
    "nest": ("import { NestFactory } from '@nestjs/core';\nasync function main() { const app = await NestFactory.create(M); await app.listen(3030); }\nmain()",
             3030, "", "3030"),
    "after the database": (APP + "mongoose.connect(u).then(() => { app.listen(6200); })", 6200, "", "6200"),
    "run directly": (APP + "if (require.main === module) { app.listen(7000); }\nmodule.exports = app", 7000, "", "7000"),
    "bun": ("Bun.serve({ port: 3210, fetch() {} })", 3210, "", "3210"),
    "hono": ("import { serve } from '@hono/node-server';\nserve({ fetch: app.fetch, port: 3456 })", 3456, "", "3456"),
    "grpc": ("const grpc = require('@grpc/grpc-js');\nconst s = new grpc.Server();\ns.bindAsync('0.0.0.0:50051', c, f)", 50051, "", "50051"),
    "a zod schema": (ESM + "import { z } from 'zod';\nconst env = z.object({ PORT: z.coerce.number().default(3333) }).parse(process.env);\napp.listen(env.PORT)",
                     3333, "PORT", "3333"),
    "express generator's normalizePort": (
        HTTP + "var port = normalizePort(process.env.PORT || '3000');\nhttp.createServer(app).listen(port);\n"
        "function normalizePort(v) { var port = parseInt(v, 10); if (isNaN(port)) { return v; } return false; }", 3000, "PORT", "3000"),
    "a variable set later": (APP + "let port;\nport = process.env.PORT || 3130;\napp.listen(port)", 3130, "PORT", "3130"),
    "yargs": (HTTP + "const argv = require('yargs').option('port', { default: 3013 }).argv;\nhttp.createServer(f).listen(argv.port)", 3013, "", "3013"),
    "commander": (HTTP + "const { program } = require('commander');\nprogram.option('-p, --port <n>', 'port', '3014');\n"
                  "const o = program.opts();\nhttp.createServer(f).listen(o.port)", 3014, "", "3014"),
    "a retry on the next port": (HTTP + "const s = http.createServer(f);\nfunction go(p) { s.listen(p); s.on('error', () => go(p + 1)); }\ngo(3009)", 3009, "", "3009"),
    "a command argument": (APP + "app.listen(process.argv[2] || 3110)", 3110, "", "3110"),
}


@pytest.fixture
def platform(tmp_path):
    def build(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Tree(tmp_path)

    return build


def servers(tree):
    return [s for s in node_services(tree) if s.kind == "server"]


@pytest.mark.parametrize(("text", "port", "variable", "digits"), SHAPES.values(), ids=SHAPES)
def test_the_port_and_the_bytes_that_decide_it(platform, text, port, variable, digits):
    tree = platform(**{"server.mjs" if "import " in text else "server.js": text})
    (service,) = servers(tree)
    (bind,) = service.binds
    assert (bind.port, bind.variable, bind.editable) == (port, variable, True)
    assert tree.read(bind.place.path)[bind.place.start : bind.place.end].decode() == digits


@pytest.mark.parametrize("text", [
    APP + "function start() { app.listen(1234); }\nmodule.exports = { start }",
    "class S { go() { require('http').createServer(f).listen(80); } }\nmodule.exports = S",
    "require('net').createServer(f).listen(0)",
    "history.listen(() => {}); emitter.listen('message')",
    "const WebSocket = require('ws');\nnew WebSocket.Server({ server })",
    "// app.listen(3000)\nconst text = 'app.listen(3000)'",
    "require('net').createServer(f).listen('/tmp/socket')",
], ids=["never called", "class never made", "port of the moment", "other listeners", "shares a server", "comment and string", "pipe"])
def test_what_opens_nothing_is_no_service(platform, text):
    assert servers(platform(**{"server.js": text})) == []


@pytest.mark.parametrize("name", ["server.test.js", "tests__server.js", "__tests__/server.js", "e2e__server.js"])
def test_tests_are_no_services(platform, name):
    assert servers(platform(**{name: APP + "app.listen(3000)"})) == []


def test_the_file_that_calls_an_exported_start_is_the_entry(platform):
    tree = platform(**{"lib__server.js": APP + "exports.start = (port) => app.listen(port)", "index.js": "const s = require('./lib/server');\ns.start(4400)"})
    (service,) = servers(tree)
    assert (service.path, service.port, service.closure) == ("index.js", 4400, ("index.js", "lib/server.js"))


def test_a_constant_of_another_file_is_where_the_port_stands(platform):
    tree = platform(**{"config.js": "module.exports = { PORT: 4500 }", "server.js": APP + "const { PORT } = require('./config');\napp.listen(PORT)"})
    (service,) = servers(tree)
    assert (service.port, service.binds[0].place.path, service.binds[0].editable) == (4500, "config.js", True)


def test_a_typescript_import_is_followed(platform):
    tree = platform(**{"src__config.ts": "export const port = Number(process.env.PORT ?? 4600)", "src__main.ts": ESM + "import { port } from './config.js';\napp.listen(port)"})
    (service,) = servers(tree)
    assert (service.port, service.binds[0].variable, service.command) == (4600, "PORT", ("npx", "tsx", "src/main.ts"))


def test_express_generator_s_layout(platform):
    www = "#!/usr/bin/env node\nvar app = require('../app');\nvar http = require('http');\nhttp.createServer(app).listen(process.env.PORT || 3000)"
    tree = platform(**{"bin/www": www, "app.js": APP + "app.get('/', h);\nmodule.exports = app", "package.json": '{"name": "g", "scripts": {"start": "node ./bin/www"}}'})
    (service,) = servers(tree)
    assert (service.path, service.command, service.closure) == ("bin/www", ("node", "./bin/www"), ("bin/www", "app.js"))
    assert [r.route for r in service.routes] == ["/"]


def test_udp_is_told_from_tcp(platform):
    (service,) = servers(platform(**{"a.js": "const d = require('dgram');\nconst s = d.createSocket('udp4');\ns.bind(41234)"}))
    assert (service.binds[0].protocol, service.binds[0].port, service.port) == ("udp", 41234, None)


def test_a_port_that_cannot_be_told_is_told_so(platform):
    tree = platform(**{"server.js": APP + "app.listen(lookup().x)"})
    assert [s.port for s in servers(tree)] == [None]
    assert [u.what for u in node_unresolved(tree)] == ["a port that cannot be told"]


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", "// naïve ☂\r\n".encode()], ids=["BOM", "CRLF and wide characters"])
def test_spans_are_bytes(platform, prefix):
    tree = platform(**{"server.js": prefix + APP.encode() + b"app.listen(5001)\r\n"})
    place = servers(tree)[0].binds[0].place
    assert tree.read("server.js")[place.start : place.end] == b"5001"


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"app.listen(", b"<<<<<<< HEAD\napp.listen(3000)\n=======\n", b"x" * 30000, b"\xff\xfe" * 50, b"(" * 5000])
def test_no_file_raises(platform, data):
    node_services(platform(**{"server.js": data + b"\nrequire('http').createServer().listen", "b.ts": data}))
