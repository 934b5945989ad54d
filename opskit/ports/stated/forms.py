"""How servers of Go, Rust, Java, Kotlin, C#, PHP, Ruby and Elixir say their port, from their libraries' own documentation."""

import re
from dataclasses import dataclass

from opskit.ports.stated.facts import Protocol


@dataclass(frozen=True, slots=True)
class Form:
    """`pattern` ends behind the parenthesis (or before the value); `position` is the argument that says the port; `default`
    what an empty call takes, `variable` what it then reads; `needs` must stand in the file; with `line` the value ends with its line."""

    pattern: re.Pattern[str]
    position: int = 0
    default: int | None = None
    variable: str = ""
    needs: str = ""
    protocol: Protocol = "tcp"
    line: bool = False


def _form(
    text: str, position: int = 0, default: int | None = None, variable: str = "", needs: str = "", udp: bool = False, line: bool = False
) -> Form:
    return Form(re.compile(text, re.M), position, default, variable, needs, "udp" if udp else "tcp", line)


GO = (
    _form(r"\b(?:http|fasthttp)\.ListenAndServe(?:TLS)?\("),
    _form(r"\bhttp\.Server\{[^}]*?\bAddr\s*:\s*"),
    _form(r"\b\w+\.Addr\s*=(?!=)\s*", needs="http.Server", line=True),
    _form(r"\b\w+\.RunTLS\(", needs="gin-gonic/gin"),
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
    _form(r"\.setPort\(", needs="HttpServerOptions"),
    _form(r"(?<=\))\s*\.port\(", needs="io.helidon"),
    _form(r"\bnew Server\((?=\s*[\w.]*\s*\))", needs="org.eclipse.jetty.server"),
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
    _form(r"\bnew (?:Kestrel)?MetricServer\((?:[^(),]*\bport\s*:)?", needs="Prometheus"),
)
PHP = (
    _form(r"\bnew\s+\\?(?:Swoole|OpenSwoole)\\[\w\\]*Server\(\s*[^,]+,"),
    _form(r"\bnew\s+\\?(?:React\\Socket\\)?SocketServer\("),
    _form(r"\bnew\s+\\?(?:Workerman\\)?Worker\(\s*(?=['\"]\w+://)"),
    _form(r"\bsocket_bind\(\s*[^,]+,[^,]+,"),
    _form(r"\bstream_socket_server\("),
)
RUBY = (
    _form(r"^\s*port\s+", needs="workers", line=True),
    _form(r"^\s*port\s+(?=ENV)", line=True),
    _form(r"^\s*bind\s+(?=['\"](?:tcp|ssl)://)", line=True),
    _form(r"\bset\s+:port\s*,\s*", line=True),
    _form(r"\bTCPServer\.new\(\s*(?:[^,()]+,)?"),
    _form(r"\bWEBrick::HTTPServer\.new\([^)]*?:?[Pp]ort\s*(?:=>|:)\s*"),
)
ELIXIR = (_form(r"\bhttps?:\s*\[[^\[\]]*?\bport:\s*", needs="Endpoint"),)
LANGUAGES: dict[str, tuple[str, tuple[Form, ...], tuple[bytes, ...]]] = {
    ".go": ("go", GO, (b"Listen", b"Addr", b".Run(", b".RunTLS(", b".Start(", b"Address(")),
    ".rs": ("rust", RUST, (b"bind", b"warp", b"tonic")),
    ".java": (
        "java",
        JAVA,
        (
            b"ServerSocket",
            b"InetSocketAddress",
            b"forPort",
            b"Javalin",
            b"spark",
            b"vertx",
            b"Undertow",
            b"DatagramSocket",
            b"HttpServerOptions",
            b"helidon",
            b"jetty.server",
        ),
    ),
    ".kt": ("kotlin", JAVA, (b"ServerSocket", b"InetSocketAddress", b"forPort", b"Javalin", b"ktor", b"vertx", b"HttpServerOptions")),
    ".cs": (
        "csharp",
        CSHARP,
        (b"UseUrls", b"ListenAnyIP", b"ListenLocalhost", b"Urls", b"app.Run", b"TcpListener", b"Listen(", b"MetricServer"),
    ),
    ".php": ("php", PHP, (b"Server(", b"Worker(", b"socket_bind", b"stream_socket_server")),
    ".rb": ("ruby", RUBY, (b"port", b"bind", b"TCPServer", b"WEBrick")),
    ".exs": ("elixir", ELIXIR, (b"Endpoint",)),
}
TESTS = re.compile(
    r"(_test\.go|Tests?\.(java|kt|cs)|_spec\.rb|_test\.rb|test_\w+\.rb|/test\.exs)$|(^|/)(tests?|testing|testdata|spec|__tests__|e2e|examples?|fixtures|mocks?|"
    r"vendor|third_party|benches)/|src/test/|\.Tests?/"
)
