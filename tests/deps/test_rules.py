"""What is imported against what is declared: spoken of where it is wrong, silent where it is right."""

import pytest

from opskit.deps.rules import check

from .conftest import importing, lay, surveyed
from .wheelhouse import wheel


def test_a_missing_package_at_its_import(found):
    assert found({"app.py": importing("flask", "stripe"), "requirements.txt": "flask\n"}) == [
        ("OPS-K001", 2, "stripe is imported and requirements.txt does not declare it")
    ]


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("yaml", "pyyaml"),
        ("psycopg2", "psycopg2"),
        ("psycopg2", "psycopg2-binary"),
        ("cv2", "opencv_contrib_python"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("coinbase", "coinbase-advanced-py"),
        ("our_sdk", "our-sdk"),
        ("widget", "acme-widget-client"),
        ("flask", "Flask[async]==3.*"),
    ],
)
def test_declared_under_any_of_its_names(found, name, declared):
    assert found({"app.py": importing(name), "requirements.txt": f"{declared}\n"}) == []


def test_what_comes_along_is_a_note_and_added_only_on_request(platform):
    (finding,) = check(platform({"app.py": importing("flask", "werkzeug"), "requirements.txt": "flask>=3\n"})).findings
    assert (finding.code, finding.severity, finding.fix) == ("OPS-K001", "note", "review") and "only along with flask" in finding.message


@pytest.mark.parametrize(
    ("name", "fix"),
    [("reqeusts", "review"), ("google.cloud.some_thing", "review"), ("BRAIN_SYSTEM", "none")],
    ids=["a typing error", "a family's rule", "a file of ours"],
)
def test_a_name_that_nobody_knows_is_never_added_unasked(platform, name, fix):
    (finding,) = check(platform({"app.py": importing(name), "requirements.txt": ""})).findings
    assert (finding.severity, finding.fix, finding.data["certain"]) == ("warning", fix, False)


def test_our_own_module_out_of_reach_is_no_package(platform):
    checked = check(platform({"app.py": importing("our_own"), "lib2/our_own.py": "", "requirements.txt": "flask>=3\n"}))
    assert not checked.findings and "our_own" in checked.unresolved[0].what


def test_no_manifest_is_one_finding(found):
    (one,) = found({"app.py": importing("flask", "yaml", "strange_thing")})
    assert one[0] == "OPS-K002" and "flask, pyyaml, strange-thing" in one[2]


def test_an_optional_import_is_a_note(found):
    text = "try:\n    import redis\nexcept ImportError:\n    redis = None\n" + importing()
    assert [f[:2] for f in found({"app.py": text, "requirements.txt": ""}, notes=True)] == [("OPS-K007", 2)]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [("flask\nstripe = 7\n", 2, "PEP 508"), ("-r gone.txt\n", 1, "correct the path")],
    ids=["not PEP 508", "an include"],
)
def test_a_line_that_cannot_be_read(platform, text, line, word):
    (finding,) = [
        f
        for f in check(platform({"app.py": importing("flask"), "requirements.txt": "flask>=3\n", "requirements-b.txt": text})).findings
        if f.code == "OPS-K004"
    ]
    assert finding.place.line == line and (word in finding.help or "stripe==7" in finding.help)


def test_versions_that_cannot_hold_together(found):
    files = {
        "a/one.py": importing("flask"),
        "a/requirements.txt": "flask==2.0\n",
        "b/two.py": importing("flask"),
        "b/requirements.txt": "flask>=3\n",
    }
    assert [f[0] for f in found(files)] == ["OPS-K005"]


def test_a_declared_package_that_nothing_imports(found):
    files = {
        "app.py": importing("flask"),
        "tool.py": "def late():\n    import requests\n",
        "requirements.txt": "flask>=3\nrequests>=2\npandas>=2\ngunicorn>=20\n",
    }
    assert [f[1] for f in found(files, notes=True) if f[0] == "OPS-K006"] == [3]


FREEZE = [f"{name}==1.0" for name in ("blinker", "click", "colorama", "Flask", "itsdangerous", "MarkupSafe", "pandas", "Werkzeug")]


@pytest.mark.parametrize(("lines", "told"), [
    (FREEZE, False), ([*FREEZE[:-1], "Werkzeug>=1.0"], True), (FREEZE[::-1], True), (FREEZE[2:], True),
], ids=["as pip freeze prints it", "one not pinned", "not sorted", "a short list by hand"])
def test_what_pip_froze_says_nothing_of_what_is_used(found, lines, told):
    files = {"app.py": importing("flask"), "requirements.txt": "\n".join(lines) + "\n"}
    assert bool([f for f in found(files, notes=True) if f[0] == "OPS-K006"]) is told


def test_only_enabled_services_count_unless_everything(found):
    files = {
        "app.py": importing("stripe"),
        "requirements.txt": "",
        "opskit.toml": "version = 1\n[services.app]\ncommand = 'python app.py'\nenabled = false\n",
    }
    assert found(files) == [] and [f[0] for f in found(files, everything=True)] == ["OPS-K001"]


def test_one_finding_a_package_with_every_place(platform):
    (finding,) = check(platform({"a.py": importing("stripe"), "b.py": importing("stripe"), "requirements.txt": ""})).findings
    assert finding.place.path == "a.py" and [p.path for p in finding.also] == ["b.py"] and finding.data["services"] == ["a", "b"]


def test_facts_list_every_package_with_its_state(platform):
    facts = check(platform({"app.py": importing("flask", "stripe"), "requirements.txt": "flask>=3\npandas>=2\n"})).facts["packages"]
    assert {(p["package"], p["status"]) for p in facts} == {("flask", "declared"), ("stripe", "missing"), ("pandas", "unused")}
    assert all(p["ecosystem"] == "pypi" and p["manifest"] == "requirements.txt" for p in facts)


def test_what_is_installed_says_whose_a_name_is(tmp_path, found):
    site = tmp_path / ".opskit" / "venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    wheel(tmp_path, "unlike", "1.0", modules=["quite_other"])
    import zipfile

    zipfile.ZipFile(next(tmp_path.glob("unlike*.whl"))).extractall(site)
    assert found({"app.py": importing("quite_other"), "requirements.txt": "unlike\n"}) == []


def test_checking_writes_nothing(tmp_path):
    lay(tmp_path, {"app.py": importing("flask")})
    check(surveyed(tmp_path), True)
    assert [p.name for p in tmp_path.rglob("*")] == ["app.py"]
