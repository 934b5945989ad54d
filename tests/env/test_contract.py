"""`.env.example`: whole, in varlock's grammar, and never rewritten."""

import re

import pytest
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.change import Plan
from opskit.core.settle import settle
from opskit.env.contract import HEADER, contract_change
from opskit.env.fix import plan
from opskit.env.rules import check
from opskit.env.variables import variables
from opskit.source.dotenv import read_dotenv
from tests.env.conftest import found, read, service

READS = [read("STRIPE_SECRET_KEY"), read("JWT_SECRET"), read("REGION", False, "eu"), read("RETRIES", False, "3", "int"), read("API_URL"),
         read("DATABASE_URL"), read("HOME"), read("PORT", False, "5000"), read("STRIPE_PRICE_PRO"), read("MAIL_PASSWORD", False, "hunter2-hunter2")]


def written(survey):
    """.env.example after the change, "" where there is none."""
    change = contract_change(survey.tree, variables(survey))
    settled = settle(Plan((change,) if change else ()), survey.tree.read)
    return settled.rewrites[0].after.decode() if settled.rewrites else ""


def block(text, name):
    """The comment lines above a key."""
    return re.search(rf"((?:^#.*\n)+){name}=", text, re.M)[1]


def test_every_variable_but_the_system_s_stands_in_it(platform, tmp_path):
    (tmp_path / "x").write_text(written(platform({"app.py": ""}, READS)))
    assert set(dotenv_values(tmp_path / "x")) == {r.name for r in READS} - {"HOME"}


def test_values_are_shared_defaults_and_never_a_secret_or_a_stand_in(platform):
    text = written(platform({"app.py": ""}, READS))
    assert {k: v for k, v in read_dotenv("x", text.encode()).values.items() if v} == {"REGION": "eu", "RETRIES": "3"}
    assert "hunter" not in text and "your_" not in text


@pytest.mark.parametrize(("name", "said"), [
    ("STRIPE_SECRET_KEY", ["@required", "@sensitive", "@docs(https://dashboard.stripe.com", "read by shop (app.py:1)"]),
    ("STRIPE_PRICE_PRO", ["@public", "@type=string(startsWith=price_)"]), ("JWT_SECRET", ["@required", "@sensitive", "opskit env init"]),
    ("RETRIES", ["@optional", "@public", "@type=number"]), ("API_URL", ["@required", "@type=url"]), ("DATABASE_URL", ["@sensitive", "opskit db init"]),
    ("PORT", ["@optional", "@type=port", "opskit up"]), ("MAIL_PASSWORD", ["@optional", "@sensitive"]),
])
def test_an_item_says_what_it_is_who_reads_it_and_where_it_comes_from(platform, name, said):
    above = block(written(platform({"app.py": ""}, READS)), name)
    assert all(word in above for word in said)


def test_the_grammar_is_varlock_s(platform):
    """Header closed by a divider; a decorator line begins with @; no blank line between an item and its comments."""
    text = written(platform({"app.py": ""}, READS))
    assert text.startswith(HEADER) and HEADER.endswith("# ---\n")
    for line in text.splitlines():
        assert re.fullmatch(r"|# --- .+ ---|# ---|# @[^#]*|# [^@].*|[A-Z_][A-Z0-9_]*=\S*", line), line


def test_keys_of_one_vendor_stand_together(platform):
    text = written(platform({"app.py": ""}, READS))
    group = text[text.index("# --- Stripe") :].split("# ---")[1]
    assert "STRIPE_SECRET_KEY=" in group and "STRIPE_PRICE_PRO=" in group and "JWT_SECRET=" not in group


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["A=your_a_here", "# REGION=", "B='x", "", "export C=1", "JWT_SECRET=", "# words", "\u00e9=1"]), max_size=8),
       st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_existing_contract_is_kept_byte_for_byte(tmp_path_factory, lines, eol, closed):
    from opskit.core.tree import Tree
    from opskit.survey.manifest import Manifest
    from opskit.survey.survey import Survey

    before = eol.join(lines) + (eol if closed and lines else "")
    root = tmp_path_factory.mktemp("contract")
    (root / ".env.example").write_bytes(before.encode())
    survey = Survey(Tree(root), Manifest("x"))
    survey.__dict__.update(reads=tuple(READS), services=(service("shop", "app.py"),))
    after = written(survey)
    if not after:
        assert "B='x" in lines
        return
    assert after.startswith(before) and {r.name for r in READS} - {"HOME"} <= set(re.findall(r"^(?:# )?([A-Z_]+)=", after, re.M))
    (root / ".env.example").write_bytes(after.encode())
    again = Survey(Tree(root), Manifest("x"))
    again.__dict__.update(reads=tuple(READS), services=(service("shop", "app.py"),))
    assert written(again) == ""


def test_a_variable_held_ready_in_a_comment_is_named(platform):
    assert written(platform({".env.example": "# REGION=eu\n"}, [read("REGION")])) == ""


def test_the_fix_appends_to_the_contract_and_leaves_no_finding(platform, tmp_path):
    survey = platform({"app.py": "", ".env.example": "MINE=1"}, READS)
    assert found(check(survey, environ={}), "E017")[0].severity == "warning"
    for rewrite in settle(plan(survey, check(survey, environ={})), survey.tree.read).rewrites:
        (tmp_path / rewrite.path).write_bytes(rewrite.after)
    assert not found(check(platform({}, READS), environ={}), "E017")


def test_what_only_stopped_services_read_is_a_note(platform):
    result = check(platform({"app.py": ""}, [read("REGION")], [service("shop", "app.py", enabled=False)]), environ={})
    assert found(result, "E017")[0].severity == "note"


def test_a_finding_that_is_ignored_is_not_fixed(platform):
    survey = platform({"app.py": ""}, READS)
    assert plan(survey, check(platform({"app.py": ""}, []), environ={})).changes == ()
