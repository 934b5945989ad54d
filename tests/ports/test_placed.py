"""Whose an image and a configuration are, wherever their files lie: Dockerfiles beside the context, what another folder's image copies."""

import pytest

from opskit.ports.rules import check

from .conftest import lay, surveyed

NODE = {"till/package.json": '{"name": "till"}', "till/server.js": "require('http').createServer().listen(3000)\n"}
HAND = {"hand/package.json": '{"name": "hand"}', "hand/server.js": "require('http').createServer().listen(4000)\n"}
EXPOSED = "FROM node\nEXPOSE 9000\n"
MANY = "services:\n  one: {build: {context: ., dockerfile: base/Dockerfile, args: {S: one}}}\n  two: {build: {context: ., dockerfile: base/Dockerfile}}\n  job: {build: {context: ., dockerfile: base/Dockerfile}, command: ./job}\n"
SITE = "server {\n  listen 9001;\n}\n"
CASES = {
    "a name that says the service": ({**NODE, **HAND, "deploy/Dockerfile.till": EXPOSED}, {"till 9000"}),
    "a name less its kind": ({"compose.yml": "services:\n  tillapp: {image: x}\n", "go/docker/Dockerfile-till": EXPOSED, "go/go.mod": "module x/shop\n"}, {"tillapp 9000"}),
    "a mode is no name": ({**NODE, "till/Dockerfile.dev": EXPOSED}, {"till 9000"}),
    "whose code alone it copies": ({**NODE, **HAND, "deploy/Dockerfile.ui": EXPOSED + "COPY hand/ .\n"}, {"hand 9000"}),
    "that a command builds": ({**NODE, **HAND, "deploy/Dockerfile.ui": EXPOSED, "build.sh": "docker build -f deploy/Dockerfile.ui -t shop/hand:1 .\n"}, {"hand 9000"}),
    "that a bake file builds": ({**NODE, **HAND, "deploy/Dockerfile.ui": EXPOSED, "docker-bake.hcl": 'target "hand" {\n  dockerfile = "deploy/Dockerfile.ui"\n  tags = ["shop/hand:1"]\n}\n'}, {"hand 9000"}),
    "that compose builds from elsewhere": ({**NODE, "deploy/Dockerfile.ui": EXPOSED, "compose.yml": "services:\n  front: {build: {context: ., dockerfile: deploy/Dockerfile.ui}}\n"}, {"front 9000"}),
    "one image of several services": ({"base/Dockerfile": EXPOSED, "compose.yml": MANY}, {"one 9000", "two 9000"}),
    "nginx's file of another folder's image": ({**NODE, "deploy/Dockerfile.till": "FROM nginx\nCOPY deploy/site.conf /etc/nginx/conf.d/default.conf\n", "deploy/site.conf": SITE}, {"till 9001"}),
    "a file that one stage copies": ({"conf/site.conf": SITE, "Dockerfile": "FROM nginx AS a\nCOPY conf/site.conf /etc/nginx/conf.d/\nFROM node AS b\n", "compose.yml": "services:\n  one: {build: {context: ., target: a}}\n  two: {build: {context: ., target: b}}\n"}, {"one 9001"}),
    "nginx's file in the context of compose": ({"conf/edge/site.conf": SITE, "images/front/Dockerfile": "FROM nginx\nCOPY edge/ /etc/nginx/conf.d/\n", "compose.yml": "services:\n  front: {build: {context: conf, dockerfile: ../images/front/Dockerfile}}\n"}, {"front 9001"}),
}


def containers(root):
    facts = check(surveyed(root)).facts["ports"]
    return {f"{f['service']} {f['port']}" for f in facts if f["role"] == "target" and f["scope"] == "container" and f["port"] > 8999}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_an_image_is_whose_it_is_built_for(tmp_path, files, wanted):
    lay(tmp_path, files)
    assert containers(tmp_path) == wanted


def test_a_site_that_no_container_holds_is_no_page_of_a_front_end(tmp_path):
    page = {"web/package.json": '{"name": "web", "scripts": {"dev": "vite"}, "devDependencies": {"vite": "1"}}'}
    lay(tmp_path, {**page, "ops/blue/nginx.conf": SITE})
    assert ("nginx", 9001, "machine") in {(f["service"], f["port"], f["scope"]) for f in check(surveyed(tmp_path)).facts["ports"]}
