"""Which package a monorepo's root means when it runs a script of another."""

import pytest

from opskit.core.tree import Tree
from opskit.survey.services import find_services
from opskit.survey.starting import started
from opskit.survey.workspaces import member

FILES = {
    "apps/api/package.json": '{"name": "@shop/api", "scripts": {"dev": "next dev -p 4100"}}',
    "apps/web/package.json": '{"name": "@shop/web", "scripts": {"dev": "next dev -p 4200"}}',
    "old/web/package.json": '{"name": "@old/web", "scripts": {"dev": "next dev -p 4300"}}',
}


@pytest.fixture()
def tree(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return Tree(tmp_path)


@pytest.mark.parametrize("command, port", [
    ("pnpm --filter @shop/api dev", 4100),
    ("pnpm --filter=@shop/web run dev", 4200),
    ("pnpm -F ./apps/api dev", 4100),
    ("npm run dev -w api", 4100),
    ("npm run dev --workspace=@shop/web", 4200),
    ("yarn workspace @old/web dev", 4300),
    ("bun --filter @shop/api dev", 4100),
])
def test_a_script_of_another_package_is_started(tree, command, port):
    assert [each.port for each in started(tree, command, ".")] == [port]


@pytest.mark.parametrize("command", ["pnpm --filter web dev", "pnpm --filter @shop/api install", "yarn workspace @shop/gone dev"])
def test_what_cannot_be_told_starts_nothing(tree, command):
    assert started(tree, command, ".") == []


def test_a_selector_with_its_dependencies(tree):
    assert member(tree, ".", "@shop/api...") == member(tree, ".", "./apps/api...") == "apps/api"


def test_a_compose_service_that_runs_a_package_s_script_is_that_package(tree):
    compose = "services:\n  client:\n    build: {context: ., dockerfile: apps/web/Dockerfile}\n    command: pnpm --filter @shop/web dev\n    ports: ['4200:4200']\n"
    (tree.root / "compose.yml").write_text(compose)
    (tree.root / "apps/web/Dockerfile").write_text("FROM node\nCOPY . .\n")
    assert "client" in {s.name for s in find_services(Tree(tree.root)) if s.path == "apps/web/package.json"}


def test_a_package_called_web_keeps_its_name(tree):
    assert {"api", "web"} <= {s.name for s in find_services(tree)}
