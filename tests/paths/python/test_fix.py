"""What a path becomes, where its constant stands, under which name; and what is left alone."""

import pytest

from opskit.paths.facts import How, Root

from .trial import ROOTS, rewritten, seen

R = "C:/Users/someone/the repo"
BASE = 'BASE_DIR = os.getenv("BASE_DIR", os.path.dirname(os.path.dirname(os.path.abspath(__file__))))'
HEAD = f"import os\n\n{BASE}\n\n"


def after(code, **more):
    return rewritten(code.encode(), **more)[0].decode()


@pytest.mark.parametrize(("expression", "wanted"), [
    (f"'{R}/DATA/f.json'", "os.path.join(BASE_DIR, 'DATA', 'f.json')"), (f'"{R}/a.json"', 'os.path.join(BASE_DIR, "a.json")'), (f"'{R}'", "BASE_DIR"),
    (f"'{R}/'", "os.path.join(BASE_DIR, '')"), (f"'{R}/a/'", "os.path.join(BASE_DIR, 'a', '')"), (f"'{R}/a/../b//c'", "os.path.join(BASE_DIR, 'b', 'c')"),
    (f"f'{R}/a/{{x}}.json'", "f'{BASE_DIR}/a/{x}.json'"), (f"f'{R}/{{x}}\\\\y'", "f'{BASE_DIR}/{x}/y'"), (f"'{R}/' f'{{x}}'", "f'{BASE_DIR}/' f'{x}'"),
    (f"'{R}/b/' + x", "os.path.join(BASE_DIR, 'b', '') + x"), (f"'{R}' + '\\\\b\\\\' + x", "BASE_DIR + '/b/' + x"),
    (f"'{R}/b/%s.json' % x", "os.path.join(BASE_DIR, 'b/%s.json' % x)"), (f"'{R}/%s.json' % x", "BASE_DIR + '/%s.json' % x"), (f"-('{R}/%s.json' % x)", "-((BASE_DIR + '/%s.json' % x))"),
    (f"'{R}/b/{{}}.json'.format(x)", "os.path.join(BASE_DIR, 'b/{}.json'.format(x))"), (f"os.path.join('{R}/b/', x)", "os.path.join(BASE_DIR, 'b', x)"),
    (f"pathlib.Path('{R}/b') / x", "pathlib.Path(BASE_DIR, 'b') / x"), (f"pathlib.Path(f'{R}/{{x}}')", "pathlib.Path(f'{BASE_DIR}/{x}')"),
    (f"'{R}' + os.sep + x", "BASE_DIR + os.sep + x"), (f"'{R}/a' + os.path.sep + 'b' + '\\\\' + x", "os.path.join(BASE_DIR, 'a') + os.path.sep + 'b' + '/' + x"),
    (f"'{R}' + ('\\\\' + x) + '\\\\y'", "BASE_DIR + ('/' + x) + '/y'"), (f"os.path.join('{R}', 'a\\\\b.txt')", "os.path.join(BASE_DIR, 'a/b.txt')"),
    (f"pathlib.Path('{R}') / 'a\\\\b' / x", "pathlib.Path(BASE_DIR) / 'a/b' / x"), (f"f'{R}' + os.sep + x", "BASE_DIR + os.sep + x"),
    (f"('{R}/a'\n '/b')", "(os.path.join(BASE_DIR, 'a', 'b'))"), (f'"{R}/it\'s"', 'os.path.join(BASE_DIR, "it\'s")'), (f"'{R}/é'", "os.path.join(BASE_DIR, 'é')"),
])
def test_expressions(expression, wanted):
    code = f"import os\nimport pathlib\n\nsee([{expression}])\n"
    assert after(code) == f"import os\nimport pathlib\n\n{BASE}\n\nsee([{wanted}])\n"


JOINED = {
    "added": ("ROOT + '\\\\a\\\\b.txt'", "ROOT + '/a/b.txt'"), "chain": ("ROOT + '\\\\' + x + '\\\\y'", "ROOT + '/' + x + '/y'"),
    "f-string": ("f'{ROOT}\\\\a\\\\{x}'", "f'{ROOT}/a/{x}'"), "raw": ("ROOT + r'\\a'", "ROOT + r'/a'"), "join": ("os.path.join(ROOT, 'a\\\\b')", "os.path.join(ROOT, 'a/b')"),
    "second name": ("(D := ROOT + '\\\\d') and D + '\\\\e'", "(D := ROOT + '/d') and D + '/e'"),
    "other text": ("ROOT + ' a\\\\b'", None), "behind": ("x + ROOT", None), "compared": ("x == ROOT + '\\\\a'", None), "pattern": ("re.match(ROOT + '\\\\d', x)", None),
    "command": ("os.system(ROOT + '\\\\bin\\\\run.exe')", None), "another's": ("OTHER + '\\\\a'", None),
}


@pytest.mark.parametrize(("expression", "wanted"), JOINED.values(), ids=JOINED)
@pytest.mark.parametrize("tail", ["", "\\\\c"], ids=["its constant", "below it"])
def test_what_is_joined_under_its_name_follows(expression, wanted, tail):
    folder = "C:\\\\Users\\\\someone\\\\the repo" + tail
    code = after(f"import os\nROOT = '{folder}'\n\ndef f(x):\n    return {expression}\n")
    assert "Users" not in code and code.endswith(f"    return {wanted or expression}\n")


@pytest.mark.parametrize(("before", "wanted"), [
    ("X = '@/a'\n", HEAD + "X = os.path.join(BASE_DIR, 'a')\n"), ('"""Doc."""\nsee("@")\n', f'"""Doc."""\n{HEAD}see(BASE_DIR)\n'),
    ("#!/usr/bin/python\n# coding: utf-8\nsee('@')\n", f"#!/usr/bin/python\n# coding: utf-8\n{HEAD}see(BASE_DIR)\n"),
    ("from __future__ import annotations\nimport sys\nsee('@')\n", f"from __future__ import annotations\nimport os\nimport sys\n\n{BASE}\n\nsee(BASE_DIR)\n"),
    ("import os\nimport sys\nsys.path.insert(0, '@')\nimport own\n", f"import os\nimport sys\n\n{BASE}\n\nsys.path.insert(0, BASE_DIR)\nimport own\n"),
    ("import os\nfrom dotenv import load_dotenv\nX = 1\nload_dotenv()\nsee('@')\n",
     f"import os\nfrom dotenv import load_dotenv\nX = 1\nload_dotenv()\n\n{BASE}\n\nsee(BASE_DIR)\n"),
    ("import os as o\nsee('@')\n", f"import os as o\n\n{BASE.replace('os.', 'o.')}\n\nsee(BASE_DIR)\n"),
    ("import os\ntry:\n    import json\nexcept ImportError:\n    json = None\n\n# why\n\nsee('@')\n",
     f"import os\ntry:\n    import json\nexcept ImportError:\n    json = None\n\n{BASE}\n\n# why\n\nsee(BASE_DIR)\n"),
    ("os = 3\nsee('@')\n", "import os as _os\n\n" + BASE.replace("os.", "_os.") + "\n\nos = 3\nsee(BASE_DIR)\n"),
    ("import os; see('@')\n", HEAD + "import os; see(BASE_DIR)\n"), ("X = 1; see('@')\n", HEAD + "X = 1; see(BASE_DIR)\n"),
    ("BASE_DIR = '@'\nsee('@/a')\n", BASE.replace("BASE_DIR =", "import os\nBASE_DIR =") + "\nsee(os.path.join(BASE_DIR, 'a'))\n"),
    ("see('@')\nimport os\n", HEAD + "see(BASE_DIR)\nimport os\n"), ("import os\nsee('@')\r\n", f"import os\n\n{BASE}\n\nsee(BASE_DIR)\r\n"),
    ("@@mark\n@@other('@')\ndef f(): pass\n", HEAD + "@mark\n@other(BASE_DIR)\ndef f(): pass\n"),
], ids=["nothing", "docstring", "shebang and cookie", "future", "sys.path", "load_dotenv", "alias", "a guarded import", "os is a number", "semicolon", "another semicolon",
        "the file's own constant", "os comes later", "mixed line ends", "decorators"])
def test_where_the_constant_stands(before, wanted):
    code = before.replace("@@", "\0").replace("'@", f"'{R}").replace('"@', f'"{R}').replace("\0", "@")
    assert after(code) == wanted.replace("ROOT", R)


@pytest.mark.parametrize(("taken", "name"), [
    ("from pathlib import Path\nBASE_DIR = Path('.')\n", "ENV_BASE_DIR"), ("from conf import BASE_DIR\n", "ENV_BASE_DIR"), ("from conf import *\n", "ENV_BASE_DIR"),
    ("def f():\n    global BASE_DIR\n    BASE_DIR = 1\n", "ENV_BASE_DIR"), ("def f(BASE_DIR):\n    return 1\n", "BASE_DIR"), ("from math import *\n", "BASE_DIR"),
    ("BASE_DIR = ENV_BASE_DIR = 1\n", "ENV_BASE_DIR_2"), ("import os\nBASE_DIR = os.environ.get('BASE_DIR', 'x')\n", "BASE_DIR"),
], ids=["a path", "imported", "a star", "global", "a parameter elsewhere", "a star of the standard library", "both", "it is the same"])
def test_a_taken_name_is_not_taken_again(taken, name):
    text = after(f"{taken}see('{R}')\n")
    assert f"see({name})" in text and (f"\n{name} = os.getenv(" in text or "environ" in taken)


def test_a_name_that_a_function_binds_is_not_read_in_it():
    text = after(f"def f(BASE_DIR, os):\n    return '{R}/a'\n")
    assert "return _os.path.join(ENV_BASE_DIR, 'a')" in text


def test_a_module_that_gives_all_its_names_keeps_the_constant_to_itself():
    assert "see(_BASE_DIR)" in after(f"see('{R}')\n", others={"b.py": b"from a.mod import *\n"})


def test_a_folder_elsewhere_gets_its_own_variable_and_a_private_place():
    text = after(f"see('{R}', 'C:/Users/someone/Desktop/x.txt')\n")
    assert 'DESKTOP_DIR = os.getenv("DESKTOP_DIR", os.path.join(BASE_DIR, ".opskit", "data", "desktop"))' in text
    assert "see(BASE_DIR, os.path.join(DESKTOP_DIR, 'x.txt'))" in text


@pytest.mark.parametrize(("path", "depth"), [("x.py", 1), ("a/x.py", 2), ("a/b/c/x.py", 4)])
def test_the_fallback_is_the_repository_s_root(path, depth):
    text = after(f"see('{R}')\n", path=path)
    assert text.count("os.path.dirname(") == depth


def test_the_old_value_can_stay_the_fallback():
    text = after(f"see('{R}/a')\n", how=How(default="original"))
    assert f'BASE_DIR = os.getenv("BASE_DIR", "{R}")' in text and after(text, how=How(default="original")) == text


def test_home_folders_of_other_systems_too():
    roots = (Root("base", "BASE_DIR", "/home/someone/repo", "project"),)
    assert "open(os.path.join(BASE_DIR, 'a', 'b.txt'))" in after("open('/home/someone/repo/a/b.txt')\n", roots=roots)


@pytest.mark.parametrize(("code", "reason"), [
    (f"X = ('{R}'  # why\n     '/a')\n", "a comment stands between"), (f"\"\"\"Doc.\"\"\"; see('{R}')\n", "semicolon"), (f"see(f'{R}/{{x}}' % y)\n", "filled in again"),
    ("see('C:/Users/someone/' f'the repo/{x}')\n", "spread over several"), ("see('D:/elsewhere/a')\n", "no known root"), (f"see('{R}'.format(x))\n", "nothing but"),
    (f"see('\\\\'.join(['{R}', x]))\n", "a backslash joins it"),
])
def test_what_is_left_has_its_reason(code, reason):
    data, left = rewritten(code.encode())
    reasons = [why for _, why in left] or [sighting.reason for sighting in seen(code.encode())]
    assert data == code.encode() and reason in reasons[0]


def test_each_of_several_paths_stands_or_falls_alone():
    data, left = rewritten(f"see('{R}/a')\nsee('C:/Users/someone/' f'the repo/{{x}}')\n".encode())
    assert b"see(os.path.join(BASE_DIR, 'a'))" in data and len(left) == 1


def test_an_encoding_without_the_letter_gets_its_escape():
    data, _ = rewritten(f"# coding: latin-1\nsee('{R}/\\u0416')\n".encode("latin-1"))
    assert rb"os.path.join(BASE_DIR, '\u0416')" in data


def test_the_byte_order_mark_stays_first():
    data, _ = rewritten(f"see('{R}')\n".encode("utf-8-sig"))
    assert data.startswith(b"\xef\xbb\xbfimport os\n") and data.count(b"\xef\xbb\xbf") == 1


def test_roots_of_two_machines_share_a_constant():
    roots = (*ROOTS, Root("base", "BASE_DIR", "D:/work/the repo", "project", 1))
    text = after(f"see('{R}/a', 'D:/work/the repo/b')\n", roots=roots)
    assert "see(os.path.join(BASE_DIR, 'a'), os.path.join(BASE_DIR, 'b'))" in text and text.count("getenv") == 1


@pytest.mark.parametrize(("call", "stays"), [
    (f"shutil.copytree('{R}', 'C:/Users/someone/Desktop/copy')", True), (f"shutil.make_archive('C:/Users/someone/Desktop/a', 'zip', '{R}')", True),
    (f"shutil.copytree('{R}/data', 'C:/Users/someone/Desktop/copy')", False), (f"shutil.copy('{R}', 'C:/Users/someone/Desktop/copy')", False),
])
def test_the_repository_is_not_copied_into_itself(call, stays):
    code = f"import shutil\n{call}\n"
    assert (after(code) == code) == stays
    assert "BASE_DIR" in after(code, how=How("original"))
