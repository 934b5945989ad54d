"""One module of folders a package: really imported afterwards; what is not proved to be loaded one way keeps its own constant."""

import os
import subprocess
import sys

import pytest

from opskit.core.settle import settle
from opskit.paths.facts import How
from opskit.paths.fix import plan
from opskit.paths.rules import check
from opskit.source.proof import prove

SHARED = How(shared=True)
DATA = {"data/o.json": "[1]", "app/__init__.py": "", "app/sub/__init__.py": ""}
A = "X = 'C:/Users/ana/shop/data/o.json'\n\ndef a():\n    return open(X).read()\n"
B = "from app.a import a\nY = 'C:/Users/ana/shop/data'\n\ndef b():\n    import os\n    return a() + str(os.listdir(Y))\n"
TWO = {**DATA, "app/a.py": A, "app/b.py": B}
RUN = {"run.py": "from app.b import b\nprint(b())\n"}


def made(platform, files):
    """The files that change, each with its text; written to disk."""
    platform.lay(files)
    survey = platform.survey
    settled = settle(plan(survey, check(survey), how=SHARED), survey.tree.read, prove)
    assert not settled.dropped
    for rewrite in settled.rewrites:
        (platform.root / rewrite.path).write_bytes(rewrite.after)
    return {rewrite.path: rewrite.after.decode() for rewrite in settled.rewrites}


def ran(platform, *arguments, **environ):
    done = subprocess.run([sys.executable, "-B", *arguments], cwd=platform.root, env={"PATH": os.environ["PATH"], **environ}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_constant_stands_once_and_the_program_runs(platform):
    files = made(platform, TWO | RUN)
    assert files["app/_roots.py"].count("os.getenv") == 1 and "os.getenv" not in files["app/a.py"] + files["app/b.py"]
    assert "from app._roots import BASE_DIR\n" in files["app/b.py"] and "from ._roots import BASE_DIR\n" in files["app/a.py"]
    assert ran(platform, "run.py") == "[1]['o.json']" and made(platform, {}) == {}


@pytest.mark.parametrize(("more", "module", "command"), [
    ({"app/sub/c.py": A.replace("def a", "def c"), "app/b.py": B.replace("from app.a", "from .a") + "from .sub.c import c\n"} | RUN, "app/_roots.py", ["run.py"]),
    ({"src/" + path: text for path, text in TWO.items()} | {"run.py": "import sys\nsys.path.insert(0, 'src')\nfrom app.b import b\nprint(b())\n"}, "src/app/_roots.py", ["run.py"]),
    ({"src/__init__.py": "", "app": None, **{"src/" + path: text for path, text in TWO.items()}, "src/go.py": "from app.b import b\nprint(b())\n"}, "src/app/_roots.py", ["src/go.py"]),
    ({"lib/" + path: text.replace("app.", "lib.app.") for path, text in TWO.items()} | {"run.py": "from lib.app.b import b\nprint(b())\n"}, "lib/app/_roots.py", ["run.py"]),
    ({"app/__init__.py": "HOME = 'C:/Users/ana/shop/data'\n", "app/b.py": "from . import HOME\n" + B, "app/a.py": A} | RUN, "app/_roots.py", ["run.py"]),
    ({"app/_roots.py": "MINE = 1\n", "run.py": "from app import _roots\nfrom app.b import b\nprint(b() * _roots.MINE)\n"}, "app/_folders.py", ["run.py"]),
    ({"app/a.py": "BASE_DIR = 'mine'\n" + A} | RUN, "app/_roots.py", ["run.py"]),
    ({"app/__main__.py": "from .b import b\nprint(b())\n"}, "app/_roots.py", ["-m", "app"]),
], ids=["a package in it", "below a folder on sys.path", "a package in a package by its short name", "a namespace above it", "the package itself", "the name is taken",
        "the constant's name is taken", "python -m"])
def test_shapes_that_run_afterwards(platform, more, module, command):
    nested = any(path.startswith(("src/", "lib/")) for path in more)
    base = {"data/o.json": "[1]"} if nested else TWO
    files = {path: text for path, text in {**base, **more}.items() if text is not None and not (path.startswith("src/data") or path.startswith("lib/data"))}
    changed = made(platform, files)
    assert module in changed, changed.keys()
    assert sum("os.getenv" in text for text in changed.values()) == 1
    assert ran(platform, *command) == "[1]['o.json']"
    assert ran(platform, *command, BASE_DIR=str(platform.root)) == "[1]['o.json']" and made(platform, {}) == {}


GUARD = "if __name__ == '__main__':\n    print(a())\n"


@pytest.mark.parametrize(("more", "alone", "reason"), [
    ({"app/a.py": A + GUARD}, "app/a.py", "run as a script too"), ({"app/a.py": "#!/usr/bin/env python\n" + A}, "app/a.py", "makes a program of it"),
    ({"go.py": "import sys\nsys.path.append('app')\nimport a\n"}, "app/a.py", "imports it as `a`, outside its package"),
    ({"app/other.py": "import a\n"}, "app/a.py", "app/other.py imports it as `a`"),
    ({"app/b.py": B.replace("from app.a import a", "a = str")}, "app/a.py", "nothing imports it"),
    ({"go.sh": "python app/a.py\n"}, "app/a.py", "go.sh may run it"), ({"go.py": "import subprocess, sys\nsubprocess.run([\n  sys.executable,\n  'app/a.py'])\n"}, "app/a.py", "go.py may run"),
    ({"app/a.py": "import dotenv\ndotenv.load_dotenv()\n" + A}, "app/a.py", "reads .env itself"),
    ({"app/a.py": "import sys\nsys.path.insert(0, 'C:/Users/ana/shop/data')\n" + A}, "app/a.py", "puts the folder on sys.path"),
    ({"app/a.py": "from flask import Flask\napp = Flask('a')\n" + A + "app.run(port=8001)\n"}, "app/a.py", "a service is started with it"),
    ({"c.py": A}, "c.py", "it lies in no package"),
])
def test_what_keeps_a_constant_of_its_own_is_told(platform, more, alone, reason):
    third = {"app/third.py": "Z = 'C:/Users/ana/shop/data/z'\n", "app/fourth.py": "from app import third, b\nW = 'C:/Users/ana/shop/data/w'\n", "run.py": "import app.fourth\nimport app.b\n"}
    platform.lay({**TWO, **third, **more})
    proposed = plan(platform.survey, check(platform.survey), how=SHARED)
    told = {change.why for change in proposed.changes if change.path == alone}
    assert any(reason in why for why in told), told
    assert any(change.path == "app/_roots.py" for change in proposed.changes)
    text = made(platform, {})[alone]
    assert "os.getenv" in text and "_roots" not in text


def test_a_module_called_like_one_of_the_standard_library_is_not_what_its_name_imports(platform):
    files = made(platform, {**TWO, "app/types.py": "T = 'C:/Users/ana/shop/data/t'\n", "app/b.py": "import types\nfrom .types import T\n" + B, **RUN})
    assert "from ._roots import BASE_DIR" in files["app/types.py"] and ran(platform, "run.py") == "[1]['o.json']"


def test_a_folder_that_one_module_needs_stays_there(platform):
    files = made(platform, {**TWO, **RUN, "app/b.py": B + "D = 'C:/Users/ana/Desktop/a/b.txt'\n"})
    assert "DESKTOP_DIR" not in files["app/_roots.py"] and 'DESKTOP_DIR = os.getenv("DESKTOP_DIR", os.path.join(BASE_DIR, ".opskit"' in files["app/b.py"]


def test_a_later_run_adds_to_the_module_that_is_there(platform):
    first = made(platform, TWO | RUN)
    later = made(platform, {"app/c.py": "from app import b\nC = 'C:/Users/ana/Desktop/x/y'\nE = 'C:/Users/ana/shop/data/e'\n", "app/d.py": "from app import c\nD = 'C:/Users/ana/Desktop/x/z'\n",
                            "run.py": "import app.d\nfrom app.b import b\nprint(b())\n", "app/a.py": first["app/a.py"] + "N = 'C:/Users/ana/shop/data/n'\n"})
    assert later["app/_roots.py"].startswith(first["app/_roots.py"]) and later["app/_roots.py"].count("os.getenv") == 2
    assert "from app._roots import BASE_DIR, DESKTOP_DIR" in later["app/c.py"] and later["app/a.py"].count("BASE_DIR") == first["app/a.py"].count("BASE_DIR") + 1
    assert ran(platform, "run.py") == "[1]['o.json']" and made(platform, {}) == {}


def test_without_the_option_nothing_is_shared(platform):
    platform.lay(TWO | RUN)
    assert "app/_roots.py" not in platform.mended().files


def test_undo_takes_the_module_away(platform):
    platform.lay(TWO | RUN)
    before = {path: (platform.root / path).read_bytes() for path in TWO}
    for arguments in (["paths", "fix", "--shared", "--yes", "--allow-dirty"], ["undo", "--yes"]):
        done = subprocess.run([sys.executable, "-m", "opskit", "--root", str(platform.root), *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert (platform.root / "app/_roots.py").exists() == (arguments[0] == "paths")
    assert {path: (platform.root / path).read_bytes() for path in TWO} == before
