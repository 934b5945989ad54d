"""How files spell a port of this machine, as patterns over bytes. A group `port` is the digits, `name` a constant that holds them."""

import re

HOST = rb"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)"
DIGITS = rb"(?P<port>[1-9]\d{1,4})"
NAME = rb"(?P<name>[A-Za-z_]\w*)"
HOSTS = (b"localhost", b"127.0.0.1", b"0.0.0.0", b"[::", b"host.docker.internal")
HOLDERS = (b"lsof", b"fuser", b"kill-port", b"netstat")
NEEDLES = (b"localhost", b".0.0.", b"[::", b"host.docker.internal", *HOLDERS, b"ngrok", b"localtunnel", b"wait-on")
"""Any mention holds one of these; `.0.0.` stands in two hosts."""

ADDRESS = re.compile(
    rb"(?<![\w.-])" + HOST + rb":(?:" + DIGITS + rb"(?!\w|\.\w|:\d)|\$\{\w+:?-(?P<fallback>[1-9]\d{1,4})\}(?!:)"
    rb"|\$?\{(?P<literal>[1-9]\d{1,4})\}|(?:\$?\{|%|\$)" + NAME + rb"[}%]?)")
"""`localhost:5000`, `localhost:${PORT:-5000}`, `localhost:{PORT}`, `localhost:%PORT%`; not the first half of `127.0.0.1:8080:80`."""

HELD_OR_SAID = rb"(?:" + DIGITS + rb"\b(?![.\w])|" + NAME + rb"\b(?!\s*[.(\[]))"
FILLED = re.compile(
    rb"(?<![\w.-])" + HOST + rb":(?:(?:%[dis]|\{0?(?::d)?\})(?P<tail>[^'\"`\n%{}]*)['\"]\s*(?:%\s*\(?|\.format\()|['\"`]\s*\+)"
    rb"\s*(?:str\(|String\()?\s*" + HELD_OR_SAID)
"""`"localhost:%d/x" % 5000`, `"localhost:{}".format(PORT)`, `"localhost:" + str(PORT)`."""
CONSTANT = re.compile(rb"(?<![\w.])([A-Za-z_]\w*)[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*['\"`]$")
"""In front of a host that a constant holds."""
JOINS = re.compile(rb"\}:|\s*\+")
"""Behind the constant's name where a port is added to it."""


def through(name: bytes) -> re.Pattern[bytes]:
    """`{HOST}:{PORT}`, `${HOST}:${PORT}`, `HOST + ":" + PORT` for the constant of the host's name."""
    held = re.escape(name)
    return re.compile(
        rb"(?:\$?\{" + held + rb"\}:\$?\{(?P<name>[A-Za-z_]\w*)\}|(?<![\w.])" + held
        + rb"\s*\+\s*['\"`]:['\"`]\s*\+\s*(?:str\(|String\()?(?P<held>[A-Za-z_]\w*)\b)")


QUOTED = re.compile(
    rb"['\"]" + HOST + rb"['\"]\s*,\s*(?:['\"]?port['\"]?\s*[:=]\s*)?['\"]?(?:" + DIGITS + rb"\b(?!\.)|" + NAME + rb"\s*\))")
BEFORE_QUOTED = re.compile(
    rb"(?:(?:connect|open_connection|port_open|check_port|wait_for_port)\w*\s*\(\s*\(?\s*(?:host\s*=\s*)?"
    rb"|\bhost(?:name)?['\"]?\s*[:=]\s*"
    rb"|(?:%s:%[dis]|\{0?\}:\{1?(?::d)?\})[^'\"\n]*['\"]\s*(?:%|\.format)\s*\(\s*)$", re.I)
"""`sock.connect(("localhost", 5000))`, `{host: "localhost", port: 5000}`: what stands in front says that it is an address."""

WAIT = re.compile(rb"\bwait-on\b[^\n]*?\btcp:(?://)?(?:localhost:)?" + DIGITS + rb"\b", re.I)

PROBED = re.compile(HOST + rb"(?:\s+|/)[1-9]\d")
PROBE = re.compile(rb"\b(?:nc|ncat|netcat|telnet)\s(?:-\S+\s+(?:\d+\s+)?)*" + HOST + rb"\s+" + DIGITS + rb"\b(?![-.])|/dev/tcp/" + HOST +
                   rb"/(?P<device>[1-9]\d{1,4})\b")
"""`nc -z localhost 5000`, `/dev/tcp/localhost/5000`; PROBED is what such a mention holds, found where a host's name stands."""

HELD = re.compile(
    rb"\blsof\s[^\n|;&]*?:" + DIGITS + rb"\b(?![-,.])|\bfuser\s(?:-\S+\s+)*(?P<taken>[1-9]\d{1,4})/tcp\b"
    rb"|\bkill-port\s+(?P<killed>[1-9]\d{1,4})\b"
    rb"|\bnetstat\b[^\n]*?\b(?:findstr|grep)\s[^\n|:]*?:(?P<found>[1-9]\d{3,4})\b")
"""`lsof -ti:5000`, `fuser -k 5000/tcp`, `npx kill-port 5000`, `netstat -ano | findstr :5000`: who holds it is asked, nobody is called."""

PAIRED = re.compile(rb"\bport['\"]?[ \t]*[:=][ \t]*['\"]?" + DIGITS + rb"\b(?![.\w-])", re.I)
PAIRED_HOST = re.compile(rb"(?<![\w.-])['\"]?host(?:name)?['\"]?[ \t]*[:=][ \t]*['\"]?$", re.I)
CALLED = re.compile(rb"(?:localhost|127\.0\.0\.1|host\.docker\.internal)(?=['\"\r\n ,]|\Z)")
"""A port in the same flat braces, or the same block of YAML, TOML or INI, as the host; `0.0.0.0` there is somebody's own bind."""

TUNNEL = re.compile(
    rb"\bngrok(?:\.exe)?['\"]?,?\s+['\"]?(?:http|tcp|tls)['\"]?,?\s+(?:--?[\w-]+(?:[= ][^\s\d-]\S*)?['\"]?,?\s+)*(?:str\()?['\"]?"
    rb"(?:" + DIGITS + rb"\b(?![.:/])|" + NAME + rb"\b(?![.:/(=]))"
    rb"|\b(?:ngrok\.(?:connect|forward)|localtunnel)\(\s*(?:(?:addr|port)\s*=\s*|\{\s*(?:addr|port)\s*:\s*)?['\"]?"
    rb"(?:(?P<called>[1-9]\d{1,4})\b(?![.:/])|(?P<held>[A-Za-z_]\w*)\b(?!['\"(.=:]))"
    rb"|\b(?:lt|localtunnel)\s+(?:--port|-p)[ =](?P<local>[1-9]\d{1,4})\b", re.I)
"""`ngrok http 5000`, `ngrok.connect(5000)`, `localtunnel({ port: 5000 })`, `lt --port 5000`."""

THROUGH = re.compile(
    rb"cloudflared\s[^\n]*--url|\bngrok(?:\.exe)?\s+(?:http|tcp|tls)|\bngrok\.(?:connect|forward)\(|\bssh\s[^\n]*-\w*R", re.I)
COMMANDS = ((WAIT, (b"wait-on",)), (HELD, HOLDERS), (TUNNEL, (b"ngrok", b"localtunnel", b"lt -")))
"""Each pattern with the words that it begins with."""

SCHEME = re.compile(rb"([a-z][a-z0-9+.-]*)://(?:[^\s/@'\"<>]*@)?$", re.I)
PARSER_BASE = re.compile(rb"new URL\(\s*\w*(?:req|request)\w*\.[^()\n]*,\s*['\"`](?:\w+://)?$", re.I)
"""Node's idiom `new URL(request.url, "http://localhost:9999")`: a base that only the parser needs; nobody is called."""
COMMENT = re.compile(rb"\s*(?:#|//|/?\*|rem\b|::|<!--|--\s|;)", re.I)
TAIL = re.compile(rb"(?:\$?\{[^{}\n]*\}|<[\w:]+>|[^\s'\"`<>()\\,;|\]\}*])*")
EXPRESSION = re.compile(r"\$?\{[^{}]*\}|<[\w:]+>|%[sd]")
JOINED = re.compile(rb"['\"`]\s*(?:\+|\.concat|%)")


DECLARED = re.compile(rb"[ \t]*(?:export[ \t]+|set[ \t]+)?(?:const[ \t]+|let[ \t]+|var[ \t]+)?")
GIVEN = re.compile(
    rb"[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*"
    rb"(?:(?:int|Number|parseInt)\()?(?:os\.(?:getenv|environ\.get)\([^,\n]+,[ \t]*|process\.env\.\w+[ \t]*(?:\|\||\?\?)[ \t]*)?"
    rb"['\"]?([1-9]\d{1,4})['\"]?\)*[ \t]*(?:,[ \t]*10\))?;?[ \t]*(?:(?:#|//)[^\n]*)?\r?$", re.M)
"""`NAME = 5000` at the start of a line, also with an environment variable in front of the number: what stands before the name,
and what behind."""
