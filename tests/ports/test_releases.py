"""Charts as the files of the tree install them: under which names and with which values."""

import pytest

from opskit.ports.stated.charts import renderings
from opskit.ports.stated.every import stated
from opskit.ports.stated.releases import releases_of

from .conftest import lay, surveyed

SERVICE = "kind: Service\nmetadata:\n  name: {{ .Values.name | default .Release.Name | default .Chart.Name }}\nspec:\n  ports:\n    - port: {{ .Values.port }}\n"
CHART = {"charts/app/Chart.yaml": "name: app\n", "charts/app/values.yaml": "port: 8080\n", "charts/app/templates/s.yaml": SERVICE}
SET = {"charts/values/till.yaml": "name: till\n", "charts/values/stock.yaml": "name: stock\nport: 9000\n"}
TWO = {("till", 8080), ("stock", 9000)}
APPLICATION = "kind: Application\nmetadata: {name: NAME}\nspec:\n  source:\n    path: charts/app\n    helm:\n"
CASES = {
    "helmfile": ({**SET, "helmfile.yaml": "releases:\n- name: a\n  chart: ./charts/app\n  values:\n  - charts/values/till.yaml\n- name: b\n  chart: ./charts/app\n  values: [charts/values/stock.yaml]\n"}, TWO),
    "helmfile: a file called as the release, values inside": (
        {**SET, "helmfile.yaml": "releases:\n{{ range .x }}\n{{ end }}\n- name: till\n  chart: ./charts/app\n  values:\n  - charts/values/{{ .Release.Name }}.yaml\n- name: stock\n  chart: charts/app\n  values:\n  - port: 9000\n"}, TWO),
    "helmfile: set": ({"helmfile.yaml": "releases:\n- name: till\n  chart: ./charts/app\n- name: stock\n  chart: charts/app\n  set:\n  - name: port\n    value: 9000\n"}, TWO),
    "argo: files beside the chart": ({"charts/app/own.yaml": "name: till\nport: 7000\n", "argo/a.yaml": APPLICATION.replace("NAME", "till") + "      valueFiles: [own.yaml]\n"}, {("till", 7000)}),
    "argo: parameters, a block and an object": (
        {"argo/a.yaml": "---\n".join(APPLICATION.replace("NAME", name) + more for name, more in (
            ("till", "      parameters:\n      - {name: port, value: '7001'}\n"), ("stock", "      values: |\n        port: 7002\n"), ("mail", "      valuesObject: {port: 7003}\n")))},
        {("till", 7001), ("stock", 7002), ("mail", 7003)}),
    "flux": ({"f.yaml": "kind: HelmRelease\nmetadata: {name: till}\nspec:\n  chart: {spec: {chart: ./charts/app}}\n  values: {name: till, port: 7000}\n"}, {("till", 7000)}),
    "skaffold": ({**SET, "skaffold.yaml": "deploy:\n  helm:\n    releases:\n    - name: till\n      chartPath: charts/app\n    - name: stock\n      chartPath: charts/app\n      valuesFiles: [charts/values/stock.yaml]\n"}, TWO),
    "kustomize": ({"kustomization.yaml": "helmCharts:\n- name: app\n  releaseName: till\n  valuesInline: {name: till, port: 7000}\n"}, {("till", 7000)}),
    "a script": ({**SET, "up.sh": "helm upgrade --install till ./charts/app \\\n  -n shop -f charts/values/till.yaml\nhelm install stock $ROOT/charts/app --set=port=9000,x.y=1 --wait\n"}, TWO),
    "instructions choose no name": ({**SET, "README.md": "helm install -f charts/values/stock.yaml my-stock charts/app\n"}, {("stock", 9000)}),
    "Tilt": ({**SET, "Tiltfile": "k8s_yaml(helm('charts/app', name='till', values=['charts/values/till.yaml']))\nk8s_yaml(helm('./charts/app', 'stock', name=\"stock\", set=['port=9000']))\n"}, TWO),
    "stages of one service": ({"up.sh": "helm install till-dev charts/app\nhelm install till-prod charts/app --set port=81\n"}, {("app", 8080), ("app", 81)}),
    "another's chart": ({"up.sh": "helm install db bitnami/postgresql\n"}, {("app", 8080)}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_a_chart_is_installed_as_the_tree_says(tmp_path, files, wanted):
    lay(tmp_path, {**CHART, **files})
    assert {(e.service, e.port) for e in stated(surveyed(tmp_path)) if e.scope == "cluster"} == wanted


def test_a_number_stands_where_it_is_set(tmp_path):
    lay(tmp_path, {**CHART, "up.sh": "helm install till ./charts/app --set 'name=till,port=9000'\n", "helmfile.yaml": "releases:\n- name: a\n  chart: charts/app\n  values:\n  - port: 9001\n"})
    survey = surveyed(tmp_path)
    for each in (e for e in stated(survey) if e.scope == "cluster"):
        assert each.editable
        assert (survey.tree.read(each.place.path) or b"")[each.place.start : each.place.end] == str(each.port).encode()


def test_a_values_file_that_is_gone_is_passed_over(tmp_path):
    lay(tmp_path, {**CHART, "up.sh": "helm install till charts/app -f gone.yaml\n"})
    tree = surveyed(tmp_path).tree
    assert [r.files for r in releases_of(tree, "charts/app")] == [()]
    assert len(renderings(tree, "charts/app/templates/s.yaml")) == 1
