"""`opskit up` with `[stripe] sandbox = true`: an unchanged program sells in a Stripe that runs beside it."""

import json
import subprocess
import sys

import httpx
import pytest

from tests.loopback import free_port

APP = """
import os, stripe
from http.server import BaseHTTPRequestHandler, HTTPServer

stripe.api_key = os.environ["STRIPE_SECRET_KEY"]

class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        name = stripe.Product.create(name="One").name if self.path == "/buy" else "shop"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(name.encode())

HTTPServer(("127.0.0.1", PORT), Shop).serve_forever()
"""
MANIFEST = """version = 1
[project]
name = "shop"
[stripe]
sandbox = true
base = "http://127.0.0.1:SANDBOX"
[services.shop]
command = "PYTHON app.py"
"""


def opskit(root, *words):
    return subprocess.run([sys.executable, "-m", "opskit", "--root", root, *words], capture_output=True, text=True, timeout=120)


@pytest.fixture
def shop(tmp_path):
    port, sandbox = free_port(), free_port()
    (tmp_path / "app.py").write_text(APP.replace("PORT", str(port)))
    (tmp_path / ".env").write_text("STRIPE_SECRET_KEY=sk_test_0123456789abcdef0123\n")
    (tmp_path / "opskit.toml").write_text(MANIFEST.replace("SANDBOX", str(sandbox)).replace("PYTHON", sys.executable))
    yield tmp_path, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox}"
    opskit(tmp_path, "down")


@pytest.mark.slow
def test_up_runs_the_sandbox_and_the_program_reaches_it(shop):
    root, app, sandbox = shop
    done = opskit(root, "up", "--detach", "--yes", "--json")
    services = {each["name"]: each["state"] for each in json.loads(done.stdout)["facts"]["services"]}
    assert done.returncode == 0 and services == {"stripe-sandbox": "ready", "shop": "ready"}, done.stderr
    assert httpx.get(f"{app}/buy", timeout=30).text == "One"
    asked = httpx.get(f"{sandbox}/_sandbox/requests").json()
    assert [(each["method"], each["path"], each["status"]) for each in asked] == [("POST", "/v1/products", 200)]
    assert opskit(root, "down").returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox)


@pytest.mark.slow
def test_without_any_key_the_services_get_one_that_the_sandbox_takes_and_nothing_is_written(shop):
    root, app, _ = shop
    (root / ".env").unlink()
    done = opskit(root, "up", "--detach", "--yes")
    assert done.returncode == 0 and "made-up test key" in done.stderr, done.stderr
    assert httpx.get(f"{app}/buy", timeout=30).text == "One"
    assert "sk_test" not in ((root / ".env").read_text() if (root / ".env").exists() else "")
