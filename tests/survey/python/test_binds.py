"""Which number a server binds, how it is spelled, and what is no server at all."""

import pytest

from opskit.survey.python.index import index_of
from opskit.survey.python.servers import servers

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
MAIN = "if __name__ == '__main__':\n    "


def binds(tree):
    return [bind for server in servers(index_of(tree)) for bind in server.binds]


def number(tree, bind):
    return tree.read(bind.place.path)[bind.place.start : bind.place.end].decode()


LITERALS = {
    "flask": FLASK + MAIN + "app.run(port=7001)",
    "flask, at module level": FLASK + "app.run(port=7001)",
    "flask, by position": FLASK + MAIN + "app.run('0.0.0.0', 7001)",
    "flask, app from a factory": "from flask import Flask\ndef make():\n    a = Flask(__name__)\n    return a\n" + MAIN + "make().run(port=7001)",
    "flask, imported otherwise": "import flask as f\nserver = f.Flask(__name__)\n" + MAIN + "server.run(port=7001)",
    "flask, in a class": "from flask import Flask\nclass S:\n    def __init__(self):\n        self.app = Flask('s')\n"
                         "    def start(self):\n        self.app.run(port=7001)\n" + MAIN + "S().start()",
    "flask, in a thread": FLASK + "import threading\ndef go():\n    app.run(port=7001)\nthreading.Thread(target=go).start()",
    "flask-socketio": "from flask_socketio import SocketIO\nio = SocketIO()\n" + MAIN + "io.run(None, port=7001)",
    "uvicorn, in a process": "import multiprocessing, uvicorn\n" + MAIN
                             + "multiprocessing.Process(target=uvicorn.run, args=('m:app',), kwargs={'port': 7001}).start()",
    "flask, run by a thread": FLASK + "import threading\nthreading.Thread(target=app.run, kwargs=dict(port=7001)).start()",
    "uvicorn, in a pool": "import asyncio, uvicorn\nasync def main():\n    await asyncio.to_thread(uvicorn.run, 'm:app', port=7001)\nasyncio.run(main())",
    "MCP over HTTP": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x', port=7001)\n" + MAIN + "mcp.run(transport='sse')",
    "MCP, its settings": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.settings.port = 7001\n" + MAIN + "mcp.run('sse')",
    "FastMCP": "from fastmcp import FastMCP\nmcp = FastMCP('x')\n" + MAIN + "mcp.run(transport='http', port=7001)",
    "python-a2a": "from python_a2a import run_server\n" + MAIN + "run_server(object(), port=7001)",
    "gradio, queued": "import gradio as gr\ndemo = gr.Blocks()\n" + MAIN + "demo.queue().launch(server_port=7001)",
    "uvicorn": "import uvicorn\n" + MAIN + "uvicorn.run('m:app', port=7001)",
    "uvicorn's Config": "import uvicorn\n" + MAIN + "uvicorn.Server(uvicorn.Config('m:app', port=7001)).run()",
    "aiohttp": "from aiohttp import web\n" + MAIN + "web.run_app(web.Application(), port=7001)",
    "aiohttp's TCPSite": "import asyncio\nfrom aiohttp import web\nasync def main():\n    site = web.TCPSite(web.AppRunner(None), 'localhost', 7001)\n"
                         "    await site.start()\nasyncio.run(main())",
    "http.server": "from http.server import *\nimport http.server\nhttp.server.HTTPServer(('', 7001), None).serve_forever()",
    "http.server, threading": "from http.server import ThreadingHTTPServer as T\nT(('', 7001), None).serve_forever()",
    "http.server, subclass": "from http.server import HTTPServer\nclass Mine(HTTPServer):\n    pass\nMine(('', 7001), None).serve_forever()",
    "socketserver": "import socketserver\nwith socketserver.TCPServer(('', 7001), None) as s:\n    s.serve_forever()",
    "websockets": "import asyncio, websockets\nasync def main():\n    async with websockets.serve(print, 'localhost', 7001):\n"
                  "        await asyncio.Future()\nasyncio.run(main())",
    "raw socket": "import socket\ns = socket.socket()\ns.bind(('0.0.0.0', 7001))\ns.listen()",
    "tornado": "import tornado.web\ntornado.web.Application([]).listen(7001)",
    "wsgiref": "from wsgiref.simple_server import make_server\nmake_server('', 7001, None).serve_forever()",
    "werkzeug": "from werkzeug.serving import run_simple\nrun_simple('localhost', 7001, None)",
    "waitress": "from waitress import serve\nserve(None, port=7001)",
    "asyncio streams": "import asyncio\nasync def main():\n    s = await asyncio.start_server(print, '127.0.0.1', 7001)\nasyncio.run(main())",
    "asyncio loop": "import asyncio\nloop = asyncio.get_event_loop()\nloop.run_until_complete(loop.create_server(None, '', 7001))",
    "xmlrpc": "from xmlrpc.server import SimpleXMLRPCServer\nSimpleXMLRPCServer(('localhost', 7001)).serve_forever()",
    "grpc, in a string": "import grpc\nserver = grpc.server(None)\nserver.add_insecure_port('[::]:7001')\nserver.start()",
    "gevent": "from gevent.pywsgi import WSGIServer\nWSGIServer(('', 7001), None).serve_forever()",
    "bottle": "import bottle\nbottle.run(host='localhost', port=7001)",
}


@pytest.mark.parametrize("text", LITERALS.values(), ids=LITERALS.keys())
def test_a_literal_is_found_and_spanned(platform, text):
    tree = platform(s=text)
    (bind,) = binds(tree)
    assert (bind.port, bind.editable, number(tree, bind)) == (7001, True, "7001")


INDIRECT = {
    "constant": ("PORT = 7001\n" + FLASK + MAIN + "app.run(port=PORT)", True, ""),
    "constant told in a message": ("PORT = 7001\n" + FLASK + MAIN + "print(f'on {PORT}')\n    app.run(port=PORT)", True, ""),
    "constant used elsewhere": ("PORT = 7001\n" + FLASK + "peer(PORT)\n" + MAIN + "app.run(port=PORT)", False, ""),
    "environment": ("import os\n" + FLASK + MAIN + "app.run(port=int(os.environ.get('WEB_PORT', 7001)))", True, "WEB_PORT"),
    "environment, quoted": ("from os import getenv as g\n" + FLASK + MAIN + "app.run(port=int(g('WEB_PORT', '7001')))", True, "WEB_PORT"),
    "environment or": ("import os\n" + FLASK + MAIN + "app.run(port=os.getenv('WEB_PORT') or 7001)", True, "WEB_PORT"),
    "environment, if else": ("import os\n" + FLASK + "port = int(os.environ['P']) if 'P' in os.environ else 7001\napp.run(port=port)", False, "P"),
    "argparse": ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--port', type=int, default=7001)\na = p.parse_args()\n"
                 + FLASK + "app.run(port=a.port)", True, ""),
    "click": ("import click\n" + FLASK + "@click.command()\n@click.option('--port', default=7001, envvar='P')\ndef main(port):\n"
              "    app.run(port=port)\nmain()", True, "P"),
    "typer": ("import typer\n" + FLASK + "def main(port: int = typer.Option(7001)):\n    app.run(port=port)\ntyper.run(main)", True, ""),
    "parameter's default": (FLASK + "def serve(port=7001):\n    app.run(port=port)\nserve()", True, ""),
    "parameter as called": (FLASK + "def serve(port):\n    app.run(port=port)\nserve(7001)", True, ""),
    "settings class": (FLASK + "class Settings:\n    port: int = 7001\nsettings = Settings()\napp.run(port=settings.port)", True, ""),
    "dataclass": ("from dataclasses import dataclass\n" + FLASK + "@dataclass\nclass C:\n    port: int = 7001\nc = C()\napp.run(port=c.port)", True, ""),
    "attribute of self": ("from flask import Flask\nclass S:\n    def __init__(self, port=7001):\n        self.app = Flask('x')\n        self.port = port\n"
                          "    def go(self):\n        self.app.run(port=self.port)\nS().go()", True, ""),
    "dict": (FLASK + "CONFIG = {'port': 7001}\napp.run(port=CONFIG['port'])", True, ""),
    "address in a name": ("from http.server import HTTPServer\naddress = ('', 7001)\nHTTPServer(address, None).serve_forever()", True, ""),
    "grpc with a variable": ("import os, grpc\nport = os.environ.get('PORT', '7001')\ns = grpc.server(None)\ns.add_insecure_port('[::]:' + port)", True, "PORT"),
    "two assignments": (FLASK + "import sys\nport = 7001\nif sys.argv[1:]:\n    port = int(sys.argv[1])\napp.run(port=port)", False, ""),
}


@pytest.mark.parametrize(("text", "editable", "variable"), INDIRECT.values(), ids=INDIRECT.keys())
def test_a_number_elsewhere_is_followed(platform, text, editable, variable):
    tree = platform(s=text)
    (bind,) = binds(tree)
    assert (bind.port, bind.editable, bind.variable) == (7001, editable, variable)
    assert not editable or number(tree, bind) == "7001"


def test_a_constant_of_another_file_is_spanned_there(platform):
    tree = platform(settings="HOST = ''\nPORT = 7001\n", s=FLASK + "from settings import PORT\napp.run(port=PORT)")
    (bind,) = binds(tree)
    assert (bind.port, bind.editable, bind.place.path, number(tree, bind)) == (7001, True, "settings.py", "7001")


def test_a_constant_that_two_files_use_is_not_edited(platform):
    tree = platform(settings="PORT = 7001\n", s=FLASK + "import settings\napp.run(port=settings.PORT)", t="from settings import PORT\nprint(PORT)")
    assert [(b.port, b.editable) for b in binds(tree)] == [(7001, False)]


@pytest.mark.parametrize(("call", "port", "framework"), [
    (FLASK + "app.run()", 5000, "flask"),
    (FLASK + "app.run(debug=True)", 5000, "flask"),
    ("import uvicorn\nuvicorn.run('m:app')", 8000, "uvicorn"),
    ("from aiohttp import web\nweb.run_app(None)", 8080, "aiohttp"),
], ids=["flask", "flask debug", "uvicorn", "aiohttp"])
def test_a_framework_s_own_number_stands_where_none_is_given(platform, call, port, framework):
    (bind,) = binds(platform(s=call))
    assert (bind.port, bind.framework, bind.editable, bind.confidence) == (port, framework, False, "medium")


NONE = {
    "MCP over pipes": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x', port=7001)\nmcp.run()",
    "MCP told to use pipes": "from fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run(transport='stdio', port=7001)",
    "a probe that binds and closes": "import socket\ndef free(port):\n    s = socket.socket()\n    s.bind(('', 7001))\n    s.close()\nfree(1)",
    "a probe that connects": "import socket\nsocket.socket().connect_ex(('localhost', 7001))",
    "port 0": "from http.server import HTTPServer\nHTTPServer(('', 0), None).serve_forever()",
    "a library nobody calls": FLASK + "def serve():\n    app.run(port=7001)\n",
    "subprocess": "import subprocess\nsubprocess.run(['x'], port=7001)",
    "asyncio.run": "import asyncio\nasync def main(): ...\nasyncio.run(main())",
    "another object's run": "class Job:\n    def run(self): ...\nJob().run()",
    "a client": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--port', default=7001)\nprint(p.parse_args().port)",
    "text in a docstring": '"""app.run(port=7001)"""\n',
    "a template that is written out": "CODE = '''\nfrom flask import Flask\nFlask(__name__).run(port=7001)\n'''\nopen('x.py', 'w').write(CODE)",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_server(platform, text):
    assert binds(platform(s=text)) == []


def test_a_start_file_that_calls_another_is_the_server(platform):
    tree = platform({"run.py": "from web.app import serve\nif __name__ == '__main__':\n    serve()\n",
                     "web/app.py": FLASK + "def serve():\n    app.run(port=7001)\n", "web/__init__.py": ""})
    (server,) = servers(index_of(tree))
    assert (server.path, server.binds[0].place.path) == ("run.py", "web/app.py")


WEB = "from fastapi import FastAPI\napp = FastAPI()\n"
RUN = "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run(%s, port=7001)\n"
STARTERS = {
    "a file that serves another's application": ({"run.py": RUN % "'web.main:app'", "web/main.py": WEB + RUN % "app"}, "web/main.py"),
    "an imported application": ({"run.py": "from web.main import app\n" + RUN % "app", "web/main.py": WEB + RUN % "app"}, "web/main.py"),
    "a factory's": ({"run.py": "from web.main import make\napp = make()\n" + RUN % "app", "web/main.py": WEB + RUN % "app"}, "web/main.py"),
    "two files that serve it": ({"run.py": RUN % "'web.main:app'", "scripts/dev.py": "from web.main import app\n" + RUN % "app", "web/main.py": WEB}, "run.py"),
}


@pytest.mark.parametrize(("files", "path"), STARTERS.values(), ids=STARTERS)
def test_what_only_serves_another_file_s_application_is_no_second_service(platform, files, path):
    (server,) = servers(index_of(platform(files)))
    assert (server.path, {b.port for b in server.binds}, len(server.starters)) == (path, {7001}, 1)


def test_udp_is_told_apart(platform):
    text = "import socketserver\nsocketserver.UDPServer(('', 7001), None).serve_forever()"
    assert [b.protocol for b in binds(platform(s=text))] == ["udp"]


def test_host_and_debug_are_told(platform):
    (bind,) = binds(platform(s=FLASK + "app.run(host='0.0.0.0', port=7001, debug=True)"))
    assert (bind.host, bind.debug) == ("0.0.0.0", True)


def test_a_number_that_cannot_be_told_is_none(platform):
    (bind,) = binds(platform(s=FLASK + "import sys\napp.run(port=int(sys.argv[1]))"))
    assert (bind.port, bind.confidence) == (None, "low")


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_the_span_is_right_behind_other_encodings(tmp_path, bom):
    from opskit.core.tree import Tree

    (tmp_path / "s.py").write_bytes(bom + "# ключ\nfrom flask import Flask; app = Flask('ä'); app.run(port=7001)\r\n".encode())
    tree = Tree(tmp_path)
    (bind,) = binds(tree)
    assert number(tree, bind) == "7001"


ELSEWHERE = {
    "a star import": ("from conf import *\nimport socket\ns = socket.socket()\ns.bind((HOST, PORT))\ns.listen()", (7001, "tcp")),
    "a sum behind a star": ("from conf import *\nimport socket\ns = socket.socket()\ns.bind((HOST, NEXT))\ns.listen()", (7002, "tcp")),
    "an address of another module": ("import socket, conf\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.bind(conf.UDP)\ns.recvfrom(9)", (7003, "udp")),
    "an address by its name": ("import socket\nfrom conf import UDP\ns = socket.socket(type=socket.SOCK_DGRAM)\ns.bind(UDP)\ns.recvfrom(9)", (7003, "udp")),
}


@pytest.mark.parametrize(("text", "expected"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_an_address_may_stand_in_another_file(platform, text, expected):
    (bind,) = binds(platform(s=text, conf="HOST = ''\nPORT = 7001\nNEXT = PORT + 1\nUDP = (HOST, 7003)\n"))
    assert (bind.port, bind.protocol) == expected


def test_a_port_among_settings_has_its_variable(platform):
    settings = "from pydantic_settings import BaseSettings\nclass Base(BaseSettings):\n    port: int = 7001\n"
    child = "from base import Base\nclass Mine(Base):\n    class Config:\n        env_prefix = 'shop_'\nsettings = Mine()\n"
    (bind,) = binds(platform(base=settings, conf=child, s="import uvicorn\nfrom conf import settings\nuvicorn.run('a:b', port=settings.port)"))
    assert (bind.port, bind.variable) == (7001, "SHOP_PORT")


def test_a_number_that_another_one_is_counted_from_is_left_alone(platform):
    (bind,) = binds(platform(s=FLASK + "from conf import PORT\napp.run(port=PORT)", conf="PORT = 7001\nNEXT = PORT + 1\n"))
    assert (bind.port, bind.editable) == (7001, False)


def test_a_link_to_a_file_is_that_file(platform, tmp_path):
    platform(s=FLASK + "app.run(port=7001)")
    (tmp_path / "again.py").symlink_to("s.py")
    assert len(binds(platform())) == 1
