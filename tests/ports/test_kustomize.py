"""A port of an overlay belongs to the service that it patches, not to a second one."""

import pytest

from opskit.ports.rules import check
from opskit.ports.stated.every import stated

from .conftest import lay, surveyed

BASE = {
    "base/kustomization.yaml": "resources: [all.yaml]\n",
    "base/all.yaml": "kind: Deployment\nmetadata: {name: till-deployment}\nspec:\n  template:\n    metadata:\n      labels: {app: till}\n    spec:\n      containers:\n"
                     "      - name: till\n        image: org/till\n        ports:\n        - containerPort: 8080\n"
                     "---\nkind: Service\nmetadata: {name: till-front}\nspec:\n  selector: {app: till}\n  ports:\n  - port: 80\n    targetPort: 8080\n",
}
HEAD = "resources: [../../base]\nnamePrefix: prod-\nreplicas: [{name: till-deployment, count: 3}]\n"
PLAIN = {"till 8080 container", "till 80 cluster"}
TARGET = "  target: {kind: Service, name: till-front}\n"
CASES = {
    "a prefix and replicas": ({"overlays/prod/kustomization.yaml": HEAD}, set()),
    "a manifest that patches the workload": ({"overlays/prod/kustomization.yaml": HEAD + "patches: [{path: p.yaml}]\n", "overlays/prod/p.yaml": "kind: Deployment\nmetadata: {name: till-deployment}\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        ports: [{containerPort: 9090}]\n"}, {"till 9090 container"}),
    "a manifest that patches the Service": ({"overlays/prod/kustomization.yaml": HEAD + "patchesStrategicMerge: [p.yaml]\n", "overlays/prod/p.yaml": "kind: Service\nmetadata: {name: till-front}\nspec:\n  type: NodePort\n  ports: [{port: 80, targetPort: 8080, nodePort: 30080}]\n"}, {"till 30080 node"}),
    "an inline merge": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- patch: |-\n    kind: Service\n    metadata: {name: till-front}\n    spec:\n      ports: [{port: 8081, targetPort: 8080}]\n"}, {"till 8081 cluster"}),
    "an inline merge of the old kind": ({"overlays/prod/kustomization.yaml": HEAD + "patchesStrategicMerge:\n- |-\n  kind: Service\n  metadata: {name: till-front}\n  spec:\n    ports: [{port: 8081}]\n"}, {"till 8081 cluster"}),
    "JSON pointers in line": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- patch: |-\n    - op: replace\n      path: /spec/ports/0/port\n      value: 8082\n    - op: add\n      path: /spec/ports/0/nodePort\n      value: 30082\n" + TARGET}, {"till 8082 cluster", "till 30082 node"}),
    "JSON pointers in a file": ({"overlays/prod/kustomization.yaml": HEAD + "patchesJson6902:\n- path: p.json\n" + TARGET, "overlays/prod/p.json": '[{"op": "add", "path": "/spec/ports/-", "value": {"port": 9100, "protocol": "TCP"}}]'}, {"till 9100 cluster"}),
    "a container's port by a pointer": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- path: p.yaml\n  target: {kind: Deployment, name: till-deployment}\n", "overlays/prod/p.yaml": "- op: replace\n  path: /spec/template/spec/containers/0/ports/0/containerPort\n  value: 9191\n"}, {"till 9191 container"}),
    "replicas by a pointer are no port": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 8082\n" + TARGET}, set()),
    "what is taken away is no port": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- patch: |-\n    - op: remove\n      path: /spec/ports/0/port\n      value: 8082\n" + TARGET}, set()),
    "a pattern of names is nobody's": ({"overlays/prod/kustomization.yaml": HEAD + "patches:\n- patch: |-\n    - op: add\n      path: /spec/ports/0/port\n      value: 8082\n  target: {kind: Service, name: 'till-.*'}\n"}, set()),
    "a patch that is not there": ({"overlays/prod/kustomization.yaml": HEAD + "patches: [{path: gone.yaml}]\n"}, set()),
    "a kustomization that is no YAML": ({"overlays/prod/kustomization.yaml": "patches: [\n"}, set()),
}


@pytest.mark.parametrize(("files", "more"), CASES.values(), ids=CASES)
def test_a_patch_is_its_bases(tmp_path, files, more):
    lay(tmp_path, {**BASE, **files})
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {f"{f['service']} {f['port']} {f['scope']}" for f in facts if f["role"] in ("bind", "publish", "target")} == PLAIN | more


def test_a_patch_in_a_file_can_be_edited_and_one_in_line_cannot(tmp_path):
    lay(tmp_path, {**BASE, **CASES["JSON pointers in a file"][0]})
    lay(tmp_path, {"overlays/dev/kustomization.yaml": CASES["an inline merge"][0]["overlays/prod/kustomization.yaml"]})
    survey = surveyed(tmp_path)
    by_port = {e.port: e for e in stated(survey)}
    assert by_port[9100].editable and not by_port[8081].editable
    place = by_port[9100].place
    assert (survey.tree.read(place.path) or b"")[place.start : place.end] == b"9100"
