"""The plan: one group a move, every mention that means it and no other, and nothing left to do afterwards."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opskit.core.journal import Journal
from opskit.core.settle import settle
from opskit.ports.fix import plan
from opskit.ports.rules import check
from opskit.source.proof import prove

from .conftest import lay, server, surveyed

APP = "app.run(port={})\n"


def planned(survey, everything=False, review=False):
    return plan(survey, check(survey, everything), everything, review)


def applied(root, survey, made):
    settled = settle(made, survey.tree.read, prove)
    Journal(root).apply(settled, "ports fix", "now")
    return settled


def texts(root):
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".opskit" not in p.parts}


HELD = {"ports.toml": "[ports]\na = { port = 5005, pinned = true }\n"}
PAIR = {"a.py": APP.format(5005), "b.py": APP.format(5005)}


def pair(tree, **more):
    return [server(tree, "a.py", 5005, "/a", **more.get("a", {})), server(tree, "b.py", 5005, "/b", **more.get("b", {}))]


def after(platform, tmp_path, files, services=pair, **options):
    survey = platform({**PAIR, **files}, services)
    applied(tmp_path, survey, planned(survey, **options))
    return texts(tmp_path)


@pytest.mark.parametrize(("path", "before", "wanted"), [
    ("p.js", "fetch('http://localhost:5005/b')", "fetch('http://localhost:5006/b')"),
    ("p.js", "fetch('http://localhost:5005/a')", "fetch('http://localhost:5005/a')"),
    ("p.js", "fetch('http://localhost:5005/unknown')", "fetch('http://localhost:5005/unknown')"),
    ("c.py", "CORS(app, origins=['http://localhost:5005/b'])\r\n", "CORS(app, origins=['http://localhost:5006/b'])\r\n"),
    ("go.bat", "python b.py\r\nstart http://localhost:5005\r\n", "python b.py\r\nstart http://localhost:5006\r\n"),
    ("x.json", '{"url": "http://localhost:5005/b", "port": 5005, "timeout": 5005}', '{"url": "http://localhost:5006/b", "port": 5006, "timeout": 5005}'),
    ("t.sh", "python b.py &\nngrok http 5005\n", "python b.py &\nngrok http 5006\n"),
    ("README.md", "see http://localhost:5005/b", "see http://localhost:5005/b"),
], ids=["moved", "of the one that stays", "ambiguous", "an allow-list", "by what it starts", "beside", "a tunnel", "documentation"])
def test_exactly_the_mentions_of_the_moved_service_move(platform, tmp_path, path, before, wanted):
    assert after(platform, tmp_path, {path: before, **HELD})[path] == wanted.encode()


@pytest.mark.parametrize(("path", "text", "moved"), [
    ("go.ps1", '$env:B_PORT = "5005"\r\n', True),
    ("go.bat", "set B_PORT=5005\r\nset C_PORT=5005\r\n", True),
    ("go.sh", "export B_PORT=5005\n", True),
    ("Procfile", "b: B_PORT=5005 python b.py\n", True),
    ("go.sh", "MY_B_PORT=5005 B_PORTS=5005 B_PORT=50055\n", False),
    ("notes.md", "B_PORT=5005\n", False),
], ids=["PowerShell", "batch", "shell", "Procfile", "other variables", "a text"])
def test_a_script_that_sets_the_service_s_own_variable_moves_with_it(platform, tmp_path, path, text, moved):
    reading = lambda tree: pair(tree, b={"variable": "B_PORT"})  # noqa: E731
    wanted = text.replace("B_PORT=5005", "B_PORT=5006").replace('B_PORT = "5005"', 'B_PORT = "5006"') if moved else text
    assert after(platform, tmp_path, {path: text, **HELD}, reading)[path] == wanted.encode()


def test_a_variable_that_two_services_read_stays(platform, tmp_path):
    both = lambda tree: pair(tree, a={"variable": "X_PORT"}, b={"variable": "X_PORT"})  # noqa: E731
    assert after(platform, tmp_path, {"go.sh": "X_PORT=5005\n", **HELD}, both)["go.sh"] == b"X_PORT=5005\n"


def test_documentation_moves_with_review_and_is_counted_without(platform, tmp_path):
    files = {"README.md": "see http://localhost:5005/b"}
    without = planned(platform(PAIR, pair)).held_back
    assert planned(platform({**PAIR, **files}, pair)).held_back == without + 1
    assert after(platform, tmp_path, files, review=True)["README.md"] == b"see http://localhost:5006/b"


def test_what_stays_ambiguous_is_told_with_its_reason(platform):
    (left,) = planned(platform({**PAIR, "p.js": "fetch('http://localhost:5005/x')"}, pair)).skipped
    assert left.reason == "ambiguous: none of them is known to answer /x: a, b" and left.finding.place.path == "p.js"


def test_a_move_is_one_group_with_its_line_in_the_registry(platform):
    made = planned(platform({**PAIR, **HELD, "p.js": "fetch('http://localhost:5005/b')"}, pair))
    assert {(c.path, c.group) for c in made.changes} == {(path, "ports:b:5005/tcp") for path in ("b.py", "p.js", "ports.toml")}


def test_the_pinned_one_stays(platform, tmp_path):
    done = after(platform, tmp_path, {"ports.toml": "[ports]\nb = { port = 5005, pinned = true }\n"})
    assert b"5006" in done["a.py"] and b"5005" in done["b.py"]


def test_the_most_mentioned_one_stays(platform, tmp_path):
    done = after(platform, tmp_path, {"p.js": "get('http://localhost:5005/b')\n" * 3})
    assert b"5006" in done["a.py"] and b"5006" not in done["p.js"]


def test_a_port_from_the_environment_moves_by_its_default_and_its_env_file(platform, tmp_path):
    done = after(platform, tmp_path, {".env": "B_PORT=5005 # b\nA=5005\n"}, lambda tree: pair(tree, b={"variable": "B_PORT"}))
    assert b"5006" in done["b.py"] and done[".env"] == b"B_PORT=5006 # b\nA=5005\n"


def test_two_services_on_one_variable_are_left_alone_with_the_reason(platform):
    survey = platform({**PAIR, ".env": "PORT=5005\n"}, lambda tree: pair(tree, a={"variable": "PORT"}, b={"variable": "PORT"}))
    made = planned(survey)
    assert not made.changes and "from the same variable" in made.skipped[0].reason


def test_a_port_in_opskit_toml_moves_along(platform, tmp_path):
    manifest = "version = 1\n[services.a]\ncommand = 'python a.py'\n[services.b]\ncommand = 'python b.py'\nport = 5005 # b\n"
    assert after(platform, tmp_path, {"opskit.toml": manifest})["opskit.toml"].endswith(b"port = 5006 # b\n")


def test_a_number_that_does_not_stand_in_the_code_is_left_alone_and_the_other_moves(platform, tmp_path):
    survey = platform({"a.py": APP.format(5005), "b.py": "serve()"}, lambda tree: [server(tree, "a.py", 5005), server(tree, "b.py", 5005)])
    applied(tmp_path, survey, planned(survey))
    assert b"5006" in texts(tmp_path)["a.py"]


def test_a_framework_s_default_is_told_as_what_it_is(platform):
    survey = platform({"a.py": "app.run()", "b.py": "app.run()"}, lambda tree: [
        server(tree, "a.py", 5005, via=("the default of flask",)), server(tree, "b.py", 5005, via=("the default of flask",))])
    assert "no number stands in the code, the default of flask counts: write one, port=..., at b.py:1:1" in check(survey).findings[0].help


def test_when_neither_can_be_edited_both_are_told(platform):
    made = planned(platform({"a.py": "serve()", "b.py": "serve()"}, lambda tree: [server(tree, "a.py", 5005), server(tree, "b.py", 5005)]))
    assert not made.changes and "does not stand alone in the code" in made.skipped[0].reason


@pytest.mark.parametrize("more", [{"enabled": False}, {"variant_of": "a"}], ids=["disabled", "a variant"])
def test_who_does_not_run_is_moved_only_when_asked(platform, tmp_path, more):
    survey = platform(PAIR, lambda tree: pair(tree, b=more))
    assert not planned(survey).changes
    applied(tmp_path, survey, planned(survey, everything=True))
    assert b"5006" in texts(tmp_path)["b.py"]


def test_a_service_that_pages_cannot_reach_moves_off(platform, tmp_path):
    survey = platform({"a.py": APP.format(6666), "p.html": "fetch('http://localhost:6666/a')"}, lambda tree: [server(tree, "a.py", 6666, "/a")])
    applied(tmp_path, survey, planned(survey))
    assert texts(tmp_path)["p.html"] == b"fetch('http://localhost:6670/a')"


def test_the_code_follows_the_registry(platform, tmp_path):
    survey = platform({"a.py": APP.format(5005), "ports.toml": "[ports]\na = 5044\n"}, lambda tree: [server(tree, "a.py", 5005)])
    applied(tmp_path, survey, planned(survey))
    assert b"5044" in texts(tmp_path)["a.py"] and texts(tmp_path)["ports.toml"] == b"[ports]\na = 5044\n"


NAMES = ("a", "b", "c", "d", "e")
CLIENTS = st.lists(st.tuples(st.sampled_from([*NAMES, "nobody"]), st.sampled_from(["'", '"', "`"]), st.sampled_from(["\n", "\r\n"])), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([5005, 5006, 6666]), min_size=2), CLIENTS)
def test_fix_ends_every_clash_moves_what_is_certain_and_undoes_to_the_byte(tmp_path_factory, ports, clients):
    root = tmp_path_factory.mktemp("p")
    calls = "".join(f"fetch({q}http://localhost:{ports.get(name, 5005)}/{name}{q}){end}" for name, q, end in clients)
    lay(root, {**{f"{name}.py": APP.format(port) for name, port in ports.items()}, "page.js": calls})

    def services(tree):
        return [server(tree, f"{n}.py", int((tree.read(f"{n}.py") or b"")[13:17]), f"/{n}") for n in ports]

    before, survey = texts(root), surveyed(root, services)
    applied(root, survey, planned(survey))
    again = surveyed(root, services)
    now = {s.name: s.port for s in again.services}
    assert len(set(now.values())) == len(now) and 6666 not in now.values()
    page = texts(root)["page.js"].decode()
    for name, _, _ in clients:
        assert name not in now or f"http://localhost:{now[name]}/{name}" in page
    assert not planned(again).changes
    Journal(root).undo(Journal(root).entries()[-1]) if Journal(root).entries() else None
    assert texts(root) == before


def test_a_file_with_uncommitted_edits_takes_its_whole_move_out(platform, tmp_path):
    survey = platform({**PAIR, **HELD, "p.js": "fetch('http://localhost:5005/b')"}, pair)
    settled = settle(planned(survey), survey.tree.read, lambda path, before, after: "dirty" if path == "p.js" else "")
    assert not settled.rewrites and {d.change.path for d in settled.dropped} == {"b.py", "p.js", "ports.toml"}


def test_the_one_that_ports_toml_names_stays_however_often_the_other_is_mentioned(platform, tmp_path):
    done = after(platform, tmp_path, {"ports.toml": "[ports]\na = 5005\n", "p.js": "get('http://localhost:5005/b')\n" * 3})
    assert b"5006" in done["b.py"] and b"5006/b" in done["p.js"]


def test_a_registry_that_repeats_the_clash_is_mended_with_it(platform, tmp_path):
    done = after(platform, tmp_path, {"ports.toml": "[ports]\na = { port = 5005 }\nb = { port = 5005 }\n"})
    assert done["ports.toml"] == b"[ports]\na = { port = 5005 }\nb = { port = 5006 }\n"


@pytest.mark.parametrize(("text", "wanted"), [
    ("print('listening on 5005')", "print('listening on 5006')"), ("# runs on port 5005", "# runs on port 5006"),
    ("console.log(`Port: 5005`)", "console.log(`Port: 5006`)"), ("limit = 5005", "limit = 5005"), ("print('5005 users')", "print('5005 users')"),
    ("wait(on=5005)", "wait(on=5005)"), ("print('on 5005.50 EUR')", "print('on 5005.50 EUR')"), ("x = {'port': 5005}", "x = {'port': 5005}"),
])
def test_its_own_messages_tell_the_new_number_and_other_numbers_stay(platform, tmp_path, text, wanted):
    done = after(platform, tmp_path, {"b.py": text + "\n" + APP.format(5005), **HELD})
    assert done["b.py"].decode() == wanted + "\n" + APP.format(5006)


def test_what_the_dockerfile_exposes_moves_with_the_bind(platform, tmp_path):
    files = {"a/a.py": APP.format(5005), "b/b.py": APP.format(5005), "b/Dockerfile": "FROM python\nEXPOSE 80 5005\n", **HELD}
    done = after(platform, tmp_path, files, lambda tree: [server(tree, "a/a.py", 5005), server(tree, "b/b.py", 5005)])
    assert done["b/Dockerfile"] == b"FROM python\nEXPOSE 80 5006\n"


def test_what_the_image_sets_itself_stays_with_what_it_exposes(platform, tmp_path):
    image = "FROM python\nENV PORT=5005\nEXPOSE 5005\n"
    files = {"a/a.py": APP.format(5005), "b/b.py": APP.format(5005), "b/Dockerfile": image, **HELD}
    done = after(platform, tmp_path, files, lambda tree: [server(tree, "a/a.py", 5005), server(tree, "b/b.py", 5005)])
    assert done["b/Dockerfile"] == image.encode() and b"5006" in done["b/b.py"]


DECOYS = (
    "timeout = {}", "setTimeout(f, {});", "price: {},", "sleep({})", "id={}", "limit {} users", "year {}", "v1.{}", "{}px", "{} ms", "x[{}]", "f({})",
    "http://example.com:{}/x", "10.0.0.5:{}", "{}:80", "db:{}", "#{}", "--size {}", "{}.0", "1{}", "{}1", "localhost/{}", "port_{}", "{{port}}:{}",
    "localhost{}", "mylocalhost:{}", "udp {}", "buffer={},", "range({})", "zip {}", "tel:{}", "x{}y",
)


def test_no_edit_touches_any_of_hundreds_of_decoys(platform, tmp_path):
    lines = [decoy.format(number) for decoy in DECOYS for number in (5005, 6666)]
    text = "\n".join(f"{word} = '''{line}'''" for line in lines for word in ("a", "b")) + "\n"
    files = {f"{name}": text for name in ("c.py", "d.js", "e.json5", "f.bat", "g.yml")}
    services = [("a.py", 5005), ("b.py", 5005), ("x.py", 6666), ("y.py", 6666)]
    code = {path: APP.format(port) for path, port in services}
    survey = platform({**code, **files}, lambda tree: [server(tree, path, port) for path, port in services])
    made = planned(survey, everything=True, review=True)
    assert len(lines) * 2 * len(files) >= 300 and made.changes
    assert {c.path for c in made.changes} <= {*code, "ports.toml"}


ENV_PAIR = {"a/a.py": APP.format(5005), "b/b.py": "import os\n\napp.run(port=int(os.getenv('B_PORT', 5005)))\n"}
MOVING_B = {"ports.toml": "[ports]\na = { port = 5005, pinned = true }\n"}


@pytest.mark.parametrize(("files", "moved"), [
    ({"b/.env.example": "B_PORT=5005\n"}, True), ({".env.example": "# the port\nB_PORT='5005'\n"}, True), ({".env.sample": "export B_PORT=5005\n"}, True),
    ({"a/.env.example": "B_PORT=5005\n"}, False), ({".env.example": "OTHER_PORT=5005\n"}, False), ({".env.example": "B_PORT=50051\n"}, False),
    ({".env.example": "B_PORT=5005\n", "c/c.py": "import os\n\nfrom flask import Flask\n\nFlask(__name__).run(port=int(os.getenv('B_PORT', 5005)))\n"}, False),
], ids=["beside it", "above it", "a sample", "of another", "another variable", "another number", "read by another too"])
def test_the_example_of_an_environment_moves_with_its_variable(tmp_path, files, moved):
    flask = "from flask import Flask\n\napp = Flask(__name__)\n"
    lay(tmp_path, {**{p: flask + t for p, t in ENV_PAIR.items()}, **MOVING_B, **files})
    survey = surveyed(tmp_path)
    applied(tmp_path, survey, planned(survey))
    path = next(p for p in files if ".env" in p)
    assert (b"5006" in texts(tmp_path)[path]) == moved


@pytest.mark.parametrize(("text", "service"), [
    ("fetch('http://localhost:5005/x')", None), ("fetch('http://localhost:5005/a')", "a"), ("fetch('http://localhost:5005/b')", None),
], ids=["neither answers it", "the one that stayed answers it", "the one that left answered it"])
def test_what_was_ambiguous_stays_so_after_the_move(platform, tmp_path, text, service):
    survey = platform({**PAIR, **HELD, "p.js": "fetch('http://localhost:5005/x')"}, pair)
    applied(tmp_path, survey, planned(survey))
    lay(tmp_path, {"p.js": text})
    again = surveyed(tmp_path, lambda tree: [server(tree, "a.py", 5005, "/a"), server(tree, "b.py", 5006, "/b")])
    (told,) = [f for f in check(again).facts["ports"] if f["path"] == "p.js"]
    assert told["service"] == service
    assert service or "b moved away from port 5005" in told["via"][0]
    assert not list(planned(again).changes)
