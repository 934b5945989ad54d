"""One service, one value: what files show, what declarations add, and which name it gets."""

from pathlib import Path

import pytest

from opskit.core.tree import Tree
from opskit.survey.services import find_services, find_unresolved

FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.route('/a')\ndef a(): ...\nif __name__ == '__main__':\n    app.run(port=%d)\n"


def tree_of(root: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Tree(root)


@pytest.mark.parametrize(("files", "names"), [
    (("billing/server.py", "billing/reports.py"), ["reports", "server"]),
    (("billing/web_server.py", "billing/api_server.py"), ["api-server", "web-server"]),
    (("billing/main.py", "billing/reports.py"), ["billing", "reports"]),
    (("a/mcp_server.py", "b/mcp_server.py"), ["a", "b"]),
    (("billing/app.py", "billing/main.py"), ["billing", "billing-main"]),
], ids=["server among others", "kinds beside each other", "main is the folder", "one each", "two for one folder"])
def test_a_folder_of_several_servers_names_none_of_them_alone(tmp_path, files, names):
    assert sorted(s.name for s in find_services(tree_of(tmp_path, {path: FLASK % (5000 + i) for i, path in enumerate(files)}))) == names


def test_an_image_called_like_a_file_runs_it(tmp_path):
    compose = "services:\n  user_service:\n    image: ${HUB:-acme}/user_service:1\n    ports: ['5001:5001']\n  redis:\n    image: redis:7\n    ports: ['6379:6379']\n"
    found = find_services(tree_of(tmp_path, {"user_service.py": FLASK % 5001, "redis.py": FLASK % 7000, "compose.yaml": compose}))
    assert sorted(s.name for s in found) == ["redis", "redis-2", "user-service"]


def test_scripts_that_start_one_file_on_one_port_are_one_service(tmp_path):
    package = '{"scripts": {"web": "streamlit run page.py --server.port 8501", "demo": "concurrently \\"npm run x\\" \\"npm run web\\"", "x": "node x.js"}}'
    found = find_services(tree_of(tmp_path, {"page.py": "import streamlit\n", "x.js": "", "package.json": package}))
    assert sum(s.path == "page.py" for s in found) == 1


def test_a_flask_script_is_a_server(tmp_path):
    (service,) = find_services(tree_of(tmp_path, {"Auth_System.py": FLASK % 5000}))
    assert (service.name, service.kind, service.port, service.command) == ("auth-system", "server", 5000, ("python", "Auth_System.py"))
    assert [(r.method, r.route) for r in service.routes] == [("GET", "/a")]
    assert [i.name for i in service.imports] == ["flask"]


def test_names_are_unique_and_the_root_keeps_the_bare_one(tmp_path):
    found = find_services(tree_of(tmp_path, {"a/shop.py": FLASK % 1, "b/shop.py": FLASK % 2, "shop.py": FLASK % 3}))
    assert sorted(s.name for s in found) == ["a-shop", "b-shop", "shop"]
    assert next(s.path for s in found if s.name == "shop") == "shop.py"


@pytest.mark.parametrize(("path", "name"), [
    ("app.py", "app"), ("billing/app.py", "billing"), ("billing/src/main.py", "billing"), ("billing/src/billing_api/server.py", "billing-api"),
    ("src/main.py", "main"), ("billing/api.py", "billing"), ("billing/reports.py", "reports"), ("billing/web_server.py", "billing"),
], ids=["no folder to take", "folder", "src is no name", "package", "src alone", "api says nothing", "own name", "a kind of server"])
def test_a_file_named_for_nothing_takes_its_folder_s_name(tmp_path, path, name):
    assert [s.name for s in find_services(tree_of(tmp_path, {path: FLASK % 1}))] == [name]


def test_a_procfile_adds_to_the_file_s_own_service(tmp_path):
    (service,) = find_services(tree_of(tmp_path, {"app.py": FLASK % 5000, "Procfile": "web: gunicorn app:app -b 0.0.0.0:5000\n"}))
    assert (service.path, service.declared_in, service.port, service.command) == ("app.py", "Procfile", 5000, ("python", "app.py"))


def test_an_application_counts_through_its_command_line(tmp_path):
    files = {"pkg/main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\n", "Procfile": "web: uvicorn pkg.main:app --port 8123\n"}
    (service,) = find_services(tree_of(tmp_path, files))
    assert (service.path, service.kind, service.port, service.language) == ("pkg/main.py", "server", 8123, "python")
    assert [r.route for r in service.routes] == ["/x"]


def test_two_lines_for_one_file_are_two_processes(tmp_path):
    files = {"app.py": FLASK % 5000, "Procfile": "web: python app.py\nworker: python app.py --work\n"}
    found = find_services(tree_of(tmp_path, files))
    assert sorted((s.name, s.kind) for s in found) == [("web", "server"), ("worker", "worker")]


def test_compose_services_join_by_folder_and_speak_of_each_other(tmp_path):
    compose = ("services:\n  vote:\n    build: ./vote\n    ports: ['8080:80']\n    depends_on: [redis]\n  redis:\n    image: redis\n"
               "  front:\n    image: nginx\n    depends_on: [vote]\n")
    found = {s.name: s for s in find_services(tree_of(tmp_path, {"vote/app.py": FLASK % 80, "docker-compose.yml": compose}))}
    assert sorted(found) == ["front", "redis", "vote"]
    assert (found["vote"].depends_on, found["front"].depends_on) == (("redis",), ("vote",))


@pytest.mark.parametrize(("text", "kind"), [
    ("import time\nif __name__ == '__main__':\n    while True:\n        time.sleep(1)\n", "worker"),
    ("import time\ndef main():\n    while True:\n        try:\n            time.sleep(1)\n        except KeyboardInterrupt:\n            break\nmain()\n", "worker"),
    ("while True:\n    if input() == 'q':\n        break\n", None),
    ("import time\nwhile True:\n    time.sleep(1)\n    if done():\n        break\n", None),
    ("import time\ndef loop():\n    while True:\n        time.sleep(1)\n", None),
    ("print('once')\n", None),
], ids=["endless", "ends by Ctrl-C only", "a menu", "waits for an end", "a library", "a script"])
def test_endless_loops_are_workers(tmp_path, text, kind):
    assert [s.kind for s in find_services(tree_of(tmp_path, {"job.py": text}))] == ([kind] if kind else [])


def test_a_script_with_relative_imports_runs_as_a_module(tmp_path):
    files = {"pkg/__init__.py": "", "pkg/conf.py": "PORT = 1\n", "pkg/app.py": "from . import conf\n" + FLASK % 5000}
    (service,) = find_services(tree_of(tmp_path, files))
    assert (service.command, service.cwd) == (("python", "-m", "pkg.app"), ".")


def test_a_test_s_own_server_is_no_service(tmp_path):
    assert find_services(tree_of(tmp_path, {"tests/test_app.py": FLASK % 5000, "conftest.py": FLASK % 5001})) == ()


def test_what_does_not_parse_is_unresolved(tmp_path):
    (found,) = find_unresolved(tree_of(tmp_path, {"old.py": "print 'x'\n"}))
    assert (found.place.path, found.place.line) == ("old.py", 1)


VARIANT = FLASK % 3100 + "".join(f"def part_{n}():\n    return {n} + {n}\n" for n in range(20))


def test_a_copy_is_a_variant_and_the_one_that_launchers_name_is_preferred(tmp_path):
    files = {"gate_v2.py": VARIANT, "gate_final.py": VARIANT + "x = 1\n", "start.bat": "python gate_v2.py\n", "other.py": FLASK % 3100}
    found = {s.name: s.variant_of for s in find_services(tree_of(tmp_path, files))}
    assert found == {"gate-v2": "", "gate-final": "gate-v2", "other": ""}


@pytest.mark.parametrize(("best", "rest"), [
    ("gate_v3.py", ["gate_v2.py", "gate.py"]), ("gate_fixed.py", ["gate.py"]), ("gate.py", ["gate_old.py", "gate_backup.py"]),
], ids=["newest version", "fixed", "not the old one"])
def test_names_decide_where_nobody_refers_to_any(tmp_path, best, rest):
    found = find_services(tree_of(tmp_path, dict.fromkeys([best, *rest], VARIANT)))
    assert [s.path for s in found if not s.variant_of] == [best]


def test_a_variant_that_cannot_run_is_not_preferred(tmp_path):
    files = {"gate_v3.py": VARIANT + "def f():\n    return os.getcwd()\n", "gate_v2.py": VARIANT, "start.sh": "python gate_v3.py\n"}
    assert [s.path for s in find_services(tree_of(tmp_path, files)) if not s.variant_of] == ["gate_v2.py"]


def test_an_application_that_nothing_starts_is_unresolved(tmp_path):
    files = {"api.py": "from fastapi import FastAPI\napp = FastAPI()\n", "web.py": FLASK % 5000}
    (found,) = find_unresolved(tree_of(tmp_path, files))
    assert (found.place.path, found.place.line) == ("api.py", 2)


def test_a_library_imported_whole_gives_its_names(tmp_path):
    tree = tree_of(tmp_path, {"till.py": "from flask import *\nfrom prices import *\napp = Flask(__name__)\napp.run(port=len('four') + 5000)\n", "prices.py": "RATE = 2\n"})
    assert [(s.name, s.kind) for s in find_services(tree)] == [("till", "server")]


@pytest.mark.parametrize(("stars", "found"), [
    pytest.param("from flask import *\nfrom math import *\n", ["till"], id="the library that is called like it"),
    pytest.param("from math import *\nfrom statistics import *\n", [], id="either of two"),
    pytest.param("from prices import *\n", [], id="a file of ours without it"),
])
def test_which_library_gives_a_name(tmp_path, stars, found):
    tree = tree_of(tmp_path, {"till.py": stars + "app = Flask(__name__)\napp.run(port=5000)\n", "prices.py": "RATE = 2\n"})
    assert [s.name for s in find_services(tree)] == found
