"""The shared base as a real process in front of a real PostgreSQL that comes and goes."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from opskit.pg.embedded import prepare
from opskit.pg.running import running
from tests.loopback import free_port

KEY = "test-key-" + "k" * 32


@contextmanager
def service(url, port, **env):
    environ = {**os.environ, "DATABASE_URL": url, "ANALYTICS_INTERNAL_KEY": KEY, "PORT": str(port), **env}
    process = subprocess.Popen([sys.executable, "-m", "opskit.backend.analytics"], env=environ, stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {KEY}"}, timeout=10) as client:
            yield client, process
    finally:
        process.terminate()
        process.communicate(timeout=15)


def until(client, path, status, limit=25):
    ends = time.monotonic() + limit
    while time.monotonic() < ends:
        try:
            answer = client.get(path)
            if answer.status_code == status:
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{path} never answered {status}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = prepare(tmp_path_factory.mktemp("platform"), "backend", free_port())
    yield server
    shutil.rmtree(server.home)


@pytest.fixture(scope="module")
def healthy(server):
    with running(server), service(server.url.reveal(), free_port()) as (client, _):
        until(client, "/readyz", 200)
        yield client


def test_it_starts_without_its_database_answers_503_and_heals_twice(server):
    with service(server.url.reveal(), free_port()) as (client, _):
        until(client, "/healthz", 200)
        away = client.post("/events", json={"name": "signup"})
        assert away.status_code == 503 and away.headers["retry-after"] and away.headers["content-type"] == "application/problem+json"
        for _ in range(2):
            with running(server):
                until(client, "/readyz", 200)
                assert client.post("/events", json={"name": "signup"}).status_code == 202
            assert until(client, "/readyz", 503).json()["status"] == 503
            assert client.get("/healthz").status_code == 200


def test_events_are_counted_by_name(healthy):
    for name in ("open", "open", "close"):
        assert healthy.post("/events", json={"name": name, "properties": {"page": "/"}}).status_code == 202
    counts = {row["name"]: row["events"] for row in healthy.get("/events/summary?days=1").json()}
    assert (counts["open"], counts["close"]) == (2, 1)


@pytest.mark.parametrize(("body", "status"), [({"name": ""}, 422), ({"name": "a b"}, 422), ({"name": "x", "properties": {"a": {}}}, 422), ([], 422)])
def test_a_wrong_shape_is_a_problem_with_its_places(healthy, body, status):
    answer = healthy.post("/events", json=body)
    assert answer.status_code == status and answer.json()["errors"] and answer.json()["request_id"] == answer.headers["x-request-id"]


def test_a_body_over_the_limit_is_refused(healthy):
    assert healthy.post("/events", content=b"x" * (1 << 20) + b"x").status_code == 413


def test_a_wrong_key_and_an_unknown_path_are_problems_too(healthy):
    refused = healthy.post("/events", json={"name": "x"}, headers={"Authorization": "Bearer no"})
    assert refused.status_code == 401 and refused.json()["title"] == "Unauthorized"
    assert healthy.get("/nowhere").headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("env", "said"), [
    ({"ANALYTICS_INTERNAL_KEY": ""}, "ANALYTICS_INTERNAL_KEY must be a real secret"), ({"ANALYTICS_INTERNAL_KEY": "short-and-weak"}, "ANALYTICS_INTERNAL_KEY"),
    ({"ANALYTICS_INTERNAL_KEY": "your_secret_here_" + "x" * 30}, "ANALYTICS_INTERNAL_KEY"), ({"DATABASE_URL": "mysql://root:hunter2hunter@h/x"}, "DATABASE_URL must start"),
], ids=["empty", "weak", "placeholder", "not PostgreSQL"])
def test_it_refuses_to_start_without_its_secrets_and_shows_no_value(env, said):
    with service("postgresql://u:p@127.0.0.1:1/x", free_port(), **env) as (_, process):
        _, err = process.communicate(timeout=20)
    told = err.decode()
    assert process.returncode == 2 and said in told
    assert not any(value in told for value in env.values() if value)
