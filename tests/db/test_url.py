"""Which URL each service would get: precedence, defaults in the code, one target a URL."""

import pytest

from opskit.core.tree import Tree
from opskit.db import rules
from opskit.db.url import find_url, targets, variable_of
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

REAL, OTHER = "postgresql://app:s3cretly@127.0.0.1:5432/app", "postgresql://app:s3cretly@127.0.0.1:5432/other"
SAMPLE = "postgresql://user:password@host:5432/dbname"
SERVICE = "import os\nfrom flask import Flask\n\napp = Flask(__name__)\nURL = os.getenv('{}'{})\napp.run(port={})\n"


@pytest.fixture(autouse=True)
def no_url(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def platform(root, files):
    for path, text in files.items():
        (root / path).write_text(text)
    return Survey(Tree(root), read_manifest(root))


FOUND = {
    "the environment first": ({".env": f"DATABASE_URL={OTHER}\n"}, {"DATABASE_URL": REAL}, (REAL, "the environment")),
    "then .env.local": ({".env": f"DATABASE_URL={OTHER}\n", ".env.local": f"DATABASE_URL={REAL}\n"}, {}, (REAL, ".env.local")),
    "a sample is absent": ({".env": f"DATABASE_URL={REAL}\n", ".env.local": f"DATABASE_URL={SAMPLE}\n"}, {}, (REAL, ".env")),
    "the last of two": ({".env": f"DATABASE_URL={OTHER}\nDATABASE_URL='{REAL}'\n"}, {}, (REAL, ".env")),
    "none": ({".env": f"DATABASE_URL={SAMPLE}\n"}, {}, None),
}


@pytest.mark.parametrize("files, environ, expected", FOUND.values(), ids=FOUND)
def test_the_url_that_holds(tmp_path, files, environ, expected):
    given = find_url(platform(tmp_path, files).tree, environ)
    assert (given and (given.value.reveal(), given.source)) == expected


def test_services_with_one_url_are_one_target(tmp_path):
    files = {f"s{n}.py": SERVICE.format("DATABASE_URL", ", 'postgresql://localhost/x'", 5000 + n) for n in range(3)}
    defaults = targets(platform(tmp_path, files), {})
    assert [(t.value.reveal(), len(t.services), t.default) for t in defaults] == [("postgresql://localhost/x", 3, True)]
    given = targets(platform(tmp_path, {".env": f"DATABASE_URL={REAL}\n"}), {})
    assert [(t.value.reveal(), len(t.services), t.default) for t in given] == [(REAL, 3, False)]


def test_the_manifest_s_own_value_counts_after_env(tmp_path):
    files = {"s.py": SERVICE.format("DATABASE_URL", "", 5000), "opskit.toml": f'[services.s]\ncommand = "python s.py"\nenv = {{ DATABASE_URL = "{REAL}" }}\n'}
    survey = platform(tmp_path, files)
    assert [(t.value.reveal(), t.source) for t in targets(survey, {})] == [(REAL, "DATABASE_URL from [services.s] env")]
    assert "OPS-D006" not in {f.code for f in rules.check(survey).findings}


def test_another_name_is_used_where_the_code_reads_only_that(tmp_path):
    assert variable_of(platform(tmp_path, {"s.py": SERVICE.format("POSTGRES_URL", "", 5000)})) == "POSTGRES_URL"
    assert variable_of(platform(tmp_path, {"t.py": SERVICE.format("DATABASE_URL", "", 5001)})) == "DATABASE_URL"


def test_one_finding_for_all_services_without_a_url(tmp_path):
    files = {f"s{n}.py": SERVICE.format("DATABASE_URL", "", 5000 + n) for n in range(3)}
    lacking = [f for f in rules.check(platform(tmp_path, files | {"schema.sql": "CREATE TABLE t (i SERIAL);"})).findings if f.code == "OPS-D006"]
    assert [(len(f.data["services"]), len(f.also)) for f in lacking] == [(3, 2)]
