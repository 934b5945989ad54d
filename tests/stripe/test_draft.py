"""What code and tables tell of what is sold, on platforms of other shapes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opskit.core.tree import Tree
from opskit.stripe.draft import draft
from opskit.stripe.made import made_in_code
from opskit.stripe.reading import read_catalogue
from opskit.stripe.sightings import price_variables
from opskit.stripe.sites import certain, domains, spelled_apart
from opskit.stripe.spoken import spoken_by
from opskit.stripe.tiers import sold_by_tables
from opskit.survey.manifest import read_manifest
from opskit.survey.survey import Survey


@pytest.fixture
def survey_of(tmp_path):
    def made(**files):
        for path, text in files.items():
            path = path.replace("__", "/")
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return Survey(Tree(tmp_path), read_manifest(tmp_path))

    def by_path(files):
        return made(**{path.replace("/", "__"): text for path, text in files.items()})

    return by_path


PYTHON = """import os, stripe
stripe.api_key = os.environ["STRIPE_SECRET_KEY"]
pro = stripe.Product.create(name="Pro", description="All of it")
stripe.Price.create(product=pro.id, unit_amount=1900, currency="eur", recurring={"interval": "year"})
TABLE = {"pro": os.environ["STRIPE_PRICE_PRO_YEARLY"], "team": os.getenv("STRIPE_TEAM_PRICE_ID")}
"""
NODE = """const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);
async function make() {
  const product = await stripe.products.create({ name: 'Studio' });
  await stripe.prices.create({ product: product.id, unit_amount: 4900, currency: 'usd', recurring: { interval: 'month' } });
}
export const id = process.env.NEXT_PUBLIC_STRIPE_PRICE_STUDIO ?? process.env.STRIPE_PRICE_STUDIO;
"""


def lines(survey):
    change = draft(survey, ())
    catalogue, faults = read_catalogue("stripe.yaml", change.content)
    assert not faults
    return {price.key: (price.amount, price.currency, price.interval, price.env) for price in catalogue.prices}, change.content.decode()


def test_python_that_makes_a_product_gives_its_amount_and_what_is_unknown_is_a_comment(survey_of):
    found, text = lines(survey_of({"sell.py": PYTHON}))
    assert found == {"pro.yearly": (1900, "eur", "year", ("STRIPE_PRICE_PRO_YEARLY",))}
    assert "#   env: STRIPE_TEAM_PRICE_ID" in text.replace("#       ", "# ") or "STRIPE_TEAM_PRICE_ID" in text


def test_a_public_twin_of_a_variable_is_filled_with_the_same_id(survey_of):
    found, _ = lines(survey_of({"lib/stripe.js": NODE}))
    assert found == {"studio.monthly": (4900, "usd", "month", ("NEXT_PUBLIC_STRIPE_PRICE_STUDIO", "STRIPE_PRICE_STUDIO"))}


def test_amounts_in_cents_and_one_column_without_an_interval(survey_of):
    sql = "CREATE TABLE plan (slug text, price_cents int, stripe_price_id text);\nINSERT INTO plan (slug, price_cents) VALUES ('solo', 900), ('free', 0);\n"
    (sold,) = sold_by_tables(survey_of({"db/seed.sql": sql}).tree)
    assert (sold.where, sold.amount, sold.interval) == ((("slug", "solo"),), "9.00", "month")


def test_a_table_without_ids_of_prices_sells_nothing(survey_of):
    sql = "CREATE TABLE item (name text, price numeric, shipping_id text);\nINSERT INTO item VALUES ('a', 5, 'x');\n-- stripe\n"
    assert not sold_by_tables(survey_of({"seed.sql": sql}).tree)


def test_params_of_the_newer_client_are_read(survey_of):
    code = 'import stripe\nc = stripe.StripeClient("k")\nc.v1.prices.create(params={"unit_amount": 500, "currency": "usd", "product_data": {"name": "Mini"}})\n'
    (made,) = made_in_code(survey_of({"make.py": code}).tree)
    assert (made.product, made.amount, made.interval) == ("Mini", 500, "")


def test_other_prices_than_stripe_s_are_none(survey_of):
    code = 'import os\nLIMIT = os.environ["MAX_PRICE_LIMIT"]\nFEED = os.environ["GAS_PRICE_URL"]\n'
    assert not price_variables(survey_of({"feed.py": code}))


@pytest.mark.parametrize(("path", "text", "version"), [
    ("a/package.json", '{"dependencies": {"stripe": "^14.2.0"}}', "2023-10-16"), ("a/package.json", '{"dependencies": {"stripe": "latest"}}', ""),
    ("a/package.json", '{"devDependencies": {"stripe": "^18.1.0"}}', ""), ("requirements.txt", "stripe==7.4.0\n", ""),
    ("node_modules/stripe/cjs/apiVersion.js", "exports.ApiVersion = '2025-03-31.basil';", "2025-03-31.basil")])
def test_the_version_that_a_file_s_library_speaks(survey_of, path, text, version):
    assert spoken_by(survey_of({path: text, "a/hook.js": "require('stripe')"}).tree, "a/hook.js")[0] == version


def test_a_domain_spelled_in_two_ways_is_not_decided(survey_of):
    page = "const s = { success_url: 'https://%s/ok' };\n"
    survey = survey_of({"a.js": page % "brightlantern.io", "b.js": page % "brigthlantern.io"})
    found = domains(survey.tree)
    assert certain(found) == "" and set(spelled_apart(found)) == {"brightlantern.io", "brigthlantern.io"}
    assert certain(domains(survey_of({"a.js": page % "brightlantern.io", "b.js": ""}).tree)) == "brightlantern.io"


def test_a_platform_without_stripe_gets_no_file(survey_of):
    assert draft(survey_of({"app.py": "print(1)\n"}), ()) is None


def test_the_nearest_manifest_that_names_the_library_decides(survey_of):
    files = {"package.json": '{"dependencies": {"stripe": "^8.0.0"}}', "web/package.json": '{"dependencies": {"stripe": "^99.0.0"}}', "web/hook.js": "",
             "requirements.txt": "stripe==7.4.0\n", "api/requirements.txt": "stripe>=5\n", "api/hook.py": "", "hook.py": ""}
    tree = survey_of(files).tree
    assert [spoken_by(tree, path)[0] for path in ("web/hook.js", "api/hook.py", "hook.py")] == ["", "", "2023-10-16"]


BESIDE = {
    "a dict of dicts": ("plans.py", 'import os, stripe\nPLANS = {"builder": {"price": 99, "stripe_price_id": os.environ["STRIPE_PRICE_BUILDER"]}}\n',
                        (9900, "usd", "month")),
    "a name bound before": ("plans.py", 'import os, stripe\nID = os.getenv("STRIPE_PRICE_BUILDER")\nT = [{"price": 19.5, "period": "yearly", "price_id": ID}]\n',
                            (1950, "usd", "year")),
    "a decimal and a currency": ("plans.py", 'import os, stripe\nfrom decimal import Decimal\nT = {"b": {"cost": Decimal("9.99"), "currency": "EUR", '
                                 '"price_id": os.environ["STRIPE_PRICE_BUILDER"]}}\n', (999, "eur", "month")),
    "cents": ("plans.py", 'import os, stripe\nT = {"b": {"price_cents": 2900, "price_id": os.environ["STRIPE_PRICE_BUILDER"]}}\n', (2900, "usd", "month")),
    "the tier's name": ("plans.py", 'import os, stripe\nP = os.environ["STRIPE_PRICE_BUILDER"]\nT = [{"name": "Builder", "price": 49}]\n', (4900, "usd", "month")),
    "an object": ("plans.ts", "import Stripe from 'stripe';\nexport const plans = { builder: { price: 99, priceId: process.env.STRIPE_PRICE_BUILDER! } } as const;\n",
                  (9900, "usd", "month")),
    "a price as shown": ("plans.js", "// stripe\nconst plans = [{ name: 'Builder', price: '$29/mo', priceId: process.env.STRIPE_PRICE_BUILDER || '' }];\n",
                         (2900, "usd", "month")),
}


@pytest.mark.parametrize(("path", "text", "sold"), BESIDE.values(), ids=BESIDE)
def test_an_amount_beside_the_id_or_the_name_is_drafted_with_its_place(survey_of, path, text, sold):
    found, draft_text = lines(survey_of({path: text}))
    assert [(*terms[:3], *terms[3]) for terms in found.values()] == [(*sold, "STRIPE_PRICE_BUILDER")]
    assert f"# {path}:" in draft_text


DOUBTFUL = {
    "two places disagree": 'A = {"b": {"price": 10, "price_id": ID}}\nB = {"b": {"price": 12, "price_id": ID}}\n',
    "two amounts": 'A = {"b": {"price": 10, "setup_fee": 12, "price_id": ID}}\n', "perhaps cents": 'A = {"b": {"price": 2999, "price_id": ID}}\n',
    "Stripe's word for minor units": 'A = {"b": {"amount": 99, "price_id": ID}}\n', "free": 'A = {"b": {"price": 0, "price_id": ID}}\n',
    "no number": 'A = {"b": {"price": "ask us", "price_id": ID}}\n', "below nothing": 'A = {"b": {"price": -5, "price_id": ID}}\n',
}


@pytest.mark.parametrize("text", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_can_be_read_in_two_ways_stays_a_comment(survey_of, text):
    found, draft_text = lines(survey_of({"plans.py": f'import os, stripe\nID = os.environ["STRIPE_PRICE_BUILDER"]\n{text}'}))
    assert not found and "#       amount:   # " in draft_text


def test_a_month_and_a_year_beside_their_ids(survey_of):
    code = ("const stripe = 1;\nconst plans = { pro: { name: 'Pro', monthlyPrice: 29, yearlyPrice: 290, monthlyPriceId: process.env.STRIPE_PRICE_PRO_MONTHLY,"
            " yearlyPriceId: process.env.STRIPE_PRICE_PRO_YEARLY } };\n")
    found, _ = lines(survey_of({"plans.js": code}))
    assert {key: terms[0] for key, terms in found.items()} == {"pro.monthly": 2900, "pro.yearly": 29000}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_name_is_spelled_so_that_yaml_reads_it_back(name):
    from opskit.source.yaml_text import read_yaml
    from opskit.stripe.draft import _spelled

    assert read_yaml("a.yaml", f"name: {_spelled(name)}\n".encode()).at("name").raw == name.encode("utf-8", "replace").decode()
