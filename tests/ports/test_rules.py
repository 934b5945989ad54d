import pytest

from opskit.ports.rules import check

from .conftest import server

APP = "app.run(port={})\n"


def found(survey, everything=False):
    return [(f.code, f.severity, f.message) for f in check(survey, everything).findings]


def two(platform, one=5005, other=5005, files=(), **more):
    """Services a and b on their ports; `more` goes to b."""
    files = {"a.py": APP.format(one), "b.py": APP.format(other), **dict(files)}
    return platform(files, lambda tree: [server(tree, "a.py", one, "/a"), server(tree, "b.py", other, "/b", **more)])


def test_a_clash_names_both_and_the_command_that_ends_it(platform):
    (finding,) = check(two(platform)).findings
    assert (finding.code, finding.severity, finding.fix) == ("OPS-P001", "error", "safe")
    assert finding.message == "port 5005 is claimed by a and b"
    assert finding.help == "run `opskit ports fix`: it moves b to 5006"


@pytest.mark.parametrize("more", [{"protocol": "udp"}, {"enabled": False}, {"kind": "script"}], ids=["another protocol", "disabled", "not running"])
def test_what_never_meets_does_not_clash(platform, more):
    kind = more.pop("kind", None)
    survey = two(platform, **more)
    if kind:
        import dataclasses

        survey.__dict__["services"] = (survey.services[0], dataclasses.replace(survey.services[1], kind=kind))
    assert not [f for f in found(survey) if f[0] == "OPS-P001"]


def test_a_disabled_service_takes_part_when_asked(platform):
    assert [f[:2] for f in found(two(platform, enabled=False), everything=True)] == [("OPS-P001", "warning")]


def test_variants_of_one_service_are_told_as_such(platform):
    assert [f[:2] for f in found(two(platform, variant_of="a"))] == [("OPS-P011", "note")]


def test_variants_that_somebody_enabled_both_do_clash(platform):
    manifest = "version = 1\n[services.a]\ncommand = 'python a.py'\n[services.b]\ncommand = 'python b.py'\n"
    assert [f[:2] for f in found(two(platform, variant_of="a", files={"opskit.toml": manifest}.items()))] == [("OPS-P001", "error")]


@pytest.mark.parametrize(("text", "codes"), [
    ("fetch('http://localhost:8999/x')", {"OPS-P002"}),
    ("// fetch('http://localhost:8999/x')", set()),
    ("fetch('http://localhost:11434/api/generate')", set()),
    ("connect('postgresql://localhost:8999/x')", set()),
    ("fetch('http://localhost:5005/a')", set()),
], ids=["nobody there", "a comment", "a well-known daemon", "another protocol", "answered"])
def test_a_call_that_nobody_answers(platform, text, codes):
    assert {f[0] for f in found(two(platform, other=5006, files={"p.js": text}.items()))} == codes


def test_a_dead_call_where_no_server_is_known_is_only_a_note(platform):
    assert [f[:2] for f in found(platform({"go.sh": "curl http://localhost:5999/x\n"}, []))] == [("OPS-P002", "note")]


def test_many_calls_to_one_dead_port_are_one_finding(platform):
    (finding,) = check(two(platform, other=5006, files={"p.js": "get('http://localhost:8999/x')\n" * 7}.items())).findings
    assert finding.message == "nobody listens on port 8999, which 7 places call" and len(finding.also) == 6


def test_a_test_s_dead_call_is_only_a_note(platform):
    assert [f[1] for f in found(two(platform, other=5006, files={"tests/p.js": "get('http://localhost:8999/x')"}.items()))] == ["note"]


@pytest.mark.parametrize(("page", "severity"), [("fetch('http://localhost:6666/b')", "error"), ("", "warning")], ids=["a page calls it", "none does"])
def test_a_port_that_browsers_refuse(platform, page, severity):
    assert [f[:2] for f in found(two(platform, other=6666, files={"p.html": page}.items()))] == [("OPS-P003", severity)]


@pytest.mark.parametrize(("port", "code"), [(5000, "OPS-P004"), (80, "OPS-P005"), (41000, "OPS-P006")])
def test_ports_that_the_system_keeps(platform, port, code):
    assert [f[0] for f in found(two(platform, other=port))] == [code]


@pytest.mark.parametrize(("more", "code", "severity"), [({}, "OPS-P007", "note"), ({"debug": True}, "OPS-P010", "error")], ids=["open", "with a debugger"])
def test_a_bind_on_all_interfaces(platform, more, code, severity):
    survey = platform({"a.py": "app.run(host='0.0.0.0', port=5005)"}, lambda tree: [server(tree, "a.py", 5005, **more)])
    assert [f[:2] for f in found(survey)] == [(code, severity)]


def test_a_tunnel_says_what_it_publishes(platform):
    assert found(two(platform, other=5006, files={"go.bat": "ngrok http 5006"}.items())) == [
        ("OPS-P008", "warning", "a tunnel publishes port 5006 to the internet: b")]


@pytest.mark.parametrize(("line", "code"), [
    ("a = { port = 5005 }", []), ("a = 5010", [("OPS-P009", "warning")]), ("gone = 5010", [("OPS-P009", "note")]),
    ("a = 5010\nb = 5010", [("OPS-P009", "warning"), ("OPS-P009", "warning"), ("OPS-P009", "error")]),
], ids=["agrees", "differs", "names nobody", "gives one port twice"])
def test_the_registry_against_the_code(platform, line, code):
    assert [f[:2] for f in found(two(platform, other=5006, files={"ports.toml": f"[ports]\n{line}\n"}.items()))] == code


def test_facts_tell_every_claim_and_mention_with_its_reason(platform):
    facts = check(two(platform, files={"p.js": "fetch('http://localhost:5005/b')"}.items())).facts["ports"]
    assert [(f["path"], f["line"], f["port"], f["role"], f["service"]) for f in facts] == [
        ("a.py", 1, 5005, "bind", "a"), ("b.py", 1, 5005, "bind", "b"), ("p.js", 1, 5005, "reference", "b")]
    assert facts[2]["via"] == ["only it answers /b"] and facts[2]["confidence"] == "high"


@pytest.mark.parametrize(("text", "found_there"), [
    ("fetch('http://localhost:5005/wrong')", True), ("fetch('http://localhost:5005/b')", False), ("const API = 'http://localhost:5005/api'", False),
    ("fetch(`http://localhost:5005/${x}`)", False), ("// http://localhost:5005/wrong", False), ("open('ws://localhost:5005/wrong')", False),
], ids=["no route", "a route", "the base of routes", "unknown", "a comment", "a websocket"])
def test_a_path_that_no_service_on_the_port_answers(platform, text, found_there):
    survey = platform({"b.py": APP.format(5005), "p.js": text}, lambda tree: [server(tree, "b.py", 5005, "/b", "/api/x")])
    assert ("OPS-P013" in {f[0] for f in found(survey)}) is found_there


@pytest.mark.parametrize(("image", "told"), [
    ("EXPOSE 5000\nCMD python b.py", True), ("EXPOSE 5005/tcp 80\nCMD python b.py", False), ("EXPOSE 8000\nCMD gunicorn -b :8000 b:app", False),
    ("EXPOSE 5000\nCMD python other.py", False), ("CMD python b.py", False),
], ids=["another", "the same", "the command says it", "another file", "exposes nothing"])
def test_an_image_that_exposes_another_port(platform, image, told):
    survey = platform({"b.py": APP.format(5005), "Dockerfile": image + "\n"}, lambda tree: [server(tree, "b.py", 5005)])
    assert ("OPS-P014" in {f[0] for f in found(survey)}) is told


def test_a_port_whose_number_cannot_be_told_is_counted(platform):
    import dataclasses

    survey = two(platform, other=5006)
    unknown = dataclasses.replace(survey.services[1], binds=(dataclasses.replace(survey.services[1].binds[0], port=None, variable="PORT"),))
    survey.__dict__["services"] = (survey.services[0], unknown)
    assert [u.what for u in check(survey).unresolved] == ["b opens a port whose number cannot be told, set by PORT"]
