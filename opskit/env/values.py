"""What a value is, judged without ever showing it: a placeholder, a weak secret, of the wrong type."""

import math
import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

STRONG = 32  # bytes of an HMAC-SHA-256 key, RFC 7518 section 3.2
BITS = 80.0

_WHOLE = re.compile(
    r"<[^<>]*>|\[[A-Za-z][\w /.-]*\]|\{\{.*\}\}|\{[a-z_ ]+\}|%[A-Z_]+%|__[A-Z_]+__|\.{3,}|…|\*{3,}|x{3,}|[x*.-]{6,}|\?+"
    r"|(?:enter|insert|paste|put)[-_ .].*(?:here|key|secret|token|password|id|url|host|name|account|sid|value|email|number|domain)"
    r"|your[-_ .].*|.*[-_ ](?:goes[-_ ])?here|(?:please[-_ ]?)?(?:change|replace)(?:[-_ ]?(?:me|this|it|with)|d?[-_ ]in).*|to[-_ ]be[-_ ].*"
    r"|todo|tbd|fixme|placeholder|dummy|changeit|fill[-_ ]?(?:me|in)(?:[-_ ].*)?|.*[-_ ]placeholder|placeholder[-_ ].*|not[-_ ]?set",
    re.I | re.S)
_PREFIX = re.compile(r"(?:sk|pk|rk)_(?:test|live)_|whsec_|price_|prod_|acct_|sk-ant-(?:api\d\d-)?|sk-proj-|sk-|gh[pousr]_|github_pat_|SG\."
                     r"|xox[abp]-|pat|AIza|AC|nfp_|key-")
_BODY = re.compile(r"[x.*…_-]*|(?:test|live|demo|fake|abc|123|0)*[x.*…]+|0+|1234\w*|abc(?:123\w*|def\w*)|(?:secret|key|token|id)", re.I)
_FILLER = re.compile(r"your|\bhere\b|_here|placeholder|example|replace", re.I)
_WORDS = re.compile(r"[Uu]ser(?:name)?|USER(?:NAME)?|db_?user|your.*|<.*>|\[.*\]|x{3,}")
_PASSWORDS = re.compile(r"[Pp]ass(?:word)?|PASS(?:WORD)?|pwd|db_?pass(?:word)?|your.*|<.*>|\[.*\]|x{3,}|\*+")
_HOSTS = re.compile(r"host(?:name)?|your[-_.].*|.*\byour[-_](?:project|domain|host|app|db|site)\b.*|yourdomain\..*|<.*|\[.*|xxx+\..*",
                    re.I)
_NOTHING = frozenset("none null undefined nil n/a na secret password test key token asdf foo bar".split())
_TRUTHS = frozenset("1 0 true false yes no on off t f y n".split())
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:(?P<user>[^:/@\s]*)(?::(?P<password>[^@\s]*))?@)?(?P<host>[^:/?#\s]*)", re.I)

_COMMON = frozenset(
    "a the my our your super very top secret secrets key keys jwt token tokens password passwd pass pwd admin root user test testing dev"
    " develop development local localhost prod production staging demo default example sample app application session cookie flask django"
    " node express auth api server change changeme me this in for not so is use it please insecure unsafe secure random string value long"
    " strong safe do be to of and or here replace fallback temp temporary qwerty letmein welcome hello world monkey dragon master iloveyou"
    " keyboard cat abc abcd abcdef foo bar baz supersecret mysecret secretkey mykey jwtsecret yoursecret supersecretkey topsecret hunter"
    " correct horse battery staple".split())


def is_opaque(value: str) -> bool:
    """Judged by nobody here: another variable's value, or ciphertext that a tool opens later."""
    return "${" in value or value.startswith(("encrypted:", "$")) or value.startswith("op://")


def is_placeholder(value: str, secret: bool = False) -> bool:
    """A stand-in that somebody was to replace: `your_..._here`, `<...>`, `changeme`, `sk_test_...`, `postgres://user:pass@host/`."""
    value = value.strip()
    if not value or is_opaque(value):
        return False
    if secret and value.lower() in _NOTHING:
        return True
    if found := _URL.match(value):
        return _is_stand_in(found["user"] or "", found["password"] or "", found["host"])
    prefix = _PREFIX.match(value)
    if prefix and len(value) > 3 and _is_filler(value[prefix.end() :], distinct="_" in prefix[0] or "-" in prefix[0]):
        return True
    return _WHOLE.fullmatch(value) is not None


def _is_filler(body: str, distinct: bool) -> bool:
    """What follows a vendor's prefix; a prefix that words begin with too (`pat`, `AC`) wants the plainest filler."""
    if _BODY.fullmatch(body):
        return True
    return distinct and len(body) < 60 and bool(_WHOLE.fullmatch(body) or _FILLER.search(body))


def _is_stand_in(user: str, password: str, host: str) -> bool:
    told = bool(_WORDS.fullmatch(user)) and bool(_PASSWORDS.fullmatch(password))
    return told or _HOSTS.fullmatch(host) is not None or bool(password and re.fullmatch(r"your.*|<.*>|\[.*\]|x{3,}|\*{3,}", password, re.I))


def weakness(value: str) -> str:
    """Why a secret that signs or encrypts can be guessed, "" when it cannot. Never quotes the value."""
    if not value or is_opaque(value):
        return ""
    words = [w for w in re.split(r"[^a-z]+", value.lower()) if w]
    if words and all(w in _COMMON for w in words) and sum(map(str.isdigit, value)) < 12:
        return "made of common words"
    if len(set(value)) <= 4 or _is_run(value):
        return "one pattern repeated"
    if len(value.encode("utf-8", "replace")) < 16:
        return "short"
    if entropy(value) * len(value) < BITS:
        return "of little randomness"
    return ""


def _is_run(value: str) -> bool:
    """`0123456789abcdef`, `abcabcabc`: each character follows from the one before, or a short piece repeats."""
    steps = [ord(b) - ord(a) for a, b in pairwise(value)]
    if steps and sum(step in (0, 1) for step in steps) > 0.8 * len(steps):
        return True
    return any(len(value) >= 3 * n and value == (value[:n] * len(value))[: len(value)] for n in range(1, 13))


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value)
    return -sum(c / len(value) * math.log2(c / len(value)) for c in counts.values())


def mistyped(kind: str, name: str, value: str) -> str:
    """What is wrong with a value of a type, "" when nothing: an int, a float, a bool, a port or a URL."""
    if not value or is_opaque(value):
        return ""
    if kind in ("int", "port") or re.search(r"(?:^|_)PORT$", name):
        if not re.fullmatch(r"[+-]?\d+", value.strip()):
            return "is not a whole number" if not value.startswith("tcp://") else ""
        in_range = 0 <= int(value) < 65536 or not re.search(r"(?:^|_)PORT$", name)
        return "" if in_range else "is not a port (0 to 65535)"
    if kind == "float":
        return "" if re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", value.strip()) else "is not a number"
    if kind == "bool":
        return "" if value.strip().lower() in _TRUTHS else "is not true or false"
    if kind == "url" or name.endswith(("DATABASE_URL", "REDIS_URL", "WEBHOOK_URL")):
        return _malformed_url(value)
    return ""


def _malformed_url(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        parts.port  # noqa: B018  the property parses
    except ValueError:
        return "is not a URL that parses"
    if not parts.scheme or "://" not in value:
        return "" if value.startswith(("sqlite:", "/", "./", "file:")) else "is not a URL: no scheme such as https://"
    if not parts.netloc and not parts.scheme.startswith(("sqlite", "file", "unix", "postgres")):
        return "is a URL without a host"
    return "is a URL with a space in it" if re.search(r"\s", value.strip()) else ""
