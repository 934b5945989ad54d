"""The findings on dotenv files and on the code that reads them. Tokens are made up and put together from pieces."""

from dataclasses import replace

import pytest

from opskit.core.place import Lines
from opskit.core.secret import Redactor
from opskit.env.rules import check
from tests.env.conftest import found, read, service

BODY = "9fQ2kXw7Tz4LmB8vR1"
LIVE, TEST, PUBLIC = "sk_" + "live_" + BODY, "sk_" + "test_" + BODY, "pk_" + "live_" + BODY
IGNORED = {".gitignore": ".env\n.env.*\n!.env.example\n.opskit/\n"}


@pytest.fixture
def checked(platform):
    def run(env, *reads, services=None, environ=(), **files):
        named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
        return check(platform({".env": env, **IGNORED, **named} if env is not None else {**IGNORED, **named}, reads, services), environ=dict(environ))

    return run


@pytest.mark.parametrize(("env", "environ"), [(None, {}), ("OTHER=1\n", {})])
def test_a_required_variable_that_is_nowhere_is_an_error_for_a_running_service(checked, env, environ):
    [f] = found(checked(env, read("REGION"), environ=environ), "E001")
    assert f.severity == "error" and "REGION is not set, and shop needs it" in f.message


@pytest.mark.parametrize(("env", "environ"), [("REGION=eu\n", {}), (None, {"REGION": "eu"})], ids=["in .env", "in the process"])
def test_a_variable_that_is_set_is_not_missing(checked, env, environ):
    assert not found(checked(env, read("REGION"), environ=environ), "E001")


def test_env_local_and_a_service_s_own_folder_count(platform):
    survey = platform({".env.local": "REGION=eu\n", "shop/.env": "CITY=x\n"}, [read("REGION", path="shop/app.py"), read("CITY", path="shop/app.py")],
                      [service("shop", "shop/app.py")])
    assert not found(check(survey, environ={}), "E001")


def test_a_service_without_a_value_of_its_own_is_named(platform):
    survey = platform({"a/.env": "CITY=x\n"}, [read("CITY", path="lib.py")], [service("a", "a/app.py", "lib.py"), service("b", "b/app.py", "lib.py")])
    [f] = found(check(survey, environ={}), "E001")
    assert f.data["services"] == ["b"]


@pytest.mark.parametrize("services", [[service("shop", "app.py", enabled=False)], [service("other", "other.py")]], ids=["disabled", "of no service"])
def test_what_nothing_running_reads_is_a_note(checked, services):
    [f] = found(checked(None, read("REGION"), services=services), "E001")
    assert f.severity == "note"


@pytest.mark.parametrize(("path", "told"), [("shop/src/db.js", 0), ("lib/db.js", 1)], ids=["below the file that sets it", "elsewhere"])
def test_code_that_no_service_is_known_to_load_has_the_file_around_it(platform, path, told):
    survey = platform({"shop/.env": "CITY=x\n"}, [read("CITY", path=path)], [service("other", "other.py")])
    assert len(found(check(survey, environ={}), "E001")) == told


@pytest.mark.parametrize("one", [read("REGION", False, "eu"), read("HOME"), read("PORT")], ids=["a default", "set by the system", "set by up"])
def test_what_need_not_be_set_is_not_missing(checked, one):
    assert not found(checked(None, one), "E001")


@pytest.mark.parametrize(("name", "help"), [("STRIPE_SECRET_KEY", "https://dashboard.stripe.com"), ("DATABASE_URL", "opskit db init"), ("JWT_SECRET", "opskit env init"), ("REGION", "REGION=")])
def test_the_help_says_who_provides_it(checked, name, help):
    assert help in found(checked(None, read(name)), "E001")[0].help


def test_an_empty_value_is_told_at_its_line_and_only_when_it_is_needed(checked):
    [f] = found(checked("A=1\nREGION=\nMOOD=\n", read("REGION"), read("MOOD", False, "x")), "E002")
    assert (str(f.place), f.severity) == (".env:2:1", "error")


@pytest.mark.parametrize(("line", "column"), [('NAME="half', 6), ("some words here", 6), ("NAME='a'b", 9), ("WORD", 1)])
def test_a_malformed_line_is_told_with_line_and_column(checked, line, column):
    [f] = found(checked(f"A=1\n{line}\n"), "E004")
    assert (f.place.line, f.place.column, f.severity) == (2, column, "error")


def test_a_duplicate_names_both_lines_and_weighs_less_when_they_agree(checked):
    first, second = found(checked("A=1\nA=2\nB=1\nB=1\n"), "E005")
    assert (str(first.place), str(first.also[0]), first.severity, second.severity) == (".env:2:1", ".env:1:1", "warning", "note")


@pytest.mark.parametrize("line", [
    f"STRIPE_SECRET_KEY={PUBLIC}", f"STRIPE_WEBHOOK_SECRET={LIVE}", f"STRIPE_PRICE_PRO=prod_{BODY}", f"STRIPE_PUBLISHABLE_KEY={TEST}",
    "ANTHROPIC_API_KEY=" + "gh" + "p_" + BODY * 2, f"STRIPE_SECRET_KEY={BODY}", f"NEXT_PUBLIC_STRIPE_KEY={LIVE}",
], ids=["pk for sk", "sk in the webhook's", "prod for price", "sk in the public one's", "another vendor's", "no prefix at all", "in the browser's bundle"])
def test_a_key_in_the_wrong_slot_is_told_without_the_key(checked, line):
    [f] = found(checked(line + "\n"), "E006")
    assert BODY not in repr(f)


@pytest.mark.parametrize("line", [f"STRIPE_SECRET_KEY={TEST}", f"STRIPE_WEBHOOK_SECRET=whsec_{BODY}", f"STRIPE_PRICE_PRO=price_{BODY}", "STRIPE_SECRET_KEY=sk_test_...",
                                  "STRIPE_SECRET_KEY=${OTHER}", "AIRTABLE_API_KEY=whatever", f"MY_KEY={LIVE}", f"VITE_STRIPE_PUBLISHABLE_KEY={PUBLIC}"])
def test_a_key_in_its_slot_is_silent(checked, line):
    assert not found(checked(line + "\n"), "E006")


def test_a_live_key_belongs_in_production_only(platform):
    text = f"STRIPE_SECRET_KEY={LIVE}\n"
    found_in = [f.place.path for f in found(check(platform({".env": text, ".env.production": text}, []), environ={}), "E007")]
    assert found_in == [".env"]


def test_both_modes_in_one_file_are_told_once(checked):
    text = f"STRIPE_SECRET_KEY={TEST}\nSTRIPE_PUBLISHABLE_KEY={PUBLIC}\n"
    assert len(found(checked(text), "E008")) == 1 and not found(checked(f"STRIPE_SECRET_KEY={TEST}\n"), "E008")


@pytest.mark.parametrize(("env", "weak"), [("JWT_SECRET=my-super-secret-key\n", True), ("JWT_SECRET=pX4vQ9sL2mZ7cK1tR8wN5yB3hJ6dF0gA\n", False),
                                           ("API_KEY=short\n", False), ("JWT_SECRET=encrypted:BDx\n", False)])
def test_only_a_secret_that_signs_is_judged_weak(checked, env, weak):
    assert bool(found(checked(env), "E009")) is weak


def test_a_secret_with_a_literal_default_is_told_and_the_line_unshown(checked):
    [f] = found(checked(None, read("SECRET_KEY", False, "dev-only-value")), "E010")
    assert f.severity == "error" and f.data["secret"] and "dev-only" not in repr(f)


@pytest.mark.parametrize(("name", "code", "severity"), [
    ("LOG_FILE", "os.environ.get('LOG_FILE')", "warning"), ("LOG_FILE", "os.environ['LOG_FILE']", "error"),
    ("DATABASE_URL", "os.environ.get('DATABASE_URL')", "error"), ("JWT_SECRET", "os.getenv('JWT_SECRET')", "error"),
], ids=["None may be meant", "raises", "the database", "a secret"])
def test_what_only_asks_weighs_less_than_what_raises(checked, name, code, severity):
    whole = replace(read(name), place=Lines(code.encode()).place("app.py", 0, len(code)))
    assert [f.severity for f in found(checked(None, whole, app_dot_py=code), "E001")] == [severity]


def test_what_only_tests_read_is_left_in_peace(checked):
    result = checked(None, read("ADMIN_PASSWORD", False, "hunter-hunter", path="tests/conftest.py"), read("E2E_URL", path="tests/e2e.py"))
    assert not found(result, "E010") and not found(result, "E001")


@pytest.mark.parametrize(("name", "default", "severity"), [("MAIL_PASSWORD", "hunter-hunter", "warning"), ("STRIPE_SECRET_KEY", "sk_test_...", "note"), ("TOKEN_KEY", "token.pickle", None),
                                                           ("REGION", "eu", None), ("API_KEY", "", None)])
def test_other_defaults_weigh_less_or_nothing(checked, name, default, severity):
    assert [f.severity for f in found(checked(None, read(name, False, default)), "E010")] == [severity] * bool(severity)


@pytest.mark.parametrize(("env", "severity"), [(None, "error"), ("JWT_SECRET=pX4vQ9sL2mZ7cK1tR8wN5yB3hJ6dF0gA\n", "note")])
def test_a_secret_made_anew_at_each_start_is_an_error_until_it_is_set(checked, env, severity):
    code = "k = os.getenv('JWT_SECRET', secrets.token_hex(32))\n"
    result = checked(env, read("JWT_SECRET", text=code), app_dot_py=code)
    assert [f.severity for f in found(result, "E011")] == [severity] and not found(result, "E001")


@pytest.mark.parametrize(("services", "severity"), [([service("shop", "app.py", enabled=False)], "warning"), ([service("other", "other.py")], "note")],
                         ids=["in a disabled service", "in no service"])
def test_a_secret_made_anew_weighs_less_where_nothing_runs_it(checked, services, severity):
    code = "k = os.getenv('JWT_SECRET', secrets.token_hex(32))\n"
    assert [f.severity for f in found(checked(None, read("JWT_SECRET", text=code), app_dot_py=code, services=services), "E011")] == [severity]


@pytest.mark.parametrize(("line", "package", "severity"), [
    ("BUILD=$(date)", '{"dependencies": {"dotenv": "16"}}', "error"), ("BUILD=$(date)", "{}", "warning"), ("BUILD='$(date)'", "{}", None),
    ("BUILD=\\$(date)", "{}", None), ("BUILD=$date", "{}", None),
])
def test_a_command_in_a_value_is_told(checked, line, package, severity):
    result = checked(line + "\n", package_dot_json=package)
    assert [f.severity for f in found(result, "E015")] == [severity] * bool(severity)


@pytest.mark.parametrize(("line", "told"), [("WORD=abc#def", True), ('WORD="abc#def"', False), ("WORD=abc # why", False)])
def test_a_bare_hash_is_told_where_node_reads(checked, line, told):
    assert bool(found(checked(line + "\n", package_dot_json='{"dependencies": {"dotenv": "16"}}'), "E019")) is told
    assert not found(checked(line + "\n", package_dot_json="{}"), "E019")


def test_a_key_that_anything_names_is_not_unused(checked):
    result = checked("OLD_REGION=eu\nIN_COMPOSE=1\nSTRIPE_SECRET_KEY=x\n", compose_dot_yaml="image: ${IN_COMPOSE}\n")
    assert [f.data["name"] for f in found(result, "E016")] == ["OLD_REGION"]


def test_a_longer_name_is_not_this_one(checked):
    assert found(checked("EDGE_URL=x\n", app_dot_py='os.environ["VITE_EDGE_URL"]'), "E016")


def test_a_value_of_the_wrong_type_is_told(checked):
    assert found(checked("RETRIES=many\n", read("RETRIES", type="int")), "E018")


def test_templates_are_not_judged_as_values(platform):
    result = check(platform({**IGNORED, ".env.example": "A=your_key_here\nA=\nbroken line\n", ".env.sample": "B=xxx\n"}, []), environ={})
    assert result.findings == ()


def test_no_value_of_a_dotenv_file_stands_in_any_finding_or_fact(checked):
    values = [BODY + "a", "hunter-two-hunter", "postgres://me:pass-word-x@db/x", "plain-value-9"]
    env = f'JWT_SECRET={values[0]}\nJWT_SECRET={values[1]}\nDATABASE_URL={values[2]}\nPORT={values[3]}\nSTRIPE_SECRET_KEY=pk_live_{values[3]}\nX="{values[1]}\n'
    result = checked(env, read("JWT_SECRET"), read("PORT", type="int"))
    assert len(result.findings) > 4 and not any(value in repr(result) for value in values)


def test_every_finding_on_a_line_with_a_value_keeps_the_line_unshown(checked):
    env = f"JWT_SECRET=abc\nJWT_SECRET=abd\nSTRIPE_SECRET_KEY={PUBLIC}\nA='x'y\nB=$(id)\nAPI_KEY=your_key_here\nN_PORT=x\n"
    placed = [f for f in checked(env).findings if f.place.path == ".env" and f.place.column]
    assert len(placed) >= 6 and all(f.data.get("secret") for f in placed)


def test_the_redactor_finds_nothing_to_do_in_the_findings(checked):
    result = checked(f"STRIPE_SECRET_KEY={LIVE}\nSTRIPE_PUBLISHABLE_KEY={PUBLIC}\n")
    text = repr(result)
    assert Redactor()(text) == text
