"""What tye, dapr and Aspire start on one machine."""

import pytest

from opskit.ports.stated.every import stated

from .conftest import lay, surveyed

TILL = {"src/Till.Api/Till.Api.csproj": "", "src/Till.Api/Program.cs": "var app = 1;\n"}
HOST = {**TILL, "src/Host/Host.csproj": ""}
BUILDER = "var builder = DistributedApplication.CreateBuilder(args);\n"
CASES = {
    "tye: a project, an image, an ingress": (
        {**TILL, "tye.yaml": "name: shop\nservices:\n- name: api\n  project: src/Till.Api/Till.Api.csproj\n  bindings:\n  - port: 5000\n- name: redis\n  image: redis\n  bindings:\n  - port: 6380\n    containerPort: 6379\n- name: mail\n  image: mail\n  bindings: [{port: 1025}]\ningress:\n- name: front\n  bindings: [{port: 8080}]\n"},
        {("till-api", 5000, "machine"), ("redis", 6380, "machine"), ("redis", 6379, "container"), ("mail", 1025, "machine"), ("mail", 1025, "container"), ("front", 8080, "machine")}),
    "dapr: a run template": (
        {**TILL, "dapr.yaml": "version: 1\napps:\n- appID: orders\n  appDirPath: ./src/Till.Api/\n  appPort: 7001\n  daprHTTPPort: 3501\n- appID: gone\n  appDirPath: ./gone\n  appPort: 7002\n"},
        {("till-api", 7001, "machine"), ("till-api", 3501, "machine"), ("gone", 7002, "machine")}),
    "dapr: a component says nothing": ({"dapr.yaml": "kind: Component\nspec:\n  metadata:\n  - {name: port, value: 7001}\n"}, set()),
    "dapr run": ({"run.sh": "dapr run --app-id till \\\n  --app-port 7001 --dapr-http-port=3501 -- dotnet run --app-port 9\ndapr run -a stock -p 7002 npm start\n"},
                 {("till", 7001, "machine"), ("till", 3501, "machine"), ("stock", 7002, "machine")}),
    "aspire": (
        {**HOST, "src/Host/Program.cs": BUILDER + 'var cache = builder.AddRedis("cache", port: 6380);\nbuilder.AddProject<Projects.Till_Api>("api").WithReference(cache).WithHttpEndpoint(port: 5101, name: "http");\n'
         'builder.AddContainer("mail", "x/mail").WithEndpoint(1026, 1025);\nbuilder.AddPostgres("pg").WithHostPort(5433);\n// builder.AddRedis("old", port: 1);\nbuilder.AddRedis("any");\n'},
        {("cache", 6380, "machine"), ("till-api", 5101, "machine"), ("mail", 1026, "machine"), ("mail", 1025, "container"), ("pg", 5433, "machine")}),
    "prometheus-net": ({**TILL, "src/Till.Api/Program.cs": "using Prometheus;\nnew MetricServer(port: 1234).Start();\nnew KestrelMetricServer(1235).Start();\n"}, {("till-api", 1234, "machine"), ("till-api", 1235, "machine")}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_who_starts_the_programs_says_their_ports(tmp_path, files, wanted):
    lay(tmp_path, files)
    survey = surveyed(tmp_path)
    found = [e for e in stated(survey) if e.role != "reference"]
    assert {(e.service, e.port, e.scope) for e in found} == wanted
    assert all((survey.tree.read(e.place.path) or b"")[e.place.start : e.place.end] == str(e.port).encode() for e in found)
