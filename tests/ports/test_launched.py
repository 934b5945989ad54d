"""What launchers start: whose port it is when a script changes folders, sets FLASK_APP, or is one of several launchers."""

import pytest

from opskit.ports.audit import Audit
from opskit.ports.facts import port_facts
from opskit.ports.stated.every import stated
from opskit.survey.starting import started

from .conftest import lay, surveyed

FLASK = "from flask import *\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(port=5000)\n"
PAGE = "import streamlit as st\nst.write('hi')\n"
WINDOWS = "@echo off\r\nSET here=%~dp0\r\ncd %here:~0,-1%\r\n"
NEXT = "cd a\r\nset FLASK_APP=till_api.py\r\nstart cmd /k flask run -h localhost -p 5101\r\ncd ../\r\ncd b\r\nset FLASK_APP=stock_api.py\r\nstart cmd /k flask run -p 5102\r\n"
CASES = {
    "FLASK_APP of an earlier line": ({"ops/run.bat": WINDOWS + NEXT, "ops/a/till_api.py": FLASK, "ops/b/stock_api.py": FLASK}, {("till-api", 5101), ("stock-api", 5102)}),
    "a page that only its launcher makes a server": ({"run.bat": "start \"Sales\" cmd /k \"python -m streamlit run sales_page.py --server.port=8601\"\r\n", "sales_page.py": PAGE}, {("sales-page", 8601)}),
    "another machine's absolute folder": ({"run.bat": "start \"S\" cmd /k \"cd /d C:\\Users\\kim\\shop && streamlit run sales_page.py --server.port 8602\"\r\n", "sales_page.py": PAGE}, {("sales-page", 8602)}),
    "an absolute folder whose end is here": ({"run.sh": "cd /home/kim/shop/pages\nstreamlit run sales_page.py --server.port 8603\n", "pages/sales_page.py": PAGE}, {("sales-page", 8603)}),
    "the script's own folder, quotes escaped": ({"run.bat": "start \"S\" cmd /k \"cd /d \\\"%~dp0\\\" && streamlit run sales_page.py --server.port 8604\"\r\n", "sales_page.py": PAGE}, {("sales-page", 8604)}),
    "start's options before its title": ({"run.bat": "start /min \"Sales\" cmd /k \"python -m streamlit run sales_page.py --server.port=8611\"\r\n", "sales_page.py": PAGE}, {("sales-page", 8611)}),
    "PowerShell through cmd": ({"run.ps1": "Start-Process -FilePath \"cmd\" -ArgumentList \"/k\", \"streamlit run sales_page.py --server.port 8605\" -WindowStyle Normal\n", "sales_page.py": PAGE}, {("sales-page", 8605)}),
    "an absolute folder that nobody has": ({"run.sh": "cd /opt/shop\nuvicorn sales:app --port 8606\n", "sales.py": "app = 1\n"}, {("sales", 8606)}),
    "a file that is not here": ({"run.bat": "streamlit run gone_page.py --server.port 8607\r\n"}, {("gone-page", 8607)}),
    "modules that are not here": ({"run.sh": "uvicorn shop.till_api:app --port 8612 &\nuvicorn shop.stock_api:app --port 8613 &\n"}, {("till-api", 8612), ("stock-api", 8613)}),
    "a table of PowerShell": ({"run.ps1": "$all = @(\n  @{ Name = 'Sales'; Script = 'sales_page.py'; Port = 8614 }\n)\nforeach ($s in $all) {\n  Start-Process streamlit -ArgumentList \"run $($s.Script) --server.port $($s.Port)\"\n}\n", "sales_page.py": PAGE}, {("sales-page", 8614)}),
    "a function with parameters": ({"run.sh": "start() {\n  (cd \"$1\" && uvicorn main:app --port $2 &)\n}\nstart till 8615\nstart stock 8616\n", "till/main.py": "app = 1\n", "stock/main.py": "app = 1\n"}, {("till", 8615), ("stock", 8616)}),
    "recipes of a Makefile": ({"Makefile": "PORT ?= 8617\ntill:\n\tcd till && uvicorn app.main:app --port $(PORT)\nstock:\n\tcd stock && uvicorn app.main:app --port 8618\n", "till/app/main.py": "app = 1\n", "stock/app/main.py": "app = 1\n"}, {("till", 8617), ("stock", 8618)}),
    "a folder that is only served": ({"docs/serve.sh": 'PORT=${1:-8619}\ncd "$(dirname "$0")"\npython3 -m http.server "$PORT"\n'}, {("docs", 8619)}),
    "the folder of start /D": ({"run.bat": 'start "T" /D till cmd /k "uvicorn main:app --port 8620"\r\n', "till/main.py": "app = 1\n", "stock/main.py": "app = 1\n"}, {("till", 8620)}),
    "a variable that the code reads": ({"run.ps1": 'Start-Process powershell -ArgumentList "-NoExit", "-Command", "`$env:TILL_PORT = 8621; python till.py"\n', "till.py": FLASK.replace("port=5000", "port=int(os.environ.get('TILL_PORT', 5000))").replace("from", "import os\nfrom")}, {("till", 8621)}),
    "a command over several lines": ({"run.sh": "uvicorn \\\n  --port 8609 \\\n  sales:app &\n", "sales.py": "app = 1\n"}, {("sales", 8609)}),
    "a batch command over several lines": ({"run.bat": "streamlit run sales_page.py ^\r\n  --server.port 8610\r\n", "sales_page.py": PAGE}, {("sales-page", 8610)}),
    "a file called main is its project": ({"run.sh": "cd shop\nuvicorn main:app --port 8608\n", "shop/main.py": "app = 1\n", "shop/requirements.txt": ""}, {("shop", 8608)}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_a_launched_file_is_a_service_of_its_own(tmp_path, files, wanted):
    lay(tmp_path, files)
    assert {(e.service, e.port) for e in stated(surveyed(tmp_path)) if e.kind == "script"} == wanted


def test_what_flask_run_imports_never_runs_its_own_last_lines(tmp_path):
    lay(tmp_path, {"run.bat": WINDOWS + NEXT, "a/till_api.py": FLASK, "b/stock_api.py": FLASK})
    audit = Audit(surveyed(tmp_path))
    assert {(c.service.name, c.port) for c in audit.claims} == {("till-api", 5101), ("stock-api", 5102)} and not audit.clashes
    assert {(f["service"], f["port"]) for f in port_facts(audit) if f["role"] == "default"} == {("till-api", 5000), ("stock-api", 5000)}


def test_what_python_starts_runs_them(tmp_path):
    lay(tmp_path, {"run.bat": "start python a/till_api.py\r\nstart python b/stock_api.py\r\n", "a/till_api.py": FLASK, "b/stock_api.py": FLASK})
    assert set(Audit(surveyed(tmp_path)).clashes) == {(5000, "tcp")}


def launcher(*pages):
    return "".join(f"start cmd /k \"streamlit run {page}.py --server.port {port}\"\r\n" for page, port in pages)


@pytest.mark.parametrize(("first", "second", "clashes"), [
    pytest.param([("till", 8501), ("stock", 8502)], [("stock", 8501), ("till", 8502)], set(), id="both start the same"),
    pytest.param([("till", 8501), ("stock", 8502)], [("sales", 8501), ("stock", 8502)], set(), id="both start one of them"),
    pytest.param([("till", 8501)], [("stock", 8501)], {(8501, "tcp")}, id="each starts its own: side by side"),
    pytest.param([("till", 8501), ("stock", 8501)], [("till", 8501), ("stock", 8502)], {(8501, "tcp")}, id="one launcher, one port twice"),
])
def test_launchers_of_the_same_services_are_alternatives(tmp_path, first, second, clashes):
    lay(tmp_path, {"one.bat": launcher(*first), "two.bat": launcher(*second), **{f"{page}.py": PAGE for page in ("till", "stock", "sales")}})
    assert set(Audit(surveyed(tmp_path)).clashes) == clashes


SERVER = "const express = require('express');\nconst app = express();\napp.listen(Number(process.env.PORT));\n"


@pytest.mark.parametrize(("files", "wanted"), [
    pytest.param({".env.template": "PORT=4000\n"}, {("api", 4000, "low")}, id="a template is all there is"),
    pytest.param({".env.template": "PORT=4000\n", ".env": "PORT=4100\n"}, {("api", 4100, "medium")}, id="the .env itself"),
    pytest.param({".env.template": "DATABASE_PORT=4000\n"}, set(), id="another variable"),
])
def test_a_template_tells_a_port_that_nothing_else_does(tmp_path, files, wanted):
    lay(tmp_path, {"api/package.json": '{"name": "api", "scripts": {"start": "node index.js"}}', "api/index.js": SERVER, **{f"api/{p}": t for p, t in files.items()}})
    assert {(c.service.name, c.port, c.bind.confidence) for c in Audit(surveyed(tmp_path)).claims} == wanted


def test_what_compose_runs_is_no_clash_with_the_same_started_by_hand(tmp_path):
    compose = "services:\n  shop:\n    image: ghcr.io/kim/shop:1\n    ports: ['3000:3000']\n"
    lay(tmp_path, {"compose.yml": compose, "shop/package.json": '{"name": "all"}', "shop/apps/page/package.json": '{"name": "page", "scripts": {"dev": "next dev -p 3000"}}',
                   "shop/apps/desk/package.json": '{"name": "desk", "scripts": {"dev": "next dev -p 3001"}}'})
    assert not Audit(surveyed(tmp_path)).clashes


def test_a_local_name_is_not_looked_for_in_another_crate(tmp_path):
    rust = "async fn run(){{ {0} let l = tokio::net::TcpListener::bind(&addr).await; }}\n"
    lay(tmp_path, {"crates/a/Cargo.toml": "[package]\nname = 'a'\n", "crates/a/src/server.rs": rust.format('let addr = "127.0.0.1:9100";'),
                   "crates/b/Cargo.toml": "[package]\nname = 'b'\n", "crates/b/src/server.rs": rust.format("let addr = pick();")})
    assert {(e.service, e.port) for e in stated(surveyed(tmp_path))} == {("a", 9100)}


@pytest.mark.parametrize(("text", "port", "host"), [
    ("gunicorn --bind=${HOST:-0.0.0.0}:${PORT:-8000} pages.wsgi", 8000, "${HOST:-0.0.0.0}"),
    ("gunicorn -b 127.0.0.1:8001 pages.wsgi", 8001, "127.0.0.1"),
    ("gunicorn -b :$PORT pages.wsgi", None, ""),
])
def test_an_application_of_gunicorn(tmp_path, text, port, host):
    lay(tmp_path, {"shop/__init__.py": "", "shop/manage.py": "", "shop/pages/__init__.py": "", "shop/pages/wsgi.py": "application = 1\n"})
    found = started(surveyed(tmp_path).tree, text, "tools")[0]
    assert (found.entry, found.port, found.host, found.variable) == ("shop/pages/wsgi.py", port, host, "PORT" if "PORT" in text else "")
