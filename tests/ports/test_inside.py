"""What is said inside of a container means the container: no move of a published port touches it, and no clash comes of it."""

import pytest

from opskit.ports import fix, rules
from opskit.ports.audit import Audit
from opskit.ports.stated.every import stated

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


@pytest.mark.parametrize(("dockerfile", "scope"), [
    pytest.param('FROM python\nCOPY . /app\nCMD ["./start.sh"]\n', "container", id="the image's command"),
    pytest.param("FROM python\nCOPY . /app\nCMD python register.py\n", "machine", id="another command"),
    pytest.param('FROM python\nCMD ["./restart.sh"]\n', "machine", id="another script"),
])
def test_a_script_that_an_image_starts_runs_inside_of_it(tmp_path, dockerfile, scope):
    lay(tmp_path, {"till/Dockerfile": dockerfile, "till/start.sh": "uvicorn register:app --port 8001\n", "till/register.py": "app = 1\n"})
    assert {e.scope for e in stated(surveyed(tmp_path)) if e.place.path == "till/start.sh"} == {scope}


def test_a_launcher_that_says_the_same_number_moves_with_the_code(tmp_path):
    lay(tmp_path, {"a/till.py": APP.format(8000), "b/stock.py": APP.format(8000), "run.sh": "python b/stock.py --port 8000\npython a/till.py --port 8000\n"})
    survey = surveyed(tmp_path)
    changed = {(e.path, e.start) for e in fix.plan(survey, rules.check(survey)).changes if e.path != "ports.toml"}
    assert changed == {("a/till.py", APP.index("{}")), ("run.sh", 54)}
