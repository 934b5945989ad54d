"""The calls that open a port, as data: which argument is the port, and the framework's own default.

From each project's documentation: Flask 5000, Flask-SocketIO 5000, uvicorn/hypercorn/gunicorn/Django 8000, aiohttp 8080,
Waitress 8080, Bottle 8080, Sanic 8000, Quart 5000, Dash 8050, Gradio 7860, NiceGUI 8080, Robyn 8080, Bokeh 5006, livereload 5500,
MCP's and FastMCP's HTTP transports 8000, python-a2a 5000.
"""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Opening:
    """Positions count from 0; -1: by keyword only. `address`: the argument that is a (host, port) tuple or "host:port".
    `transports`: it listens only where its first argument or `transport` is one of these; its port may stand where it was made."""

    framework: str
    port: int = -1
    host: int = -1
    default: int | None = None
    address: int = -1
    words: tuple[str, ...] = ("port",)
    hosts: tuple[str, ...] = ("host", "hostname", "address", "interface")
    protocol: Literal["tcp", "udp"] = "tcp"
    home: str = ""
    transports: tuple[str, ...] = ()


_HTTP = Opening("http.server", address=0, words=("server_address",))
_TCP = Opening("socketserver", address=0, words=("server_address",))
_UDP = Opening("socketserver", address=0, words=("server_address",), protocol="udp")
_SOCKETS = Opening("websockets", host=1, port=2)
_RPC = Opening("grpc", address=0, words=("address",))
_GEVENT = Opening("gevent", address=0, words=("listener",))
_MCP = Opening("mcp", default=8000, home="127.0.0.1", transports=("sse", "http", "streamable-http"))
_GRADIO = Opening("gradio", words=("server_port",), hosts=("server_name",), default=7860, home="127.0.0.1")
_A2A = Opening("python-a2a", host=1, port=2, default=5000)

OPENINGS: dict[str, Opening] = {
    "flask.Flask().run": Opening("flask", host=0, port=1, default=5000, home="127.0.0.1"),
    "quart.Quart().run": Opening("quart", host=0, port=1, default=5000, home="127.0.0.1"),
    "flask_socketio.SocketIO().run": Opening("flask-socketio", host=1, port=2, default=5000, home="127.0.0.1"),
    "connexion.App().run": Opening("connexion", port=0, default=5000),
    "connexion.FlaskApp().run": Opening("connexion", port=0, default=5000),
    "dash.Dash().run": Opening("dash", host=0, port=1, default=8050, home="127.0.0.1"),
    "dash.Dash().run_server": Opening("dash", host=0, port=1, default=8050, home="127.0.0.1"),
    "sanic.Sanic().run": Opening("sanic", host=0, port=1, default=8000, home="127.0.0.1"),
    "bottle.run": Opening("bottle", host=2, port=3, default=8080, home="127.0.0.1"),
    "bottle.Bottle().run": Opening("bottle", default=8080, home="127.0.0.1"),
    "uvicorn.run": Opening("uvicorn", default=8000, home="127.0.0.1"),
    "uvicorn.Config": Opening("uvicorn", host=1, port=2, default=8000, home="127.0.0.1"),
    "waitress.serve": Opening("waitress", default=8080, words=("port", "listen")),
    "cheroot.wsgi.Server": Opening("cheroot", address=0, words=("bind_addr",)),
    "werkzeug.serving.run_simple": Opening("werkzeug", host=0, port=1),
    "werkzeug.serving.make_server": Opening("werkzeug", host=0, port=1),
    "wsgiref.simple_server.make_server": Opening("wsgiref", host=0, port=1),
    "gevent.pywsgi.WSGIServer": _GEVENT,
    "gevent.server.StreamServer": _GEVENT,
    "geventwebsocket.WebSocketServer": _GEVENT,
    "eventlet.listen": Opening("eventlet", address=0, words=("addr",)),
    "aiohttp.web.run_app": Opening("aiohttp", default=8080),
    "aiohttp.web.TCPSite": Opening("aiohttp", host=1, port=2, default=8080),
    "http.server.HTTPServer": _HTTP,
    "http.server.ThreadingHTTPServer": _HTTP,
    "http.server.test": Opening("http.server", port=3, default=8000),
    "xmlrpc.server.SimpleXMLRPCServer": Opening("xmlrpc", address=0, words=("addr",)),
    "socketserver.TCPServer": _TCP,
    "socketserver.ThreadingTCPServer": _TCP,
    "socketserver.UDPServer": _UDP,
    "socketserver.ThreadingUDPServer": _UDP,
    "websockets.serve": _SOCKETS,
    "websockets.server.serve": _SOCKETS,
    "websockets.legacy.server.serve": _SOCKETS,
    "websockets.asyncio.server.serve": _SOCKETS,
    "websockets.sync.server.serve": _SOCKETS,
    "websocket_server.WebsocketServer": Opening("websocket-server", host=0, port=1, default=9001),
    "asyncio.start_server": Opening("asyncio", host=1, port=2),
    "asyncio.get_event_loop().create_server": Opening("asyncio", host=1, port=2),
    "asyncio.get_running_loop().create_server": Opening("asyncio", host=1, port=2),
    "asyncio.new_event_loop().create_server": Opening("asyncio", host=1, port=2),
    "asyncio.get_running_loop().create_datagram_endpoint": Opening("asyncio", address=-1, words=("local_addr",), protocol="udp"),
    "asyncio.get_event_loop().create_datagram_endpoint": Opening("asyncio", address=-1, words=("local_addr",), protocol="udp"),
    "tornado.web.Application().listen": Opening("tornado", port=0, host=1),
    "tornado.httpserver.HTTPServer().listen": Opening("tornado", port=0, host=1),
    "tornado.httpserver.HTTPServer().bind": Opening("tornado", port=0, host=1),
    "tornado.tcpserver.TCPServer().listen": Opening("tornado", port=0, host=1),
    "twisted.internet.reactor.listenTCP": Opening("twisted", port=0, host=3),
    "twisted.internet.reactor.listenUDP": Opening("twisted", port=0, protocol="udp"),
    "grpc.server().add_insecure_port": _RPC,
    "grpc.server().add_secure_port": _RPC,
    "grpc.aio.server().add_insecure_port": _RPC,
    "grpc.aio.server().add_secure_port": _RPC,
    "gradio.Blocks().launch": _GRADIO,
    "gradio.Blocks().queue().launch": _GRADIO,
    "gradio.Interface().launch": _GRADIO,
    "gradio.Interface().queue().launch": _GRADIO,
    "gradio.ChatInterface().launch": _GRADIO,
    "gradio.ChatInterface().queue().launch": _GRADIO,
    "gradio.TabbedInterface().launch": _GRADIO,
    "mcp.server.fastmcp.FastMCP().run": _MCP,
    "mcp.server.FastMCP().run": _MCP,
    "fastmcp.FastMCP().run": _MCP,
    "fastmcp.FastMCP().run_async": _MCP,
    "python_a2a.run_server": _A2A,
    "python_a2a.server.http.run_server": _A2A,
    "robyn.Robyn().start": Opening("robyn", host=0, port=1, default=8080, home="127.0.0.1"),
    "bokeh.server.server.Server": Opening("bokeh", default=5006),
    "panel.serve": Opening("panel", port=1, hosts=("address",)),
    "livereload.Server().serve": Opening("livereload", port=0, host=2, default=5500, home="127.0.0.1"),
    "flet.app": Opening("flet"),
    "nicegui.ui.run": Opening("nicegui", default=8080),
    "prometheus_client.start_http_server": Opening("prometheus", port=0, host=1),
    "aiosmtpd.controller.Controller": Opening("aiosmtpd", default=8025),
    "cherrypy.quickstart": Opening("cherrypy", default=8080),
    "socket.create_server": Opening("socket", address=0, words=("address",)),
    "socket.socket().bind": Opening("socket", address=0),
}

LAST_WORDS = frozenset(name.rsplit(".", 1)[-1] for name in OPENINGS)

APPLICATIONS = frozenset({"flask.Flask", "quart.Quart", "fastapi.FastAPI", "starlette.applications.Starlette", "sanic.Sanic",
                          "bottle.Bottle", "aiohttp.web.Application", "falcon.App", "falcon.asgi.App", "litestar.Litestar"})

CLUES = (b".run", b"serve", b"Server", b"bind(", b"listen", b"TCPSite", b"add_insecure_port", b"add_secure_port", b".launch(",
         b"run_simple", b"bottle", b"robyn", b"flet", b"run_server", b"FastMCP",
         b"start_http_server", b"uvicorn", b"create_server", b"create_datagram_endpoint", b"quickstart", b"make_server", b"Controller")
# the same with a closer look at the two that most files hold by chance (`.runtime`, "all rights reserved")
OPENS = re.compile(rb"\.run(?![a-z])|(?<!re)(?<!ob)(?<!de)serve|" + b"|".join(re.escape(clue) for clue in CLUES[2:]))
