"""nginx inside containers: what an image copies, what compose mounts, and ports that its templates take from the environment."""

import pytest

from opskit.ports.rules import check
from opskit.ports.stated.every import unread

from .conftest import lay, surveyed

TEMPLATE = "server {\n  listen ${NGINX_PORT};\n  listen [::]:${NGINX_PORT};\n}\n"
MOUNTED = "services:\n  edge:\n    image: nginx\n    volumes: ['./conf/site.conf:/etc/nginx/conf.d/default.conf:ro']\n    ports: ['8080:9000']\n"
BUILT = "services:\n  web:\n    build: web\n    environment: [NGINX_PORT=9000]\n"
COPIED = {"web/Dockerfile": "FROM nginx\nCOPY default.conf.template /etc/nginx/templates/\n", "web/default.conf.template": TEMPLATE}
CASES = {
    "given by compose": ({**COPIED, "compose.yml": BUILT}, {"web 9000 container"}),
    "given by a list's default": ({**COPIED, "compose.yml": BUILT.replace("[NGINX_PORT=9000]", "{NGINX_PORT: '${NGINX_PORT:-9001}'}")}, {"web 9001 container"}),
    "given by compose's .env": ({**COPIED, "compose.yml": BUILT.replace("[NGINX_PORT=9000]", "{NGINX_PORT: '${EDGE_PORT}'}"), ".env": "EDGE_PORT=9002\n"}, {"web 9002 container"}),
    "handed on from compose's .env": ({**COPIED, "compose.yml": BUILT.replace("NGINX_PORT=9000", "NGINX_PORT"), ".env": "NGINX_PORT=9006\n"}, {"web 9006 container"}),
    "given by an env_file": ({**COPIED, "compose.yml": BUILT.replace("environment: [NGINX_PORT=9000]", "env_file: web.env"), "web.env": "NGINX_PORT=9003\n"}, {"web 9003 container"}),
    "given by the image": ({"web/Dockerfile": "FROM nginx\nENV NGINX_PORT=9004\nCOPY templates /etc/nginx/templates\n", "web/templates/default.conf.template": TEMPLATE}, {"web 9004 container"}),
    "compose's value before the image's": ({**COPIED, "web/Dockerfile": COPIED["web/Dockerfile"] + "ENV NGINX_PORT=9005\n", "compose.yml": BUILT}, {"web 9000 container"}),
    "a file that compose mounts": ({"compose.yml": MOUNTED, "conf/site.conf": "server {\n  listen 9000;\n}\n"}, {"edge 8080 compose", "edge 9000 container"}),
    "a folder that compose mounts": ({"compose.yml": MOUNTED.replace("./conf/site.conf:/etc/nginx/conf.d/default.conf", "./conf:/etc/nginx/conf.d"), "conf/site.conf": "server {\n  listen 9000;\n  listen 9443 ssl;\n}\n"}, {"edge 8080 compose", "edge 9000 container", "edge 9443 container"}),
    "beside no container": ({"nginx.conf": "server {\n  listen 9000;\n}\n"}, {"nginx 9000 machine"}),
    "set by nobody": (COPIED, set()),
    "a socket": ({**COPIED, "web/default.conf.template": "server {\n  listen unix:/run/${NAME}.sock;\n}\n"}, set()),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_nginx_listens_where_it_runs(tmp_path, files, wanted):
    lay(tmp_path, files)
    facts = check(surveyed(tmp_path)).facts["ports"]
    assert {f"{f['service']} {f['port']} {f['scope']}" for f in facts if f["role"] in ("bind", "publish", "target")} == wanted


def test_a_variable_that_nothing_sets_is_told(tmp_path):
    lay(tmp_path, COPIED)
    assert {u.what for u in unread(surveyed(tmp_path))} == {"nginx listens on NGINX_PORT, which no file here sets"}
