"""Which service a mention means: by evidence, and never by the number alone where several claim it."""

import pytest

from opskit.ports.audit import Audit
from opskit.ports.claims import claims_of
from opskit.survey.facts import Bind, Service

from .conftest import lay, server, surveyed

APP = "app.run(port=5000)\n"


def meant(platform, files, **routes):
    """The one mention outside the services' own files: (service or None, why)."""
    code = {f"{name}.py": APP for name in routes}
    survey = platform({**code, **files}, lambda tree: [server(tree, f"{name}.py", 5000, *paths) for name, paths in routes.items()])
    found = [m for m in Audit(survey).meanings if m.sighting.place.path in files]
    assert len(found) == 1
    return found[0].claim.service.name if found[0].claim else None


@pytest.mark.parametrize(("text", "service"), [
    ("fetch('http://localhost:5000/api/auth/login')", "auth"),
    ("fetch(`http://localhost:5000/api/songs/${id}`)", "music"),
    ("fetch('http://localhost:5000/health')", None),
    ("fetch('http://localhost:5000/nowhere')", None),
    ("open('http://localhost:5000')", None),
    ("const API = 'http://localhost:5000';\nfetch(`${API}/api/auth/login`)", "auth"),
    ("const API = 'http://localhost:5000';\nfetch(API + '/api/songs/3')", "music"),
    ("const API = 'http://localhost:5000/api';\nfetch(`${API}/songs/3`)", "music"),
    ("const API = 'http://localhost:5000';\nfetch(`${API}/api/auth/login`);fetch(`${API}/api/songs/1`)", None),
    ("const API = 'http://localhost:5000';\nfetch(`${API}/api/auth/login`);fetch(`${API}/health`)", "auth"),
    ("class C { constructor(o) { this.base = o.base || 'http://localhost:5000'; }\n go() { fetch(`${this.base}/api/auth/login`) } }", "auth"),
    ("this.base = o || 'http://localhost:5000';\ncall(p) { fetch(`${this.base}${p}`) }\nthis.call('/api/auth/login')", "auth"),
    ("proxy: { '/api/auth': { target: 'http://localhost:5000' } }", "auth"),
    ("{ name: 'Music', url: 'http://localhost:5000/health' }", None),
    ("MUSIC_URL = 'http://localhost:5000'", "music"),
    ("app.use('/api/auth', createProxyMiddleware({ target: 'http://localhost:5000' }))", "auth"),
    ("app.use(\n  '/api/songs',\n  proxy('http://localhost:5000'))", "music"),
    ("http.request({ hostname: 'localhost', path: '/api/songs/1', port: 5000 })", "music"),
    ("const c = { port: 5000, host: '127.0.0.1', auth: 1 }", None),
    ("const c = { auth: { port: 5000, host: '127.0.0.1' } }", "auth"),
    ("location /api/auth/ { proxy_pass http://127.0.0.1:5000; }", "auth"),
    ("location /login { proxy_pass http://127.0.0.1:5000/api/auth/login; }", "auth"),
    ("lsof -ti:5000 | xargs kill", None),
    ("nc -z localhost 5000", None),
], ids=lambda value: value[:60] if value else "ambiguous")
def test_the_path_decides(platform, text, service):
    assert meant(platform, {"page.js": text}, auth=("/api/auth/login", "/health"), music=("/api/songs/<id>", "/health")) == service


def test_the_only_claimant_is_meant_whatever_the_path(platform):
    assert meant(platform, {"page.js": "fetch('http://localhost:5000/x')"}, auth=()) == "auth"


def test_a_page_asks_through_the_script_that_it_loads(platform):
    files = {"page.html": "<script src='sdk.js'></script><script>new SDK({ baseUrl: 'http://localhost:5000' })</script>"}
    survey = platform({"a.py": APP, "b.py": APP, "sdk.js": "fetch(`${this.baseUrl}/login`)", **files},
                      lambda tree: [server(tree, "a.py", 5000, "/login"), server(tree, "b.py", 5000, "/songs")])
    assert [m.claim.service.name for m in Audit(survey).meanings] == ["a"]


def test_its_own_banner_means_the_service_itself(platform):
    code = "print('http://localhost:5000')\n" + APP
    survey = platform({"a.py": code, "b.py": code}, lambda tree: [server(tree, "a.py", 5000), server(tree, "b.py", 5000)])
    assert {m.sighting.place.path: m.claim.service.path for m in Audit(survey).meanings} == {"a.py": "a.py", "b.py": "b.py"}


def test_a_whole_name_beside_it_is_evidence_and_a_part_of_one_is_not(platform):
    files = {"links.js": "x = { name: 'Daily Report', url: 'http://localhost:5000/health' }"}
    survey = platform({"daily_report.py": APP, "report.py": APP, **files},
                      lambda tree: [server(tree, "daily_report.py", 5000), server(tree, "auth.py", 5000)])
    assert [m.claim.service.name for m in Audit(survey).meanings] == ["daily-report"]


def test_a_script_means_the_service_that_it_starts(platform):
    assert meant(platform, {"go.bat": "python auth.py\nstart http://localhost:5000\n"}, auth=(), music=()) == "auth"


def test_a_mention_of_variants_means_the_one_that_runs(platform):
    survey = platform({"a.py": APP, "a2.py": APP, "p.js": "fetch('http://localhost:5000/x')"}, lambda tree: [
        server(tree, "a.py", 5000, "/x", enabled=False), server(tree, "a2.py", 5000, "/x", variant_of="a")])
    assert [m.claim.service.name for m in Audit(survey).meanings] == ["a2"]


def test_a_database_url_means_no_web_service(platform):
    survey = platform({"a.py": APP, "p.py": "x = 'postgresql://localhost:5000/db'"}, lambda tree: [server(tree, "a.py", 5000)])
    assert [m.claim for m in Audit(survey).meanings] == [None]


def test_a_port_of_a_bind_is_no_mention(platform):
    survey = platform({"a.py": "run(host='0.0.0.0', port=5000)"}, lambda tree: [server(tree, "a.py", 5000)])
    assert Audit(survey).meanings == ()


def test_the_paths_beside_a_base_url_in_its_braces_are_what_it_is_asked_for(platform):
    assert meant(platform, {"s.py": "S = {\n 'x': {\n  'url': 'http://localhost:5000',\n  'health': '/health',\n  'chat': '/songs',\n }\n}"},
                 auth=("/login", "/health"), music=("/songs", "/health")) == "music"


@pytest.mark.parametrize(("calls", "last"), [(["a"], "a"), (["a", "b"], None)], ids=["the file agrees", "the file does not"])
def test_a_bare_mention_takes_the_meaning_of_its_file(platform, calls, last):
    text = "".join(f"fetch('http://localhost:5000/{call}')\n" for call in calls) + "say('is localhost:5000 up?')"
    survey = platform({"a.py": APP, "b.py": APP, "p.js": text}, lambda tree: [server(tree, "a.py", 5000, "/a"), server(tree, "b.py", 5000, "/b")])
    found = Audit(survey).meanings[-1]
    assert (found.claim.service.name if found.claim else None) == last


def test_a_path_of_one_under_the_name_of_another_is_no_evidence(platform):
    files = {"links.js": "x = { name: 'Daily Report', url: 'http://localhost:5000/health' }"}
    survey = platform({"daily_report.py": APP, "auth.py": APP, **files},
                      lambda tree: [server(tree, "daily_report.py", 5000), server(tree, "auth.py", 5000, "/health")])
    (found,) = Audit(survey).meanings
    assert found.claim is None and found.why == "it names daily-report, and only auth answers /health"


def test_a_server_s_message_with_another_number_may_be_out_of_date(platform):
    files = {"c.py": "print('up on http://localhost:5000/health')\nget('http://localhost:5000/health')\napp.run(port=5009)\n"}
    survey = platform({"a.py": APP, "b.py": APP, **files}, lambda tree: [
        server(tree, "a.py", 5000, "/health"), server(tree, "b.py", 5000), server(tree, "c.py", 5009, "/health")])
    assert [m.claim.service.name if m.claim else m.why for m in Audit(survey).meanings] == ["a message of c, which listens on 5009", "a"]


@pytest.mark.parametrize(("text", "services"), [
    ("x = [{\n 'name': 'Daily Report',\n 'url': 'http://localhost:5000',\n}]", ["daily-report"]),
    ("music-player: http://localhost:5000/x, daily-report: http://localhost:5000/y", ["music-player", "daily-report"]),
    ("daily report is on localhost:5000", ["daily-report"]),
], ids=["in its braces", "each its own", "without a scheme"])
def test_the_name_that_counts_is_the_one_that_belongs_to_the_address(platform, text, services):
    survey = platform({"daily_report.py": APP, "music_player.py": APP, "links.md": text}, lambda tree: [
        server(tree, "daily_report.py", 5000), server(tree, "music_player.py", 5000)])
    assert [m.claim.service.name for m in Audit(survey).meanings] == services


def test_what_is_published_hides_the_port_inside_the_container(platform):
    compose = "services:\n  a:\n    build: ./a\n    ports: ['7001:5000']\n  b:\n    build: ./b\n    ports: ['7002:5000']\n"
    files = {f"{name}/{name}.py": f"from flask import Flask\napp = Flask(__name__)\n{APP}" for name in "ab"}
    files |= {f"{name}/Dockerfile": f"FROM python\nCMD python {name}.py\n" for name in "ab"}
    audit = Audit(platform({"docker-compose.yml": compose, **files}))
    assert sorted((c.service.name, c.port) for c in audit.claims) == [("a", 7001), ("b", 7002)] and not audit.clashes


def test_a_port_published_as_itself_moves_by_its_published_side(platform):
    from opskit.ports.fix import plan
    from opskit.ports.rules import check

    compose = "services:\n  a:\n    build: ./a\n    ports: ['5005:5005']\n  db:\n    image: x\n    ports: ['5005:80']\n"
    files = {"a/a.py": "from flask import Flask\napp = Flask(__name__)\napp.run(port=5005)\n", "a/Dockerfile": "FROM python\nCMD python a.py\n"}
    survey = platform({"docker-compose.yml": compose, **files})
    edits = [(c.path, c.old, c.new) for c in plan(survey, check(survey)).changes if c.path != "ports.toml"]
    assert edits == [("docker-compose.yml", b"5005", b"5006")]


COMPOSE = "services:\n  a:\n    build: ./a\n    ports: ['7001:5000']\n  b:\n    build: ./b\n    ports: ['5000:5000']\n"
COMPOSED = {"docker-compose.yml": COMPOSE} | {
    f"{name}/{name}.py": f"from flask import Flask\napp = Flask(__name__)\nX = 'http://a:5000', 'http://b:5000'\n{APP}" for name in "ab"
} | {f"{name}/Dockerfile": f"FROM python\nCMD python {name}.py\n" for name in "ab"}
STARTED = {"opskit.toml": "version = 1\n[services.a]\ncommand = 'python a/a.py'\n[services.b]\ncommand = 'python b/b.py'\n"}


def test_what_opskit_starts_outside_of_its_container_binds_what_the_code_says(platform):
    audit = Audit(platform({**COMPOSED, **STARTED}))
    assert sorted((c.service.name, c.port) for c in audit.claims) == [("a", 5000), ("b", 5000)] and audit.clashes


def test_it_moves_to_the_port_that_compose_publishes_with_all_that_calls_the_container(platform):
    from opskit.ports.fix import plan
    from opskit.ports.rules import check

    survey = platform({**COMPOSED, **STARTED, "page.html": "<a href='http://localhost:7001/'>"})
    checked = check(survey)
    moved = sorted((c.path, survey.tree.read(c.path)[:c.start].count(b"\n") + 1, c.new)
                   for c in plan(survey, checked).changes if c.path != "ports.toml")
    assert moved == [("a/a.py", 3, b"7001"), ("a/a.py", 4, b"7001"), ("b/b.py", 3, b"7001"), ("docker-compose.yml", 4, b"7001")]
    assert "OPS-P002" not in {f.code for f in checked.findings}


def test_nobody_moves_to_a_port_that_a_container_publishes(platform):
    own = {"c/c.py": f"from flask import Flask\napp = Flask(__name__)\n{APP}"}
    off = STARTED["opskit.toml"].replace("'python a/a.py'", "'python a/a.py'\nenabled = false")
    survey = platform({**COMPOSED, **own, "docker-compose.yml": COMPOSE.replace("7001", "5001"),
                       "opskit.toml": off + "[services.c]\ncommand = 'python c/c.py'\n"})
    assert [(m.claim.service.name, m.port) for m in Audit(survey).planned] == [("c", 5002)]


def test_the_container_s_side_stays_where_only_a_published_port_moves(platform):
    from opskit.ports.settings import settings_of

    survey = platform({"one.yml": "    ports: ['5005:5005']\n", "dev.yml": "    ports: ['6001:5005']\n"}, [])
    binds = tuple(Bind(survey.tree.place(path, 13, 17), port, "compose") for path, port in (("one.yml", 5005), ("dev.yml", 6001)))
    service = Service("a", "", "server", "other", (), binds=binds)
    claim = next(c for c in claims_of([service]) if c.port == 5005)
    assert list(settings_of(survey, claim)) == []


@pytest.mark.parametrize(("text", "service"), [
    ("auth:\n  host: localhost\n  port: 5000\n", "auth"),
    ("music:\n  port: 5000 # it\n  host: 'localhost'\n", "music"),
    ("all:\n  - host: localhost\n    port: 5000\n", None),
    ("[music]\nhost = \"localhost\"\nport = 5000\n", "music"),
    ("[auth]\r\nhost=localhost\r\nport=5000\r\n", "auth"),
], ids=["yaml", "port first", "a list", "toml", "ini, CRLF"])
def test_a_host_and_its_port_in_a_block_mean_what_the_block_is_called(platform, text, service):
    assert meant(platform, {"settings.conf": text}, auth=(), music=()) == service


@pytest.mark.parametrize("text", [
    "db:\n  host: localhost\nport: 5000\n",
    "server:\n  host: 0.0.0.0\n  port: 5000\n",
    "host: localhost.example.com\nport: 5000\n",
    "host: localhost\nports: 5000\n",
    "host: localhost\nport: 5000.5\n",
    "ghost: localhost\nport: 5000\n",
], ids=["another block", "its own bind", "another host", "another key", "no port", "another word"])
def test_a_port_that_does_not_belong_to_a_host_of_this_machine_is_no_mention(platform, text):
    survey = platform({"a.py": APP, "settings.yaml": text}, lambda tree: [server(tree, "a.py", 5000)])
    assert Audit(survey).meanings == ()


@pytest.mark.parametrize("between", ["app.use('/b', x('http://localhost:5000'))", "say('b', 'localhost:5000')"], ids=["a path", "a name"])
def test_a_mention_beside_another_s_name_or_path_does_not_follow_its_file(platform, between):
    text = f"fetch('http://localhost:5000/a')\n{between}"
    survey = platform({"a.py": APP, "b.py": APP, "p.js": text}, lambda tree: [server(tree, "a.py", 5000, "/a"), server(tree, "b.py", 5000, "/b")])
    assert [m.claim.service.name if m.claim else None for m in Audit(survey).meanings] == ["a", None]


def test_who_asks_for_the_holder_of_a_port_calls_nobody(platform):
    from opskit.ports.rules import check

    survey = platform({"a.py": APP, "stop.sh": "npx kill-port 5055\nfuser -k 5056/tcp\n"}, lambda tree: [server(tree, "a.py", 5000)])
    assert "OPS-P002" not in {f.code for f in check(survey).findings}


VITE = "export default {{ server: {{ port: 1420, strictPort: true, hmr: {{ port: {} }} }} }};\n"


@pytest.mark.parametrize("config", ["src-tauri/tauri.conf.json", "e2e.config.yaml"])
def test_a_configuration_in_one_claimant_s_package_is_its_own(tmp_path, config):
    told = '{"devUrl": "http://127.0.0.1:1420"}\n' if config.endswith("json") else "baseURL: http://127.0.0.1:1420\n"
    package = '{{"name": "{}", "scripts": {{"dev": "vite"}}}}'
    lay(tmp_path, {f"apps/{name}/{path}": text for name in ("desk", "agent")
                   for path, text in (("package.json", package.format(name)), ("vite.config.ts", VITE.format(1421)), (config, told))})
    audit = Audit(surveyed(tmp_path))
    told = {m.sighting.place.path: m.claim and m.claim.service.name for m in audit.meanings if m.sighting.place.path.endswith(config)}
    assert told == {f"apps/desk/{config}": "desk", f"apps/agent/{config}": "agent"}
    assert [m.port for m in audit.planned] == [1422]
