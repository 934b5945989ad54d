"""The scan for tokens. All tokens here are made up, and put together so that none stands in this file."""


import pytest

from opskit.core.secret import Redactor
from opskit.core.tree import Tree
from opskit.core.vendors import KEYS
from opskit.env.leaks import leak_findings, tokens

BODY = "9fQ2kXw7Tz4LmB8vR1hN6sYc3"
TOKENS = {
    "Stripe live secret key": "sk_" + "live_" + BODY, "Stripe test secret key": "rk_" + "test_" + BODY, "Stripe webhook secret": "whsec_" + BODY,
    "Anthropic API key": "sk-" + "ant-api03-" + BODY, "OpenAI API key": "sk-" + "proj-" + BODY + BODY, "GitHub token": "gh" + "p_" + BODY + "Zq4eW7rT1yU",
    "Airtable personal access token": "pa" + "t" + BODY[:14] + "." + "9f3a71c05be82d46" * 4, "SendGrid API key": "SG" + "." + BODY + "." + BODY,
    "Slack token": "xox" + "b-" + BODY, "Google API key": "AI" + "za" + (BODY + BODY)[:35], "AWS access key id": "AK" + "IA" + "9QX7KT4LMB8VR1HN",
    "Telegram bot token": "739182645" + ":AA" + (BODY + BODY)[:33], "Hugging Face access token": "hf" + "_" + (BODY + BODY)[:34],
    "Discord webhook URL": "https://discord.com/api/" + "webhooks/918273645546372819/" + (BODY * 3)[:68],
}


def kinds(text):
    return [f"{key.vendor} {key.kind}" for _, _, key in tokens(text.encode())]


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_found_with_its_vendor_and_exact_span(kind):
    text = f'KEY = "{TOKENS[kind]}"\n'
    [(start, end, key)] = list(tokens(text.encode()))
    assert f"{key.vendor} {key.kind}" == kind and text[start:end] in TOKENS[kind] and text[end] == '"'


@pytest.mark.parametrize("text", [
    "sk_" + "live_" + "x" * 24, "sk_" + "live_" + "EXAMPLE" + BODY, "AKIA" + "IOSFODNN7EXAMPLE", "sk_" + "test_" + "your_key_here_please_now",
    "gh" + "p_" + "0" * 36, "a ta" + "sk-management-system-implementation-plan-for-the-next-year", "class=\"ri" + "sk-" + "a" * 40 + "\"",
    "sk-" + "this-is-a-long-css-class-name-of-a-component", "sk_" + "live_" + "...", "process.env.STRIPE_SECRET_KEY", "AI" + "za" + "Sy" + "D" * 33,
])
def test_an_example_and_an_ordinary_word_are_no_token(text):
    assert kinds(text) == []


def test_one_token_in_several_files_is_one_finding_that_never_shows_it(tmp_path):
    secret = TOKENS["Stripe live secret key"]
    for name in ("a.py", "b.html", "c.md", "d.bat", "e.json"):
        (tmp_path / name).write_text(f'x\n  "{secret}"\n')
    [finding] = leak_findings(Tree(tmp_path))
    assert [str(p) for p in (finding.place, *finding.also)] == [f"{n}:2:4" for n in ("a.py", "b.html", "c.md", "d.bat", "e.json")]
    assert (finding.severity, finding.data["places"]) == ("error", 5) and "https://dashboard.stripe.com" in finding.help
    assert secret not in repr(finding) and BODY not in repr(finding)


def test_a_key_for_tests_weighs_less_than_a_live_one(tmp_path):
    (tmp_path / "a.py").write_text(f'{TOKENS["Stripe test secret key"]}\n{TOKENS["GitHub token"]}\n')
    assert {f.severity for f in leak_findings(Tree(tmp_path))} == {"warning", "error"}


def test_what_stands_only_among_tests_is_mostly_made_up(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_pay.py").write_text(TOKENS["Stripe live secret key"])
    assert [f.severity for f in leak_findings(Tree(tmp_path))] == ["warning"]
    (tmp_path / "pay.py").write_text(TOKENS["Stripe live secret key"])
    assert [f.severity for f in leak_findings(Tree(tmp_path))] == ["error"]


def test_a_dotenv_file_and_a_binary_are_left_to_others(tmp_path):
    (tmp_path / ".env").write_text(TOKENS["GitHub token"])
    (tmp_path / "x.bin").write_bytes(b"\0" + TOKENS["GitHub token"].encode())
    assert list(leak_findings(Tree(tmp_path))) == []


def test_every_shape_in_the_table_is_looked_for():
    from opskit.env.leaks import KINDS

    assert {k.key for _, group in KINDS for k in group} == {key for key in KEYS if key.shape}


def test_what_the_scan_finds_the_redactor_masks():
    redact = Redactor()
    assert all(BODY[5:20] not in redact(f"see {token}") for token in TOKENS.values())


def test_ten_megabytes_of_near_misses_hold_no_token():
    line = b"const task = { path: 'src/disk-usage/patterns.js', key: getKey(), risk: 'low', secret_name: 're_export' };\n"
    data = line * (10_000_000 // len(line))
    assert list(tokens(data)) == []
