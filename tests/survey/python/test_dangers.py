"""What must not be started unasked, and what looks like it and may."""

import pytest

from opskit.survey.python.dangers import dangers_of
from opskit.survey.python.index import index_of


def dangers(tree):
    return [(d.kind, d.place.line) for d in dangers_of(index_of(tree), [p for p in tree.files if p.endswith(".py")])]


FLASK = "import os, subprocess\nfrom flask import Flask, request, send_from_directory\napp = Flask(__name__)\n"
ROUTE = FLASK + "@app.route('/x', methods=['POST'])\ndef x():\n"
SHELL = {
    "os.system": ROUTE + "    os.system(request.json['c'])",
    "shell=True": ROUTE + "    data = request.get_json()\n    cmd = data.get('c')\n    subprocess.run(cmd, shell=True)",
    "f-string": ROUTE + "    subprocess.check_output(f\"ls {request.args['d']}\", shell=True)",
    "a string is the program": ROUTE + "    subprocess.Popen(request.form['c'].split())",
    "bash -c": ROUTE + "    subprocess.run(['bash', '-c', request.json['c']])",
    "eval": ROUTE + "    return str(eval(request.args.get('e')))",
    "exec": ROUTE + "    code = request.data\n    exec(code)",
    "popen": ROUTE + "    os.popen(request.values['c']).read()",
    "through a function": FLASK + "def do(c):\n    subprocess.run(c, shell=True)\n@app.post('/x')\ndef x():\n    do(request.json['c'])",
    "route variable": FLASK + "@app.get('/<c>')\ndef x(c):\n    os.system(c)",
    "fastapi": "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\ndef x(c: str):\n    os.system(c)",
    "websocket": "import os, websockets\nasync def h(ws):\n    async for m in ws:\n        os.system(m)\nwebsockets.serve(h, '', 1)",
    "http.server": "import os\nfrom http.server import BaseHTTPRequestHandler\nclass H(BaseHTTPRequestHandler):\n    def do_POST(self):\n"
                   "        body = self.rfile.read(9)\n        os.system(body.decode())",
    "terminal": "import pty\nfrom flask import Flask\napp = Flask('x')\n@app.route('/')\ndef x():\n    pty.spawn('/bin/sh')",
    "kept open": ROUTE + "    p = subprocess.Popen(['bash'], stdin=subprocess.PIPE)",
    "asyncio": "import asyncio\nfrom aiohttp import web\nasync def h(request):\n    d = await request.json()\n"
               "    await asyncio.create_subprocess_shell(d['c'])",
    "in a thread": FLASK + "import threading\ndef do(c):\n    os.system(c)\n@app.post('/x')\ndef x():\n"
                   "    threading.Thread(target=do, args=(request.json['c'],)).start()",
}


@pytest.mark.parametrize("text", SHELL.values(), ids=SHELL.keys())
def test_request_text_that_reaches_a_shell(platform, text):
    assert [kind for kind, _ in dangers(platform(s=text))] == ["shell"]


HARMLESS = {
    "a fixed command": ROUTE + "    subprocess.run('ls -l', shell=True)",
    "a fixed program": ROUTE + "    subprocess.run(['git', 'commit', '-m', request.json['m']])",
    "a number": ROUTE + "    os.system(f\"kill {int(request.args['p'])}\")",
    "looked up": ROUTE + "    C = {'a': 'ls'}\n    os.system(C[request.json['c']])",
    "listed": ROUTE + "    c = request.json['c']\n    if c not in ('ls', 'df'):\n        return 'no'\n    os.system(c)",
    "no request": "import os, sys\nos.system(sys.argv[1])",
    "a command line's handler": "import os, click\n@click.command()\n@click.argument('c')\ndef run(c):\n    os.system(c)",
    "ast.literal_eval": ROUTE + "    import ast\n    ast.literal_eval(request.json['c'])",
    "a model's eval": ROUTE + "    model.eval()",
    "one file of the root": FLASK + "@app.route('/')\ndef x():\n    return send_from_directory('.', 'index.html')",
    "a folder without secrets": FLASK + "@app.route('/<p>')\ndef x(p):\n    return send_from_directory('web', p)",
    "ngrok in words": "print('start ngrok http 5000')",
    "loudspeakers": "import sounddevice as sd\nsd.play([1])",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_harmless(platform, text):
    assert dangers(platform(s=text)) == []


OTHERS = {
    "pyngrok": ("tunnel", "from pyngrok import ngrok\nngrok.set_auth_token('x')\nngrok.connect(5000)"),
    "ngrok's program": ("tunnel", "import subprocess\nsubprocess.Popen(['ngrok', 'http', '5000'])"),
    "cloudflared": ("tunnel", "import os\nos.system('cloudflared tunnel --url http://localhost:5000')"),
    "localtunnel by npx": ("tunnel", "import subprocess\nsubprocess.Popen('npx localtunnel --port 5000', shell=True)"),
    "ssh -R": ("tunnel", "import subprocess\nsubprocess.run(['ssh', '-R', '80:localhost:5000', 'x'])"),
    "gradio's share": ("tunnel", "import gradio as gr\ndemo = gr.Blocks()\ndemo.launch(share=True)"),
    "microphone": ("microphone", "import speech_recognition as sr\nwith sr.Microphone() as m: pass"),
    "recording": ("microphone", "import sounddevice as sd\nsd.InputStream()"),
    "pyaudio": ("microphone", "import pyaudio\npyaudio.PyAudio().open(input=True)"),
    "http.server where it stands": ("secrets-folder", "import http.server\nhttp.server.HTTPServer(('', 1), http.server.SimpleHTTPRequestHandler)"),
    "its own handler": ("secrets-folder", "from http.server import *\nimport http.server\nclass H(http.server.SimpleHTTPRequestHandler):\n"
                        "    def do_GET(self):\n        super().do_GET()\nhttp.server.HTTPServer(('', 1), H)"),
    "partial directory": ("secrets-folder", "import http.server, functools\nh = http.server.HTTPServer(('', 1), "
                          "functools.partial(http.server.SimpleHTTPRequestHandler, directory='keys'))"),
    "flask's static folder": ("secrets-folder", "from flask import Flask\napp = Flask(__name__, static_folder='.', static_url_path='')"),
    "any file of the root": ("secrets-folder", FLASK + "@app.route('/<p>')\ndef x(p):\n    return send_from_directory('.', p)"),
    "a folder of the environment's": ("secrets-folder", "import os\nfrom starlette.staticfiles import StaticFiles\n"
                                      "ROOT = os.getenv('ROOT', os.path.dirname(os.path.abspath(__file__)))\nStaticFiles(directory=ROOT)"),
    "StaticFiles": ("secrets-folder", "from fastapi.staticfiles import StaticFiles\nStaticFiles(directory='.')"),
    "the module by command": ("secrets-folder", "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'http.server', '80'])"),
}


@pytest.mark.parametrize(("kind", "text"), OTHERS.values(), ids=OTHERS.keys())
def test_other_dangers(platform, kind, text):
    tree = platform({"s.py": text, "keys/id_rsa": "x"})
    assert [k for k, _ in dangers(tree)] == [kind]


def test_a_handler_that_answers_by_itself_serves_no_folder(platform):
    text = ("import http.server\nclass H(http.server.SimpleHTTPRequestHandler):\n    def do_GET(self):\n        self.wfile.write(b'x')\n"
            "http.server.HTTPServer(('', 1), H)")
    assert dangers(platform(s=text)) == []


def test_the_author_s_absolute_folder_is_the_platform(platform):
    tree = platform({"s.py": FLASK + "R = 'C:/Users/me/proj'\n@app.route('/<p>')\ndef x(p):\n    return send_from_directory(R, p)",
                     "t.py": "open('C:/Users/me/proj/data/a.json'), open(r'C:\\Users\\me\\proj\\data\\b.json')",
                     "data/a.json": "", "data/b.json": ""})
    assert dangers(tree) == [("secrets-folder", 7)]
