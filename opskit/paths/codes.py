"""The room's diagnostic codes, each with a minimal bad and good platform that the tests run."""

from opskit.core.codes import Code

_SERVER = "import os\nfrom flask import Flask\n\napp = Flask(__name__)\n{body}\napp.run(port=8010)\n"
_PORTABLE = "import os\n\nHERE = os.path.dirname(os.path.abspath(__file__))\nORDERS = os.path.join(HERE, 'data', 'orders.json')\n"
_GOOD = {"shop.py": _PORTABLE, "data/orders.json": "[]\n"}

CODES: tuple[Code, ...] = (
    Code(
        "OPS-W001",
        "a folder of one machine in code",
        "The path is there on its author's machine and nowhere else: on another one, in CI and in a container the file is not found.",
        "`opskit paths fix` joins it to a variable of the environment, with the repository's own folder as the fallback.",
        {"shop.py": _SERVER.format(body="ORDERS = 'C:/Users/ana/shop/data/orders.json'"), "data/orders.json": "[]\n"},
        _GOOD,
    ),
    Code(
        "OPS-W002",
        "a folder of one machine in configuration",
        "A file of settings or of data names a folder of one machine. Most such formats know no variables.",
        "`opskit paths fix` rewrites compose files; elsewhere write a path relative to the file, or let the program join it.",
        {"settings.json": '{"data": "C:\\\\Users\\\\ana\\\\shop\\\\data"}\n'},
        {"settings.json": '{"data": "data"}\n'},
    ),
    Code(
        "OPS-W003",
        "a folder of one machine in a page, a comment or a message",
        "Nothing breaks, and a reader is sent to a folder that they do not have; it also tells the author's user name.",
        "Write the path relative to the repository when the page is next edited.",
        {"README.md": "Open C:\\Users\\ana\\shop\\data and copy the file.\n"},
        {"README.md": "Open the folder `data` and copy the file.\n"},
    ),
    Code(
        "OPS-W004",
        "an escape spoils a path",
        "Between plain quotes `\\t`, `\\n` and the like are one character, so the string is not the path that was meant.",
        "Write it with forward slashes, or as a raw string; opskit never mends it by itself, for something may count on it by now.",
        {"shop.py": "FOLDER = 'c:\\test'\n"},
        _GOOD,
    ),
    Code(
        "OPS-W005",
        "the fallback is a folder of one machine",
        "The environment decides, and where it says nothing the author's own folder is taken, which no other machine has.",
        "Set the variable wherever it runs (`opskit up` and `opskit run` do), or fall back to the repository's own folder.",
        {"shop.py": "import os\n\nDATA = os.environ.get('DATA_DIR', 'C:/Users/ana/shop/data')\n"},
        _GOOD,
    ),
    Code(
        "OPS-W006",
        "a place that only one system has",
        "A program, a font or a folder is named by its place on Windows; elsewhere it lies in another one or has another name.",
        "Find programs by name (`shutil.which`), a person's folder with `Path.home()`, or give the place a variable.",
        {"shop.py": "import subprocess\n\nsubprocess.run(['C:/Program Files/Tesseract-OCR/tesseract.exe', 'in.png'])\n"},
        _GOOD,
    ),
    Code(
        "OPS-W007",
        "a function that wants a folder of one machine",
        "A function runs on its host's read-only disk, so no variable makes a personal folder appear there.",
        "Put the data into the database, or ship it with the function's own files.",
        {
            "netlify.toml": '[functions]\ndirectory = "functions"\n',
            "functions/orders.js": "const fs = require('fs')\nexports.handler = async () => ({\n"
            "  statusCode: 200, body: fs.readFileSync('C:/Users/ana/Desktop/orders.json', 'utf8') })\n",
        },
        _GOOD,
    ),
    Code(
        "OPS-W008",
        "a folder of one machine in code that does not parse",
        "The file holds such paths, and no edit can be proved in a file that its own language refuses.",
        "Mend the syntax, then run `opskit paths fix`.",
        {"shop.py": "print 'reading', 'C:/Users/ana/shop/data/orders.json'\n"},
        _GOOD,
    ),
)
