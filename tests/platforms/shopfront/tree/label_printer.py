# prints the address labels on the Zebra. The shop posts {"text": "...", "copies": 2} to /print
import json
import os
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer

import config
from etiketten import etikette

try:
    import winsound             # beep when done, only on the shop PC
except ImportError:
    winsound = None


class LabelHandler(BaseHTTPRequestHandler):
    timeout = 8000

    def do_GET(self):
        if self.path == "/status":
            version = subprocess.run(["lp", "--version"], capture_output=True).stdout
            self.answer(200, {"printer": os.environ.get("PRINTER", "Zebra"), "lp": version.decode()})
        else:
            self.answer(404, {"error": "not found"})

    def do_POST(self):
        if self.path != "/print":
            return self.answer(404, {"error": "not found"})
        length = int(self.headers.get("Content-Length", 0))
        job = json.loads(self.rfile.read(length))
        text = etikette(job["text"])
        cmd = "echo '%s' | lp -d Zebra -n %s" % (text, job.get("copies", 1))
        subprocess.run(cmd, shell=True)
        if winsound:
            winsound.Beep(5000, 200)
        self.answer(200, {"printed": True})

    def answer(self, code, data):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())


def serve():
    httpd = HTTPServer(("0.0.0.0", config.LABEL_PORT), LabelHandler)
    print("label printer on", config.LABEL_PORT)
    httpd.serve_forever()


if __name__ == "__main__":
    serve()
