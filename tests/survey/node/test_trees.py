"""Ports of small trees of several packages: what stands in one file and is decided in another."""

import json

import pytest

from opskit.core.tree import Tree
from opskit.survey.services import find_services

EXPRESS = "import express from 'express';\nconst app = express();\n"
NEST = "import { NestFactory } from '@nestjs/core';\nimport { ConfigService } from '@nestjs/config';\nimport { AppModule } from './app.module';\n"
BOOT = "async function boot() { const app = await NestFactory.create(AppModule); const c = app.get(ConfigService); %s }\nboot()"
MICRO = "import { NestFactory } from '@nestjs/core';\nasync function b() { const app = await NestFactory.createMicroservice(M, %s); await app.listen(); }\nb()"


def package(name, **scripts):
    return json.dumps({"name": name, "scripts": scripts})


def nest(module, main):
    return {"till/package.json": package("till", start="nest start"), "till/src/app.module.ts": module, "till/src/main.ts": NEST + BOOT % main}


TREES = {
    "a constant that a package hands on": (
        {"kit/package.json": package("@shop/kit"), "kit/src/index.ts": "export * from './ports'", "kit/src/ports.ts": "export const PORTS = { TILL: 3011 }",
         "till/package.json": package("till", dev="tsx index.ts"),
         "till/index.ts": EXPRESS + "import { PORTS } from '@shop/kit';\napp.listen(process.env.PORT || PORTS.TILL)"}, {("till", 3011)}),
    "a name that a file hands on": (
        {"package.json": package("till", start="node a.js"), "a.js": EXPRESS + "import { number } from './c';\napp.listen(number)",
         "c/index.js": "export { port as number } from './d.js'", "c/d.js": "export const port = 3022"}, {("till", 3022)}),
    "one helper starts two services": (
        {"kit/package.json": package("@shop/kit"), "kit/index.ts": "export { run } from './run'",
         "kit/run.ts": "export function run(app: any, port: number) { app.listen({ port }) }",
         **{f"{n}/package.json": package(n, dev="tsx index.ts") for n in ("till", "desk")},
         **{f"{n}/index.ts": EXPRESS + f"import {{ run }} from '@shop/kit';\nconst PORT = Number(process.env.PORT ?? {p});\nrun(app, PORT)"
            for n, p in (("till", 8001), ("desk", 8002))}}, {("till", 8001), ("desk", 8002)}),
    "a function reads the environment": (
        {"package.json": package("till", dev="tsx a.ts"), "a.ts": EXPRESS + "import { load } from './env';\nconst env = load();\napp.listen(env.TILL_PORT)",
         "env.ts": "import { z } from 'zod';\nconst S = z.object({ TILL_PORT: z.coerce.number().default(8081) });\n"
                   "export function load() { const r = S.safeParse(process.env); if (!r.success) { throw r.error } return r.data }"}, {("till", 8081)}),
    "a store of settings asked by a schema's key": (
        {"kit/package.json": package("@shop/kit"), "kit/src/index.ts": "import { z } from 'zod';\nexport const S = z.object({ TILL_PORT: z.number().default(3101) });\n"
         "export function settings() { return new Store(S) }", "till/package.json": package("till", dev="tsx a.ts"),
         "till/a.ts": EXPRESS + "import { settings } from '@shop/kit';\nconst config = settings();\napp.listen(config.get('TILL_PORT') as number)"}, {("till", 3101)}),
    "a number behind a name that is computed": (
        {"package.json": package("till", start="node a.js"), "a.js": EXPRESS + "const key = names[kind];\napp.listen(table[key] || 3000)"}, set()),
    "node-config": (
        {"package.json": package("till", start="node a.js"), "config/default.json": '{"server": {"port": 3111}}',
         "a.js": "const config = require('config');\nrequire('express')().listen(config.get('server.port'))"}, {("till", 3111)}),
    "convict": (
        {"package.json": package("till", start="node a.js"), "c.js": "const convict = require('convict');\n"
         "module.exports = convict({ http: { port: { format: 'port', default: 3113, env: 'PORT' } } })",
         "a.js": "const config = require('./c');\nrequire('express')().listen(config.get('http.port'))"}, {("till", 3113)}),
    "Nest: a default of its own": (nest("", "await app.listen(c.get('PORT', 3055))"), {("till", 3055)}),
    "Nest: a function that load names": (
        nest("import load from './load';\nexport class AppModule {}\nConfigModule.forRoot({ load: [load] })", "await app.listen(c.get<number>('port'))")
        | {"till/src/load.ts": "export default () => ({ port: parseInt(process.env.PORT, 10) || 3066, db: { port: 5432 } })"}, {("till", 3066)}),
    "Nest: a namespace": (
        nest("import n from './n';\nexport class AppModule {}", "await app.listen(c.get('http.port'))")
        | {"till/src/n.ts": "import { registerAs } from '@nestjs/config';\nexport default registerAs('http', () => ({ port: Number(process.env.P ?? 3077) }))"},
        {("till", 3077)}),
    "Nest: Joi's default": (
        nest("export class AppModule {}\nConfigModule.forRoot({ validationSchema: Joi.object({ PORT: Joi.number().default(3088) }) })",
             "await app.listen(c.getOrThrow('PORT'))"), {("till", 3088)}),
    "Nest: TCP": ({"till/main.ts": MICRO % "{ transport: Transport.TCP, options: { port: 3041 } }"}, {("till", 3041)}),
    "Nest: TCP without a word": ({"till/main.ts": MICRO % "{}"}, {("till", 3000)}),
    "Nest: a broker's client opens nothing": ({"till/main.ts": MICRO % "{ transport: Transport.REDIS, options: { port: 6379 } }"}, set()),
    "Nest: gRPC beside HTTP": (
        nest("export class AppModule {}", "const p = c.get('RPC_PORT') || 50051; app.connectMicroservice({ transport: Transport.GRPC, "
             "options: { url: `0.0.0.0:${p}` } }); await app.startAllMicroservices(); await app.listen(3002)"), {("till", 3002), ("till", 50051)}),
    "Bun serves a default export": (
        {"package.json": package("till", dev="bun run a.ts"), "a.ts": "const app = make();\nexport default { port: 3117, fetch: app.fetch }"}, {("till", 3117)}),
    "an ejected CRA": (
        {"package.json": package("till", start="node scripts/start.js"),
         "scripts/start.js": "const { choosePort } = require('react-dev-utils/WebpackDevServerUtils');\nconst P = parseInt(process.env.PORT, 10) || 3007;\n"
                             "choosePort('0.0.0.0', P).then(go)"}, {("till", 3007)}),
    "a script hands its port on": (
        {"package.json": package("all", **{"dev:web": "npm run dev --prefix web -- --port 3002"}), "web/package.json": package("web", dev="next dev")}, {("web", 3002)}),
    "a filter hands its port on": (
        {"package.json": package("all", dev="concurrently \"pnpm --filter web dev --port 3003\""), "web/package.json": package("web", dev="vite")}, {("web", 3003)}),
    "documentation": ({"docs/package.json": package("docs", **{"docs:dev": "vuepress dev docs"})}, {("docs", 8080)}),
    "a nameless package": ({"package.json": '{"scripts": {"docs:dev": "vuepress dev docs"}}'}, {("shop", 8080)}),
    "stories stand beside": ({"web/package.json": package("web", dev="next dev", storybook="storybook dev -p 6006")}, {("web", 3000), ("storybook", 6006)}),
    "a mock stands beside": ({"web/package.json": package("web", start="vite", mock="json-server db.json -p 3202")}, {("web", 5173), ("mock", 3202)}),
    "eleventy builds": ({"package.json": package("till", build="eleventy --port=4200")}, set()),
    "serverless, not offline": ({"package.json": package("till", start="serverless deploy")}, set()),
    "serverless offline": ({"package.json": package("till", start="sls offline start --httpPort 4001")}, {("till", 4001)}),
    "wrangler's file": ({"package.json": package("till", dev="wrangler dev"), "wrangler.toml": "name = 'w'\n[dev]\nip = '::'\nport = 8799\n"}, {("till", 8799)}),
    "wrangler pages": ({"package.json": package("till", dev="wrangler pages dev dist")}, {("till", 8788)}),
    "angular.json": (
        {"package.json": package("till", start="ng serve"),
         "angular.json": json.dumps({"projects": {"web": {"architect": {"serve": {"options": {"port": 4300}}}}}})}, {("till", 4300)}),
    "two projects of one angular.json": (
        {"package.json": package("all", **{"start:shell": "ng serve shell --port 4200", "start:cart": "ng serve cart"}),
         "angular.json": json.dumps({"projects": {"cart": {"architect": {"serve": {"options": {"port": 4301}}}}}})}, {("shell", 4200), ("cart", 4301)}),
    "webpack's other file, merged": (
        {"package.json": package("till", start="webpack serve --config webpack.dev.js"),
         "webpack.dev.js": "const { merge } = require('webpack-merge');\nmodule.exports = merge(require('./c'), { devServer: { port: 9123 } })"}, {("till", 9123)}),
    "a configuration as a function": (
        {"package.json": package("till", dev="nuxt dev"), "nuxt.config.ts": "export default defineNuxtConfig({ devServer: { port: 3141 } })"}, {("till", 3141)}),
    "Vite's loadEnv": (
        {"package.json": package("till", dev="vite"), "vite.config.ts": "import { defineConfig, loadEnv } from 'vite';\nexport default defineConfig(({ mode }) => "
         "{ const env = loadEnv(mode, '.'); return { server: { port: Number(env.VITE_PORT) || 5187 } } })"}, {("till", 5187)}),
    "development and production of one package": (
        {"desk/package.json": package("desk", dev="vite", start="bun serve.ts"), "desk/serve.ts": "Bun.serve({ port: 8520, fetch() {} })",
         "desk/vite.config.ts": "export default { server: { port: 8520 } }"}, {("desk", 8520)}),
    "examples in a tool's folder": ({".tool/skills/a.ts": EXPRESS + "app.listen(3000)"}, set()),
}


@pytest.mark.parametrize(("files", "expected"), TREES.values(), ids=TREES)
def test_who_opens_what(tmp_path, files, expected):
    root = tmp_path / "shop"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    assert {(s.name, b.port) for s in find_services(Tree(root)) for b in s.binds if b.port} == expected
