"""Rewritten scripts are really run, in a folder of another machine, and open the right file."""

import subprocess
import sys

import pytest

from .trial import rewritten

R = "C:/Users/someone/the repo"
SCRIPTS = {
    "joined": f"print(open('{R}/DATA/f.txt').read())", "raw": f"print(open(r'{R.replace('/', chr(92))}\\DATA\\f.txt').read())",
    "path": f"from pathlib import Path\nprint(Path('{R}/DATA', 'f.txt').read_text())", "formatted": f"n = 'f'\nprint(open(f'{R}/DATA/{{n}}.txt').read())",
    "percent": f"print(open('{R}/%s.txt' % 'DATA/f').read())", "added": f"print(open('{R}' + '\\\\DATA\\\\' + 'f.txt').read())",
    "imported": f"import sys\nsys.path.insert(0, '{R}/lib')\nimport ours\nprint(ours.TEXT)", "class": f"class C:\n    P = '{R}/DATA/'\nprint(open(C.P + 'f.txt').read())",
    "default": f"def f(p='{R}/DATA/f.txt', os=1):\n    return open(p).read()\nprint(f())", "os is taken": f"os = 'mine'\nprint(open('{R}/DATA/f.txt').read())",
    "chdir": f"import os as o\no.chdir('{R}/DATA')\nprint(open('f.txt').read())", "its own": f"BASE_DIR = '{R}'\nprint(open(BASE_DIR + '/DATA/f.txt').read())",
}


@pytest.fixture
def tree(tmp_path):
    for where in ("here", "the other"):
        for name in ("DATA/f.txt", "lib/ours.py"):
            (tmp_path / where / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / where / "DATA/f.txt").write_text(where)
        (tmp_path / where / "lib/ours.py").write_text(f"TEXT = {where!r}\n")
    return tmp_path


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_rewritten_script_opens_the_file_below_the_folder(tree, name):
    data, left = rewritten(SCRIPTS[name].encode() + b"\n", path="deep/er/script.py")
    assert not left
    script = tree / "here" / "deep" / "er" / "script.py"
    script.parent.mkdir(parents=True)
    script.write_bytes(data)
    for environment, wanted in (({"BASE_DIR": str(tree / "the other")}, "the other"), ({}, "here")):
        done = subprocess.run([sys.executable, "-B", script], env=environment, cwd=tree, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (f"{wanted}\n", "")
