"""The Stripe room's codes. Those marked live speak only when an account is asked, and are tested in tests/stripe."""

from opskit.core.codes import Code

GOOD = """version: 1
project: shop
domain: shop.example
products:
  builder:
    name: Builder
    prices:
      monthly: {amount: 99.00, interval: month, env: STRIPE_PRICE_BUILDER}
"""
READ = "const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);\nconst ids = {{ builder: process.env.STRIPE_PRICE_BUILDER{} }};\n"
HOOK = """webhooks:
  main:
    url: https://{domain}/hook
    events: [checkout.session.completed]
    env: STRIPE_WEBHOOK_SECRET
"""
TABLE = """CREATE TABLE tiers (name TEXT, monthly_price NUMERIC, stripe_price_id TEXT);
INSERT INTO tiers (name, monthly_price) VALUES ('pro', 29.99);
"""
COLUMN = """version: 1
products:
  pro:
    name: Pro
    prices:
      monthly: {{amount: {}, interval: month, column: tiers.stripe_price_id, where: {{name: pro}}}}
"""

CODES: tuple[Code, ...] = (
    Code(
        "OPS-S001", "stripe.yaml cannot be meant",
        "The catalogue is acted on as a whole, so a line that has two readings, or an amount that its currency has no coin for, stops it.",
        "Write the line as the help says; docs/stripe.md shows every setting.",
        bad={"stripe.yaml": GOOD.replace("99.00", "99.999")}, good={"stripe.yaml": GOOD},
    ),
    Code(
        "OPS-S002", "a look-alike that opskit did not make",
        "Somebody made a product of this name at this amount and interval by hand. A second one would split customers between two.",
        "`--adopt ID` takes it over (stripe.yaml then says its id), `--create` makes a second one on purpose.", live=True,
    ),
    Code(
        "OPS-S003", "it belongs to somebody else",
        "A product's id or a price's lookup_key is taken by an object that does not bear this project's stamp.",
        "Give another id or lookup_key in stripe.yaml, or take the object over with `--adopt ID`.", live=True,
    ),
    Code(
        "OPS-S004", "a webhook without an address",
        "The URL says {domain}, and nothing says what it is, so the endpoint is not made and no event arrives.",
        "Write `domain:` into stripe.yaml (or under [env.NAME] of opskit.toml), or give --domain.",
        bad={"stripe.yaml": GOOD.replace("domain: shop.example\n", "") + HOOK}, good={"stripe.yaml": GOOD + HOOK},
    ),
    Code(
        "OPS-S005", "a webhook's secret that nobody here knows",
        "Stripe tells a signing secret once, when the endpoint is made. Without it, or with another's, every event is refused.",
        "Put the secret from the Dashboard into the variable and give `--adopt ID`, or `--new-secret WEBHOOK` for a new endpoint.",
        live=True,
    ),
    Code(
        "OPS-S006", "not this account",
        "The key's mode, the account and the address do not fit together, or the account is live and was not named twice.",
        "Follow the help line: a live account wants `--live --confirm ACCOUNT`, a sandbox a test key and loopback.", live=True,
    ),
    Code(
        "OPS-S007", "no Stripe key",
        "Neither the process environment nor the environment's dotenv files hold a secret key.",
        "Get a test key at https://dashboard.stripe.com/test/apikeys and put it behind STRIPE_SECRET_KEY in .env.", live=True,
    ),
    Code(
        "OPS-S008", "Stripe refused or is out of reach",
        "The message is Stripe's own. What was done before it stays done.",
        "Mend the cause and run the command again: it looks first at what is there.", live=True,
    ),
    Code(
        "OPS-S009", "it changed meanwhile",
        "The account is no longer as it was shown, a saved plan is not for what is here, or notes of an unfinished run cannot be read.",
        "Run the command again and look at the new plan.", live=True,
    ),
    Code(
        "OPS-S010", "a cell that cannot hold its price's id",
        "stripe.yaml names a column of the platform's own tables; the database, the table, the column or exactly one such row is missing.",
        "Load the schema (`opskit db init --fix`) or correct `column:` and `where:`, then run `opskit stripe bootstrap` again.", live=True,
    ),
    Code(
        "OPS-S011", "here and there differ",
        "A value in force here is not what the account has: another id in the environment, an API version that the code does not parse.",
        "Follow the help line; `opskit stripe bootstrap` writes what is its own to write.", live=True,
    ),
    Code(
        "OPS-S012", "a price's id written into the code",
        "The id exists in one mode of one account. In the other mode, and after the next change of the amount, this line sells nothing.",
        "Read it from a variable that stripe.yaml names, or ask Stripe by lookup_key.",
        bad={"server.js": "const stripe = require('stripe')(key);\nconst PRO = 'price_1Q9x2LKz8mBvTqWe0aRcYdUf';\n"},
        good={"server.js": READ.format(""), "stripe.yaml": GOOD},
    ),
    Code(
        "OPS-S013", "a price that stripe.yaml does not know",
        "The code reads a price's id from this variable, and nothing in the catalogue fills it, so that purchase fails.",
        "Add the price to stripe.yaml with `env:` naming the variable, then run `opskit stripe bootstrap`.",
        bad={"server.js": READ.format(", pro: process.env.STRIPE_PRICE_PRO"), "stripe.yaml": GOOD},
        good={"server.js": READ.format(""), "stripe.yaml": GOOD},
    ),
    Code(
        "OPS-S014", "two amounts for one price",
        "What the page or the table tells a customer is not what Stripe will charge.",
        "Decide which is right, and write it in both places.",
        bad={"schema.sql": TABLE, "stripe.yaml": COLUMN.format("39.99")}, good={"schema.sql": TABLE, "stripe.yaml": COLUMN.format("29.99")},
    ),
    Code(
        "OPS-S015", "a made-up price id as the fallback",
        "Without the variable the code asks Stripe for a price that no account has: customers see an error instead of a checkout.",
        "Take the fallback out, so that a missing variable is told at the start.",
        bad={"server.js": READ.format(" || 'price_builder_99'"), "stripe.yaml": GOOD},
        good={"server.js": READ.format(""), "stripe.yaml": GOOD},
    ),
    Code(
        "OPS-S016", "no catalogue",
        "The platform sells by Stripe prices, and nothing in the repository says which: a second account or mode is filled by hand.",
        "`opskit init` drafts stripe.yaml from the code; `opskit stripe bootstrap` makes it so.",
        bad={"server.js": READ.format("")}, good={"server.js": READ.format(""), "stripe.yaml": GOOD},
    ),
    Code(
        "OPS-S017", "a file that cannot take what Stripe gives",
        "A signing secret is told once. Where its file is read-only, no plain file, or would not be read back, nothing is made.",
        "Mend the file as the message says, then run the command again.", live=True,
    ),
)
