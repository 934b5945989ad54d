"""Which imports are the platform's own, the standard library's, or somebody else's."""

import pytest

from opskit.survey.python.closure import closure_of
from opskit.survey.python.index import index_of


def closure(tree, entry="s.py", cwd="."):
    return closure_of(index_of(tree), entry, cwd)


@pytest.mark.parametrize(("text", "expected"), [
    ("import os, json.decoder\nfrom __future__ import annotations", []),
    ("import flask", [("flask", "flask", False)]),
    ("import google.cloud.storage as s", [("google", "google.cloud.storage", False)]),
    ("from google.cloud import storage", [("google", "google.cloud.storage", False)]),
    ("from a.b import c", [("a", "a.b", False)]),
    ("def f():\n    import lazy", [("lazy", "lazy", False)]),
    ("try:\n    import fast\nexcept ImportError:\n    fast = None", [("fast", "fast", True)]),
    ("import fast\ntry:\n    import fast\nexcept ImportError: pass", [("fast", "fast", False)]),
    ("import importlib\nimportlib.import_module('plug')", [("plug", "plug", False)]),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import stubs", [("stubs", "stubs", True)]),
], ids=["stdlib", "plain", "dotted", "namespace", "from", "lazy", "optional", "needed elsewhere", "dynamic", "typing only"])
def test_third_party(platform, text, expected):
    assert [(i.name, i.dotted, i.optional) for i in closure(platform(s=text)).imports] == expected


OWN = {
    "beside the script": ({"s.py": "import other", "other.py": ""}, ["s.py", "other.py"]),
    "package": ({"s.py": "from pkg.mod import x", "pkg/__init__.py": "", "pkg/mod.py": ""}, ["s.py", "pkg/mod.py", "pkg/__init__.py"]),
    "submodule by name": ({"s.py": "from pkg import mod", "pkg/__init__.py": "", "pkg/mod.py": ""}, ["s.py", "pkg/mod.py", "pkg/__init__.py"]),
    "folder without __init__": ({"s.py": "from pkg import mod", "pkg/mod.py": ""}, ["s.py", "pkg/mod.py"]),
    "src layout": ({"s.py": "import lib", "src/lib.py": ""}, ["s.py", "src/lib.py"]),
    "through another": ({"s.py": "import a", "a.py": "import b", "b.py": ""}, ["s.py", "a.py", "b.py"]),
    "circle": ({"s.py": "import a", "a.py": "import s"}, ["s.py", "a.py"]),
    "added to sys.path": ({"s.py": "import sys\nsys.path.insert(0, 'tools/x')\nimport helper", "tools/x/helper.py": ""}, ["s.py", "tools/x/helper.py"]),
    "added by its file": ({"s.py": "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), 'deep'))\nimport helper",
                           "deep/helper.py": ""}, ["s.py", "deep/helper.py"]),
    "shadows the standard library": ({"s.py": "import calendar", "calendar.py": ""}, ["s.py", "calendar.py"]),
}


@pytest.mark.parametrize(("files", "expected"), OWN.values(), ids=OWN.keys())
def test_own_files(platform, files, expected):
    found = closure(platform(files))
    assert (sorted(found.files), found.imports) == (sorted(expected), ())
    assert found.files[0] == "s.py"


def test_relative_imports(platform):
    tree = platform({"pkg/__init__.py": "", "pkg/s.py": "from . import a\nfrom .sub.b import x\nfrom ..top import y", "pkg/a.py": "",
                     "pkg/sub/b.py": "", "top.py": ""})
    assert sorted(closure(tree, "pkg/s.py").files) == ["pkg/__init__.py", "pkg/a.py", "pkg/s.py", "pkg/sub/b.py", "top.py"]


def test_a_folder_named_like_a_package_does_not_hide_it(platform):
    tree = platform({"s.py": "from redis import Redis", "redis/setup.py": ""})
    assert [i.name for i in closure(tree).imports] == ["redis"]
