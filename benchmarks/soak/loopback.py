"""Does the start-up hook hold every server framework? python benchmarks/soak/loopback.py PYTHON

PYTHON is an interpreter with uvicorn[standard], aiohttp, gunicorn, gevent, eventlet, hypercorn, tornado, flask, flask-socketio,
bottle, cherrypy, websockets and streamlit. Each is told to listen on every interface, with reloader and debugger; the table
shows where psutil finds it listening.
"""

import os
import sys
import tempfile
from pathlib import Path

import psutil

from opskit.services import kernel, launch
from tests.services.shapes import free_port, row, service_processes, spec, start, states, until

ASGI = """async def app(scope, receive, send):
    if scope['type'] == 'http':
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body'})
"""
WSGI = "def app(environ, begin):\n    begin('200 OK', [])\n    return [b'x']\n"
PROGRAMS = {
    "uvicorn, uvloop, reload": "uvicorn asgi:app --host 0.0.0.0 --port PORT --loop uvloop --reload",
    "uvicorn, two workers": "uvicorn asgi:app --host 0.0.0.0 --port PORT --workers 2",
    "gunicorn": "gunicorn wsgi:app -b 0.0.0.0:PORT -w 2",
    "gunicorn, gevent": "gunicorn wsgi:app -b 0.0.0.0:PORT -k gevent",
    "hypercorn": "hypercorn asgi:app -b 0.0.0.0:PORT",
    "streamlit": "streamlit run page.py --server.port PORT --server.headless true",
    "flask run": "flask --app page run --host 0.0.0.0 --port PORT --debug",
}
CODES = {
    "aiohttp": "from aiohttp import web; web.run_app(web.Application(), port=PORT)",
    "gevent": "from gevent.pywsgi import WSGIServer; import wsgi; WSGIServer(('0.0.0.0', PORT), wsgi.app).serve_forever()",
    "gevent, patched": "from gevent import monkey; monkey.patch_all(); from http.server import *\n"
                       "HTTPServer(('', PORT), SimpleHTTPRequestHandler).serve_forever()",
    "eventlet": "import eventlet, wsgi; from eventlet import wsgi as s; s.server(eventlet.listen(('0.0.0.0', PORT)), wsgi.app)",
    "tornado": "import tornado.web, tornado.ioloop; tornado.web.Application([], debug=True).listen(PORT)\n"
               "tornado.ioloop.IOLoop.current().start()",
    "flask-socketio": "import flask, flask_socketio as s; a = flask.Flask('a')\n"
                      "s.SocketIO(a, async_mode='threading').run(a, host='0.0.0.0', port=PORT, debug=True, allow_unsafe_werkzeug=True)",
    "bottle": "import bottle; bottle.run(host='0.0.0.0', port=PORT, reloader=True, debug=True)",
    "cherrypy": "import cherrypy; cherrypy.config.update({'server.socket_host': '0.0.0.0', 'server.socket_port': PORT})\n"
                "cherrypy.quickstart()",
    "websockets": "import asyncio, websockets\nasync def main():\n    async with websockets.serve(print, '0.0.0.0', PORT):\n"
                  "        await asyncio.Future()\nasyncio.run(main())",
}


def listening(pids: list[int]) -> set[str]:
    return {c.laddr.ip for pid in pids for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN}


def main(python: str) -> int:
    with tempfile.TemporaryDirectory(prefix="loop") as folder:
        root, programs = Path(folder), Path(python).parent
        for name, text in (("asgi.py", ASGI), ("wsgi.py", WSGI), ("page.py", "import flask\napp = flask.Flask('a')\n")):
            (root / name).write_text(text)
        commands = {name: [str(programs / line.split()[0]), *line.split()[1:]] for name, line in PROGRAMS.items()}
        commands |= {name: [python, "-c", code] for name, code in CODES.items()}
        specs = []
        for name, words in commands.items():
            port = str(free_port())
            specs.append(spec(name, root, *(word.replace("PORT", port) for word in words), kind="server", port=int(port)))
        client = start(root, *specs, process=os.environ)
        until(lambda: not {"pending", "starting", "restarting"} & set(states(client).values()), 120.0)
        bad = 0
        for each in specs:
            pids = [pid for pid in service_processes(root) if kernel.marker(pid).endswith(f"/{each.name}")]
            found = row(client, each.name)
            bad += found["state"] != "ready"
            print(f"{each.name:24} {found['state']:10} {len(pids)} processes on {', '.join(sorted(listening(pids)))} {found['reason']}")
        launch.stop(root)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
