"""Every format that states a port, in the forms that its documentation shows: whom it speaks of, which number, in which scope."""

import pytest

from opskit.ports.stated.every import stated, unread

from .conftest import lay, surveyed

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers:
      - name: orders
        image: shop/orders:1.4
        ports:
        - name: http
          containerPort: 8080
        livenessProbe:
          httpGet: {path: /healthz, port: 8080}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: orders
spec:
  selector: {app: orders}
  ports:
  - port: 80
    targetPort: 8080
"""
CHART = {"chart/Chart.yaml": "apiVersion: v2\nname: till\nversion: 0.1.0\n"}
TEMPLATE = """{{- if .Values.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "till.fullname" . }}
  labels:
    {{- include "till.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      targetPort: http
      protocol: TCP
      name: http
  selector:
    {{- include "till.selectorLabels" . | nindent 4 }}
{{- end }}
"""

CASES = {
    "k8s: containerPort": ({"k/d.yaml": DEPLOYMENT}, {("orders", 8080, "target", "container"), ("orders", 8080, "reference", "container")}),
    "k8s: a Service before it": ({"k/d.yaml": DEPLOYMENT.split("        livenessProbe")[0], "k/s.yaml": SERVICE},
                                 {("orders", 80, "publish", "cluster"), ("orders", 8080, "target", "container")}),
    "k8s: documents in one file": ({"all.yml": f"{DEPLOYMENT}---\n{SERVICE}"}, {("orders", 80, "publish", "cluster"), ("orders", 8080, "target", "container"), ("orders", 8080, "reference", "container")}),
    "k8s: nodePort": ({"s.yaml": SERVICE.replace("    targetPort: 8080", "    nodePort: 30080")}, {("orders", 80, "publish", "cluster"), ("orders", 80, "target", "container"), ("orders", 30080, "publish", "node")}),
    "k8s: UDP is told": ({"s.yaml": SERVICE.replace("    targetPort: 8080", "    protocol: UDP")}, {("orders", 80, "publish", "cluster"), ("orders", 80, "target", "container")}),
    "k8s: hostPort": ({"d.yaml": DEPLOYMENT.split("        livenessProbe")[0].replace("containerPort: 8080", "containerPort: 8080\n          hostPort: 9100")},
                      {("orders", 8080, "target", "container"), ("orders", 9100, "publish", "node")}),
    "k8s: names with their kind's ending": ({"d.yaml": DEPLOYMENT.split("        livenessProbe")[0].replace("  name: orders\nspec", "  name: orders-depl\nspec"), "s.yaml": SERVICE.replace("name: orders", "name: orders-srv")},
                                            {("orders", 80, "publish", "cluster"), ("orders", 8080, "target", "container")}),
    "k8s: an Ingress refers": ({"s.yaml": SERVICE, "i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec:\n  rules:\n  - http:\n      paths:\n      - path: /\n        backend:\n          service:\n            name: orders\n            port:\n              number: 80\n"},
                               {("orders", 80, "publish", "cluster"), ("orders", 8080, "target", "container"), ("orders", 80, "reference", "cluster")}),
    "k8s: an ExternalName opens nothing": ({"s.yaml": "kind: Service\nmetadata: {name: db}\nspec:\n  type: ExternalName\n  externalName: db.example.com\n  ports: [{port: 5432}]\n"}, set()),
    "k8s: a CronJob's pod": ({"c.yaml": "kind: CronJob\nmetadata: {name: tick}\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - name: tick\n            ports: [{containerPort: 9000}]\n"}, {("tick", 9000, "target", "container")}),
    "k8s: a List": ({"l.yaml": "kind: List\nitems:\n- kind: Pod\n  metadata: {name: one}\n  spec:\n    containers:\n    - name: one\n      ports: [{containerPort: 7070}]\n"}, {("one", 7070, "target", "container")}),
    "k8s: another kind says nothing": ({"n.yaml": "kind: ConfigMap\nmetadata: {name: c}\ndata:\n  port: '8080'\n"}, set()),
    "helm: values of the chart": ({**CHART, "chart/templates/service.yaml": TEMPLATE, "chart/values.yaml": "enabled: true\nservice:\n  type: ClusterIP\n  port: 8088\n"}, {("till", 8088, "publish", "cluster")}),
    "helm: a template's default": ({**CHART, "chart/templates/service.yaml": TEMPLATE.replace(".Values.service.port", ".Values.port | default 9090"), "chart/values.yaml": "enabled: true\n"}, {("till", 9090, "publish", "cluster")}),
    "helm: a plain number": ({**CHART, "chart/templates/service.yaml": TEMPLATE.replace("{{ .Values.service.port }}", "7000")}, {("till", 7000, "publish", "cluster")}),
    "systemd: gunicorn": ({"deploy/till.service": "[Service]\nWorkingDirectory=/srv/till\nExecStart=/srv/till/venv/bin/gunicorn -w 3 --bind 127.0.0.1:8001 till.wsgi:application\n"}, {("till", 8001, "bind", "machine")}),
    "systemd: an environment": ({"till.service": "[Service]\nEnvironment=\"PORT=4100\"\nExecStart=/usr/bin/node /srv/till/server.js\n"}, {("till", 4100, "bind", "machine")}),
    "systemd: a socket": ({"till.socket": "[Socket]\nListenStream=127.0.0.1:9010\n\n[Install]\nWantedBy=sockets.target\n"}, {("till", 9010, "bind", "machine")}),
    "systemd: a socket by path opens none": ({"till.socket": "[Socket]\nListenStream=/run/till.sock\n"}, set()),
    "nginx: on the machine": ({"nginx/nginx.conf": "http {\n  server {\n    listen 8443 ssl;\n    listen [::]:8443 ssl;\n    listen 127.0.0.1:8081;\n  }\n}\n"}, {("nginx", 8443, "bind", "machine"), ("nginx", 8081, "bind", "machine")}),
    "nginx: inside an image": ({"web/Dockerfile": "FROM nginx\nCOPY default.conf /etc/nginx/conf.d/\n", "web/default.conf": "server {\n    listen 8080;\n}\n"}, {("web", 8080, "target", "container")}),
    "nginx: a socket by path opens none": ({"nginx.conf": "server {\n  listen unix:/run/x.sock;\n}\n"}, set()),
    "workflow: service containers": ({".github/workflows/ci.yml": "jobs:\n  test:\n    services:\n      postgres:\n        image: postgres\n        ports:\n          - 5433:5432\n      redis:\n        ports: ['6379:6379']\n"}, {("postgres", 5433, "publish", "workflow"), ("redis", 6379, "publish", "workflow")}),
    "workflow: without a host port": ({".github/workflows/ci.yml": "jobs:\n  test:\n    services:\n      postgres:\n        ports:\n          - 5432\n"}, set()),
    "netlify: dev": ({"netlify.toml": "[build]\n  publish = \"dist\"\n\n[dev]\n  framework = \"#custom\"\n  port = 8899\n  targetPort = 3000\n"}, {("netlify-dev", 8899, "bind", "machine"), ("", 3000, "reference", "machine")}),
    "netlify: dev's default": ({"netlify.toml": "[dev]\n  command = \"npm start\"\n"}, {("netlify-dev", 8888, "bind", "machine")}),
    "netlify: no dev": ({"netlify.toml": "[build]\n  port = 1\n"}, set()),
    "shell: uvicorn": ({"shop/run.sh": "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nexec uvicorn main:app --host 0.0.0.0 --port 8003\n", "shop/main.py": "app = 1\n", "shop/requirements.txt": ""}, {("shop", 8003, "bind", "machine")}),
    "shell: a variable set before": ({"shop/run.sh": "export FLASK_RUN_PORT=9001\nflask --app shop run &\n", "shop/shop.py": "x = 1\n", "shop/requirements.txt": ""}, {("shop", 9001, "bind", "machine")}),
    "shell: cd before": ({"start.sh": "cd backend\npython -m http.server 8123\n", "backend/requirements.txt": ""}, {("backend", 8123, "bind", "machine")}),
    "shell: docker run": ({"db.sh": "docker run -d --name cache -p 6380:6379 redis:7\n"}, {("cache", 6380, "publish", "machine")}),
    "shell: echo starts nothing": ({"x.sh": "echo uvicorn main:app --port 8003\n# uvicorn main:app --port 8004\n"}, set()),
    "batch: start": ({"run.bat": "@echo off\r\ncd /d %~dp0backend\r\nstart \"API\" cmd /k \"python -m http.server 8200\"\r\n", "backend/requirements.txt": ""}, {("backend", 8200, "bind", "machine")}),
    "batch: set": ({"run.bat": "set FLASK_RUN_PORT=5050\r\nflask run\r\n", "app.py": "x = 1\n", "requirements.txt": ""}, {("*", 5050, "bind", "machine")}),
    "powershell: Start-Process": ({"run.ps1": "Start-Process python -ArgumentList \"-m http.server 8300\"\n", "requirements.txt": ""}, {("*", 8300, "bind", "machine")}),
    "powershell: $env": ({"run.ps1": "$env:FLASK_RUN_PORT = \"5051\"\nflask run\n", "app.py": "x = 1\n"}, {("*", 5051, "bind", "machine")}),
    "make": ({"Makefile": "serve:\n\tuvicorn main:app --port 8400\n", "main.py": "app = 1\n"}, {("*", 8400, "bind", "machine")}),
    "dockerfile: EXPOSE": ({"api/Dockerfile": "FROM golang AS b\nEXPOSE 1\nFROM scratch\nEXPOSE 8080/tcp 9090\n"}, {("api", 8080, "target", "container"), ("api", 9090, "target", "container")}),
    "dockerfile: ENV and CMD": ({"api/Dockerfile": "FROM python\nENV PORT=8010\nCMD [\"gunicorn\", \"-b\", \"0.0.0.0:8020\", \"app:app\"]\n"}, {("api", 8010, "target", "container"), ("api", 8020, "target", "container")}),
    "compose: the inside of ports": ({"compose.yaml": "services:\n  web:\n    image: x\n    ports:\n      - '8080:80'\n      - target: 443\n        published: 8443\n      - '9000'\n"}, {("web", 80, "target", "container"), ("web", 443, "target", "container"), ("web", 9000, "target", "container")}),
    "compose: expose": ({"compose.yaml": "services:\n  web:\n    image: x\n    expose: ['3000']\n"}, {("web", 3000, "target", "container")}),
    "address: by compose's name": ({"compose.yaml": "services:\n  web:\n    image: x\n    environment:\n      API: http://api:3000\n  api:\n    image: y\n    expose: [3000]\n"}, {("api", 3000, "target", "container"), ("api", 3000, "reference", "container")}),
    "address: by a cluster's name": ({"s.yaml": SERVICE.replace("    targetPort: 8080", ""), "src/a.conf": "x = http://orders.shop.svc.cluster.local:80/\n"}, {("orders", 80, "publish", "cluster"), ("orders", 80, "target", "container"), ("orders", 80, "reference", "container")}),
    "address: an image's tag is none": ({"compose.yaml": "services:\n  redis:\n    image: redis:7211\n"}, set()),
    "go: net/http": ({"go.mod": "module example.com/hall\n", "main.go": "func main() {\n\tlog.Fatal(http.ListenAndServe(\":8090\", nil))\n}\n"}, {("hall", 8090, "bind", "machine")}),
    "go: a constant": ({"go.mod": "module example.com/hall\n", "main.go": "const port = \"8091\"\nfunc main() { http.ListenAndServe(\":\"+port, nil) }\n"}, {("hall", 8091, "bind", "machine")}),
    "go: the environment with a fallback": ({"go.mod": "module example.com/hall\n", "main.go": "port := os.Getenv(\"PORT\")\nif port == \"\" {\n\tport = \"8092\"\n}\nhttp.ListenAndServe(fmt.Sprintf(\":%s\", port), mux)\n"}, {("hall", 8092, "bind", "machine")}),
    "go: http.Server": ({"go.mod": "module example.com/hall\n", "main.go": "srv := &http.Server{\n\tHandler: mux,\n\tAddr: \"127.0.0.1:8093\",\n}\n"}, {("hall", 8093, "bind", "machine")}),
    "go: gRPC and a flag": ({"go.mod": "module example.com/hall\n", "main.go": "var port = flag.Int(\"port\", 50051, \"The server port\")\nlis, err := net.Listen(\"tcp\", fmt.Sprintf(\"localhost:%d\", *port))\n"}, {("hall", 50051, "bind", "machine")}),
    "go: gin's default": ({"go.mod": "module example.com/hall\n", "main.go": "import \"github.com/gin-gonic/gin\"\nfunc main() { r := gin.Default(); r.Run() }\n"}, {("hall", 8080, "bind", "machine")}),
    "go: fiber and echo": ({"a/go.mod": "module a\n", "a/main.go": "import \"github.com/gofiber/fiber/v2\"\nlog.Fatal(app.Listen(\":3000\"))\n", "b/go.mod": "module b\n", "b/main.go": "import \"github.com/labstack/echo/v4\"\ne.Logger.Fatal(e.Start(\":1323\"))\n"}, {("a", 3000, "bind", "machine"), ("b", 1323, "bind", "machine")}),
    "go: tests and comments are none": ({"go.mod": "module x\n", "a_test.go": "http.ListenAndServe(\":8090\", nil)\n", "main.go": "// http.ListenAndServe(\":8091\", nil)\n"}, set()),
    "go: commands of one module": ({"go.mod": "module x\n", "cmd/api/main.go": "http.ListenAndServe(\":8001\", nil)\n", "cmd/admin/main.go": "http.ListenAndServe(\":8002\", nil)\n"}, {("api", 8001, "bind", "machine"), ("admin", 8002, "bind", "machine")}),
    "rust: actix": ({"Cargo.toml": "[package]\nname = \"pier\"\n", "src/main.rs": "HttpServer::new(|| App::new())\n    .bind((\"127.0.0.1\", 8094))?\n    .run()\n"}, {("pier", 8094, "bind", "machine")}),
    "rust: axum": ({"Cargo.toml": "[package]\nname = \"pier\"\n", "src/main.rs": "let listener = tokio::net::TcpListener::bind(\"0.0.0.0:3000\").await.unwrap();\n"}, {("pier", 3000, "bind", "machine")}),
    "rust: an address before": ({"Cargo.toml": "[package]\nname = \"pier\"\n", "src/main.rs": "let addr = SocketAddr::from(([127, 0, 0, 1], 3005));\naxum::Server::bind(&addr).serve(app).await\n"}, {("pier", 3005, "bind", "machine")}),
    "rust: warp": ({"Cargo.toml": "[package]\nname = \"pier\"\n", "src/main.rs": "warp::serve(hello)\n    .run(([127, 0, 0, 1], 3030))\n    .await;\n"}, {("pier", 3030, "bind", "machine")}),
    "rust: rocket": ({"Cargo.toml": "[package]\nname = \"pier\"\n", "Rocket.toml": "[default]\nport = 9001\n", "src/main.rs": "#[launch]\nfn rocket() -> _ { rocket::build() }\n"}, {("pier", 9001, "bind", "machine")}),
    "spring: properties": ({"till/pom.xml": "<project/>", "till/src/main/resources/application.properties": "spring.application.name=till\nserver.port=8085\n"}, {("till", 8085, "bind", "machine")}),
    "spring: a placeholder in YAML": ({"till/pom.xml": "<project/>", "till/src/main/resources/application.yml": "server:\n  port: ${PORT:8086}\n"}, {("till", 8086, "bind", "machine")}),
    "spring: the default": ({"till/pom.xml": "<artifactId>spring-boot-starter-web</artifactId>", "till/src/main/java/A.java": "@SpringBootApplication\nclass A {}\n"}, {("till", 8080, "bind", "machine")}),
    "spring: what a config server hands out": (
        {"conf/pom.xml": "<artifactId>spring-cloud-config-server</artifactId>", "conf/src/main/resources/shared/till.yml": "server:\n  port: 8089\n",
         "conf/src/main/resources/shared/other.yml": "server:\n  port: 8090\n", "till/pom.xml": "<artifactId>spring-boot-starter-web</artifactId>",
         "till/src/main/java/A.java": "@SpringBootApplication\nclass A {}\n", "docker-compose.yml": "services:\n  till:\n    build: till\n"},
        {("till", 8089, "bind", "machine")}),
    "python: a file that does not parse": ({"shop/till.py": "print 'up'\napp.run(host='0.0.0.0', port=5002, debug=True)\nother(port=5003)\n"},
                                           {("till", 5002, "bind", "machine")}),
    "docker: folders of images that share a first word": (
        {"docker-compose.yml": "services:\n  a-till:\n    image: a/shop-till\n  a-pay:\n    image: a/shop-pay:2\n  third:\n    image: a/other-web\n",
         "src/till/Dockerfile": "FROM x\nEXPOSE 7001\n", "src/pay/Dockerfile": "FROM x\nEXPOSE 7002\n", "src/web/Dockerfile": "FROM x\nEXPOSE 7003\n"},
        {("a-till", 7001, "target", "container"), ("a-pay", 7002, "target", "container"), ("web", 7003, "target", "container")}),
    "java: a server of its own": ({"till/pom.xml": "<project/>", "till/src/main/java/A.java": "HttpServer server = HttpServer.create(new InetSocketAddress(8000), 0);\n"}, {("till", 8000, "bind", "machine")}),
    "java: gRPC": ({"till/build.gradle": "", "till/src/main/java/A.java": "int port = Integer.parseInt(System.getenv().getOrDefault(\"PORT\", \"9555\"));\nserver = ServerBuilder.forPort(port).build();\n"}, {("till", 9555, "bind", "machine")}),
    "kotlin: Ktor": ({"till/build.gradle.kts": "", "till/src/main/kotlin/A.kt": "import io.ktor.server.netty.*\nembeddedServer(Netty, port = 8087, host = \"0.0.0.0\") { }\n"}, {("till", 8087, "bind", "machine")}),
    "dotnet: launchSettings": ({"Till/Till.csproj": "", "Till/Properties/launchSettings.json": '{"iisSettings": {"iisExpress": {"applicationUrl": "http://localhost:44390"}}, "profiles": {"http": {"commandName": "Project", "applicationUrl": "https://localhost:7049;http://localhost:5249"}, "IIS Express": {"commandName": "IISExpress"}}}'},
                               {("till", 7049, "bind", "machine"), ("till", 5249, "bind", "machine")}),
    "dotnet: Kestrel": ({"Till/Till.csproj": "", "Till/appsettings.json": '{"Kestrel": {"Endpoints": {"Http": {"Url": "http://localhost:5005"}}}}'}, {("till", 5005, "bind", "machine")}),
    "dotnet: UseUrls": ({"Till/Till.csproj": "", "Till/Program.cs": "builder.WebHost.UseUrls(\"http://*:5006\");\n"}, {("till", 5006, "bind", "machine")}),
    "dotnet: app.Run": ({"Till/Till.csproj": "", "Till/Program.cs": "app.Run(\"http://localhost:3001\");\n"}, {("till", 3001, "bind", "machine")}),
    "php: Swoole": ({"till/composer.json": "{}", "till/server.php": "<?php\n$http = new Swoole\\HTTP\\Server('0.0.0.0', 9501);\n"}, {("till", 9501, "bind", "machine")}),
    "php: the built-in server": ({"till/composer.json": "{}", "till/run.sh": "php -S localhost:8070 -t public\n"}, {("till", 8070, "bind", "machine")}),
    "php: artisan": ({"till/composer.json": "{}", "till/run.sh": "php artisan serve --port=8071\n"}, {("till", 8071, "bind", "machine")}),
    "ruby: puma": ({"till/Gemfile": "", "till/config/puma.rb": "port ENV.fetch(\"PORT\") { 3000 }\n"}, {("till", 3000, "bind", "machine")}),
}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "harbour").mkdir()
    return tmp_path / "harbour"


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_a_format_states_its_ports(root, files, wanted):
    lay(root, files)
    found = {(e.service, e.port, e.role, e.scope) for e in stated(surveyed(root))}
    anyone = {port for service, port, *_ in wanted if service == "*"}
    assert {("*" if e[1] in anyone else e[0], *e[1:]) for e in found} == wanted


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_an_editable_place_spans_the_digits_alone(root, files, wanted):
    lay(root, files)
    survey = surveyed(root)
    for each in stated(survey):
        if each.editable:
            assert (survey.tree.read(each.place.path) or b"")[each.place.start : each.place.end] == str(each.port).encode()


def test_udp_is_not_tcp(root):
    lay(root, {"s.yaml": SERVICE.replace("    targetPort: 8080", "    protocol: UDP")})
    assert {e.protocol for e in stated(surveyed(root))} == {"udp"}


def test_a_manifest_that_is_not_yaml_is_told(root):
    lay(root, {"bad.yaml": "kind: Service\nmetadata: [\n"})
    assert [u.place.path for u in unread(surveyed(root))] == ["bad.yaml"]
