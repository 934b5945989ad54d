"""Servers in Go, Rust, Java, Kotlin, C#, PHP and Ruby by their common forms: less sure than what is parsed, and never edited.

Ports that nobody says are the documentation's: gin 8080 or PORT, Rocket 8000, Puma 9292 or Rails 3000, Javalin 8080, Ktor none.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from opskit.core.tree import Tree
from opskit.ports.stated.facts import Protocol, Stated
from opskit.ports.stated.identity import Homes
from opskit.ports.stated.words import Found, argument, number_in, without_comments
from opskit.survey.facts import Confidence


@dataclass(frozen=True, slots=True)
class Form:
    """`pattern` ends behind the parenthesis (or before the value); `position` is the argument that says the port; `default`
    what an empty call takes, `variable` what it then reads; `needs` must stand in the file."""

    pattern: re.Pattern[str]
    position: int = 0
    default: int | None = None
    variable: str = ""
    needs: str = ""
    protocol: Protocol = "tcp"


def _form(text: str, position: int = 0, default: int | None = None, variable: str = "", needs: str = "", udp: bool = False) -> Form:
    return Form(re.compile(text, re.M), position, default, variable, needs, "udp" if udp else "tcp")


GO = (
    _form(r"\b(?:http|fasthttp)\.ListenAndServe(?:TLS)?\("),
    _form(r"\bhttp\.Server\{[^}]*?\bAddr\s*:\s*"),
    _form(r"\bnet\.Listen\(\s*\"tcp[46]?\"\s*,"),
    _form(r"\bListen\([^,()\"]*,\s*\"tcp[46]?\"\s*,"),
    _form(r"\bnet\.ListenPacket\(\s*\"udp[46]?\"\s*,", udp=True),
    _form(r"\b\w+\.Run\(", 0, 8080, "PORT", "gin-gonic/gin"),
    _form(r"\b\w+\.Start(?:TLS)?\(", needs="labstack/echo"),
    _form(r"\b\w+\.Listen\(", needs="gofiber/fiber"),
    _form(r"\biris\.Addr\("),
    _form(r"\bweb\.Run\(", 0, 8080, "", "beego"),
    _form(r"\bmicro\.Address\("),
)
RUST = (
    _form(r"\bTcpListener::bind\("),
    _form(r"\bUdpSocket::bind\(", udp=True),
    _form(r"\bServer::bind\(&?"),
    _form(r"\.bind(?:_rustls\w*|_openssl)?\(", needs="HttpServer"),
    _form(r"\.run\(", needs="warp::serve"),
    _form(r"\.serve\(", needs="tonic"),
    _form(r"\bTcpIncoming::bind\("),
)
JAVA = (
    _form(r"\bnew ServerSocket\("),
    _form(r"\bnew InetSocketAddress\((?=[^()]*\d|[^(),]*\))"),
    _form(r"\b(?:Netty)?ServerBuilder\.forPort\("),
    _form(r"\bjavalin?\w*\.start\(|\bJavalin\.create\([^;]*?\)\s*\.start\(", 0, 8080, "", "Javalin"),
    _form(r"(?<![\w.])(?:Spark\.)?port\(", needs="spark"),
    _form(r"\.listen\(", needs="io.vertx"),
    _form(r"\bembeddedServer\(\s*\w+\s*,\s*(?:port\s*=\s*)?", needs="io.ktor"),
    _form(r"\bnew DatagramSocket\(", udp=True),
    _form(r"\bUndertow\.builder\(\)\s*\.addHttpListener\("),
)
CSHARP = (
    _form(r"\.UseUrls\("),
    _form(r"\.(?:ListenAnyIP|ListenLocalhost)\("),
    _form(r"\bUrls\.Add\("),
    _form(r"\bapp\.Run\(\s*(?=[\"$])"),
    _form(r"\bnew TcpListener\(\s*[^,]+,"),
    _form(r"\.Listen\(\s*IPAddress\.\w+\s*,"),
    _form(r"\bnew UdpClient\((?=\s*\d)", udp=True),
)
PHP = (
    _form(r"\bnew\s+\\?(?:Swoole|OpenSwoole)\\[\w\\]*Server\(\s*[^,]+,"),
    _form(r"\bnew\s+\\?(?:React\\Socket\\)?SocketServer\("),
    _form(r"\bnew\s+\\?(?:Workerman\\)?Worker\(\s*(?=['\"]\w+://)"),
    _form(r"\bsocket_bind\(\s*[^,]+,[^,]+,"),
    _form(r"\bstream_socket_server\("),
)
RUBY = (
    _form(r"^\s*port\s+", needs="workers"),
    _form(r"^\s*port\s+(?=ENV)"),
    _form(r"\bset\s+:port\s*,\s*"),
    _form(r"\bTCPServer\.new\(\s*(?:[^,()]+,)?"),
    _form(r"\bWEBrick::HTTPServer\.new\([^)]*?:?[Pp]ort\s*(?:=>|:)\s*"),
)
LANGUAGES: dict[str, tuple[str, tuple[Form, ...], tuple[bytes, ...]]] = {
    ".go": ("go", GO, (b"Listen", b"Addr", b".Run(", b".Start(", b"Address(")),
    ".rs": ("rust", RUST, (b"bind", b"warp", b"tonic")),
    ".java": (
        "java",
        JAVA,
        (b"ServerSocket", b"InetSocketAddress", b"forPort", b"Javalin", b"spark", b"vertx", b"Undertow", b"DatagramSocket"),
    ),
    ".kt": ("kotlin", JAVA, (b"ServerSocket", b"InetSocketAddress", b"forPort", b"Javalin", b"ktor", b"vertx")),
    ".cs": ("csharp", CSHARP, (b"UseUrls", b"ListenAnyIP", b"ListenLocalhost", b"Urls", b"app.Run", b"TcpListener", b"Listen(")),
    ".php": ("php", PHP, (b"Server(", b"Worker(", b"socket_bind", b"stream_socket_server")),
    ".rb": ("ruby", RUBY, (b"port", b"TCPServer", b"WEBrick")),
}
TESTS = re.compile(
    r"(_test\.go|Tests?\.(java|kt|cs)|_spec\.rb|_test\.rb|test_\w+\.rb)$|(^|/)(tests?|testing|testdata|spec|__tests__|e2e|examples?|fixtures|mocks?|"
    r"vendor|third_party|benches)/|src/test/|\.Tests?/"
)
CLIENT = re.compile(r"\.(?:connect|Connect|Dial\w*)\s*\([^()]*$|new\s+Socket\([^()]*$|proxy", re.I)


def stated(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """A file's binds. What stands in tests, examples and vendored folders is nobody's service."""
    for ending, (language, forms, clues) in LANGUAGES.items():
        for path in tree.holding((p for p in tree.files if p.endswith(ending) and not TESTS.search(p)), *clues):
            yield from _read(tree, homes, path, language, forms)
    yield from _rocket(tree, homes)


def _read(tree: Tree, homes: Homes, path: str, language: str, forms: tuple[Form, ...]) -> Iterator[Stated]:
    whole = (tree.read(path) or b"").decode("utf-8", "replace")
    text = without_comments(whole, language in ("php", "ruby"))
    seen = set[tuple[int, str]]()
    for form in forms:
        if form.needs and form.needs not in text:
            continue
        for match in form.pattern.finditer(text):
            start, end = argument(text, match.end(), form.position, line=language == "ruby")
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if CLIENT.search(line):
                continue
            found = _told(tree, path, text, form, start, end)
            if found is None or found.port is None or (found.port, form.protocol) in seen:
                continue
            seen.add((found.port, form.protocol))
            yield _stated(tree, homes, path, text, language, form, found, match.start())


def _told(tree: Tree, path: str, text: str, form: Form, start: int, end: int) -> Found | None:
    if not text[start:end].strip():
        return Found(form.default, variable=form.variable, via=("the framework's default",), confidence="low") if form.default else None
    found = number_in(text, start, end)
    if found is not None and found.port is not None:
        return found
    return _elsewhere(tree, path, text[start:end]) or found


def _elsewhere(tree: Tree, path: str, expression: str) -> Found | None:
    """A setting of another file of the same project: the one place of the language that gives the last name a number."""
    name = re.findall(r"[A-Za-z_]\w*", expression)
    if not name or ("port" not in name[-1].lower() and "addr" not in name[-1].lower()):
        return None
    folder, ending = posixpath.dirname(path), posixpath.splitext(path)[1]
    top = folder.split("/")[0] if folder else ""
    found = []
    for other in tree.holding(
        (p for p in tree.files if p.endswith(ending) and p != path and p.startswith(top) and not TESTS.search(p)), name[-1].encode()
    ):
        text = without_comments((tree.read(other) or b"").decode("utf-8", "replace"))
        seen = number_in(f"{text}\n{expression}", len(text) + 1, len(text) + 1 + len(expression))
        if seen is not None and seen.port is not None:
            found.append((other, seen))
    ports = {each.port for _, each in found}
    return Found(found[0][1].port, 0, 0, "", found[0][1].variable, (f"{name[-1]} of {found[0][0]}",), "low") if len(ports) == 1 else None


def _stated(tree: Tree, homes: Homes, path: str, text: str, language: str, form: Form, found: Found, at: int) -> Stated:
    start, end = (found.start, found.end) if found.end else (at, at)
    first = len(text[:start].encode())
    sure: Confidence = "low" if found.confidence == "low" else "medium"
    return Stated(
        tree.place(path, first, first + len(text[start:end].encode())),
        found.port or 0,
        "bind",
        homes.of(path),
        "machine",
        language,
        form.protocol,
        sure,
        found.via,
        found.host,
        found.variable,
    )


def _rocket(tree: Tree, homes: Homes) -> Iterator[Stated]:
    """Rocket takes its port from Rocket.toml, else 8000 (rocket.rs/guide, configuration)."""
    for path in tree.holding(tree.ending(".rs"), b"rocket::build()", b"#[launch]"):
        if TESTS.search(path):
            continue
        service = homes.of(path)
        config = next((p for p in tree.ending("rocket.toml") if homes.of(p) == service), "")
        match = re.search(rb"^[ \t]*port[ \t]*=[ \t]*(\d{2,5})", tree.read(config) or b"", re.M) if config else None
        at = (tree.read(path) or b"").find(b"rocket::build()")
        place = tree.place(config, *match.span(1)) if match else tree.place(path, max(at, 0), max(at, 0))
        yield Stated(
            place,
            int(match[1]) if match else 8000,
            "bind",
            service,
            "machine",
            "rust",
            confidence="medium" if match else "low",
            via=("Rocket.toml",) if match else ("Rocket takes 8000 when none is said",),
            variable="ROCKET_PORT",
        )
