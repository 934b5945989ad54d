"""What process managers, editors and hosting platforms start."""

import json

import pytest

from opskit.ports.stated.every import stated

from .conftest import lay, surveyed

TREE = {"till/register.py": "app = 1\n", "stock/shelf.py": "app = 1\n"}
TILL, SHELF = ("register", 8001, "machine"), ("shelf", 8002, "machine")
RUN = "uvicorn register:app --port 8001"
CASES = {
    "supervisord": ("ops/supervisord.conf", f"[program:till]\ncommand={RUN}\ndirectory=/srv/shop/till\n", {TILL}),
    "supervisord, a variable": ("ops/supervisord.conf", '[program:a]\ncommand=gunicorn register:app -b :%(ENV_PORT)s\n[program:t]\ncommand=flask --app register run\ndirectory=till\nenvironment=FLASK_RUN_PORT="8001",A="b"\n', {TILL}),
    "mprocs": ("mprocs.yaml", f"procs:\n  till:\n    cwd: till\n    shell: {RUN}\n  stock:\n    cwd: stock\n    cmd: [uvicorn, 'shelf:app', --port, '8002']\n", {TILL, SHELF}),
    "process-compose": ("process-compose.yaml", f"processes:\n  till:\n    working_dir: till\n    command: {RUN}\n", {TILL}),
    "tmuxinator": (".tmuxinator.yml", f"root: .\nwindows:\n  - a: cd till && {RUN}\n  - b:\n      layout: tiled\n      panes:\n        - cd stock && uvicorn shelf:app --port 8002\n", {TILL, SHELF}),
    "Taskfile": ("Taskfile.yml", f"tasks:\n  till:\n    dir: till\n    cmds:\n      - {RUN}\n", {TILL}),
    "tasks.json": (".vscode/tasks.json", json.dumps({"tasks": [{"label": "t", "type": "shell", "command": RUN, "options": {"cwd": "${workspaceFolder}/till"}}]}), {TILL}),
    "launch.json": (".vscode/launch.json", '{\n // API\n "configurations": [{"type": "debugpy", "request": "launch", "module": "uvicorn", "cwd": "${workspaceFolder}/till", "args": ["register:app", "--port", "8001"]},]}', {TILL}),
    "launch.json of another's file": (".vscode/launch.json", json.dumps({"configurations": [{"type": "debugpy", "module": "uvicorn", "args": ["gone:app", "--port", "8001"]}]}), set()),
    "launchd": ("com.acme.till.plist", "<plist><dict><key>ProgramArguments</key><array><string>/opt/venv/bin/uvicorn</string><string>register:app</string><string>--port</string><string>8001</string></array>\n<key>WorkingDirectory</key><string>/Users/kim/shop/till</string></dict></plist>", {TILL}),
    "crontab": ("crontab", f"# all\n@reboot cd /srv/shop/till && {RUN}\n*/5 * * * * python stock/count.py\n", {TILL}),
    "fly.toml": ("till/fly.toml", "app = 'x'\n[http_service]\n  internal_port = 8080\n", {("tree", 8080, "container")}),
    "render.yaml": ("render.yaml", f"services:\n  - type: web\n    name: till\n    rootDir: till\n    startCommand: {RUN}\n", {("register", 8001, "container")}),
    "railway.toml": ("till/railway.toml", f'[deploy]\nstartCommand = "{RUN}"\n', {("register", 8001, "container")}),
    "replit": (".replit", 'run = "cd till && uvicorn register:app --port 8001"\n[[ports]]\nlocalPort = 8001\nexternalPort = 80\n', {("register", 8001, "container"), ("tree", 8001, "container")}),
    "app.yaml": ("till/app.yaml", "runtime: python312\nentrypoint: gunicorn -b :8080 register:app\n", {("register", 8080, "container")}),
    "Vagrantfile": ("Vagrantfile", 'config.vm.network "forwarded_port", guest: 80, host: 8088\n', {("tree", 8088, "machine")}),
}


@pytest.mark.parametrize(("path", "text", "wanted"), CASES.values(), ids=CASES)
def test_what_is_started(tmp_path, path, text, wanted):
    lay(tmp_path, {**TREE, path: text})
    found = [e for e in stated(surveyed(tmp_path)) if e.place.path == path]
    assert {("tree" if e.service not in ("register", "shelf") else e.service, e.port, e.scope) for e in found} == wanted
    for each in found:
        digits = (tmp_path / path).read_bytes()[each.place.start : each.place.end]
        assert not each.editable or digits == str(each.port).encode()


def test_what_an_image_copies_runs_inside_of_it(tmp_path):
    conf = f"[program:till]\ncommand={RUN}\ndirectory=/app/till\n"
    lay(tmp_path, {**TREE, "Dockerfile": "FROM python\nCOPY . /app\nCOPY ops/supervisord.conf /etc/\n", "ops/supervisord.conf": conf})
    assert {(e.port, e.scope, e.role) for e in stated(surveyed(tmp_path))} == {(8001, "container", "target")}
