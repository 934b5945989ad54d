"""Processes that platform files declare: Procfile, compose files, scripts."""

import json

import pytest

from opskit.core.tree import Tree
from opskit.survey.declared import declared


def build(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


FILES = {"gate/in.js": "listen(process.env.GATE_PORT || 7101)", "web/in.js": "const { PORT } = process.env", "app.py": "", "pkg/main.py": "", "server.js": "", "manage.py": "", "package.json": json.dumps({"scripts": {"start": "node server.js"}})}
LINES = {
    "gunicorn with a variable": ("gunicorn app:app -b 0.0.0.0:$PORT", "app.py", None, "PORT"),
    "gunicorn with a default": ("gunicorn --bind=:${PORT:-8080} app:app", "app.py", 8080, "PORT"),
    "uvicorn": ("uvicorn pkg.main:app --host 0.0.0.0 --port 8001", "pkg/main.py", 8001, ""),
    "uvicorn through the interpreter": ("python -m uvicorn pkg.main:app", "pkg/main.py", 8000, "UVICORN_PORT"),
    "another folder first": ("cd pkg && uvicorn main:app --port 8002", "pkg/main.py", 8002, ""),
    "flask": ("flask run -p 5050", "app.py", 5050, ""),
    "flask by name": ("FLASK_APP=pkg/main.py flask run", "pkg/main.py", 5000, "FLASK_RUN_PORT"),
    "django": ("python manage.py runserver 0.0.0.0:8123", "manage.py", 8123, ""),
    "a script": ("python app.py", "app.py", None, None),
    "node": ("node server.js", "server.js", None, None),
    "node with a variable that it reads": ("PORT=7200 node web/in.js", "web/in.js", 7200, "PORT"),
    "node with a variable of others": ("PORT=7200 node gate/in.js", "gate/in.js", None, None),
    "npm": ("npm start", "server.js", None, None),
    "a shell": ("sh -c 'exec node server.js'", "server.js", None, None),
    "after a migration": ("python manage.py migrate && gunicorn app:app -b :9000", "app.py", 9000, ""),
    "through poetry": ("poetry run uvicorn pkg.main:app --port 8003", "pkg/main.py", 8003, ""),
    "nothing of ours": ("nginx -g 'daemon off;'", "", None, None),
}


@pytest.mark.parametrize(("line", "entry", "port", "variable"), LINES.values(), ids=LINES)
def test_a_procfile_s_line(tmp_path, line, entry, port, variable):
    tree = build(tmp_path, {**FILES, "Procfile": f"# é\nweb: {line}\n"})
    (found,) = declared(tree)
    assert (found.name, found.kind, found.entry) == ("web", "server", entry)
    assert [(b.port, b.variable) for b in found.ports] == ([] if variable is None else [(port, variable)])
    for bind in (b for b in found.ports if b.editable):
        assert tree.read("Procfile")[bind.place.start : bind.place.end] == str(port).encode()


def test_a_procfile_s_other_lines_are_workers_and_release_is_none(tmp_path):
    tree = build(tmp_path, {"Procfile": "release: python m.py\nworker: celery -A app worker\nclock: python c.py\n", "c.py": ""})
    assert [(d.name, d.kind, d.entry) for d in declared(tree)] == [("worker", "worker", ""), ("clock", "worker", "c.py")]


@pytest.mark.parametrize(("line", "command", "cwd"), [
    ("node server.js", ("node", "server.js"), "."),
    ("cd pkg && python main.py", ("python", "main.py"), "pkg"),
    ("exec node server.js", ("node", "server.js"), "."),
    ("A=1 node server.js", ("node", "server.js"), "."),
    ("node a.js && node server.js", ("sh", "-c", "node a.js && node server.js"), "."),
    ("npm start", ("npm", "start"), "."),
])
def test_the_command_can_be_run_as_it_is(tmp_path, line, command, cwd):
    (found,) = declared(build(tmp_path, {**FILES, "Procfile": f"web: {line}\n"}))
    assert (found.command, found.cwd) == (command, cwd)


PORTS = {
    '"8080:80"': [(8080, "tcp", "", "")],
    "8080:80": [(8080, "tcp", "", "")],
    "'127.0.0.1:8081:80'": [(8081, "tcp", "127.0.0.1", "")],
    '"[::1]:8082:80"': [(8082, "tcp", "::1", "")],
    '"5353:53/udp"': [(5353, "udp", "", "")],
    '"${WEB_PORT:-8083}:80"': [(8083, "tcp", "", "WEB_PORT")],
    '"$WEB_PORT:80"': [(None, "tcp", "", "WEB_PORT")],
    '"9000-9002:9000-9002"': [(9000, "tcp", "", ""), (9001, "tcp", "", ""), (9002, "tcp", "", "")],
    '"3000"': [],
    "{ target: 80, published: 8084, protocol: tcp }": [(8084, "tcp", "", "")],
    '{ target: 80, published: "8085", host_ip: 127.0.0.1 }': [(8085, "tcp", "127.0.0.1", "")],
    '"${ANY}"': [],
}


@pytest.mark.parametrize(("item", "expected"), PORTS.items(), ids=PORTS)
def test_compose_publishes(tmp_path, item, expected):
    tree = build(tmp_path, {"compose.yml": f"# é\nservices:\n  web:\n    image: x\n    ports:\n      - {item}\n"})
    (found,) = declared(tree)
    assert [(b.port, b.protocol, b.host, b.variable) for b in found.ports] == expected
    for bind in found.ports:
        assert bind.via[0] == "compose publish"
        assert not bind.editable or tree.read("compose.yml")[bind.place.start : bind.place.end] == str(bind.port).encode()


COMPOSE = """
x-common: &common
  environment: { MODE: prod, NAME: "${WHO:-me}", KEY: $SECRET }
services:
  api:
    <<: *common
    build: ./api
    depends_on: { db: { condition: service_healthy } }
    profiles: [full]
  web:
    build: { context: ./web, dockerfile: Dockerfile.dev }
    command: ["node", "/app/server.js"]
    environment: [A=1, B]
    depends_on: [api]
  db: { image: postgres }
"""


def test_compose_services(tmp_path):
    docker = "FROM python\nWORKDIR /srv\nENV X=1\nEXPOSE 8000\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]\n"
    files = {"docker-compose.yml": COMPOSE, "api/Dockerfile": docker, "api/main.py": "", "web/Dockerfile.dev": "FROM node\nWORKDIR /app\n", "web/server.js": ""}
    api, web, db = declared(build(tmp_path, files))
    assert (api.entry, api.command, api.cwd, api.depends_on, api.profile) == (
        "api/main.py", ("uvicorn", "main:app", "--port", "8000"), "api", ("db",), "full")
    assert (dict(api.env), [b.port for b in api.ports]) == ({"X": "1", "MODE": "prod", "NAME": "me"}, [8000])
    assert (web.entry, web.depends_on, dict(web.env), db.command) == ("web/server.js", ("api",), {"A": "1"}, ())


def test_what_only_an_image_holds_has_no_command(tmp_path):
    text = "services:\n  web: { image: node, working_dir: /app, volumes: ['.:/app'], command: node server.js }\n  bucket: { image: minio, command: server /data }\n"
    web, bucket = declared(build(tmp_path, {"compose.yml": text, "server.js": ""}))
    assert (web.command, web.entry, bucket.command) == (("node", "server.js"), "server.js", ())


@pytest.mark.parametrize("text", ["", "services:", "services: [a]", "a: [", "services: {web: null}", "\t- x", "services:\n  web: &a\n    self: *a\n"])
def test_no_compose_file_raises(tmp_path, text):
    assert declared(build(tmp_path, {"compose.yaml": text})) in ((), declared(Tree(tmp_path)))


def test_scripts_that_start_python_or_a_worker_are_declared(tmp_path):
    scripts = {"api": "uvicorn app:app --port 8000", "worker": "node worker.js", "start": "node server.js", "test": "pytest"}
    tree = build(tmp_path, {"package.json": json.dumps({"name": "p", "scripts": scripts}), "app.py": "", "worker.js": "", "server.js": ""})
    assert [(d.profile, d.kind, d.entry) for d in declared(tree)] == [("api", "server", "app.py"), ("worker", "worker", "worker.js")]
