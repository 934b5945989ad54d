import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from payouts.__main__ import make_app
from payouts.settings import PayoutSettings


class Bank(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def bank():
    server = HTTPServer(("127.0.0.1", 0), Bank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_app(monkeypatch, bank):
    monkeypatch.setenv("PAYOUTS_PROVIDER_TOKEN", "t0ken")
    monkeypatch.setenv("PAYOUTS_DATABASE_URL", "postgresql://localhost:8002/nowhere")
    app = make_app(PayoutSettings(provider_url=bank))
    assert len(app.router.routes()) >= 3
