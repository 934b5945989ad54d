"""Toy services of Python and Node: (files, what starts them), NUMBER standing for the port. Written from the frameworks' documentation."""

PYTHON = {
    "flask: a literal": ({"shop.py": "from flask import Flask\napp = Flask(__name__)\n\nif __name__ == '__main__':\n    app.run(port=NUMBER)\n"}, "shop.py"),
    "flask: a fallback of the environment": ({"shop.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\nPORT = int(os.environ.get('TOY_PORT', NUMBER))\napp.run(host='127.0.0.1', port=PORT)\n"}, "shop.py"),
    "flask: a dataclass": ({"shop.py": "from dataclasses import dataclass\nfrom flask import Flask\n\n\n@dataclass\nclass Config:\n    host: str = '127.0.0.1'\n    port: int = NUMBER\n\n\nconfig = Config()\nFlask(__name__).run(host=config.host, port=config.port)\n"}, "shop.py"),
    "flask: argparse's default": ({"shop.py": "import argparse\nfrom flask import Flask\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--port', type=int, default=NUMBER)\n    args = parser.parse_args()\n    Flask(__name__).run(port=args.port)\n\n\nmain()\n"}, "shop.py"),
    "uvicorn: a constant of another file": ({"settings.py": "API_PORT = NUMBER\n", "api.py": "import uvicorn\nfrom fastapi import FastAPI\nfrom settings import API_PORT\n\napp = FastAPI()\n\nif __name__ == '__main__':\n    uvicorn.run(app, host='127.0.0.1', port=API_PORT)\n"}, "api.py"),
    "uvicorn: pydantic's settings": ({"api.py": "import uvicorn\nfrom fastapi import FastAPI\nfrom pydantic import BaseModel\n\n\nclass Settings(BaseModel):\n    port: int = NUMBER\n\n\nsettings = Settings()\napp = FastAPI()\nuvicorn.run(app, port=settings.port)\n"}, "api.py"),
    "starlette: uvicorn.Config": ({"api.py": "import uvicorn\nfrom starlette.applications import Starlette\n\nconfig = uvicorn.Config(Starlette(), host='127.0.0.1', port=NUMBER)\nuvicorn.Server(config).run()\n"}, "api.py"),
    "aiohttp: a keyword": ({"hall.py": "from aiohttp import web\n\napp = web.Application()\nweb.run_app(app, host='127.0.0.1', port=NUMBER)\n"}, "hall.py"),
    "aiohttp: a site in a coroutine": ({"hall.py": "import asyncio\nfrom aiohttp import web\n\n\nasync def main(port=NUMBER):\n    runner = web.AppRunner(web.Application())\n    await runner.setup()\n    await web.TCPSite(runner, '127.0.0.1', port).start()\n    await asyncio.Event().wait()\n\n\nasyncio.run(main())\n"}, "hall.py"),
    "tornado: listen": ({"hall.py": "import asyncio\nimport tornado.web\n\n\nasync def main():\n    app = tornado.web.Application([])\n    app.listen(NUMBER, address='127.0.0.1')\n    await asyncio.Event().wait()\n\n\nasyncio.run(main())\n"}, "hall.py"),
    "bottle: run": ({"hall.py": "from bottle import run, Bottle\n\nrun(Bottle(), host='127.0.0.1', port=NUMBER)\n"}, "hall.py"),
    "http.server: an address": ({"files.py": "from http.server import HTTPServer, SimpleHTTPRequestHandler\n\nADDRESS = ('127.0.0.1', NUMBER)\nHTTPServer(ADDRESS, SimpleHTTPRequestHandler).serve_forever()\n"}, "files.py"),
    "socketserver: a with block": ({"echo.py": "import socketserver\n\nPORT = NUMBER\n\nwith socketserver.TCPServer(('127.0.0.1', PORT), socketserver.BaseRequestHandler) as server:\n    server.serve_forever()\n"}, "echo.py"),
    "websockets: serve": ({"chat.py": "import asyncio\nimport websockets\n\n\nasync def main():\n    async with websockets.serve(print, '127.0.0.1', NUMBER):\n        await asyncio.Future()\n\n\nasyncio.run(main())\n"}, "chat.py"),
    "waitress: serve": ({"till.py": "from flask import Flask\nfrom waitress import serve\n\nserve(Flask(__name__), listen='127.0.0.1:NUMBER')\n"}, "till.py"),
    "asyncio: start_server": ({"wire.py": "import asyncio\n\nSERVICES = {'wire': {'host': '127.0.0.1', 'port': NUMBER}}\n\n\nasync def main():\n    server = await asyncio.start_server(print, SERVICES['wire']['host'], SERVICES['wire']['port'])\n    await server.serve_forever()\n\n\nasyncio.run(main())\n"}, "wire.py"),
    "socket: bind and listen": ({"wire.py": "import socket\nimport time\n\nport = NUMBER\ns = socket.socket(socket.AF_INET, socket.SOCK_STREAM)\ns.bind(('127.0.0.1', port))\ns.listen()\ntime.sleep(600)\n"}, "wire.py"),
}

COMMANDS = {
    "gunicorn: --bind": ({"till.py": "from flask import Flask\napp = Flask(__name__)\n", "run.sh": "gunicorn --bind 127.0.0.1:NUMBER till:app\n"}, "run.sh"),
    "uvicorn: a command": ({"api.py": "from fastapi import FastAPI\napp = FastAPI()\n", "Procfile": "web: uvicorn api:app --port NUMBER\n"}, "Procfile"),
    "hypercorn: a command": ({"api.py": "from starlette.applications import Starlette\napp = Starlette()\n", "run.sh": "hypercorn --bind 127.0.0.1:NUMBER api:app\n"}, "run.sh"),
    "flask: a variable": ({"shop.py": "from flask import Flask\napp = Flask(__name__)\n", "run.sh": "export FLASK_RUN_PORT=NUMBER\nflask --app shop run\n"}, "run.sh"),
    "django: runserver": ({"manage.py": "import sys\nfrom django.conf import settings\nfrom django.core.management import execute_from_command_line\n\nsettings.configure(DEBUG=True, SECRET_KEY='toy', ROOT_URLCONF=__name__, ALLOWED_HOSTS=['*'])\nurlpatterns = []\nif __name__ == '__main__':\n    execute_from_command_line(sys.argv)\n", "run.sh": "python manage.py runserver 127.0.0.1:NUMBER --noreload\n"}, "run.sh"),
    "waitress-serve": ({"till.py": "from flask import Flask\napp = Flask(__name__)\n", "Procfile": "web: waitress-serve --listen=127.0.0.1:NUMBER till:app\n"}, "Procfile"),
    "http.server: a module": ({"run.sh": "python -m http.server NUMBER --bind 127.0.0.1\n"}, "run.sh"),
}
NODE = {
    "node:http: a literal": ({"server.js": "const http = require('http');\nhttp.createServer((q, s) => s.end('ok')).listen(NUMBER, '127.0.0.1');\n"}, "server.js"),
    "express: a fallback of the environment": ({"server.js": "const express = require('express');\nconst app = express();\nconst port = process.env.TOY_PORT || NUMBER;\napp.listen(port, () => console.log(port));\n"}, "server.js"),
    "fastify: options": ({"server.mjs": "import Fastify from 'fastify';\nconst app = Fastify();\nconst options = { port: NUMBER, host: '127.0.0.1' };\nawait app.listen(options);\n"}, "server.mjs"),
    "koa: a configuration file": ({"config.js": "module.exports = { server: { port: NUMBER } };\n", "server.js": "const Koa = require('koa');\nconst config = require('./config');\nnew Koa().listen(config.server.port);\n"}, "server.js"),
    "ws: a server": ({"server.mjs": "import { WebSocketServer } from 'ws';\nnew WebSocketServer({ port: NUMBER });\n"}, "server.mjs"),
    "express: ?? and Number": ({"server.mjs": "import express from 'express';\nconst PORT = Number(process.env.TOY_PORT ?? NUMBER);\nexpress().listen(PORT, '127.0.0.1');\n"}, "server.mjs"),
}
