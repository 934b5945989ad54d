"""Launchers written in Python: each row of what they keep is one claim, on the digits that decide it."""

import pytest

from opskit.ports.stated.every import stated

from .conftest import lay, surveyed

HEAD = "import os, shlex, subprocess, sys\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parent\n"
APP = "app = 1\n"
UVICORN = "[sys.executable, '-m', 'uvicorn', APPLICATION, '--port', PORT]"


def uvicorn(application, port):
    return UVICORN.replace("APPLICATION", application).replace("PORT", port)


BOTH = {("till", 8401), ("stock", 8402)}
LAUNCHERS = {
    "a command in each row": "ROWS = [{'name': 'x', 'command': ['python', '-m', 'uvicorn', 'till:app', '--port', '8401']},\n"
                             "        {'name': 'y', 'command': ['python', '-m', 'uvicorn', 'stock:app', '--port', '8402']}]\n"
                             "for row in ROWS:\n    subprocess.Popen(row['command'])\n",
    "pairs": "for name, port in [('till', 8401), ('stock', 8402)]:\n    subprocess.run(" + uvicorn("name + ':app'", "str(port)") + ")\n",
    "a dict of dicts": "S = {'a': {'file': 'till.py', 'port': 8401}, 'b': {'file': 'stock.py', 'port': 8402}}\nfor key, s in S.items():\n"
                       "    subprocess.Popen([sys.executable, ROOT / s['file'], '--port', str(s['port'])])\n",
    "a row that the user picks": "S = {'a': {'path': 'till.py', 'port': 8401}, 'b': {'path': 'stock.py', 'port': 8402}}\n"
                                 "def start(key):\n    s = S[key]\n"
                                 "    subprocess.Popen(" + uvicorn("s['path'].replace('.py', '') + ':app'", "str(s['port'])") + ")\n"
                                 "start(sys.argv[1])\n",
    "a function called for each": "def go(app, port=8401):\n    cmd = " + uvicorn("app", "str(port)") + "\n    subprocess.Popen(cmd)\n"
                                  "go('till:app')\ngo('stock:app', port=8402)\n",
    "a method of a manager": "class M:\n    def start(self, name, cmd):\n        self.p = subprocess.Popen(cmd, cwd=ROOT)\n"
                             "m = M()\nm.start('x', " + uvicorn("'till:app'", "'8401'") + ")\n"
                             "m.start('y', [sys.executable] + ['stock.py', '--port', '8402'])\n",
    "in threads": "import threading\ndef go(app, port):\n    subprocess.run(" + uvicorn("app", "str(port)") + ")\n"
                  "for a, p in zip(['till:app', 'stock:app'], [8401, 8402]):\n    threading.Thread(target=go, args=(a, p)).start()\n",
    "dataclasses": "from dataclasses import dataclass\n@dataclass\nclass S:\n    app: str\n    port: int\n"
                   "for s in (S('till:app', 8401), S(app='stock:app', port=8402)):\n"
                   "    subprocess.run(" + uvicorn("s.app", "str(s.port)") + ")\n",
    "appended rows": "cmds = []\ncmds.append(['python', 'till.py', '--port', '8401'])\ncmds.append(['python', 'stock.py', '--port', '8402'])\n"
                     "for cmd in cmds:\n    subprocess.Popen(cmd)\n",
    "lines for a shell": "for f, p in (('till.py', 8401), ('stock.py', 8402)):\n    os.system(f'python {f} --port {p} &')\n",
    "new windows": "for f, p in (('till.py', 8401), ('stock.py', 8402)):\n"
                   "    subprocess.Popen(f'start \"x-{p}\" cmd /k \"cd /d {ROOT} && python {f} --port {p}\"', shell=True)\n",
    "asyncio": "import asyncio\nasync def go(f, p):\n    await asyncio.create_subprocess_exec(sys.executable, f, '--port', p)\n"
               "async def main():\n    await asyncio.gather(*[go(f, p) for f, p in (('till.py', '8401'), ('stock.py', '8402'))])\n",
    "a variable of the child": "for f, p in (('till.py', 8401), ('stock.py', 8402)):\n"
                               "    subprocess.Popen(['python', f], env={**os.environ, 'PORT': str(p)})\n",
    "split lines": "subprocess.Popen('uvicorn till:app --port 8401'.split())\nsubprocess.Popen(shlex.split('uvicorn stock:app --port 8402'))\n",
    "its own folder": "subprocess.Popen(['uvicorn', 'till:app', '--port', '8401'], cwd=os.path.join(os.path.dirname(__file__), '.'))\n"
                      "os.chdir(ROOT)\nsubprocess.Popen(['uvicorn', 'stock:app', '--port', '8402'])\n",
}


def claims(root, text, **more):
    lay(root, {"start_all.py": HEAD + text, "till.py": APP, "stock.py": APP, **more})
    return [e for e in stated(surveyed(root)) if e.kind == "script"]


@pytest.mark.parametrize("text", LAUNCHERS.values(), ids=LAUNCHERS)
def test_each_row_is_a_claim(tmp_path, text):
    found = claims(tmp_path, text)
    assert {(e.service, e.port) for e in found} == BOTH
    data = (tmp_path / "start_all.py").read_bytes()
    assert all(data[e.place.start : e.place.end] == str(e.port).encode() for e in found if e.editable)


SINGLE = {
    "streamlit": ("subprocess.run([sys.executable, '-m', 'streamlit', 'run', 'till.py', '--server.port', '8501'])", {("till", 8501)}),
    "streamlit's own number": ("subprocess.run(['streamlit', 'run', 'till.py'])", {("till", 8501)}),
    "a folder is served": ("subprocess.run([sys.executable, '-m', 'http.server', '8081'], cwd='web')", {("web", 8081)}),
    "a tool": ("subprocess.Popen(['mlflow', 'ui', '--port', '5050'])", {("mlflow", 5050)}),
    "a file that is not here": ("subprocess.run(['uvicorn', 'pages.gone:app', '--port', '8403'])", {("gone", 8403)}),
    "a port that nobody knows": ("p = input()\nsubprocess.run(['uvicorn', 'till:app', '--port', p])", set()),
    "a client's port": ("subprocess.run(['psql', '--port', '5432'])", set()),
    "what is only printed": ("print('uvicorn till:app --port 8401')", set()),
    "names that lead back to themselves": ("cmd = cmd + ['python', 'till.py', '--port', p]\np = p or p\nsubprocess.run(cmd)\ncmd += cmd\n", set()),
    "a command of itself": ("def go(n):\n    subprocess.run(['python', 'till.py', '--port', n])\n    go(n)\n", set()),
}


@pytest.mark.parametrize(("text", "wanted"), SINGLE.values(), ids=SINGLE)
def test_what_one_command_starts(tmp_path, text, wanted):
    assert {(e.service, e.port) for e in claims(tmp_path, text, **{"web/index.html": ""})} == wanted
