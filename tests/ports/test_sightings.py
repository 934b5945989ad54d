"""What counts as a mention of a port, with its exact digits, and what never does."""


import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.tree import Tree
from opskit.ports.sightings import OPEN, sighted
from opskit.ports.uses import uses

from .conftest import lay


def seen(root, path, text):
    lay(root, {path: text})
    tree = Tree(root)
    return tree, list(sighted(tree, path))


@pytest.mark.parametrize(("path", "text", "port", "urls", "role"), [
    ("a.js", "fetch('http://localhost:5000/api/auth/login')", 5000, ("/api/auth/login",), "reference"),
    ("a.js", "fetch(`http://localhost:5000/user/${id}/files?x=1`)", 5000, (f"/user/{OPEN}/files",), "reference"),
    ("a.js", "fetch('http://127.0.0.1:5000/user/' + id)", 5000, (f"/user/{OPEN}",), "reference"),
    ("a.js", "const BASE = 'http://localhost:5000'", 5000, (), "reference"),
    ("a.py", "url = f'http://localhost:5000{BASE}/post'", 5000, (f"{OPEN}/post",), "reference"),
    ("a.py", "url = f'http://localhost:{5000}/post'", 5000, ("/post",), "reference"),
    ("a.py", "s.connect(('localhost', 5000))", 5000, (), "reference"),
    ("a.json", '{"host": "localhost", "port": 5000}', 5000, (), "reference"),
    ("a.yml", "test: curl -f http://[::1]:5000/health", 5000, ("/health",), "reference"),
    ("a.html", '<a href="ws://host.docker.internal:5000/feed">', 5000, ("/feed",), "reference"),
    (".env", "API=http://localhost:5000\r\n", 5000, (), "reference"),
    ("a.sh", 'curl "http://localhost:${PORT:-5000}/health"', 5000, ("/health",), "default"),
    ("a.sh", "PORT=5000\ncurl http://localhost:$PORT/health", 5000, ("/health",), "default"),
    ("a.py", "PORT = int(os.getenv('P', '5000'))\nget(f'http://localhost:{PORT}/x')", 5000, ("/x",), "default"),
    ("a.bat", "start http://localhost:5000/", 5000, ("/",), "reference"),
    ("a.md", "open http://localhost:5000.", 5000, (), "doc"),
    ("a.py.backup_1", "get('http://localhost:5000/x')", 5000, ("/x",), "doc"),
    ("a.bat", "ngrok http 5000", 5000, (), "tunnel"),
    ("a.py", "ngrok.connect(5000, bind_tls=True)", 5000, (), "tunnel"),
    ("a.py", "P = 5000\nPopen(['ngrok', 'http', str(P), '--log=stdout'])", 5000, (), "tunnel"),
    ("a.js", "await localtunnel({ port: 5000 })", 5000, (), "tunnel"),
    ("a.sh", "cloudflared tunnel --url http://localhost:5000", 5000, (), "tunnel"),
    ("a.sh", "ssh -R 80:localhost:5000 nokey@localhost.run", 5000, (), "tunnel"),
    ("package.json", '{"wait": "wait-on tcp:5000"}', 5000, (), "reference"),
    ("a.py", "print('on 0.0.0.0:5000')", 5000, (), "bind"),
])
def test_a_mention_is_seen_with_its_digits_path_and_role(tmp_path, path, text, port, urls, role):
    tree, found = seen(tmp_path, path, text)
    assert [(s.port, s.urls, s.role) for s in found] == [(port, urls, role)]
    assert tree.read(path)[found[0].place.start : found[0].place.end] == str(port).encode()


@pytest.mark.parametrize("text", [
    "timeout = 5000", "price: 5000", "setTimeout(f, 5000)", "id=8000", "year 2019", "http://localhost/v5000", "localhost:{port}",
    "http://localhost:${port}/x", "http://example.com:5000/x", "mylocalhost:5000", "10.127.0.0.1:5000", "127.0.0.10:5000",
    "localhost:500000", "localhost:5000px", "localhost:70000", "localhost:05000", "v127.0.0.1", "'127.0.0.1:8080:80'", "ngrok http 5000.example",
    "new URL(req.url, 'http://localhost:9999')", "localhost:5.000", "host: 'localhost', timeout: 5000", "sleep 5000 # localhost",
    "requests.get(url, timeout=5000)  # 127.0.0.1", "COPY 5000 localhost", "localhost :5000", "0.0.0.0/0", "ngrok-5000", "ngrok version 5000",
    "version: localhost-5000", "#5000 localhost", "localhost,5000", "connect('db', 5000)", "PORT = 5000",
])
def test_a_decoy_is_never_a_mention(tmp_path, text):
    assert seen(tmp_path, "a.py", text)[1] == []


@given(number=st.integers(10, 65535), before=st.text(max_size=20), after=st.sampled_from(["", "/", "/x", " ", "'", '"', "\r\n", ",", ")", "?a=1"]))
def test_the_span_is_exactly_the_digits_whatever_stands_around(tmp_path_factory, number, before, after):
    text = before.replace("\0", "").replace("\r", "") + f" http://localhost:{number}{after}"
    tree, found = seen(tmp_path_factory.mktemp("t"), "a.txt", text.encode("utf-8", "replace"))
    spans = [tree.read("a.txt")[s.place.start : s.place.end] for s in found]
    assert str(number).encode() in spans and all(span.isdigit() for span in spans)


def test_the_same_number_in_the_same_braces_moves_along(tmp_path):
    tree, found = seen(tmp_path, "a.js", "const s = [{ name: 'x', url: 'http://localhost:5000/health', port: 5000 }, { port: 5000 }];")
    assert len(found) == 1 and [tree.read("a.js")[p.start : p.end] for p in found[0].also] == [b"5000"]


@pytest.mark.parametrize(("text", "comment"), [("# see http://localhost:5000", True), ("x = 'http://localhost:5000'  # a", False)])
def test_a_comment_is_told_from_code(tmp_path, text, comment):
    assert seen(tmp_path, "a.py", text)[1][0].comment is comment


def test_a_git_ignored_environment_file_is_read(platform):
    from opskit.ports.sightings import sightings

    survey = platform({".gitignore": ".env\n", ".env": "API=http://localhost:5000\n", "api/.env": "X=http://localhost:5001\n", "api/a.py": ""})
    assert [s.place.path for s in sightings(survey.tree)] == [".env", "api/.env"]


@pytest.mark.parametrize("text", ["ngrok http " + "--a " * 60 + "x", "ssh " + "a" * 5000, "x = " + "a.b || " * 2000 + "'http://localhost:5000'"], ids=["flags", "ssh", "chain"])
def test_a_long_line_is_read_to_its_end(tmp_path, text):
    tree, found = seen(tmp_path, "a.js", text)
    assert all(isinstance(uses(tree, s), tuple) for s in found)
