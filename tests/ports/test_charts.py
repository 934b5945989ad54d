"""Charts as Helm prints them: loops, helpers, defaults, overlays, subcharts; every number with the place that it comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.ports.stated.charts import merged, renderings
from opskit.ports.stated.every import stated
from opskit.source.gotemplate import read_gotemplate

from .conftest import lay, surveyed

CHART = {"c/Chart.yaml": "name: till\nversion: 1.0.0\n"}
HELPERS = """{{/* as `helm create` writes them */}}
{{- define "till.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "till.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name }}{{ else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}
{{- end }}
{{- define "till.port" -}}
{{ .Values.service.port | default 8080 }}
{{- end }}
{{- define "till.selectorLabels" -}}
app.kubernetes.io/name: {{ include "till.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
"""
FRONT = "kind: Service\nmetadata:\n  name: {{ include \"till.fullname\" . }}\nspec:\n  selector:\n    {{- include \"till.selectorLabels\" . | nindent 4 }}\n  ports:\n"
ONE = FRONT + "    - port: NUMBER\n      targetPort: http\n"
PLAIN = {**CHART, "c/templates/_helpers.tpl": HELPERS}
LOOP = """{{- range $name, $svc := .Values.services }}
---
kind: Service
metadata:
  name: {{ $name }}
spec:
  ports:
  {{- range $svc.ports }}
    - port: {{ .port }}
      targetPort: {{ .target | default .port }}
  {{- end }}
{{- end }}
"""
DEPLOYMENT = """kind: Deployment
metadata:
  name: {{ include "till.fullname" . }}
spec:
  template:
    metadata:
      labels:
        {{- include "till.selectorLabels" . | nindent 8 }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            {{- toYaml .Values.ports | nindent 12 }}
"""
SUB = {"c/charts/bank/Chart.yaml": "name: bank\n", "c/charts/bank/values.yaml": "port: 7000\n",
       "c/charts/bank/templates/s.yaml": "kind: Service\nmetadata: {name: bank}\nspec:\n  ports: [{port: {{ .Values.port }}, targetPort: http}]\n"}
ALIASED = {"u/Chart.yaml": "name: u\ndependencies:\n- {name: generic, alias: auth, repository: 'file://../generic'}\n- {name: generic, alias: bank, repository: 'file://../generic'}\n",
           "u/values.yaml": "auth: {port: 7001}\nbank: {port: 7002}\n", "generic/Chart.yaml": "name: generic\n", "generic/values.yaml": "port: 1234\n",
           "generic/templates/s.yaml": "kind: Service\nmetadata: {name: {{ .Chart.Name }}}\nspec:\n  ports: [{port: {{ .Values.port }}, targetPort: http}]\n"}
CASES = {
    "a value": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ .Values.service.port }}"), "c/values.yaml": "service: {port: 9000}\n"}, {"till 9000 cluster"}),
    "a default that counts": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ .Values.service.port | default 8080 }}"), "c/values.yaml": "service: {}\n"}, {"till 8080 cluster"}),
    "a default that does not": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ default 8080 .Values.service.port }}"), "c/values.yaml": "service: {port: 9000}\n"}, {"till 9000 cluster"}),
    "a helper that gives a port": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ include \"till.port\" . }}"), "c/values.yaml": "service: {port: 9000}\n"}, {"till 9000 cluster"}),
    "a helper with a default": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ template \"till.port\" . }}"), "c/values.yaml": "service: {}\n"}, {"till 8080 cluster"}),
    "a variable": ({**PLAIN, "c/templates/s.yaml": "{{- $p := .Values.service.port -}}\n" + ONE.replace("NUMBER", "{{ $p | int }}"), "c/values.yaml": "service: {port: '9000'}\n"}, {"till 9000 cluster"}),
    "with": ({**PLAIN, "c/templates/s.yaml": "{{- with .Values.service }}\n" + ONE.replace("NUMBER", "{{ .port }}").replace(" . ", " $ ") + "{{- end }}\n", "c/values.yaml": "service: {port: 9000}\n"}, {"till 9000 cluster"}),
    "printf and quotes": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ printf \"%v\" .Values.port | quote }}"), "c/values.yaml": "port: 9000\n"}, {"till 9000 cluster"}),
    "a loop over a map and a list": ({**PLAIN, "c/templates/s.yaml": LOOP, "c/values.yaml": "services:\n  auth:\n    ports: [{port: 80, target: 8081}]\n  bank:\n    ports: [{port: 81}, {port: 82, target: 8083}]\n"},
                                     {"auth 80 cluster", "auth 8081 container", "bank 81 cluster", "bank 81 container", "bank 82 cluster", "bank 8083 container"}),
    "toYaml": ({**PLAIN, "c/templates/d.yaml": DEPLOYMENT, "c/values.yaml": "image: {repository: org/till}\nports:\n  - name: http\n    containerPort: 9000\n    protocol: TCP\n  - containerPort: 9001\n"}, {"till 9000 container", "till 9001 container"}),
    "a whole manifest by a helper": ({**PLAIN, "c/templates/_s.tpl": "{{- define \"lib.service\" -}}\n" + ONE.replace("NUMBER", "{{ .Values.port }}") + "{{- end }}\n", "c/templates/s.yaml": "{{ include \"lib.service\" . }}\n", "c/values.yaml": "port: 9000\n"}, {"till 9000 cluster"}),
    "a branch that is off": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "80") + "      {{- if eq .Values.type \"NodePort\" }}\n      nodePort: 30080\n      {{- end }}\n", "c/values.yaml": "type: ClusterIP\n"}, {"till 80 cluster"}),
    "a branch that is on": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "80") + "      {{- if eq .Values.type \"NodePort\" }}\n      nodePort: 30080\n      {{- end }}\n", "c/values.yaml": "type: NodePort\n"}, {"till 80 cluster", "till 30080 node"}),
    "else if": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ if .Values.a }}1000{{ else if .Values.b }}2000{{ else }}3000{{ end }}"), "c/values.yaml": "a: false\nb: true\n"}, {"till 2000 cluster"}),
    "a service that is off by default": ({**PLAIN, "c/templates/s.yaml": "{{- if .Values.on }}\n" + ONE.replace("NUMBER", "80") + "{{- end }}\n", "c/values.yaml": "on: false\n"}, {"till 80 cluster"}),
    "an overlay": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ .Values.service.port }}"), "c/values.yaml": "service: {port: 9000}\n", "c/values-prod.yaml": "service: {port: 9443}\n"}, {"till 9000 cluster", "till 9443 cluster"}),
    "an overlay of other things": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ .Values.service.port }}"), "c/values.yaml": "service: {port: 9000}\n", "c/values-prod.yaml": "replicas: 3\n"}, {"till 9000 cluster"}),
    "a subchart": ({**PLAIN, **SUB}, {"bank 7000 cluster"}),
    "a subchart with its parent's values": ({**PLAIN, **SUB, "c/values.yaml": "bank: {port: 7005}\n"}, {"bank 7005 cluster"}),
    "aliases of a chart beside": (ALIASED, {"auth 7001 cluster", "bank 7002 cluster"}),
    "a name from the values": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "80"), "c/values.yaml": "fullnameOverride: counter\n"}, {"counter 80 cluster"}),
    "a helper that nobody wrote": ({**CHART, "c/templates/s.yaml": ONE.replace("NUMBER", "{{ .Values.port }}"), "c/values.yaml": "port: 9000\n"}, {"till 9000 cluster"}),
    "a helper that calls itself": ({**CHART, "c/templates/_h.tpl": "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}", "c/templates/s.yaml": FRONT + "    - port: 80\n      name: {{ include \"a\" . }}\n      targetPort: http\n"}, {"till 80 cluster"}),
    "no template after all": ({**PLAIN, "c/templates/s.yaml": ONE.replace("NUMBER", "80") + "# {{ if }\n"}, {"till 80 cluster"}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_a_chart_says_what_helm_prints(tmp_path, files, wanted):
    lay(tmp_path, files)
    survey = surveyed(tmp_path)
    found = list(stated(survey))
    assert {f"{e.service} {e.port} {e.scope}" for e in found} == wanted
    for each in found:
        data = survey.tree.read(each.place.path) or b""
        assert not each.editable or data[each.place.start : each.place.end] == str(each.port).encode()


@pytest.mark.parametrize(("case", "path"), [("a value", "c/values.yaml"), ("a helper that gives a port", "c/values.yaml"), ("toYaml", "c/values.yaml"), ("an overlay", "c/values-prod.yaml"), ("a branch that is on", "c/templates/s.yaml"), ("a subchart with its parent's values", "c/values.yaml")])
def test_a_number_keeps_its_place(tmp_path, case, path):
    lay(tmp_path, CASES[case][0])
    assert path in {e.place.path for e in stated(surveyed(tmp_path)) if e.editable}


def test_a_templates_default_is_not_edited(tmp_path):
    lay(tmp_path, CASES["a default that counts"][0])
    assert [e.editable for e in stated(surveyed(tmp_path))] == [False]


def test_values_of_an_overlay_go_before_map_by_map():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 5}, "d": None}) == {"a": {"b": 5, "c": 2}}


def test_what_a_template_prints_is_bound_to_its_bytes(tmp_path):
    lay(tmp_path, CASES["a loop over a map and a list"][0])
    tree = surveyed(tmp_path).tree
    (rendered,) = renderings(tree, "c/templates/s.yaml")
    at = rendered.data.index(b"8083")
    piece = rendered.origin(at, at + 4)
    assert (tree.read(piece.path) or b"")[piece.start : piece.end] == b"8083"


@given(st.text(alphabet="{}-% .|()\"'`/*ifendrangewith$:=\n", max_size=60))
def test_any_text_is_read_or_refused(text):
    nodes = read_gotemplate("", text.encode())
    assert nodes is None or all(node.start <= node.end for node in nodes)


@pytest.mark.parametrize("text", ["{{ if x }}", "{{ end }}", "{{ else }}{{ end }}", "{{ ( }}", "{{ include }", "{{ define \"a\" }}"], ids=["open", "too many ends", "an else alone", "a parenthesis", "no end of an action", "an open definition"])
def test_what_is_no_template_is_refused(text):
    nodes = read_gotemplate("", text.encode())
    assert nodes is None or [n.kind for n in nodes] == ["text"]
