"""Addresses whose port is filled in: by `%`, `format`, joined strings, and constants of the same file; and what only looks so."""

import pytest

from opskit.core.tree import Tree
from opskit.ports.sightings import OPEN, sighted

from .conftest import lay

HEAD = "HOST = 'localhost'\nPORT = 5000\n"
JS = "const HOST = 'localhost';\nconst PORT = 5000;\n"


def seen(root, path, text):
    lay(root, {path: text})
    tree = Tree(root)
    found = list(sighted(tree, path))
    assert all((tree.read(path) or b"")[s.place.start : s.place.end] == str(s.port).encode() for s in found)
    return [(s.port, s.urls) for s in found]


@pytest.mark.parametrize(("path", "text", "urls"), [
    ("a.py", "call('http://localhost:%d/x/y' % 5000)", ("/x/y",)),
    ("a.py", "call('http://localhost:%d' % (5000,))", ()),
    ("a.py", "PORT = 5000\ncall('http://localhost:%s/x' % PORT)", ("/x",)),
    ("a.py", "call('http://localhost:{}/x'.format(5000))", ("/x",)),
    ("a.py", "PORT = 5000\ncall('http://127.0.0.1:{0}/x'.format(PORT))", ("/x",)),
    ("a.py", "call('http://localhost:{:d}'.format(5000))", ()),
    ("a.py", "call('http://%s:%d/x' % ('localhost', 5000))", ()),
    ("a.py", "call('http://{}:{}/x'.format('localhost', 5000))", ()),
    ("a.py", "call('{0}:{1}'.format('localhost', 5000))", ()),
    ("a.py", HEAD + "call(f'http://{HOST}:{PORT}/x')", ("/x",)),
    ("a.py", "PORT = 5000\ncall(f'http://localhost:{PORT}/x')", ("/x",)),
    ("a.py", "PORT = 5000\ncall('http://localhost:' + str(PORT))", ()),
    ("a.py", HEAD + "call('http://' + HOST + ':' + str(PORT) + '/x')", ()),
    ("a.js", JS + "fetch(`http://${HOST}:${PORT}/x/${id}`)", (f"/x/{OPEN}",)),
    ("a.js", "const PORT = 5000;\nfetch('http://localhost:' + PORT + '/x')", ()),
    ("a.ts", "const host: string = 'localhost';\nconst port = 5000;\nfetch(`http://${host}:${port}`)", ()),
], ids=["percent", "percent of a tuple", "percent of a constant", "format", "format of a constant", "format with a type", "percent of both", "format of both",
        "format of both by number", "two constants", "one constant", "joined", "two constants joined", "a template's constants", "joined in a script", "with a type"])
def test_a_filled_in_port_is_a_mention(tmp_path, path, text, urls):
    assert seen(tmp_path, path, text) == [(5000, urls)]


@pytest.mark.parametrize("text", [
    "x = '%d of 5000' % 5000", "x = 'localhost:%d' % n", "x = 'localhost:%d' % (a.b, 5000)", "x = 'localhost: %d' % 5000", "x = 'localhost:%d' % 5000.5",
    "x = 'localhost:{}'.format(n)", "x = 'localhost:{name}'.format(5000)", "x = '{} {}'.format('localhost', 5000)", "x = 'localhost' + str(5000)",
    "HOST = 'localhost'\nTIMEOUT = 5000\nx = f'{HOST}/{TIMEOUT}'", "HOST = 'localhost'\nPORT = 5000\nPORT = 5001\nx = f'{HOST}:{PORT}'",
    "HOST = 'example.com'\nPORT = 5000\nx = f'{HOST}:{PORT}'", "GHOST = 'localhost'\nHOST = 'x'\nPORT = 5000\nx = f'{HOST}:{PORT}'",
    "PORT = 5000\nx = 'localhost:' + PORT.name", "x = 'localhost:%d' % 70000",
], ids=["no host", "an unknown name", "another's value first", "a space", "no whole number", "an unknown name in format", "a named hole", "no colon", "nothing between",
        "a path", "a constant given twice", "another host", "a longer name", "an attribute", "no port"])
def test_a_decoy_is_no_mention(tmp_path, text):
    assert seen(tmp_path, "a.py", text) == []
