"""Hands the firmware to the meters.  PORT comes from the environment (os.environ["FIRMWARE_PORT"] is gone)."""
import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8080"))
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "firmware")
SIZES = {2019: 5000, 2023: 8765}


class Firmware(SimpleHTTPRequestHandler):
    server_version = "wattgate/8080"

    def do_GET(self):
        if self.path == "/latest":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{PORT}/{max(SIZES)}.bin")
            self.end_headers()
            return
        super().do_GET()

    def do_PUT(self):
        self.send_error(405)


class Server(ThreadingHTTPServer):
    request_queue_size = 50


if __name__ == "__main__":
    server = Server(("", PORT), partial(Firmware, directory=FOLDER))
    server.serve_forever()
