"""What is said inside of a container means the container: no move of a published port touches it, and no clash comes of it."""

import pytest

from opskit.ports import fix, rules
from opskit.ports.audit import Audit

from .conftest import lay, surveyed

APP = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port={})\n"
COMPOSE = """services:
  till:
    image: acme/till
    command: serve --listen 0.0.0.0:8000
    ports: ["8000:8000"]
    healthcheck:
      test: ["CMD", "curl", "http://localhost:8000/health"]
  stock:
    image: acme/stock
    command: serve --listen 0.0.0.0:8000
    ports: ["8000:8000"]
"""


def test_a_published_port_moves_alone(tmp_path):
    lay(tmp_path, {"compose.yml": COMPOSE})
    survey = surveyed(tmp_path)
    changed = [e for e in fix.plan(survey, rules.check(survey)).changes if e.path == "compose.yml"]
    assert len(changed) == 1 and COMPOSE.encode()[: changed[0].start].endswith(b'ports: ["')


@pytest.mark.parametrize(("dockerfile", "clashes"), [
    pytest.param("FROM python\nCOPY till/ /app\nCMD python app.py\n", set(), id="the image copies its folder"),
    pytest.param("FROM python\nCOPY stock/ /app\nCMD python app.py\n", {8000}, id="the image copies another folder"),
    pytest.param("FROM python\nCOPY --from=base /till /app\nCMD python app.py\n", {8000}, id="from another image"),
])
def test_what_an_image_copies_is_no_second_service(tmp_path, dockerfile, clashes):
    compose = "services:\n  web:\n    build: {context: ., dockerfile: docker/web.Dockerfile}\n    ports: ['8000:8000']\n"
    lay(tmp_path, {"compose.yml": compose, "docker/web.Dockerfile": dockerfile, "till/register.py": APP.format(8000), "stock/readme.txt": ""})
    assert {port for port, _ in Audit(surveyed(tmp_path)).clashes} == clashes


def test_a_context_that_only_the_root_has(tmp_path):
    compose = "services:\n  web:\n    build: ./till\n    ports: ['8000:8000']\n"
    lay(tmp_path, {"ops/compose.yml": compose, "till/Dockerfile": "FROM python\n", "till/register.py": APP.format(8000)})
    assert not Audit(surveyed(tmp_path)).clashes
