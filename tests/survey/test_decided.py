"""What command lines and environments decide: which file a module name means, which port it opens, what runs it."""

from pathlib import Path

import pytest

from opskit.core.tree import Tree
from opskit.survey.module_names import meant
from opskit.survey.services import find_services, find_unresolved

ARGPARSE = ("import argparse\nfrom aiohttp import web\np = argparse.ArgumentParser()\np.add_argument('-p', '--port', type=int, default=8000)\n"
            "web.run_app(web.Application(), port=p.parse_args().port)\n")
CLICK = ("import click, uvicorn\n@click.command()\n@click.option('--port', default=8000)\ndef main(port):\n    uvicorn.run('a:b', port=port)\n"
         "if __name__ == '__main__':\n    main()\n")
VARIABLE = "import os\nfrom flask import Flask\nFlask('a').run(port=int(os.environ.get('BOOKS_PORT', 7000)))\n"
FACTORY = "from fastapi import FastAPI\ndef create_app():\n    app = FastAPI()\n    @app.get('/ping')\n    def ping(): ...\n    return app\n"


def tree_of(root: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Tree(root)


@pytest.mark.parametrize(("files", "text", "run", "path", "folder"), [
    (("books/app.py",), "books.app:app", False, "books/app.py", ""),
    (("src/books/app.py",), "books.app:app", False, "src/books/app.py", "src"),
    (("services/b/src/books/__init__.py", "services/b/src/books/__main__.py"), "books", True, "services/b/src/books/__main__.py", "services/b/src"),
    (("services/b/books/__init__.py", "services/b/books/app.py"), "books.app:make()", False, "services/b/books/app.py", "services/b"),
    (("a/src/books/app.py", "src/books/app.py"), "books.app", True, "src/books/app.py", "src"),
    (("pkg/__init__.py", "pkg/books/app.py"), "books.app", True, "", ""),
    (("a/books/__init__.py",), "books", True, "", ""),
    (("a/books/app.py",), "0.0.0.0:8000", False, "", ""),
], ids=["beside", "src", "a package by its __main__", "a factory called", "the nearest first", "inside a package it has another name",
        "a package without __main__ does not run", "an address"])
def test_a_module_name_means_one_file(tmp_path, files, text, run, path, folder):
    found = meant(tree_of(tmp_path, dict.fromkeys(files, "")), ".", text, run)
    assert (found.path, found.folder, found.several) == (path, folder, ())


def test_a_name_that_two_files_may_have_is_told_and_not_guessed(tmp_path):
    tree = tree_of(tmp_path, {"a/src/books/__main__.py": "", "b/src/books/__main__.py": "", "Procfile": "books: python -m books\n"})
    assert [(u.place.path, "a/src/books" in u.what and "b/src/books" in u.what) for u in find_unresolved(tree)] == [("Procfile", True)]


@pytest.mark.parametrize("code", [ARGPARSE, CLICK], ids=["argparse", "click"])
@pytest.mark.parametrize(("words", "port", "variable"), [
    ("--port 8002", 8002, ""), ("--port=${BOOKS:-8002}", 8002, "BOOKS"), ("", 8000, ""),
], ids=["said", "by a variable of the shell", "the default"])
def test_an_option_decides_the_port(tmp_path, code, words, port, variable):
    (service,) = find_services(tree_of(tmp_path, {"x/src/books/__main__.py": code, "Procfile": f"books: python -m books {words}\n"}))
    (bind,) = service.binds
    assert (service.name, bind.port, bind.variable) == ("books", port, variable)
    assert (bind.place.path == "Procfile") == bool(words)


def test_a_program_with_arguments_runs_as_declared_with_its_folder_on_the_path(tmp_path):
    (service,) = find_services(tree_of(tmp_path, {"x/src/books/__main__.py": ARGPARSE, "Procfile": "books: python -m books --port 8002\n"}))
    assert (service.command, service.cwd, service.env) == (("python", "-m", "books", "--port", "8002"), ".", {"PYTHONPATH": "x/src"})


def test_the_environment_of_a_compose_service_reaches_the_bind(tmp_path):
    compose = "services:\n  books:\n    build: .\n    command: python books.py\n    environment:\n      BOOKS_PORT: '7004'\n    ports: ['7004:7004']\n"
    (service,) = find_services(tree_of(tmp_path, {"books.py": VARIABLE, "docker-compose.yml": compose}))
    assert (service.port, service.env["BOOKS_PORT"], {b.port for b in service.binds}) == (7004, "7004", {7004})


def test_a_working_directory_is_a_folder_of_the_build_context(tmp_path):
    compose = ("services:\n  notes:\n    build: .\n    working_dir: /app/services/notes\n    command: uvicorn notes.web:create_app --factory --port 80\n"
               "    ports: ['8005:80']\n")
    files = {"services/notes/notes/web.py": FACTORY, "other/notes/web.py": FACTORY, "docker-compose.yml": compose,
             "Dockerfile": "FROM python\nWORKDIR /app\nCOPY . .\nEXPOSE 80\n"}
    (service,) = find_services(tree_of(tmp_path, files))
    assert (service.name, service.path, service.cwd, service.port) == ("notes", "services/notes/notes/web.py", "services/notes", 8005)
    assert [r.route for r in service.routes] == ["/ping"]


def test_what_an_image_exposes_makes_no_server_of_another_command(tmp_path):
    compose = "services:\n  nightly:\n    build: .\n    command: python nightly.py\n"
    (service,) = find_services(tree_of(tmp_path, {"nightly.py": "print(1)\n", "docker-compose.yml": compose, "Dockerfile": "FROM python\nEXPOSE 80\n"}))
    assert (service.name, service.kind) == ("nightly", "worker")


def test_an_image_keeps_its_port_and_has_no_command(tmp_path):
    compose = "services:\n  store:\n    image: redis\n    command: redis-server --appendonly yes\n    ports: ['6379:6379']\n"
    (service,) = find_services(tree_of(tmp_path, {"compose.yaml": compose}))
    assert (service.name, service.path, service.port, service.command) == ("store", "", 6379, ())
