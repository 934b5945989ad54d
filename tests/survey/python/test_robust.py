"""No file, however odd, makes the survey raise or run away; and it never runs a line of what it reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.tree import Tree
from opskit.survey.reads import find_reads
from opskit.survey.services import find_services, find_unresolved

TAIL = "\nfrom flask import Flask\napp = Flask(__name__)\napp.run(port=port)\nimport os\nos.getenv(port)\n"
ODD = {
    "a constant of itself": "port = port" + TAIL,
    "constants in a circle": "port = other\nother = port" + TAIL,
    "a default of itself": "def f(port=port):\n    app.run(port=port)\nf()" + TAIL,
    "a function that returns itself": "def port():\n    return port()\nport = port()" + TAIL,
    "a class of itself": "class A(A):\n    x = A().x\nport = A().x" + TAIL,
    "classes in a circle": "class A(B):\n    pass\nclass B(A):\n    pass\nport = A().x" + TAIL,
    "self in a circle": "class A:\n    def __init__(self):\n        self.port = self.port\n    def go(self):\n        app.run(port=self.port)\nport = A().port" + TAIL,
    "imports itself": "from s import port" + TAIL,
    "a dict of itself": "d = {'p': d}\nport = d['p']" + TAIL,
    "an entry of itself": "d = d['p']\nport = d['p']\nfor n in d.items():\n    os.getenv(n)" + TAIL,
    "a folder of itself": "import sys, os\np = os.path.join(p, 'x')\nq = q.parent / 'y'\nsys.path.insert(0, p)\nsys.path.insert(0, str(q))\nport = 1" + TAIL,
    "a model of itself": "from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings\nclass N(BaseModel):\n    n: 'N'\n    m: N\n"
                         "class S(BaseSettings):\n    model_config = {'env_nested_delimiter': '__'}\n    n: N\nport = S().n" + TAIL,
    "a router of itself": "from fastapi import APIRouter\nr = APIRouter()\nr.include_router(r)\n@r.get('/')\ndef f(): ...\nport = 1" + TAIL,
    "an f-string of itself": "port = f'{port}'" + TAIL,
    "a loop over itself": "for port in port:\n    os.getenv(port)" + TAIL,
    "unpacks too much": "a, b, *port = 1, 2" + TAIL,
    "a command of starred words": "import subprocess\nsubprocess.Popen([*['ngrok'], *words])" + TAIL,
    "starred call": "import uvicorn\nuvicorn.run(*a, **b)",
    "empty": "",
    "NUL bytes": "port = 1\0",
    "deep": "port = " + "(" * 80 + "1" + ")" * 80 + TAIL,
    "wide": "port = " + "+".join(["1"] * 900) + TAIL,
    "empty argument lists": "import os, sys\nos.getenv()\nos.environ.get()\nsys.path.insert()\nos.path.join()\nopen()\nprint()",
}


def look(root):
    tree = Tree(root)
    return find_services(tree), find_reads(tree), find_unresolved(tree)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_files(tmp_path, text):
    (tmp_path / "s.py").write_text(text)
    look(tmp_path)


def test_modules_that_import_each_other_s_constants(tmp_path):
    (tmp_path / "a.py").write_text("from b import port" + TAIL)
    (tmp_path / "b.py").write_text("from a import port\nclass C: pass\n@port.route('/')\ndef f(): ...\n")
    assert [s.port for s in look(tmp_path)[0]] == [None]


NAMES = st.sampled_from(["app", "port", "os", "C", "f", "env", "self", "request"])
VALUES = st.one_of(
    NAMES, st.sampled_from(["1", "'A'", "{}", "[]", "()", "None", "lambda: port", "os.environ", "os.getenv('A')", "Flask('x')", "C()", "f()",
                            "[n for n in port]", "{'port': 8000}", "f'{port}'", "int(port)", "port or 1", "request.json"]))
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, VALUES), st.builds("{}.{} = {}".format, NAMES, NAMES, VALUES),
    st.builds("def {}({}={}):\n    return {}".format, NAMES, NAMES, VALUES, VALUES),
    st.builds("class {}({}):\n    {} = {}\n    def run(self, port={}):\n        self.app = {}\n        self.app.run(port=port)".format,
              NAMES, NAMES, NAMES, VALUES, VALUES, VALUES),
    st.builds("for {} in {}:\n    os.environ[{}]".format, NAMES, VALUES, VALUES), st.builds("{}.run(port={})".format, VALUES.filter(str.isidentifier), VALUES),
    st.builds("from {} import {}".format, st.sampled_from(["s", "flask", "os", ".s", ".", "socket"]), NAMES), st.builds("import {}".format, NAMES),
    st.builds("@app.route({})\ndef h({}):\n    os.system({})".format, VALUES, NAMES, VALUES),
    st.builds("while True:\n    {}.sleep({})".format, NAMES, VALUES), st.builds("with {} as {}:\n    pass".format, VALUES, NAMES),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, max_size=14).map("\n".join))
def test_any_composition_of_statements(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("any")
    (root / "s.py").write_text("import os\nfrom flask import Flask, request\n" + text)
    services, reads, _ = look(root)
    for place in (*(b.place for s in services for b in s.binds), *(r.place for r in reads)):
        assert 0 <= place.start <= place.end <= (root / "s.py").stat().st_size and place.line >= 1


def test_nothing_is_run(tmp_path):
    (tmp_path / "s.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nimport s\nfrom flask import Flask\nFlask('x').run(port=1)\n")
    look(tmp_path)
    assert not (tmp_path / "ran").exists()
