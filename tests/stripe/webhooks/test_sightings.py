"""Receivers as frameworks' own documentation shapes them: each is found, with its events, its check and what is wrong with it."""

import pytest

from opskit.core.tree import Tree
from opskit.stripe.webhooks.events import is_event
from opskit.stripe.webhooks.examples import function
from opskit.stripe.webhooks.rules import check
from opskit.stripe.webhooks.sightings import receivers
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

VERIFY = 'event = stripe.Webhook.construct_event(payload, sig, os.environ["STRIPE_WEBHOOK_SECRET"])'
RUN = "\nif __name__ == '__main__':\n    app.run(port=8010)\n"
FLASK = "import os, json, stripe\nfrom flask import Flask, request\nfrom shop import sell\napp = Flask(__name__)\n"
EXPRESS = "const express = require('express');\nconst stripe = require('stripe')(process.env.KEY);\nconst app = express();\n"
TAIL = "\napp.listen(8010);\n"
RAW = "express.raw({ type: 'application/json' })"
JS = "const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET);"


def surveyed(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Survey(Tree(root), read_manifest(root))


FRAMEWORKS = {
    "flask": (FLASK + f"""
@app.route("/hook", methods=["POST"])
def hook():
    payload, sig = request.data, request.headers["Stripe-Signature"]
    {VERIFY}
    match event["type"]:
        case "invoice.paid" | "invoice.payment_failed":
            sell(event["id"])
        case "customer.created":
            print("hello")
    return ""
{RUN}""", "app.py"),
    "fastapi": (f"""
import os, stripe, uvicorn
from fastapi import FastAPI, Header, Request
from shop import sell
app = FastAPI()
@app.post("/hook")
async def hook(request: Request, stripe_signature: str = Header(None)):
    payload, sig = await request.body(), stripe_signature
    {VERIFY}
    if event.type in ("invoice.paid", "invoice.payment_failed"):
        await sell(event.id)
    elif event.type == "customer.created":
        print(event.type)
    return {{}}
if __name__ == "__main__":
    uvicorn.run(app, port=8010)
""", "app.py"),
    "aiohttp": (f"""
import os, stripe
from aiohttp import web
from shop import sell
async def hook(request):
    payload, sig = await request.read(), request.headers["Stripe-Signature"]
    {VERIFY}
    await HANDLERS.get(event["type"], ignore)(event)
    return web.Response()
async def paid(event):
    await sell(event["id"])
async def hello(event):
    print(event["id"])
async def ignore(event): ...
HANDLERS = {{"invoice.paid": paid, "invoice.payment_failed": paid, "customer.created": hello}}
app = web.Application()
app.router.add_post("/hook", hook)
web.run_app(app, port=8010)
""", "app.py"),
    "http.server": (f"""
import os, stripe
from http.server import BaseHTTPRequestHandler, HTTPServer
from shop import sell
PAID = {{"invoice.paid", "invoice.payment_failed"}}
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path == "/hook":
            self.on_event(self.rfile.read(10), self.headers["Stripe-Signature"])
    def on_event(self, payload, sig):
        {VERIFY}
        if event["type"] in PAID:
            sell(event["id"])
        if event["type"] == "customer.created":
            print("hello")
HTTPServer(("", 8010), Handler).serve_forever()
""", "app.py"),
    "django": (f"""
import os, stripe
from django.http import HttpResponse
from django.urls import path
from shop import sell
def hook(request):
    payload, sig = request.body, request.META["HTTP_STRIPE_SIGNATURE"]
    {VERIFY}
    if event["type"] in ["invoice.paid", "invoice.payment_failed"]:
        sell(event["id"])
    elif event["type"] == "customer.created":
        print("hello")
    return HttpResponse()
urlpatterns = [path("hook", hook)]
""", "urls.py"),
    "tornado": (f"""
import os, stripe, tornado.web
from shop import sell
class Hook(tornado.web.RequestHandler):
    def post(self):
        payload, sig = self.request.body, self.request.headers["Stripe-Signature"]
        {VERIFY}
        if event["type"] == "invoice.paid" or event["type"] == "invoice.payment_failed":
            sell(event["id"])
        elif event["type"] == "customer.created":
            print("hello")
app = tornado.web.Application([(r"/hook", Hook)])
app.listen(8010)
""", "app.py"),
    "hono": ("""
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { sell } from 'shop';
const app = new Hono();
app.post('/hook', async (c) => {
  const event = await stripe.webhooks.constructEventAsync(await c.req.text(), c.req.header('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET);
  const { type } = event;
  if (type === 'invoice.paid' || type === 'invoice.payment_failed') await sell(event.id);
  if (type === 'customer.created') console.log(type);
  return c.json({});
});
serve({ fetch: app.fetch, port: 8010 });
""", "index.ts"),
    "koa": ("""
const Koa = require('koa');
const Router = require('@koa/router');
const stripe = require('stripe')(process.env.KEY);
const { sell } = require('shop');
const app = new Koa();
const router = new Router();
router.post('/hook', async (ctx) => {
  const event = stripe.webhooks.constructEvent(ctx.request.rawBody, ctx.get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET);
  switch (event.type) {
    case 'invoice.paid': case 'invoice.payment_failed': return sell(event.id);
    case 'customer.created': console.log(event.type); break;
  }
  ctx.body = {};
});
app.use(router.routes());
app.listen(8010);
""", "app.js"),
    "express": (EXPRESS + f"""
const {{ sell }} = require('shop');
app.post('/hook', {RAW}, async (req, res) => {{
  {JS}
  switch (event.type) {{
    case 'invoice.paid':
    case 'invoice.payment_failed':
      await sell(event.id);
      break;
    case 'customer.created': {{
      const who = event.data.object;
      console.log('hello', who.id);
      break;
    }}
  }}
  res.json({{}});
}});
{TAIL}""", "server.js"),
    "node http": (f"""
const http = require('http');
const stripe = require('stripe')(process.env.KEY);
const {{ sell }} = require('shop');
const paid = new Set(['invoice.paid', 'invoice.payment_failed']);
const server = http.createServer(async (req, res) => {{
  if (req.url === '/hook') {{
    {JS}
    if (paid.has(event.type)) await sell(event.id);
    if (event.type === 'customer.created') console.log(event.type);
    res.end();
  }}
}});
server.listen(8010);
""", "server.js"),
    "fastify with a table": (f"""
const fastify = require('fastify')();
const stripe = require('stripe')(process.env.KEY);
const {{ sell }} = require('shop');
const handlers = {{
  'invoice.paid': async (event) => {{ await sell(event.id); }},
  'invoice.payment_failed': remember,
  'customer.created': (event) => console.log(event.type),
}};
async function remember(event) {{ await sell(event.id); }}
fastify.post('/hook', async (req, reply) => {{
  {JS}
  await handlers[event.type]?.(event);
  return {{}};
}});
fastify.listen({{ port: 8010 }});
""", "server.js"),
    "vercel": (f"""
import Stripe from 'stripe';
import {{ sell }} from 'shop';
const stripe = new Stripe(process.env.KEY);
export default async function handler(req, res) {{
  {JS}
  if (['invoice.paid', 'invoice.payment_failed'].includes(event.type)) await sell(event.id);
  else if (event.type === 'customer.created') console.log('hello');
  res.json({{}});
}}
""", "api/hook.js"),
}


@pytest.mark.parametrize(("text", "path"), FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_a_receiver_is_found_with_what_it_does(text, path, tmp_path):
    found = receivers(surveyed(tmp_path, {path: text}))
    assert [(r.route.removeprefix("/api"), r.check, r.variable, r.remembers) for r in found] == [
        ("/hook", "library", "STRIPE_WEBHOOK_SECRET", True)]
    assert {h.type: h.does for h in found[0].events} == {
        "invoice.paid": "work", "invoice.payment_failed": "work", "customer.created": "log"}


def findings(root, files, codes=("OPS-H011",)):
    return {f.code for f in check(surveyed(root, files)).findings} - set(codes)


def flask(body, more=""):
    return {"app.py": FLASK + f'@app.route("/hook", methods=["POST"])\ndef hook():\n    payload, sig = request.data, request.headers["Stripe-Signature"]\n'
            f"{body}\n    if event['type'] == 'invoice.paid':\n        sell(event['id'])\n    return ''\n{more}{RUN}"}


def express(body, before="", after="", caught="return res.status(400).end();"):
    return {"server.js": EXPRESS + before + f"app.post('/hook', {RAW}, async (req, res) => {{\n  let event;\n  try {{\n{body}\n  }} catch (err) {{ {caught} }}\n"
            f"  if (event.type === 'invoice.paid') await require('shop').sell(event.id);\n  res.end();\n}});\n{after}{TAIL}"}


ASSIGNED = JS.replace("const ", "")
WRONG = {
    "json.dumps of a parsed body": (flask("    payload = json.dumps(request.get_json())\n    " + VERIFY), {"OPS-H002"}),
    "a body given on": (flask("    event = checked(request.json, sig)", f"def checked(payload, sig):\n    {VERIFY}\n    return event\n"), {"OPS-H002"}),
    "unchecked without a secret": (flask(
        "    if os.environ.get('STRIPE_WEBHOOK_SECRET'):\n        " + VERIFY + "\n    else:\n        event = json.loads(payload)"), {"OPS-H004"}),
    "parsed first, checked with a secret": (flask(
        "    event = json.loads(request.data)\n    if os.environ.get('STRIPE_WEBHOOK_SECRET'):\n        " + VERIFY + "\n    else:\n        print('unchecked')"), {"OPS-H004"}),
    "unchecked after a failure": (flask(f"    try:\n        {VERIFY}\n    except Exception:\n        event = json.loads(payload)"), {"OPS-H004"}),
    "an empty default": (flask('    event = stripe.Webhook.construct_event(payload, sig, os.environ.get("STRIPE_WEBHOOK_SECRET", ""))'), {"OPS-H005"}),
    "a secret in the code": (flask("    event = stripe.Webhook.construct_event(payload, sig, 'whsec_test')"), {"OPS-H005"}),
    "no check": (flask("    event = request.get_json()"), {"OPS-H001"}),
    "200 to a wrong signature": (flask(f"    try:\n        {VERIFY}\n    except ValueError:\n        return 'no', 200"), {"OPS-H014"}),
    "goes on after a wrong signature": (flask(f"    try:\n        {VERIFY}\n    except ValueError:\n        print('no')"), {"OPS-H014"}),
    "JSON.stringify": (express(ASSIGNED.replace("req.body", "JSON.stringify(req.body)")), {"OPS-H002"}),
    "parsed for all": (express(ASSIGNED, before="app.use(express.json());\n"), {"OPS-H003"}),
    "parsed for all, by a name": (
        express(ASSIGNED.replace("constructEvent(req.body", "constructEvent(payload").replace("event =", "const payload = req.body; event ="),
                before="app.use(express.json());\n"), {"OPS-H003"}),
    "parsed for all, given on": (
        express("event = verified(req.body, req.headers['stripe-signature']);", before="app.use(express.json());\n",
                after="function verified(payload, sig) { return stripe.webhooks.constructEvent(payload, sig, process.env.STRIPE_WEBHOOK_SECRET); }"),
        {"OPS-H003"}),
    "an old parser for all": (express(ASSIGNED, before="const bodyParser = require('body-parser');\napp.use(bodyParser.json());\n"), {"OPS-H003"}),
    "goes on in JavaScript": (express(ASSIGNED, caught="console.log(err);"), {"OPS-H014"}),
    "takes the body after a failure": (express(ASSIGNED, caught="event = JSON.parse(req.body);"), {"OPS-H004"}),
    "an empty default in JavaScript": (express(ASSIGNED.replace("STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET || ''")), {"OPS-H005"}),
}


@pytest.mark.parametrize(("files", "codes"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(files, codes, tmp_path):
    assert findings(tmp_path, files) == codes


RIGHT = {
    "flask": flask("    " + VERIFY),
    "by hand": flask("    import hmac, hashlib\n    mac = hmac.new(b'k', payload, hashlib.sha256).hexdigest()\n    event = json.loads(payload) if hmac.compare_digest(mac, sig) else {}"),
    "a check in a decorator": {"app.py": FLASK + f"""
def signed(function):
    def inner():
        payload, sig = request.data, request.headers["Stripe-Signature"]
        {VERIFY}
        return function(event)
    return inner
@app.route("/hook", methods=["POST"])
@signed
def hook(event):
    if event['type'] == 'invoice.paid':
        sell(event['id'])
    return ''
{RUN}"""},
    "a parser behind the route": express(ASSIGNED, after="app.use(express.json());"),
    "a parser that keeps the bytes": express(ASSIGNED, before="app.use(express.json({ verify: (req, res, buf) => { req.rawBody = buf; } }));\n"),
    "a parser for another path": express(ASSIGNED, before="app.use('/api', express.json());\n"),
    "a parser that lets the webhook by": express(
        ASSIGNED, before="app.use((req, res, next) => req.originalUrl === '/hook' ? next() : express.json()(req, res, next));\n"),
}


@pytest.mark.parametrize("files", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_left_in_peace(files, tmp_path):
    assert findings(tmp_path, files) == set()


ROUTER = """const express = require('express');
const stripe = require('stripe')(process.env.KEY);
const router = express.Router();
router.post('/hook', express.raw({ type: '*/*' }), async (req, res) => {
  let event;
  try { event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET); }
  catch (err) { return res.sendStatus(400); }
  if (event.type === 'invoice.paid') await require('shop').sell(event.id);
  res.end();
});
module.exports = router;
"""


@pytest.mark.parametrize(("order", "codes"), [("json, hook", {"OPS-H003"}), ("hook, json", set())])
def test_a_parser_counts_where_the_router_is_hung(order, codes, tmp_path):
    uses = {"json": "app.use(express.json());", "hook": "app.use('/stripe', hooks);"}
    server = EXPRESS + "const hooks = require('./hooks');\n" + "\n".join(uses[name] for name in order.split(", ")) + TAIL
    assert findings(tmp_path, {"server.js": server, "hooks.js": ROUTER}) == codes


NEXT = """import Stripe from 'stripe';
const stripe = new Stripe(process.env.KEY, { apiVersion: '2024-06-20' });
export default async function handler(req, res) {
  let event;
  try { event = stripe.webhooks.constructEvent(await buffer(req), req.headers['stripe-signature'], process.env.STRIPE_WEBHOOK_SECRET); }
  catch (err) { return res.status(400).end(); }
  if (event.type === 'invoice.paid') await sell(event.id);
  res.end();
}
"""
PACKAGE = '{"name": "site", "scripts": {"dev": "next dev"}, "dependencies": {"next": "15", "stripe": "17"}}'


@pytest.mark.parametrize(("more", "codes"), [("", {"OPS-H003"}), ("export const config = { api: { bodyParser: false } };\n", set())])
def test_next_parses_unless_it_is_told_not_to(more, codes, tmp_path):
    files = {"package.json": PACKAGE, "pages/api/hook.js": NEXT + more}
    assert findings(tmp_path, files) == codes
    assert receivers(surveyed(tmp_path, files))[0].version == "2024-06-20"


APP = """import Stripe from 'stripe';
import { headers } from 'next/headers';
const stripe = new Stripe(process.env.KEY);
export async function POST(req) {
  const body = await req.%s;
  let event;
  try { event = stripe.webhooks.constructEvent(%s, headers().get('stripe-signature'), process.env.STRIPE_WEBHOOK_SECRET); }
  catch (err) { return new Response('', { status: 400 }); }
  if (event.type.startsWith('invoice.')) await sell(event.id);
  return new Response();
}
"""


@pytest.mark.parametrize(("read", "given", "codes"), [("text()", "body", set()), ("json()", "JSON.stringify(body)", {"OPS-H002"})])
def test_a_route_handler_reads_the_text(read, given, codes, tmp_path):
    files = {"package.json": PACKAGE, "app/api/hook/route.js": APP % (read, given)}
    assert findings(tmp_path, files) == codes
    assert [h.type for h in receivers(surveyed(tmp_path, files))[0].events] == ["invoice.*"]


TURNED = {
    "javascript": ("server.js", express(ASSIGNED + "\n    if (!['invoice.paid', 'customer.created'].includes(event.type)) return res.end();\n"
                                        "    await require('shop').sell(event.id);")["server.js"].replace("if (event.type === 'invoice.paid')", "if (false)")),
    "python": ("app.py", flask(f"    {VERIFY}\n    if not event['type'] in ('invoice.paid', 'customer.created'):\n        return ''\n    sell(event['id'])")[
        "app.py"].replace("if event['type'] == 'invoice.paid'", "if False")),
}


@pytest.mark.parametrize(("path", "text"), TURNED.values(), ids=TURNED)
def test_a_test_that_is_turned_round_leads_to_the_rest(path, text, tmp_path):
    assert {h.type: h.does for h in receivers(surveyed(tmp_path, {path: text}))[0].events} == {"invoice.paid": "work", "customer.created": "work"}


@pytest.mark.parametrize("text", ["os.path", "account.py", "product.price", "charge.amount", "customer.name", "event.type"])
def test_ordinary_dotted_words_are_no_events(text):
    assert not is_event(text)


def test_events_that_cannot_be_told_are_unresolved(tmp_path):
    checked = check(surveyed(tmp_path, {"app.py": FLASK + f"""
@app.post("/hook")
def hook():
    payload, sig = request.data, request.headers["Stripe-Signature"]
    {VERIFY}
    getattr(sell, event["type"].replace(".", "_"))(event)
    return ""
{RUN}"""}))
    assert not checked.findings and [u.place.path for u in checked.unresolved] == ["app.py"]


def test_a_check_that_no_way_leads_to_makes_a_warning_of_an_error(tmp_path):
    checked = check(surveyed(tmp_path, {"app.py": FLASK + f"""
@app.before_request
def check():
    payload, sig = request.data, request.headers["Stripe-Signature"]
    {VERIFY}
@app.post("/stripe/webhook")
def hook():
    if request.json["type"] == "invoice.paid":
        sell(request.json["id"])
    return ""
{RUN}"""}))
    assert [(f.code, f.severity) for f in checked.findings if f.code == "OPS-H001"] == [("OPS-H001", "warning")]


@pytest.mark.parametrize(("path", "text", "seen"), [
    ("netlify/functions/hook.js", function("event.body"), 1), ("app.py", flask("    " + VERIFY)["app.py"], 0),
], ids=["a function", "a service"])
def test_what_opskit_toml_leaves_out_is_off_but_for_functions(path, text, seen, tmp_path):
    survey = surveyed(tmp_path, {path: text, "opskit.toml": 'version = 1\n[services.other]\ncommand = "sleep 1"\n'})
    assert (len(receivers(survey)), len(receivers(survey, True))) == (seen, 1)


def test_tests_of_a_receiver_are_no_receivers(tmp_path):
    assert findings(tmp_path, {"tests/test_hook.py": "import stripe\ndef test_it(payload, sig):\n    stripe.Webhook.construct_event(payload, sig, 'x')\n"}) == set()


def test_a_route_that_sells_is_no_receiver(tmp_path):
    files = {"app.py": FLASK + "@app.post('/checkout')\ndef checkout():\n    return stripe.checkout.Session.create(mode='payment').url\n" + RUN}
    assert receivers(surveyed(tmp_path, files)) == ()


def test_an_endpoint_made_by_code_is_no_receiver(tmp_path):
    files = {"app.py": FLASK + "@app.post('/setup')\ndef setup():\n"
             "    stripe.WebhookEndpoint.create(url='x', enabled_events=['invoice.paid', 'customer.created'])\n    return ''\n" + RUN}
    assert receivers(surveyed(tmp_path, files)) == ()
