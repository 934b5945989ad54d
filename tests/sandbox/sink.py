"""A webhook receiver: keeps what it gets, answers as it is told."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


class Sink(ThreadingHTTPServer):
    """`answers` are the statuses of the next deliveries, 200 after them; `got` holds (path, body, signature) in order."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.got, self.answers = [], []
        self.origin = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def events(self, secret):
        """What came, each accepted by the official library or an error."""
        return [stripe.Webhook.construct_event(body, signature, secret) for _, body, signature in self.got]


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.got.append((self.path, body, self.headers["stripe-signature"]))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass
