"""PHP, Ruby and Go: receivers of Stripe's webhooks as far as a file's text tells, without a parser.

Seen are the official libraries' own calls (docs.stripe.com/webhooks, "Verify events"), the header, and event types in comparisons. What
is done about an event, and what other files do, is not judged: confidence "low".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from posixpath import basename

from opskit.core.tree import Tree
from opskit.stripe.webhooks.events import event_types
from opskit.stripe.webhooks.receiver import Check, Handled, Mark, Receiver

CLUES = (b"stripe", b"Stripe", b"STRIPE")
TESTS = re.compile(r"(^|/)(tests?|spec|testdata|fixtures)/|_test\.go$|(_spec|_test)\.rb$|Tests?\.php$")
HEADER = re.compile(rb"stripe[-_]signature", re.I)
BY_HAND = re.compile(rb"hash_hmac|OpenSSL::HMAC|hmac\.New\b")
STRING = re.compile(rb"""(['"`])([a-z0-9_]{2,40}(?:\.[a-z0-9_]{2,40}){1,4})\1""")
CONSTANT = re.compile(rb"\bEventType([A-Z]\w+)")
TEXT = rb"""['"`][^'"`\n]*['"`]"""
ASKED = re.compile(rb"(?:\bcase\b|\bwhen\b|[=!]==?|\bin_array\s*\([^()\[]*(?:\[|array\())(?:\s*" + TEXT + rb"\s*,)*\s*\Z")
ANSWERED = re.compile(rb"(?:\s*,\s*" + TEXT + rb")*\s*(?:=>|:(?!:)|[=!]==?|\bthen\b|\]\s*\.include\?)")
LISTED = re.compile(rb"(?:enabled_?events|EnabledEvents)\b[^;]{0,2000}\Z", re.I | re.S)
GIVEN = re.compile(rb"""(?:getenv|\benv|Getenv|LookupEnv|ENV\.fetch)\(\s*['"](\w+)['"]|(?:_ENV|_SERVER|\bENV)\[\s*['"](\w+)['"]""")
WRITTEN = re.compile(rb"""['"`]whsec_\w*['"`]|['"`]whsec_\.{3}['"`]""")
GO_ROUTE = re.compile(
    rb"""\b(?:HandleFunc|Handle|POST|Post)\(\s*"(?:POST )?(/[^"\n]*)"\s*,\s*(?:http\.HandlerFunc\()?(?:\w+\.)*(\w+)""")
SEVERAL, ARGUMENTS, BEFORE, LIST = 2, 400, 300, 2000


@dataclass(frozen=True, slots=True)
class Language:
    """`skipped` finds comments (and strings, in its group `kept`, so that a comment's sign inside one is none)."""

    name: str
    suffix: str
    skipped: re.Pattern[bytes]
    verifies: re.Pattern[bytes]


QUOTED = rb"""(?P<kept>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
LANGUAGES = (
    Language("PHP", ".php", re.compile(QUOTED + rb"|//[^\n]*|\#(?!\[)[^\n]*|/\*.*?\*/", re.S),
             re.compile(rb"\bWebhook::constructEvent\s*\(|\bWebhookSignature::verifyHeader\s*\(")),
    Language("Ruby", ".rb", re.compile(QUOTED + rb"|\#(?!\{)[^\n]*|^=begin\b.*?^=end\b", re.S | re.M),
             re.compile(rb"\bWebhook\.construct_event\b|\bWebhook::Signature\.verify_header\b")),
    Language("Go", ".go", re.compile(rb"""(?P<kept>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\\n])*"|`[^`]*`)|//[^\n]*|/\*.*?\*/""", re.S),
             re.compile(rb"\bwebhook\.(?:ConstructEvent|ValidatePayload)\w*\s*\(")),
)


def text_receivers(tree: Tree) -> list[Receiver]:
    """One a file."""
    return list(tree.computed(_receivers))


def _receivers(tree: Tree) -> tuple[Receiver, ...]:
    found = list[Receiver]()
    for language in LANGUAGES:
        paths = [p for p in tree.ending(language.suffix) if not TESTS.search(p)]
        routes = _go_routes(tree, paths) if language.name == "Go" else {}
        for path in tree.holding(paths, *CLUES):
            found += _of(tree, language, path, routes)
    return tuple(found)


def _of(tree: Tree, language: Language, path: str, routes: dict[bytes, str]) -> Iterator[Receiver]:
    text = language.skipped.sub(lambda m: m[0] if m["kept"] else re.sub(rb"[^\n]", b" ", m[0]), tree.read(path) or b"")
    events, call = tuple(_events(tree, path, text)), language.verifies.search(text)
    header = HEADER.search(text)
    if not (call or (header and events) or len(events) >= SEVERAL):
        return
    check: Check = "library" if call else "by hand" if header and BY_HAND.search(text) else "none"
    place = tree.place(path, *call.span()) if call else events[0].place
    at = place.start
    given = text[call.end() : call.end() + ARGUMENTS] if call else b""
    secret = _secret(text, given) if call else b""
    variable = next((m[1] or m[2] for m in GIVEN.finditer(secret)), b"").decode()
    marks = (Mark("literal secret", place),) if call and not variable and WRITTEN.search(secret) else ()
    yield Receiver("", "POST", _route(language, path, text, at, routes), place, check, events, marks, place if call else None, variable,
                   remembers=True, confidence="low")


def _events(tree: Tree, path: str, text: bytes) -> Iterator[Handled]:
    """Types that are compared with, each once; those that are asked for at an endpoint's creation are none."""
    seen = set[str]()
    for found in (*STRING.finditer(text), *CONSTANT.finditer(text)):
        kind = found[2].decode() if found.re is STRING else _constants().get(found[1].decode(), "")
        if kind not in event_types() or kind in seen:
            continue
        before = text[max(0, found.start() - LIST) : found.start()]
        compared = found.re is CONSTANT or ASKED.search(before[-BEFORE:]) or ANSWERED.match(text, found.end())
        if compared and not LISTED.search(before):
            seen.add(kind)
            yield Handled(kind, tree.place(path, *found.span()), "work")


@cache
def _constants() -> dict[str, str]:
    """`CheckoutSessionCompleted`, as stripe-go names its constants -> `checkout.session.completed`."""
    return {"".join(word[:1].upper() + word[1:] for word in re.split(r"[._]", kind)): kind for kind in event_types()}


def _secret(text: bytes, given: bytes) -> bytes:
    """The call's third argument, the secret in all three libraries, and what the names in it are bound to."""
    third = [*_arguments(given), b"", b"", b""][2]
    names = set(re.findall(rb"[A-Za-z_]\w*", third))
    bound = [m[0] for name in names for m in re.finditer(rb"(?<!\w)\$?" + name + rb"\s*:?=(?!=)[^\n;]*", text)]
    return b"\n".join((third, *bound))


def _arguments(given: bytes) -> list[bytes]:
    """The arguments of a call, from behind its bracket on; Ruby's begins with it."""
    found, depth, start = list[bytes](), 0, 1 if given.startswith(b"(") else 0
    for at in range(start, len(given)):
        sign = given[at : at + 1]
        depth += (sign in b"([{") - (sign in b")]}")
        if depth < 0 or (depth == 0 and sign == b","):
            found.append(given[start:at])
            start = at + 1
        if depth < 0:
            break
    return found


def _route(language: Language, path: str, text: bytes, at: int, routes: dict[bytes, str]) -> str:
    """The address, where the file itself tells it: Sinatra's `post '/x'`, a PHP script's own name, the route of Go's function."""
    if language.name == "Ruby":
        near = [m[1].decode() for m in re.finditer(rb"""^\s*post\s*\(?\s*['"](/[^'"\n]*)['"]""", text[:at], re.M)]
        return near[-1] if near else ""
    if language.name == "PHP":
        return f"/{basename(path)}" if b"php://input" in text and not re.search(rb"^\s*(?:abstract |final )?class\s", text, re.M) else ""
    named = [m[1] for m in re.finditer(rb"^func\s+(?:\([^)]*\)\s*)?(\w+)", text[:at], re.M)]
    inline = [m[1].decode() for m in re.finditer(rb"""\b(?:HandleFunc|POST|Post)\(\s*"(?:POST )?(/[^"\n]*)"\s*,\s*func\b""", text[:at])]
    return routes.get(named[-1], inline[-1] if inline else "") if named else ""


def _go_routes(tree: Tree, paths: list[str]) -> dict[bytes, str]:
    """Addresses by the name of the function that answers them; a name with two is none."""
    found: dict[bytes, set[str]] = {}
    for path in tree.holding(paths, b"Handle", b"POST", b".Post("):
        for m in GO_ROUTE.finditer(tree.read(path) or b""):
            found.setdefault(m[2], set()).add(m[1].decode())
    return {name: routes.pop() for name, routes in found.items() if len(routes) == 1}
