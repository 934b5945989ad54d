"""What the code reads becomes variables: who needs them, what stands in, what may be seen."""

import pytest

from opskit.core.secret import MASK
from opskit.env.variables import variables
from opskit.survey.facts import Bind, EnvRead, Place
from tests.env.conftest import read, service


def one(platform, *reads, services=(), files=None, everything=False):
    return variables(platform(files or {"app.py": ""}, reads, services), everything)[0]


def test_a_variable_names_the_services_that_load_its_reader(platform):
    v = one(platform, read("REGION", path="lib.py"), services=[service("shop", "app.py", "lib.py"), service("cron", "cron.py"), service("old", "old.py", "lib.py", enabled=False)])
    assert (v.services, v.running) == (("old", "shop"), ("shop",))


def test_disabled_services_count_with_all(platform):
    assert one(platform, read("REGION"), services=[service("shop", "app.py", enabled=False)], everything=True).running == ("shop",)


def test_a_script_needs_nothing_to_run_the_platform(platform):
    assert one(platform, read("REGION"), services=[service("load", "app.py", kind="script")]).running == ()


def test_the_default_of_a_secret_is_masked_in_the_facts(platform):
    assert one(platform, read("DB_PASSWORD", False, "hunter2-hunter2")).fact()["default"] == MASK
    assert one(platform, read("REGION", False, "eu")).fact() == {
        "name": "REGION", "readers": ["app.py:1:1"], "services": ["shop"], "required": False, "type": "str", "default": "eu", "provider": "operator"}


@pytest.mark.parametrize("reads", [
    [read("REGION", False, "eu"), read("REGION", False, "us")], [read("DATA", False, "C:/Users/me/data")], [read("API", False, "http://localhost:5000")],
    [read("MAIL_PASSWORD", False, "x")], [read("DATABASE_URL", False, "postgres://db/x")], [read("PORT", False, "5000")],
    [read("STRIPE_PRICE_PRO", False, "price_1")], [read("NAME", False, "your_name_here")],
], ids=["two that differ", "a folder of one machine", "a port that may move", "a secret", "the database", "each service's own", "a vendor's", "a placeholder"])
def test_a_default_that_is_not_right_everywhere_is_not_shared(platform, reads):
    assert one(platform, *reads).shareable is None


def test_a_read_that_asks_first_on_its_line_is_guarded(platform):
    code = 'd = int(os.environ["KEEP_DAYS"]) if "KEEP_DAYS" in os.environ else 30'
    asked = EnvRead("KEEP_DAYS", Place("app.py", 1, 40), False)
    assert not one(platform, read("KEEP_DAYS", text=code), asked, files={"app.py": code}).required


def test_a_port_variable_of_a_service_is_set_by_up(platform):
    bind = Bind(Place("app.py", 1), 5000, "flask", variable="SHOP_PORT")
    v = one(platform, read("SHOP_PORT", False, "5000"), services=[service("shop", "app.py", binds=(bind,))])
    assert v.bound and v.provider == "opskit"


@pytest.mark.parametrize("code", [
    "os.getenv('JWT_SECRET', secrets.token_urlsafe(32))", 'os.environ.get("JWT_SECRET") or os.urandom(24).hex()',
    "os.getenv(\n    'JWT_SECRET',\n    str(uuid.uuid4()))", "process.env.JWT_SECRET || crypto.randomBytes(32).toString('hex')",
    "process.env['JWT_SECRET'] ?? randomUUID()", "os.environ.get('JWT_SECRET', default=Fernet.generate_key())",
])
def test_a_random_fallback_is_seen(platform, code):
    v = one(platform, read("JWT_SECRET", text=code), files={"app.py": code})
    assert len(v.regenerated) == 1 and v.required and not v.unguarded


@pytest.mark.parametrize("code", ["os.getenv('JWT_SECRET')\nx = secrets.token_hex()", "os.environ['JWT_SECRET']", "f(os.getenv('JWT_SECRET', ''), secrets.token_hex())"])
def test_randomness_nearby_is_no_fallback(platform, code):
    assert one(platform, read("JWT_SECRET", text=code), files={"app.py": code}).regenerated == ()


@pytest.mark.parametrize("name", ["foo-bar", "", "A B", "1A"])
def test_a_name_that_no_shell_takes_is_no_variable(platform, name):
    assert variables(platform({"app.py": ""}, [read(name)])) == ()
