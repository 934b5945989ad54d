"""A package's development server, and the container that serves what it builds."""

import pytest

from opskit.ports.audit import Audit
from opskit.ports.facts import port_facts
from opskit.ports.rules import check

from .conftest import lay, surveyed

PACKAGE = '{"name": "desk", "scripts": {"dev": "vite"}}'
COMPOSE = "services:\n  desk:\n    build: ./desk\n    ports: ['8080:80']\n%s"


@pytest.mark.parametrize(("dockerfile", "more", "scope"), [
    ("FROM node AS b\nRUN npm run build\nFROM nginx:alpine\nCOPY --from=b /app/dist /usr/share/nginx/html\n", "", "machine"),
    ("FROM node AS b\nFROM --platform=linux/amd64 docker.io/library/caddy:2\nEXPOSE 80\n", "", "machine"),
    ("FROM node AS b\nFROM nginx\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n", "", "machine"),
    ("FROM node\nCMD [\"npx\", \"serve\", \"-s\", \"dist\", \"-l\", \"80\"]\n", "", "machine"),
    ("FROM node\nWORKDIR /app\nCOPY . .\nCMD [\"npm\", \"run\", \"dev\"]\n", "", "container"),
    ("FROM nginx\n", "    command: npm run dev\n", "container"),
    ("FROM node\nCMD [\"sh\", \"start.sh\"]\n", "", "container"),
], ids=["nginx", "Caddy on a platform", "nginx by name", "serve", "the development server", "compose runs it", "a script that nobody reads"])
def test_whose_the_development_server_s_port_is(tmp_path, dockerfile, more, scope):
    lay(tmp_path, {"compose.yaml": COMPOSE % more, "desk/Dockerfile": dockerfile, "desk/package.json": PACKAGE})
    audit = Audit(surveyed(tmp_path))
    assert {(f["service"], f["scope"]) for f in port_facts(audit) if f["port"] == 5173} == {("desk", scope)}


def test_a_server_of_its_own_is_the_container_s(tmp_path):
    files = {"compose.yaml": COMPOSE % "", "desk/Dockerfile": "FROM node\nCMD [\"node\", \"a.js\"]\n", "desk/package.json": '{"name": "desk"}',
             "desk/a.js": "require('fastify')().listen({ port: 5173 })"}
    lay(tmp_path, files)
    assert {f["scope"] for f in port_facts(Audit(surveyed(tmp_path))) if f["port"] == 5173} == {"container"}


def test_a_call_to_the_development_server_is_answered(tmp_path):
    files = {"compose.yaml": COMPOSE % "", "desk/Dockerfile": "FROM nginx\n", "desk/package.json": PACKAGE, "a.js": "fetch('http://localhost:5173/x')"}
    lay(tmp_path, files)
    assert "OPS-P002" not in {finding.code for finding in check(surveyed(tmp_path)).findings}
