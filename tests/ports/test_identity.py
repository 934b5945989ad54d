"""One service under the names of its compose file, package, image, folder and cluster is one service in the answer."""

import pytest

from opskit.ports.rules import check
from opskit.ports.stated.built import bare_image, folders_of_images, without_prefix
from opskit.ports.stated.identity import base_of

from .conftest import lay, surveyed

EXPRESS = "const express = require('express');\nconst app = express();\napp.listen(process.env.PORT || 4000);\n"
FLASK = "from flask import Flask\n\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=5000)\n"
PACKAGE = '{"name": "@org/till-server", "scripts": {"start": "node index.js"}, "dependencies": {"express": "4"}}'
NODE_IMAGE = 'FROM node\nCOPY . .\nEXPOSE 4000\nCMD ["node", "index.js"]\n'
NODE = {"services/till/package.json": PACKAGE, "services/till/index.js": EXPRESS, "services/till/Dockerfile": NODE_IMAGE}
GO = {"src/cart/main.go": 'package main\nimport "net/http"\nfunc main() { http.ListenAndServe(":7070", nil) }\n', "src/cart/go.mod": "module example.org/x/cartsvc\n",
      "src/cart/Dockerfile": 'FROM golang\nEXPOSE 7070\nCMD ["./cart"]\n'}


def workload(name, image, port, label=""):
    label = label or name
    return (f"kind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      labels: {{app: {label}}}\n    spec:\n      containers:\n"
            f"      - name: {label}\n        image: {image}\n        ports:\n        - containerPort: {port}\n")


def front(name, label, port):
    return f"---\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n  selector: {{app: {label}}}\n  ports:\n  - port: {port}\n    targetPort: {port}\n"


COMPOSED = "services:\n  till:\n    build: ./services/till\n"
CASES = {
    "compose's name before the package's": ({**NODE, "compose.yml": COMPOSED + "    ports: ['4000:4000']\n", "k8s/t.yaml": workload("till-deployment", "org/till-server:1", 4000, "till-server")}, {"till"}),
    "compose without a published port": ({**NODE, "compose.yml": COMPOSED}, {"till"}),
    "a package that an image is called after": ({**NODE, "k8s/t.yaml": workload("backend-deployment", "org/till-server:1", 4000, "backend") + front("backend", "backend", 80)}, {"till-server"}),
    "compose with underscores": ({"user_svc/app.py": FLASK, "user_svc/Dockerfile": "FROM python\nEXPOSE 5000\nCMD python app.py\n", "compose.yml": "services:\n  user_svc:\n    build: ./user_svc\n"}, {"user-svc"}),
    "a folder that an image is called after": ({**GO, "k8s/c.yaml": workload("basket", "registry.example.org:5000/p/cart:v1", 7070) + front("basket-svc", "basket", 7070)}, {"cart"}),
    "skaffold's context": ({**NODE, "skaffold.yaml": "kind: Config\nbuild:\n  artifacts:\n  - image: org/shop-counter\n    context: services/till\n", "k8s/t.yaml": workload("counter-depl", "org/shop-counter", 4000)}, {"till-server"}),
    "docker build in a Makefile": ({**GO, "Makefile": "image:\n\tdocker build --build-arg A=1 -t org/basket:$(TAG) src/cart\n", "k8s/c.yaml": workload("shopping-cart", "org/basket:2", 7070)}, {"cart"}),
    "docker build with the Dockerfile's own folder": ({**GO, "build.sh": "docker build -f src/cart/Dockerfile -t org/basket .\n", "k8s/c.yaml": workload("shopping-cart", "org/basket", 7070)}, {"cart"}),
    "a workflow that pushes the image": ({**GO, ".github/workflows/p.yml": "jobs:\n  p:\n    steps:\n    - uses: docker/build-push-action@v6\n      with:\n        context: ./src/cart\n        tags: ghcr.io/org/basket:latest\n", "k8s/c.yaml": workload("shopping-cart", "ghcr.io/org/basket:latest", 7070)}, {"cart"}),
    "a prefix that the cluster's names share": ({"api/app.py": FLASK, "api/Dockerfile": "FROM python\nCMD python app.py\n", "compose.yml": "services:\n  api:\n    build: api\n    ports: ['5000:5000']\n",
                                               "k8s/a.yaml": workload("shop-api", "x/y", 5000) + front("shop-api", "shop-api", 80) + "---\n" + workload("shop-till", "x/z", 7000)}, {"api", "shop-till"}),
    "a release of the name that its label says": ({"k8s/c.yaml": workload("cart-v1", "org/x", 7070, "cart") + front("cart", "cart", 80)}, {"cart"}),
    "docker build of a Dockerfile that is gone": ({".azure/p.yml": "script: docker build -f ./src/till/Dockerfile -t org/x-till:1 .\n", "app.py": FLASK,
                                                  "k8s/t.yaml": workload("till", "org/x-till:1", 7070)}, {"till", "app"}),
    "an image that compose builds from a folder of several": ({"src/A.Dockerfile": "FROM x\n", "src/B.Dockerfile": "FROM x\n", "k8s/a.yaml": workload("queue-reader", "reg/teller:2", 7070),
        "compose.yml": "services:\n  till.api:\n    image: org/teller\n    build: {context: src, dockerfile: A.Dockerfile}\n  till.job:\n    image: org/job\n    build: {context: src, dockerfile: B.Dockerfile}\n"}, {"till-api"}),
    "a folder of several says nothing": ({"a.yaml": "kind: Config\n", "skaffold.yaml": "build:\n  artifacts:\n  - image: org/teller\n    context: src\n", "src/a/x.cs": "", "k8s/a.yaml": workload("reader-depl", "org/teller", 7070)}, {"reader"}),
    "another's image stays another service": ({**NODE, "k8s/t.yaml": workload("postgres", "postgres:16", 5432)}, {"till-server", "postgres"}),
    "two folders of one name stay two": ({"a/api/app.py": FLASK, "b/api/app.py": FLASK.replace("5000", "5001")}, {"api", "b-api"}),
    "two services of one base stay two": ({**GO, "k8s/c.yaml": workload("cart-db", "mongo", 27017)}, {"cart", "cart-db"}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_one_service_has_one_name(tmp_path, files, wanted):
    lay(tmp_path, files)
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {f["service"] for f in facts if f["role"] in ("bind", "publish", "target")} == wanted


def test_what_a_published_service_binds_is_its_containers(tmp_path):
    lay(tmp_path, {**GO, "compose.yml": "services:\n  cart:\n    build: src/cart\n    ports: ['7070:7070']\n"})
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {(f["port"], f["scope"]) for f in facts if f["role"] in ("bind", "publish", "target")} == {(7070, "compose"), (7070, "container")}


def test_a_launch_profile_is_never_inside_the_container(tmp_path):
    profile = '{"profiles": {"till": {"commandName": "Project", "applicationUrl": "http://localhost:5000"}}}'
    lay(tmp_path, {"till/till.csproj": "", "till/Properties/launchSettings.json": profile, "compose.yml": "services:\n  till:\n    build: till\n    ports: ['9000:80']\n"})
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {(f["port"], f["scope"]) for f in facts if f["service"] == "till"} == {(9000, "compose"), (80, "container"), (5000, "machine")}


@pytest.mark.parametrize(("image", "name"), [("reg:5000/a/b:1.4@sha256:00", "b"), ("b", "b"), ("a/b", "b"), ("a/b:$TAG", "b"), ("$REG/b", "b"), ("a/${B}", ""), ("{{ x }}", "")])
def test_an_image_without_registry_and_tag(image, name):
    assert bare_image(image) == name


@pytest.mark.parametrize(("name", "base"), [("Order-Service", "order"), ("order_svc", "order"), ("order-depl", "order"), ("order-service-v2", "order"), ("service", "service"), ("create-user", "createuser")])
def test_a_name_without_its_kind(name, base):
    assert base_of(name) == base


def test_an_image_of_two_folders_is_nobodys(tmp_path):
    lay(tmp_path, {"a.sh": "docker build -t org/x a\n", "b.sh": "docker build -t org/x b\n", "a/f": "", "b/f": ""})
    assert "x" not in folders_of_images(surveyed(tmp_path).tree)


def test_a_word_that_only_one_name_begins_with_stays():
    assert without_prefix(["shop-api", "shop-till", "cart-db", "web"]) == {"shop-api": "api", "shop-till": "till"}
