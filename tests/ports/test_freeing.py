"""The review fix: the port comes from the environment, and a taken port is told with its holder."""

import os
import re
import socket
import subprocess
import sys

import pytest

from opskit.core.settle import settle
from opskit.ports.audit import Audit
from opskit.ports.fix import plan
from opskit.ports.rules import check
from opskit.source.proof import prove

from .conftest import lay, surveyed

INLINE = '"""A shop."""\nfrom flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(host="127.0.0.1", port=8010)\n'
CONSTANT = "import os\nfrom flask import Flask\n\nPORT = 8010\napp = Flask(__name__)\nprint(PORT)\napp.run(port=PORT)\n"
WITH = "import socketserver\n\nwith socketserver.TCPServer(('127.0.0.1', 8010), socketserver.BaseRequestHandler) as server:\n    server.serve_forever()\n"
NODE = "const http = require('http');\nhttp.createServer((q, s) => s.end()).listen(8010, '127.0.0.1');\n"
FILES = {"inline": ("shop.py", INLINE), "constant": ("shop.py", CONSTANT), "with": ("shop.py", WITH), "windows": ("shop.py", INLINE.replace("\n", "\r\n")),
         "node": ("shop.js", NODE)}


def freed(root, path, text):
    (root / path).write_bytes(text.encode())
    survey = surveyed(root)
    settled = settle(plan(survey, check(survey), review=True), survey.tree.read, prove)
    assert not settled.dropped
    for each in settled.rewrites:
        (root / each.path).write_bytes(each.after)
    return (root / path).read_bytes().decode()


@pytest.mark.parametrize(("path", "text"), FILES.values(), ids=FILES)
def test_the_port_comes_from_the_environment_and_the_audit_still_knows_it(tmp_path, path, text):
    done = freed(tmp_path, path, text)
    bind = Audit(surveyed(tmp_path)).claims[0].bind
    assert "SHOP_PORT" in done and (bind.port, bind.variable) == (8010, "SHOP_PORT")
    assert (("\r\n" in text) == ("\r\n" in done) and not re.search(r"(?<!\r)\n", done.replace("\r\n", ""))) or "\r\n" not in text


@pytest.mark.parametrize(("path", "text"), FILES.values(), ids=FILES)
def test_a_second_run_changes_nothing(tmp_path, path, text):
    freed(tmp_path, path, text)
    survey = surveyed(tmp_path)
    assert not [c for c in plan(survey, check(survey), review=True).changes if c.path == path]


def test_without_review_it_is_only_counted(tmp_path):
    lay(tmp_path, {"shop.py": INLINE})
    survey = surveyed(tmp_path)
    planned = plan(survey, check(survey))
    assert (planned.changes, planned.held_back) == ((), 1)


@pytest.mark.parametrize("text", [
    "from flask import Flask\nimport sys\nFlask(__name__).run(port=int(sys.argv[1]))\n",
    "from flask import Flask\nif True: Flask(__name__).run(port=8010)\n",
    "import os\nfrom flask import Flask\nFlask(__name__).run(port=int(os.getenv('P', 8010)))\n",
], ids=["argv", "no line of its own", "a variable already"])
def test_what_is_no_plain_literal_is_left_alone(tmp_path, text):
    lay(tmp_path, {"shop.py": text})
    survey = surveyed(tmp_path)
    assert not plan(survey, check(survey), review=True).changes


def test_what_cannot_be_rewritten_is_told_with_its_reason(tmp_path):
    lay(tmp_path, {"shop.py": "from flask import Flask\nif True: Flask(__name__).run(port=8010)\n"})
    survey = surveyed(tmp_path)
    assert [each.reason for each in plan(survey, check(survey), review=True).skipped] == ["shop: its call is not a plain one below the file's imports"]


def test_a_moved_service_reads_its_new_port(tmp_path):
    lay(tmp_path, {"till.py": INLINE.replace("shop", "till"), "page.js": "fetch('http://localhost:8010/')\n", "requirements.txt": "flask\n",
                   "b/shop.py": "from bottle import run, route\n\n\n@route('/b')\ndef b():\n    return ''\n\n\nrun(port=8010)\n", "b/requirements.txt": ""})
    survey = surveyed(tmp_path)
    settled = settle(plan(survey, check(survey), review=True), survey.tree.read, prove)
    said = {port for each in settled.rewrites for port in re.findall(rb'_PORT", "(\d+)"', each.after or b"")}
    assert not settled.dropped and said == {b"8010", b"8011"}


def test_the_holder_is_named(tmp_path):
    freed(tmp_path, "shop.py", WITH)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([sys.executable, "shop.py"], cwd=tmp_path, env={**os.environ, "SHOP_PORT": str(port)}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"port {port} is held by process {os.getpid()}" in done.stderr
