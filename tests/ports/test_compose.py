"""Compose projects: what they publish together, under which profile, and what variables come to."""

import pytest

from opskit.ports.audit import Audit
from opskit.ports.rules import check
from opskit.ports.stated.every import stated

from .conftest import lay, surveyed

TWO = "services:\n  a:\n    image: x\n    ports: ['8080:80']\n{0}  b:\n    image: y\n    ports: ['8080:81']\n{1}"


def published(root, files):
    lay(root, files)
    return {(c.service.name, c.port) for c in Audit(surveyed(root)).claims}


@pytest.mark.parametrize(("first", "second", "clashes"), [
    ("", "", True),
    ("    profiles: [one]\n", "    profiles: [two]\n", False),
    ("    profiles: [one, both]\n", "    profiles: [two, both]\n", True),
    ("    profiles: [one]\n", "", True),
], ids=["none", "alternatives", "one shared", "one always runs"])
def test_profiles_that_are_not_shared_are_alternatives(tmp_path, first, second, clashes):
    lay(tmp_path, {"compose.yaml": TWO.format(first, second)})
    assert bool(Audit(surveyed(tmp_path)).clashes) is clashes


def test_an_included_file_is_of_the_same_project(tmp_path):
    one, two = "include:\n  - path: infra/db.yaml\nservices:\n  a:\n    image: x\n    ports: ['8080:80']\n", "services:\n  b:\n    image: y\n    ports: ['8080:81']\n"
    lay(tmp_path, {"compose.yaml": one, "infra/db.yaml": two})
    assert {port for port, _ in Audit(surveyed(tmp_path)).clashes} == {8080}


@pytest.mark.parametrize(("text", "found"), [
    ("services:\n  db:\n    image: postgres\n    ports: ['15432:5432']\n", {("db", 15432)}),
    ("name: shop\nx-env: &env {A: b}\nservices: # all\n  db:\n    build: .\n    ports: ['15432:5432']\nvolumes: {}\n", {("db", 15432)}),
    ("services:\n  db:\n    image: postgres\n    ports: ['15432:5432']\nsteps:\n  - run: x\n", set()),
    ("services:\n  app.mailer:\n    class: Mailer\n    ports: ['15432:5432']\n", set()),
    ("kind: X\nservices:\n  db:\n    image: postgres\n    ports: ['15432:5432']\n", set()),
], ids=["by its shape", "with other elements", "a pipeline's services", "a container of classes", "something else"])
def test_a_compose_file_may_have_any_name(tmp_path, text, found):
    assert published(tmp_path, {"deploy/infra.yml": text}) == found


def test_two_files_that_know_nothing_of_each_other_are_two_projects(tmp_path):
    file = "services:\n  {0}:\n    image: x\n    ports: ['8080:80']\n"
    lay(tmp_path, {"one/compose.yaml": file.format("a"), "two/compose.yaml": file.format("b")})
    assert not Audit(surveyed(tmp_path)).clashes


@pytest.mark.parametrize(("folders", "network", "names", "ports"), [
    (("one", "two"), "external: true", "ab", {8080}),
    (("one", "two"), "external: {name: shop}", "ab", {8080}),
    (("one", "two"), "driver: bridge", "ab", set()),
    (("one", "two"), "name: shop", "ab", set()),
    (("one", "one"), "external: true", "ab", set()),
    (("dev", "prod"), "external: true", "aa", set()),
], ids=["one outer network", "the old form", "each its own network", "a name that nobody expects outside", "one folder: alternatives", "the same services: alternatives"])
def test_projects_that_join_an_outer_network_run_beside_each_other(tmp_path, folders, network, names, ports):
    file = "services:\n  {0}:\n    image: x\n    ports: ['8080:80']\nnetworks:\n  shop: {{{1}}}\n"
    lay(tmp_path, {f"{folder}/compose.{at}.yaml": file.format(name, network) for at, (folder, name) in enumerate(zip(folders, names, strict=True))})
    assert {port for port, _ in Audit(surveyed(tmp_path)).clashes} == ports


@pytest.mark.parametrize(("how", "clashes"), [
    ({"Makefile": "up:\n\tdocker compose -f compose.yml -f compose.tools.yml up\n"}, True),
    ({"README.md": "    docker-compose --file=compose.yml \\\n      --file=compose.tools.yml up -d\n"}, True),
    ({".env": "COMPOSE_FILE=compose.yml:compose.tools.yml\n"}, True),
    ({"Makefile": "up:\n\tdocker compose -f compose.yml up\ntools:\n\tdocker compose -f compose.tools.yml up\n"}, False),
], ids=["a rule", "a page", "the variable", "each for itself"])
def test_files_of_one_command_run_together(tmp_path, how, clashes):
    file = "services:\n  {0}:\n    image: x\n    ports: ['8080:80']\n"
    lay(tmp_path, {"compose.yml": file.format("a"), "compose.tools.yml": file.format("b"), **how})
    assert bool(Audit(surveyed(tmp_path)).clashes) is clashes


def test_two_files_that_each_run_with_a_third_are_still_alternatives(tmp_path):
    file = "services:\n  {0}:\n    image: x\n    ports: ['{1}:80']\n"
    both = "".join(f"{mode}:\n\tdocker compose -f compose.yml -f compose.{mode}.yml up\n" for mode in ("dev", "prod"))
    lay(tmp_path, {"compose.yml": file.format("a", 8079), "compose.dev.yml": file.format("b", 8080), "compose.prod.yml": file.format("c", 8080), "Makefile": both})
    assert not Audit(surveyed(tmp_path)).clashes


@pytest.mark.parametrize(("service", "network", "port"), [("image: redis", "external: true", {6379}), ("build: ../redis", "external: true", set()), ("image: redis", "driver: bridge", set())], ids=["a ready image", "one that is built", "no network of both"])
def test_one_name_in_two_projects_that_run_together_is_two_containers(tmp_path, service, network, port):
    file = "services:\n  {0}:\n    build: .\n  redis:\n    {1}\n    ports: ['6379:6379']\nnetworks:\n  shop_net: {{{2}}}\n"
    lay(tmp_path, {f"{name}/compose.yml": file.format(name, service, network) for name in ("till", "stock")})
    assert {f.data["port"] for f in check(surveyed(tmp_path)).findings if f.code == "OPS-P001"} == port


def test_projects_that_each_have_a_database_of_one_name_are_no_alternatives(tmp_path):
    file = "services:\n  {0}:\n    build: .\n  db:\n    image: x\n  {1}:\n    image: x\n    ports: ['8080:80']\nnetworks:\n  shop: {{external: true}}\n"
    lay(tmp_path, {f"{folder}/compose.yaml": file.format(folder, more) for folder, more in (("till", "admin"), ("stock", "browser"))})
    assert {port for port, _ in Audit(surveyed(tmp_path)).clashes} == {8080}


def test_a_service_takes_over_what_it_extends(tmp_path):
    base = "services:\n  base:\n    image: x\n    ports: ['8081:80']\n"
    own = "services:\n  web:\n    extends: {file: common.yml, service: base}\n    ports: ['8082:82']\n"
    assert published(tmp_path, {"compose.yaml": own, "common.yml": base}) == {("web", 8081), ("web", 8082)}


@pytest.mark.parametrize(("entry", "env", "port"), [
    ("${WEB:-8083}:80", "", 8083), ("${WEB:-8083}:80", "WEB=9083\n", 9083), ("${WEB}:80", 'WEB="9084" # ours\n', 9084), ("$WEB:80", "WEB=9085\n", 9085),
], ids=["its default", "the file before the default", "the file", "without braces"])
def test_variables_come_from_the_env_file_beside_it(tmp_path, entry, env, port):
    files = {"compose.yaml": f"services:\n  web:\n    image: x\n    ports: ['{entry}']\n", **({".env": env} if env else {})}
    assert published(tmp_path, files) == {("web", port)}


def test_a_range_publishes_each(tmp_path):
    file = "services:\n  web:\n    image: x\n    ports: ['9000-9002:80-82']\n"
    assert published(tmp_path, {"compose.yaml": file}) == {("web", 9000), ("web", 9001), ("web", 9002)}


def test_what_a_compose_service_binds_and_does_not_publish_is_nobodys_clash(tmp_path):
    app = "from flask import Flask\napp = Flask(__name__)\napp.run(port=5005)\n"
    other = "import bottle\nbottle.run(port=5005)\n"
    compose = "services:\n  a:\n    build: ./a\n  b:\n    build: ./b\n"
    lay(tmp_path, {"a/main.py": app, "b/main.py": other, "a/requirements.txt": "", "b/requirements.txt": "", "compose.yaml": compose})
    assert not Audit(surveyed(tmp_path)).clashes


def test_a_port_variable_of_the_services_own_env_file_decides(tmp_path):
    code = "const http = require('http');\nhttp.createServer().listen(process.env.PORT || 3000);\n"
    assert published(tmp_path, {"web/server.js": code, "web/package.json": "{}", "web/.env": "PORT=4100\n"}) == {("web", 4100)}


STAGES = "FROM node AS api\nEXPOSE 3001\nCMD node api.js\nFROM node AS both\nEXPOSE 3001 3000\nCMD node both.js\n"


def test_each_stage_of_a_dockerfile_is_its_own_service(tmp_path):
    compose = ("services:\n  api: {build: {context: ., target: api}, profiles: [one], ports: ['3001:3001']}\n"
               "  all: {build: {context: ., target: both}, profiles: [two], ports: ['3001:3001', '3000:3000']}\n"
               "  spare: {build: {context: ., target: both}, profiles: [three], ports: ['3001:3001']}\n"
               "  setup: {build: {context: ., target: api}, command: node setup.js}\n")
    lay(tmp_path, {"compose.yml": compose, "Dockerfile": STAGES, "both.js": "", "api.js": ""})
    found = {(e.service, e.port) for e in stated(surveyed(tmp_path)) if e.kind == "dockerfile"}
    assert found == {("api", 3001), ("all", 3001), ("all", 3000), ("spare", 3001), ("spare", 3000)}


@pytest.mark.parametrize(("script", "clashes"), [({"till/composer.json": '{"scripts": {"dev": "php -S localhost:8080"}}'}, False), ({"till/run.sh": "php -S localhost:8080\n"}, True)], ids=["composer's script", "a script"])
def test_a_script_of_composer_is_the_other_way_to_serve_what_compose_runs(tmp_path, script, clashes):
    lay(tmp_path, {"compose.yml": "services:\n  a:\n    image: x\n    ports: ['8080:80']\n", "till/index.php": "<?php\n", "till/Dockerfile": "FROM php\n", **script})
    assert bool(Audit(surveyed(tmp_path)).clashes) == clashes


IMAGE = "FROM node AS b\nCOPY . .\nRUN pnpm build\nFROM node\nWORKDIR /app\nCOPY --from=b /repo/services/till/dist ./dist\nCMD [\"node\", \"dist/a.js\"]\n"


@pytest.mark.parametrize(("path", "text"), [
    ("compose.yaml", "services:\n  till:\n    build: {context: ., dockerfile: services/till/Dockerfile}\n    ports: ['3008:3008']\n"),
    ("services/till/compose.yaml", "services:\n  till:\n    image: shop/all:till-1\n    ports: ['3008:3008']\n"),
], ids=["its Dockerfile, built from the root", "pulled by a compose file of its own folder"])
def test_a_package_s_image_is_the_package(tmp_path, path, text):
    code = "const app = require('express')();\napp.listen(3008)"
    files = {path: text, "services/till/Dockerfile": IMAGE, "services/till/package.json": '{"name": "@shop/till"}', "services/till/src/a.js": code}
    assert published(tmp_path, files) == {("till", 3008)}
