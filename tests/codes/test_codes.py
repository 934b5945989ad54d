"""Each code's examples are its tests: the rule speaks on the bad platform and is silent on the good one."""

import importlib
import re

import pytest

from opskit.cli.catalogue import catalogue
from opskit.cli.explain import page
from opskit.core.tree import Tree
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey

LETTERS = {"E": "env", "D": "db", "S": "stripe", "H": "stripe.webhooks", "W": "paths", "K": "deps", "P": "ports", "V": "services"}
CODES = catalogue()
SEEN = [code for code in CODES.values() if not code.live]


def codes_found(root, files, letter):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    survey = Survey(Tree(root), read_manifest(root))
    return {f.code for f in importlib.import_module(f"opskit.{LETTERS[letter]}.rules").check(survey).findings}


@pytest.mark.parametrize("code", SEEN, ids=lambda code: code.code)
def test_the_rule_speaks_on_the_bad_example(code, tmp_path):
    assert code.code in codes_found(tmp_path, code.bad, code.code[4])


@pytest.mark.parametrize("code", SEEN, ids=lambda code: code.code)
def test_the_rule_is_silent_on_the_good_example(code, tmp_path):
    assert code.good and code.code not in codes_found(tmp_path, code.good, code.code[4])


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_every_code_says_what_why_and_how(code):
    assert re.fullmatch(r"OPS-[A-Z]\d{3}", code.code) and code.title and code.why.endswith(".") and code.mend.endswith(".")
    assert page(code).startswith(f"{code.code}: {code.title}")


def test_no_code_is_given_twice():
    every = [c.code for room in ("cli", "env", "db", "stripe", "stripe.webhooks", "paths", "deps", "ports", "services") for c in importlib.import_module(f"opskit.{room}.codes").CODES]
    assert len(every) == len(set(every))


def test_every_code_that_the_source_names_has_its_page():
    from tests.house.architecture import PACKAGE

    named = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(OPS-[A-Z]\d{3})"', path.read_text())}
    assert named <= set(CODES)


def test_the_docs_pages_are_what_the_catalogue_says():
    import importlib.util
    from pathlib import Path

    docs = Path(__file__).parents[2] / "docs"
    spec = importlib.util.spec_from_file_location("write_codes", docs / "write_codes.py")
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    pages = {path.stem: path.read_text() for path in (docs / "codes").glob("OPS-*.md")}
    assert pages == {code.code: writer.markdown(code) for code in CODES.values()}, "run: python docs/write_codes.py"
