"""What a service answers, by framework, with the prefixes of everything above."""

import pytest

from opskit.survey.python.index import index_of
from opskit.survey.python.routes import routes_of


def routes(tree):
    return [f"{r.method} {r.route}" for r in routes_of(index_of(tree), tree.files)]


FLASK = "from flask import Flask, Blueprint\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI, APIRouter\napp = FastAPI()\n"
CASES = {
    "flask": (FLASK + "@app.route('/a')\ndef a(): ...", ["GET /a"]),
    "flask, methods": (FLASK + "@app.route('/a/<int:x>', methods=['GET', 'POST'])\ndef a(x): ...", ["GET /a/<int:x>", "POST /a/<int:x>"]),
    "flask, verb": (FLASK + "@app.post('/a')\ndef a(): ...", ["POST /a"]),
    "flask, twice": (FLASK + "@app.route('/')\n@app.route('/b')\ndef a(): ...", ["GET /", "GET /b"]),
    "flask, rule": (FLASK + "app.add_url_rule('/a', 'a', print, methods=['PUT'])", ["PUT /a"]),
    "blueprint": (FLASK + "b = Blueprint('b', __name__, url_prefix='/v1')\n@b.route('/a')\ndef a(): ...\napp.register_blueprint(b)", ["GET /v1/a"]),
    "blueprint, moved": (FLASK + "b = Blueprint('b', __name__, url_prefix='/v1')\n@b.route('/a')\ndef a(): ...\n"
                         "app.register_blueprint(b, url_prefix='/v2')", ["GET /v2/a"]),
    "constant": (FLASK + "P = '/a'\n@app.route(P)\ndef a(): ...", ["GET /a"]),
    "fastapi": (FASTAPI + "@app.get('/a')\nasync def a(): ...", ["GET /a"]),
    "fastapi, router": (FASTAPI + "r = APIRouter(prefix='/r')\n@r.delete('/a')\ndef a(): ...\napp.include_router(r, prefix='/api')", ["DELETE /api/r/a"]),
    "fastapi, websocket": (FASTAPI + "@app.websocket('/ws')\nasync def a(w): ...", ["WEBSOCKET /ws"]),
    "starlette": ("from starlette.routing import Route, Mount\nrs = [Mount('/m', routes=[Route('/a', print, methods=['POST'])])]", ["POST /m/a"]),
    "aiohttp": ("from aiohttp import web\napp = web.Application()\napp.router.add_get('/a', print)\napp.add_routes([web.post('/b', print)])",
                ["GET /a", "POST /b"]),
    "aiohttp, table": ("from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/a')\nasync def a(r): ...", ["GET /a"]),
    "bottle": ("from bottle import route, post\n@route('/a')\ndef a(): ...\n@post('/b')\ndef b(): ...", ["GET /a", "POST /b"]),
    "tornado": ("import tornado.web\nclass H(tornado.web.RequestHandler):\n    def get(self): ...\ntornado.web.Application([(r'/a', H)])", ["GET /a"]),
    "django": ("from django.urls import path, include\nurlpatterns = [path('a/', print), path('b/', include('x.urls'))]", ["* /a/"]),
    "http.server": ("from http.server import BaseHTTPRequestHandler as B\nclass H(B):\n    def do_GET(self):\n        if self.path == '/a': ...\n"
                    "        elif self.path.startswith('/b/'): ...\n    def do_POST(self):\n        if self.path in ('/c', '/d'): ...",
                    ["GET /a", "GET /b/*", "POST /c", "POST /d"]),
    "flask-restful": (FLASK + "class R:\n    def get(self): ...\n    def put(self): ...\napi.add_resource(R, '/a')", ["GET /a", "PUT /a"]),
    "a client": ("import requests\nrequests.get('/a')\nsession.post('/b')", []),
    "no decorator call": (FLASK + "@app.before_request\ndef a(): ...", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_routes(platform, text, expected):
    assert routes(platform(s=text)) == expected


def test_a_blueprint_of_another_file(platform):
    tree = platform({"app.py": FLASK + "from api import bp as api_bp\napp.register_blueprint(api_bp, url_prefix='/api')",
                     "api/__init__.py": "from flask import Blueprint\nbp = Blueprint('api', __name__)\nfrom api import users",
                     "api/users.py": "from api import bp\n@bp.route('/users')\ndef users(): ..."})
    assert routes(tree) == ["GET /api/users"]


def test_routers_of_routers(platform):
    tree = platform({"main.py": FASTAPI + "from api.main import api_router\napp.include_router(api_router, prefix='/v1')",
                     "api/main.py": "from fastapi import APIRouter\nfrom api import items\napi_router = APIRouter()\napi_router.include_router(items.router)",
                     "api/items.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/items')\n@router.get('/{id}')\ndef one(id): ..."})
    assert routes(tree) == ["GET /v1/items/{id}"]


VIEWS = {
    "aiohttp, a class on a table": ("from aiohttp import web\nt = web.RouteTableDef()\n@t.view('/a')\nclass A(web.View):\n    async def get(self): ...\n"
                                    "    async def put(self): ...", ["GET /a", "PUT /a"]),
    "aiohttp, a class added": ("from aiohttp import web\nclass A(web.View):\n    async def post(self): ...\nweb.Application().router.add_view('/a', A)", ["POST /a"]),
    "http.server, all but one refused": ("from http.server import BaseHTTPRequestHandler as B\nclass H(B):\n    def do_POST(self):\n"
                                         "        if self.path != '/a':\n            return\n", ["POST /a"]),
    "http.server, a path only noted": ("from http.server import BaseHTTPRequestHandler as B\nclass H(B):\n    def do_POST(self):\n"
                                       "        if self.path != '/a':\n            print(1)\n", []),
    "fastapi, a socket added": (FASTAPI + "app.add_api_websocket_route('/a', print)", ["WEBSOCKET /a"]),
}


@pytest.mark.parametrize(("text", "expected"), VIEWS.values(), ids=VIEWS)
def test_classes_and_handlers_answer(platform, text, expected):
    assert sorted(routes(platform(s=text))) == expected
