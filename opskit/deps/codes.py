"""The room's diagnostic codes, each with a minimal bad and good platform that the tests run."""

from opskit.core.codes import Code

_IMPORTS = "import stripe\nfrom flask import Flask\n"
_SERVER = "app = Flask(__name__)\n\nif __name__ == '__main__':\n    app.run(port=8010)\n"
_SHOP = {"shop.py": _IMPORTS + _SERVER}
_PLAIN = {"shop.py": "from flask import Flask\n" + _SERVER}

CODES: tuple[Code, ...] = (
    Code(
        "OPS-K001",
        "a package is imported and not declared",
        "A fresh environment is made from the manifests alone. What they leave out is missing there, and the service ends at its "
        "first import. What comes only along with another package can go with that package's next release.",
        "`opskit deps fix` adds the package that provides the import to the nearest manifest, where that is certain. A name that opskit "
        "does not know is never added by itself: on PyPI anybody can own it.",
        {**_SHOP, "requirements.txt": "flask>=3\n"},
        {**_SHOP, "requirements.txt": "flask>=3\nstripe\n"},
    ),
    Code(
        "OPS-K002",
        "no manifest at all",
        "Nothing says which packages the services need, so nobody but the author's laptop can run them.",
        "`opskit deps fix` writes requirements.txt from what the services import.",
        _SHOP,
        {**_SHOP, "requirements.txt": "flask\nstripe\n"},
    ),
    Code(
        "OPS-K003",
        "a declared package could not be installed",
        "The version that is asked for does not exist (any more), or has no build for this Python. Seen when `opskit deps install` tries.",
        "Loosen the version as the message says, or give the service another `python` in opskit.toml.",
        live=True,
    ),
    Code(
        "OPS-K004",
        "a line of a manifest cannot be read",
        "Installers stop at the first line that is not PEP 508, and then install nothing of the file.",
        "Correct the line; where the meaning is plain `opskit deps fix --review` does.",
        {**_PLAIN, "requirements.txt": "flask = 3.0.0\n"},
        {**_PLAIN, "requirements.txt": "flask==3.0.0\n"},
    ),
    Code(
        "OPS-K005",
        "versions that cannot hold together, or none at all",
        "The services share one environment, which holds one version of a package. Where no version is written, it changes under you.",
        "Agree on one version in the manifests; `opskit deps install` takes the highest and says so.",
        {
            "web/shop.py": _PLAIN["shop.py"],
            "web/requirements.txt": "flask==2.3.0\n",
            "pay/desk.py": _PLAIN["shop.py"].replace("8010", "8011"),
            "pay/requirements.txt": "flask==3.0.0\n",
        },
        {
            "web/shop.py": _PLAIN["shop.py"],
            "web/requirements.txt": "flask==3.0.0\n",
            "pay/desk.py": _PLAIN["shop.py"].replace("8010", "8011"),
            "pay/requirements.txt": "flask>=3\n",
        },
    ),
    Code(
        "OPS-K006",
        "a package is declared and not imported",
        "It costs time and room at each install, and its faults are yours too.",
        "Drop the line, unless a command or another package uses it.",
        {**_PLAIN, "requirements.txt": "flask>=3\npandas>=2\n"},
        {**_PLAIN, "requirements.txt": "flask>=3\n"},
    ),
    Code(
        "OPS-K007",
        "an optional package is not declared",
        "The code goes on without it (ImportError is caught), with less than it can do.",
        "Declare it if the platform should have it.",
        {
            "shop.py": "try:\n    import redis\nexcept ImportError:\n    redis = None\n" + _PLAIN["shop.py"],
            "requirements.txt": "flask>=3\n",
        },
        {**_PLAIN, "requirements.txt": "flask>=3\n"},
    ),
    Code(
        "OPS-K008",
        "the package index cannot be reached",
        "`deps install` takes packages from PyPI, or from the index that UV_*, PIP_* or the manifests name.",
        "Look at the network and the proxy; then run it again, what went in stays.",
        live=True,
    ),
    Code(
        "OPS-K009",
        "an environment cannot be made",
        "The Python that a service asks for is not on this machine, or cannot make virtual environments.",
        "Install it, or change `python` of that service in opskit.toml.",
        live=True,
    ),
)
