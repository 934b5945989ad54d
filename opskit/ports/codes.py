"""The room's diagnostic codes, each with a minimal bad and good platform that the tests run."""

from opskit.core.codes import Code

_SERVER = (
    "from flask import Flask\napp = Flask(__name__)\n\n\n@app.route('/{route}')\ndef answer():\n    return 'ok'\n\n\napp.run({options})\n"
)


def _app(options: str, route: str = "api/orders") -> str:
    return _SERVER.format(options=options, route=route)


def _image(folder: str, port: int) -> dict[str, str]:
    dockerfile = f'FROM python:3.12\nEXPOSE {port}\nCMD ["python", "main.py"]\n'
    return {f"{folder}/main.py": _app(f"port={port}", f"api/{folder}"), f"{folder}/Dockerfile": dockerfile}


_GOOD = {"shop.py": _app("port=8010")}

CODES: tuple[Code, ...] = (
    Code(
        "OPS-P001",
        "two services claim one port",
        "Of two services on one address and port only the first to start gets it; the other fails, or its callers reach the wrong one.",
        "`opskit ports fix` moves as few services as possible, with every reference to them; a URL's path tells which service it means.",
        {"shop.py": _app("port=5005"), "billing.py": _app("port=5005")},
        {"shop.py": _app("port=5005"), "billing.py": _app("port=5006")},
    ),
    Code(
        "OPS-P002",
        "a call to a port where nobody listens",
        "No service of the platform opens this port, so the call can only fail. Well-known databases and tools are left out.",
        "Start what should answer there, or correct the number.",
        {**_GOOD, "page.js": "fetch('http://localhost:8999/api/orders')\n"},
        {**_GOOD, "page.js": "fetch('http://localhost:8010/api/orders')\n"},
    ),
    Code(
        "OPS-P003",
        "a port that browsers refuse",
        "Browsers answer requests to the WHATWG Fetch Standard's bad ports (6000, 6665-6669 and others) with a network error, before "
        "anything is sent (https://fetch.spec.whatwg.org/#bad-port).",
        "`opskit ports fix` moves the service and its references.",
        {"chat.py": _app("port=6666"), "page.js": "fetch('http://localhost:6666/api/orders')\n"},
        _GOOD,
    ),
    Code(
        "OPS-P004",
        "a port that macOS holds",
        "AirPlay Receiver listens on 5000 and 7000 since macOS 12, so the service does not start on a Mac.",
        "Move it, or turn AirPlay Receiver off.",
        {"shop.py": _app("port=5000")},
        _GOOD,
    ),
    Code(
        "OPS-P005",
        "a privileged port",
        "Ports below 1024 want root or CAP_NET_BIND_SERVICE (capabilities(7)).",
        "Bind a higher port and map it.",
        {"shop.py": _app("port=80")},
        _GOOD,
    ),
    Code(
        "OPS-P006",
        "a port in the ephemeral range",
        "The kernel gives these ports to outgoing connections (ip(7), RFC 6335), so now and then the port is taken.",
        "Choose a port below 32768.",
        {"shop.py": _app("port=41000")},
        _GOOD,
    ),
    Code(
        "OPS-P007",
        "a service on all interfaces",
        "0.0.0.0 lets every machine of the network call it.",
        "Bind 127.0.0.1 unless that is meant.",
        {"shop.py": _app("host='0.0.0.0', port=8010")},
        _GOOD,
    ),
    Code(
        "OPS-P008",
        "a tunnel that publishes a service",
        "Whatever sits on the port is on the internet, with what it lets strangers do.",
        "Leave tunnels out of what starts by itself.",
        {**_GOOD, "share.bat": "ngrok http 8010\n"},
        _GOOD,
    ),
    Code(
        "OPS-P009",
        "ports.toml and the code disagree",
        "The registry says where a service is to be found; the code binds another port.",
        "`opskit ports fix` moves the code to the registry's port; pin what must stay.",
        {**_GOOD, "ports.toml": "[ports]\nshop = { port = 8020 }\n"},
        {**_GOOD, "ports.toml": "[ports]\nshop = { port = 8010 }\n"},
    ),
    Code(
        "OPS-P010",
        "a debugger on all interfaces",
        "The Werkzeug debugger runs Python for whoever reaches it; its documentation says never to enable it where others can "
        "(https://werkzeug.palletsprojects.com/en/stable/debug/).",
        "Turn debug off, or bind 127.0.0.1.",
        {"shop.py": _app("host='0.0.0.0', port=8010, debug=True")},
        _GOOD,
    ),
    Code(
        "OPS-P011",
        "variants of one service share a port",
        "Copies and versions of one service never run together, so this is no clash; told for completeness.",
        "Keep one enabled.",
        live=True,
    ),
    Code(
        "OPS-P012",
        "a reference that may mean several services",
        "Several services claim the port, and nothing in the file says which one is meant.",
        "Say it by hand: `opskit ports audit` lists the services with their routes.",
        live=True,
    ),
    Code(
        "OPS-P013",
        "a call to a path that nobody answers",
        "A service listens on the port, and none of its routes has this path, so the call ends in 404.",
        "Correct the path, or write the route.",
        {**_GOOD, "page.js": "fetch('http://localhost:8010/api/order')\n"},
        {**_GOOD, "page.js": "fetch('http://localhost:8010/api/orders')\n"},
    ),
    Code(
        "OPS-P014",
        "an image exposes another port than its service binds",
        "Who publishes the exposed port reaches nobody: the service listens on another one inside the container.",
        "Expose the port that is bound, or bind the one that is exposed.",
        {**_GOOD, "Dockerfile": "FROM python:3.12\nEXPOSE 5000\nCMD [\"python\", \"shop.py\"]\n"},
        {**_GOOD, "Dockerfile": "FROM python:3.12\nEXPOSE 8010\nCMD [\"python\", \"shop.py\"]\n"},
    ),
    Code(
        "OPS-P015",
        "services that share a port inside their containers",
        "Each runs in a container of its own, where the port is nobody else's; side by side on one machine they would clash.",
        "Nothing, while they run in containers. `opskit init` chooses who runs in the open; `opskit ports fix` then moves them apart.",
        {**_image("shop", 8010), **_image("till", 8010)},
        {**_image("shop", 8010), **_image("till", 8020)},
    ),
    Code(
        "OPS-P016",
        "ports that only an edit of the code changes",
        "Whoever starts such a service by hand or from a script cannot give it another port, and learns of a taken one from a traceback.",
        "`opskit ports fix --review`: a variable decides, with today's number as the fallback, and the service says who holds its port.",
        _GOOD,
        {"shop.py": "import os\n\n" + _app('port=int(os.environ.get("SHOP_PORT", "8010"))')},
    ),
)
