"""Manifests move with the port that the code binds, as one group, or the move is told as left alone."""

import pytest

from opskit.core.settle import settle
from opskit.ports.fix import plan
from opskit.ports.rules import check
from opskit.source.proof import prove

from .conftest import lay, surveyed

APP = "from flask import Flask\napp = Flask(__name__)\n\n\n@app.route('/{0}')\ndef answer():\n    return ''\n\n\napp.run(port={1})\n"
TEXT = {
    "a/main.py": APP.format("a", 5005), "a/requirements.txt": "flask\n", "b/main.py": APP.format("b", 5005), "b/Dockerfile": 'FROM python\nEXPOSE 5005\nCMD ["python", "main.py"]\n',
    "page.js": "fetch('http://localhost:5005/a')\nfetch('http://localhost:5005/a')\n",
    "k8s/b.yaml": "kind: Deployment\nmetadata: {name: b}\nspec:\n  template:\n    metadata: {labels: {app: b}}\n    spec:\n      containers:\n"
                  "      - name: b\n        ports:\n        - containerPort: 5005\n        readinessProbe: {tcpSocket: {port: 5005}}\n",
}
SERVICE = "kind: Service\nmetadata: {{name: b}}\nspec:\n  selector: {{app: b}}\n  ports:\n  - port: {0}\n{1}"


def moved(root, files):
    """(the files after the fix, reasons of what was left alone)."""
    lay(root, files)
    survey = surveyed(root)
    planned = plan(survey, check(survey))
    settled = settle(planned, survey.tree.read, prove)
    return {path: text.decode() for path, text in ((r.path, r.after or b"") for r in settled.rewrites)}, [s.reason for s in planned.skipped]


def test_a_deployment_and_its_probes_move_with_the_bind(tmp_path):
    done, _ = moved(tmp_path, TEXT)
    assert "port=5006" in done["b/main.py"] and done["k8s/b.yaml"].count("5006") == 2 and "EXPOSE 5006" in done["b/Dockerfile"]


def test_a_service_with_a_target_keeps_its_own_port(tmp_path):
    done, _ = moved(tmp_path, {**TEXT, "k8s/s.yaml": SERVICE.format(80, "    targetPort: 5005\n"), "env": "B=http://b:80\n"})
    assert "port: 80\n" in done["k8s/s.yaml"] and "targetPort: 5006" in done["k8s/s.yaml"] and "env" not in done


def test_a_service_without_a_target_moves_with_those_who_call_it(tmp_path):
    done, _ = moved(tmp_path, {**TEXT, "k8s/s.yaml": SERVICE.format(5005, ""), "a/calls.conf": "url = http://b:5005/b\n"})
    assert "port: 5006" in done["k8s/s.yaml"] and done["a/calls.conf"] == "url = http://b:5006/b\n"


def test_a_container_that_is_given_its_port_stays(tmp_path):
    code = APP.format("b", 0).replace("port=0", "port=int(os.getenv('B_PORT', 5005))").replace("from flask", "import os\nfrom flask", 1)
    manifest = TEXT["k8s/b.yaml"].replace("        ports:", "        env: [{name: B_PORT, value: '5005'}]\n        ports:")
    done, _ = moved(tmp_path, {**TEXT, "b/main.py": code, "k8s/b.yaml": manifest})
    assert "5006" in done["b/main.py"] and "k8s/b.yaml" not in done


def test_a_template_that_is_not_edited_holds_the_move(tmp_path):
    manifest = TEXT["k8s/b.yaml"].replace("containerPort: 5005", "containerPort: {{ .Values.port | default 5005 }}")
    files = {**TEXT, "chart/Chart.yaml": "name: b\n", "chart/templates/b.yaml": manifest}
    done, left = moved(tmp_path, {path: text for path, text in files.items() if path != "k8s/b.yaml"})
    assert "b/main.py" not in done and any("template" in reason for reason in left)


@pytest.mark.parametrize(("more", "wanted"), [
    ({"compose.yaml": "services:\n  b:\n    build: ./b\n    ports: ['8080:7000']\n"}, "compose sends to 7000, b binds 5005"),
    ({"k8s/s.yaml": SERVICE.format(80, "    targetPort: 7000\n")}, "the Service of b sends to 7000, its container opens 5005"),
    ({"k8s/b.yaml": TEXT["k8s/b.yaml"].replace("5005", "7000")}, "the cluster sends to 7000, b binds 5005"),
], ids=["compose", "a Service", "a containerPort"])
def test_a_port_that_leads_nowhere_is_told(tmp_path, more, wanted):
    lay(tmp_path, {**TEXT, "a/main.py": APP.format("a", 5105), **more})
    assert wanted in [f.message for f in check(surveyed(tmp_path)).findings if f.code == "OPS-P014"]
