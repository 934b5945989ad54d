"""The environment's codes. Tokens in the examples are made up and put together from pieces, so that none stands in this file."""

from opskit.core.codes import Code

MENDED = {".gitignore": ".env\n.env.*\n!.env.example\n.opskit/\n"}
LIVE, TEST = "sk_" + "live_", "sk_" + "test_"
BODY = "9fQ2kXw7" + "Tz4LmB8vR1"


def server(*lines: str) -> dict[str, str]:
    """A platform of one server that reads the environment."""
    top = ("import os", "import secrets", "", "from flask import Flask", "")
    end = ("", "app = Flask(__name__)", 'app.run(port=int(os.getenv("PORT", "5000")))', "")
    return {"app.py": "\n".join((*top, *lines, *end))}


def reading(name: str, env: str | None = None) -> dict[str, str]:
    return {**server(f'VALUE = os.environ["{name}"]'), **({} if env is None else {".env": env})}


CODES: tuple[Code, ...] = (
    Code("OPS-E001", "a variable is not set",
         "The code reads it without a fallback, so the service fails at its start or at its first use.",
         "`opskit env init` makes what can be made and lists what a person must provide.",
         reading("SHOP_REGION"), reading("SHOP_REGION", "SHOP_REGION=eu\n")),
    Code("OPS-E002", "a variable is empty", "An empty value passes a check for presence and fails later, far from its cause.",
         "Write its value, or remove the line.", reading("SHOP_REGION", "SHOP_REGION=\n"), reading("SHOP_REGION", "SHOP_REGION=eu\n")),
    Code("OPS-E003", "a placeholder stands where a value belongs", "The service starts and the vendor refuses its first call.",
         "Put the value there; the help line names the page where a person gets it.",
         reading("MAIL_API_KEY", "MAIL_API_KEY=your_api_key_here\n"), reading("MAIL_API_KEY", "MAIL_API_KEY=9fQ2kXw7Tz4LmB8vR1\n")),
    Code("OPS-E004", "a line of a dotenv file is not read",
         "Loaders drop a malformed line without a word, so the variable is missing although it stands there.",
         "Write NAME=value with its quotes closed.", {".env": 'NAME="half\nOTHER=1\n'}, {".env": 'NAME="whole"\nOTHER=1\n'}),
    Code("OPS-E005", "a variable is set twice", "The later line wins, and whoever edits the first one wonders.",
         "Keep one of the two lines.",
         {".env": "REGION=eu\nREGION=us\n"}, {".env": "REGION=eu\n"}),
    Code("OPS-E006", "a key stands in the wrong slot",
         "A publishable key where the secret one belongs, or a product where a price does: every call is refused.",
         "Get the right kind of key at the named page.",
         {".env": "STRIPE_PRICE_PRO=prod_" + BODY + "\n"}, {".env": "STRIPE_PRICE_PRO=price_" + BODY + "\n"}),
    Code("OPS-E007", "a live key in a file for development", "A test run then moves real money and mails real customers.",
         "Put the test key into .env; the live one belongs into the deployment's own settings.",
         {".env": f"STRIPE_SECRET_KEY={LIVE}{BODY}\n"}, {".env": f"STRIPE_SECRET_KEY={TEST}{BODY}\n"}),
    Code("OPS-E008", "keys of both Stripe modes", "Objects of one mode do not exist in the other, so half of the calls fail.",
         "Take both keys from the same mode.",
         {".env": f"STRIPE_SECRET_KEY={LIVE}{BODY}\nSTRIPE_PUBLISHABLE_KEY=pk_test_{BODY}\n"},
         {".env": f"STRIPE_SECRET_KEY={TEST}{BODY}\nSTRIPE_PUBLISHABLE_KEY=pk_test_{BODY}\n"}),
    Code("OPS-E009", "a secret can be guessed",
         "Whoever guesses the secret that signs sessions signs in as anybody. RFC 7518 wants 256 bits for HS256.",
         "`opskit env generate NAME --replace` makes a strong one.",
         {".env": "JWT_SECRET=my-super-secret-key\n"}, {".env": "JWT_SECRET=" + "pX4vQ9sL2mZ7cK1t" + "R8wN5yB3hJ6dF0gA" + "\n"}),
    Code("OPS-E010", "a secret falls back to a value in the code",
         "Whoever has the code has the secret, and nobody notices that it was never set.",
         "Remove the fallback, and let `opskit env init` write a secret.",
         server('SECRET_KEY = os.getenv("SECRET_KEY", "dev-secret-for-now")'), server('SECRET_KEY = os.environ["SECRET_KEY"]')),
    Code("OPS-E011", "a secret is made anew at each start",
         "Sessions, links and cookies signed before a restart are refused after it, and two workers never agree.",
         "Let `opskit env init` write one that stays, then read it without a fallback.",
         server('KEY = os.getenv("JWT_SECRET", secrets.token_hex(32))'), server('KEY = os.environ["JWT_SECRET"]')),
    Code("OPS-E012", "a dotenv file is tracked by git",
         "Everyone with the repository has its values, and the history keeps them after they are removed.",
         "`git rm --cached .env`, add it to .gitignore, and rotate what it held.", live=True),
    Code("OPS-E013", "git is not told to leave dotenv files out", "The next `git add .` publishes every secret.",
         "`opskit fix env` appends the lines to .gitignore.", {".env": "REGION=eu\n"}, {".env": "REGION=eu\n", **MENDED}),
    Code("OPS-E014", "a vendor's token stands in the tree",
         "Bots read public repositories within minutes; in a private one every copy of the code holds the key.",
         "Rotate the token at the named page, then read it from the environment. The history keeps what is only removed.",
         {"pay.js": f'const stripe = require("stripe")("{LIVE}{BODY}");\n'},
         {"pay.js": 'const stripe = require("stripe")(process.env.STRIPE_SECRET_KEY);\n'}),
    Code("OPS-E015", "a value runs a command",
         "`$(...)` in a dotenv file is executed by a shell that sources it and by dotenv-expand 1000 and dotenvx under Node.",
         "Write the result of the command.", {".env": "BUILD=$(date)\n"}, {".env": "BUILD=2026-01-31\n"}),
    Code("OPS-E016", "a variable is read by nothing", "A line that does nothing is mended in vain when something breaks.",
         "Remove the line if nothing outside the tree wants it.", {".env": "OLD_REGION=eu\n"}, reading("SHOP_REGION", "SHOP_REGION=eu\n")),
    Code("OPS-E017", "the contract does not name a variable", "Whoever sets the platform up elsewhere learns of it when the service fails.",
         "`opskit env example` appends what is missing.", reading("SHOP_REGION"),
         {**reading("SHOP_REGION"), ".env.example": "# @required @public\nSHOP_REGION=\nPORT=5000\n"}),
    Code("OPS-E018", "a value is of the wrong type", "The service fails at its start, or worse, reads `false` as true.", "Mend the value.",
         {".env": "SHOP_PORT=abc\n"}, {".env": "SHOP_PORT=5000\n"}),
    Code("OPS-E019", "readers end a value at different places",
         "Node's dotenv takes a bare `#` for a comment, Python's does not: two services see two passwords.",
         "Put the value in double quotes.",
         {"package.json": '{"dependencies": {"dotenv": "16"}}\n', ".env": "SHOP_WORD=abc#def\n"},
         {"package.json": '{"dependencies": {"dotenv": "16"}}\n', ".env": 'SHOP_WORD="abc#def"\n'}),
)
