"""What the configuration of proxies and brokers says that they listen on, and who runs with it."""

import pytest

from opskit.ports.rules import check

from .conftest import lay, surveyed

ENVOY = """static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 10000}}
  clusters:
  - endpoints: [{address: {socket_address: {address: till, port_value: 3000}}}]
admin: {address: {socket_address: {address: 127.0.0.1, port_value: 9901}}}
"""
HAPROXY = "global\n  stats socket /run/x bind-process all\nfrontend web\n  bind *:8443,:8080 ssl crt x\n  bind /run/s.sock\nbackend till\n  server a till:3000\n"
EDGE = "services:\n  edge:\n    image: {0}\n    volumes: ['./conf/{1}:/etc/x:ro']\n"
CASES = {
    "Caddy: addresses": ({"Caddyfile": "{\n  admin localhost:2020\n}\n:8080 {\n  reverse_proxy till:3000\n}\nhttp://localhost:9000, https://localhost:9001 {\n  log {\n    output file :77\n  }\n}\n"},
                         {"caddy 2020 machine", "caddy 8080 machine", "caddy 9000 machine", "caddy 9001 machine"}),
    "Caddy: a name alone": ({"Caddyfile": "shop.example.com {\n  respond x\n}\n(snippet) {\n}\n"}, {"caddy 443 machine", "caddy 80 machine"}),
    "Caddy: a variable's default": ({"Caddyfile": "{$SITE:localhost:8081} {\n  respond x\n}\n"}, {"caddy 8081 machine"}),
    "Caddy: mounted": ({"compose.yml": EDGE.format("caddy", "Caddyfile"), "conf/Caddyfile": ":8082 {\n}\nshop.example.com {\n}\n"}, {"edge 8082 container"}),
    "HAProxy": ({"haproxy/haproxy.cfg": HAPROXY}, {"haproxy 8443 machine", "haproxy 8080 machine"}),
    "HAProxy: copied": ({"lb/haproxy.cfg": HAPROXY, "lb/Dockerfile": "FROM haproxy\nCOPY haproxy.cfg /usr/local/etc/\n", "compose.yml": "services:\n  front: {build: lb}\n"},
                        {"front 8443 container", "front 8080 container"}),
    "Envoy": ({"envoy.yaml": ENVOY}, {"envoy 10000 machine", "envoy 9901 machine"}),
    "Traefik: its file": ({"traefik.yml": "entryPoints:\n  web:\n    address: ':8000'\n  dns:\n    address: ':5353/udp'\n"}, {"traefik 8000 machine", "traefik 5353 machine"}),
    "Traefik: TOML": ({"traefik.toml": "[entryPoints]\n  [entryPoints.web]\n  address = \":8001\"\n"}, {"traefik 8001 machine"}),
    "Traefik: compose's command": ({"compose.yml": "services:\n  edge:\n    image: traefik\n    command:\n      - --entrypoints.web.address=:8002\n"}, {"edge 8002 container"}),
    "Mosquitto": ({"compose.yml": EDGE.format("eclipse-mosquitto", "mosquitto.conf"), "conf/mosquitto.conf": "# listener 1884\nlistener 1883\nlistener 9001 0.0.0.0\n"},
                  {"edge 1883 container", "edge 9001 container"}),
    "Redis": ({"redis.conf": "bind 127.0.0.1\nport 6380\ntls-port 0\n"}, {"redis 6380 machine"}),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_a_configuration_says_what_it_listens_on(tmp_path, files, wanted):
    lay(tmp_path, files)
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {f"{f['service']} {f['port']} {f['scope']}" for f in facts if f["role"] in ("bind", "publish", "target")} == wanted


@pytest.mark.parametrize(("image", "scope"), [("nginx", "machine"), ("node", "container")], ids=["an image of files", "an image that runs it"])
def test_the_server_of_who_develops_is_not_in_an_image_of_files(tmp_path, image, scope):
    page = {"web/package.json": '{"name": "web", "scripts": {"dev": "vite --port 5175"}, "devDependencies": {"vite": "1"}}'}
    lay(tmp_path, {**page, "web/Dockerfile": f"FROM node AS b\nFROM {image}\n", "compose.yml": "services:\n  web:\n    build: web\n    ports: ['8080:80']\n"})
    assert {f["scope"] for f in check(surveyed(tmp_path)).facts["ports"] if f["port"] == 5175} == {scope}
