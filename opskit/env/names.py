"""What a variable's name tells: whether its value is a secret, who makes it, whether a platform sets it by itself."""

import re

from opskit.core.vendors import Key, keys_of

VALID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _any(words: str) -> str:
    return "|".join(words.split())


# a secret by its last word (TOKEN_URL and PASSWORD_RESET_LIMIT are settings about one), with what tells copies of it apart
SECRET = re.compile(
    "(?:^|.*_)(?:" + _any("SECRET TOKEN PASSWORD PASSWD PASS PWD PASSPHRASE APIKEY CREDENTIALS? AUTHTOKEN SALT PEPPER KEY") + ")"
    "(?:_?[0-9]+|_(?:" + _any("BASE BASE64 B64 HEX PEM OLD NEW PREVIOUS CURRENT V[0-9] DEV PROD PRODUCTION"
                                      " STAGING TEST LIVE SANDBOX HASH") + "))?")
SETTING = re.compile("(?:^|.*_)(?:" + _any(
    "PRIMARY FOREIGN PARTITION SORT CACHE OBJECT CONVERSATION TRANSIT IDEMPOTENCY GROUP ROUTING INDEX STORAGE LOCK QUEUE STREAM CONFIG"
    " FEATURE REDIS S3 HEADER FIELD NEXT_PAGE PAGE") + ")_(?:KEY|TOKEN)")
PUBLIC = re.compile("^(?:" + _any("NEXT_PUBLIC VITE REACT_APP PUBLIC NUXT_PUBLIC GATSBY EXPO_PUBLIC VUE_APP")
                    + ")_|PUBLISHABLE|PUBLIC_KEY|ANON_KEY|SITE_KEY")

# what signs sessions and encrypts at rest: any strong random value serves, so opskit makes it
OWN = re.compile(
    "(?:^|.*_)(?:" + _any(
        "JWT SESSION COOKIE APP APPLICATION FLASK DJANGO CSRF SIGNING SIGNATURE ENCRYPTION FERNET HMAC NEXTAUTH AUTH BETTER_AUTH HASH"
        " TOKEN INTERNAL MASTER RAILS LARAVEL SERVER PAYLOAD REFRESH REFRESH_TOKEN ACCESS_TOKEN")
    + ")_(?:" + _any("SECRET KEY SECRET_KEY SECRET_KEY_BASE SIGNING_KEY SALT PEPPER")
    + ")|" + _any("SECRET_KEY SECRET SECRET_KEY_BASE PASSWORD_SALT PASSWORD_PEPPER CRON_SECRET KEY_ENCRYPTION_KEY API_SECRET_KEY"))
BOUGHT = re.compile(_any(
    "TWITTER FACEBOOK INSTAGRAM LINKEDIN TIKTOK YOUTUBE GOOGLE GITHUB GITLAB DISCORD SLACK TELEGRAM SPOTIFY REDDIT PAYPAL STRIPE TWILIO"
    " SHOPIFY AWS AZURE CLOUDFLARE SUPABASE AUTH0 CLERK PLAID COINBASE BINANCE ZOOM NOTION CLIENT_SECRET CONSUMER OAUTH WEBHOOK"))

# set by the operating system, the shell, the interpreter, the bundler or the host, never by a .env
GIVEN = re.compile(
    r"PATH|HOME|USER|USERNAME|LOGNAME|SHELL|TERM|LANG|LANGUAGE|LC_\w+|TZ|PWD|OLDPWD|TMPDIR|TEMP|TMP|HOSTNAME|COMPUTERNAME|OS|DISPLAY|EDITOR|COLUMNS|LINES"
    r"|APPDATA|LOCALAPPDATA|USERPROFILE|USERDOMAIN|HOMEDRIVE|HOMEPATH|PROGRAMFILES\w*|PROGRAMDATA|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROCESSOR_\w+"
    r"|NUMBER_OF_PROCESSORS|XDG_\w+|SSH_\w+|WSL_\w+|VIRTUAL_ENV|CONDA_\w+|PYTHON[A-Z]+|NODE_ENV|NODE_OPTIONS|npm_\w+|NO_COLOR|FORCE_COLOR|CI"
    r"|GITHUB_(?:ACTIONS|ACTOR|SHA|REF\w*|REPOSITORY\w*|RUN_\w+|WORKFLOW|WORKSPACE|EVENT_\w+|OUTPUT|ENV|STEP_SUMMARY|JOB|HEAD_REF|BASE_REF)"
    r"|NETLIFY|NETLIFY_DEV|NETLIFY_LOCAL|CONTEXT|DEPLOY_URL|DEPLOY_PRIME_URL|DEPLOY_ID|COMMIT_REF|CACHED_COMMIT_REF|BRANCH|HEAD|BUILD_ID|REVIEW_ID"
    r"|URL|SITE_ID|SITE_NAME|VERCEL|VERCEL_(?:ENV|URL|REGION|GIT_\w+)|AWS_LAMBDA_\w+|AWS_EXECUTION_ENV|LAMBDA_TASK_ROOT|_HANDLER|DYNO|RENDER"
    r"|RENDER_(?:EXTERNAL_URL|SERVICE_\w+|GIT_\w+)|RAILWAY_\w+|FLY_(?:APP_NAME|REGION|ALLOC_ID|MACHINE_ID)|KUBERNETES_\w+|K_SERVICE|K_REVISION"
    r"|(?:DY)?LD_LIBRARY_PATH|LD_PRELOAD|PYTEST_\w+|JEST_WORKER_ID|VITEST|WERKZEUG_\w+|INVOCATION_ID|NOTIFY_SOCKET|SUDO_\w+|PS1|PROMPT"
)

# what `db init` writes: the name among these that the platform reads
DATABASE = frozenset("DATABASE_URL POSTGRES_URL POSTGRESQL_URL SQLALCHEMY_DATABASE_URI DB_URL PG_URL PGURL DATABASE_URI".split())
SERVERS = _any("DATABASE POSTGRES POSTGRESQL PG DB MYSQL MONGO MONGODB REDIS AMQP RABBITMQ BROKER")
CONNECTION = re.compile(f"(?:.*_)?(?:{SERVERS})_(?:URL|URI|DSN)")


def is_given(name: str) -> bool:
    return GIVEN.fullmatch(name) is not None


def is_secret(name: str) -> bool:
    """Whether the value of a variable of this name must not be seen. A URL is none by name: its password is masked as such."""
    upper = name.upper()
    if PUBLIC.search(upper) or SETTING.fullmatch(upper):
        return False
    return SECRET.fullmatch(upper) is not None or any(key.shape for key in keys_of(upper))


def is_public(name: str) -> bool:
    """Built into what a browser loads."""
    return PUBLIC.match(name.upper()) is not None and "_" in name


def is_own(name: str) -> bool:
    """A secret that nobody sells: opskit can make it."""
    upper = name.upper()
    return OWN.fullmatch(upper) is not None and not keys_of(upper) and not BOUGHT.search(upper) and not PUBLIC.search(upper)


def is_database(name: str) -> bool:
    return name.upper() in DATABASE


def is_connection(name: str) -> bool:
    """An address with a user and a password in it: no default of it is shared, and it is no public value."""
    return is_database(name) or CONNECTION.fullmatch(name.upper()) is not None


def vendor_key(name: str) -> Key | None:
    """The kind of key that a variable of this name holds: for a person who gets one, the harmless (test) kind first."""
    found = sorted(keys_of(name.upper()), key=lambda key: key.live)
    return found[0] if found else None


def provider(name: str, bound: frozenset[str] = frozenset()) -> str:
    """Who provides it: a vendor, "opskit" (made by it), "system" (set by the host), or "operator". `bound` are the variables
    that carry a service's port or host, which `up` sets."""
    if is_given(name):
        return "system"
    if key := vendor_key(name):
        return key.vendor
    return "opskit" if name in bound or is_own(name) or is_database(name) else "operator"
