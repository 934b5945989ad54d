"""One report that has everything in it, for every format to render."""

from hypothesis import strategies as st

from opskit.core.change import FileEdit, Plan
from opskit.core.finding import Checked, Finding, Skipped, Unresolved
from opskit.core.place import Lines, Place
from opskit.core.settle import settle
from opskit.report.model import Report, Standing, Table

TOKEN = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SOURCE = {
    "auth.py": b"app = Flask(__name__)\n    app.run(host='0.0.0.0', port=5000, debug=True)\n",
    "keys.py": f"# rotate\nKEY = '{TOKEN}'\n".encode(),
    "long.py": b"x = '" + b"a" * 200 + b"' + port(8080) # tail\n",
}


def place(path, text):
    start = SOURCE[path].index(text)
    return Lines(SOURCE[path]).place(path, start, start + len(text))


STANDING = (
    Standing("database connected and filled", "does not hold", "DATABASE_URL is not set, and there is no local database", "opskit db init --fix"),
    Standing("no port conflicts", "holds", "every service has a port of its own"),
    Standing("tests pass", "not looked at yet", "`pytest` runs on request", "opskit doctor --tests"),
)


def sample(times=1, **more):
    """With `times` every finding as often: more than the ten that a report shows whole."""
    clash = Finding("OPS-P001", "error", "port 5000 is claimed by auth and terminal", place("auth.py", b"5000"), label="also terminal.py:9",
                    help="run `opskit ports fix` to move auth to 5010", fix="safe", harm=80, also=(Place("terminal.py", 9, 5),), data={"port": 5000})
    leak = Finding("OPS-E020", "error", "a Stripe live secret key stands in the code", place("keys.py", TOKEN.encode()), harm=99,
                   help="rotate it at https://dashboard.stripe.com/apikeys")
    far = Finding("OPS-P007", "warning", "a bind far to the right", place("long.py", b"8080"))
    bare = Finding("OPS-E001", "note", "A_KEY is read and has no value", Place(".env"))
    edit = FileEdit("auth.py", 55, 59, b"5000", b"5010", "auth moves to 5010")
    settled = settle(Plan((edit,)), SOURCE.get)
    assert settled.rewrites, settled.dropped
    return Report("check", Checked((clash, leak, far, bare) * times, {"ports": [{"port": 5000}]}, (Unresolved(Place("odd.py", 3), "a computed port"),)),
                  tables=(Table("Services", ("service", "port"), (("auth", "5000"), ("terminal", "5000"))),), skipped=(Skipped(bare, "ambiguous"),),
                  plan=settled, held_back=2, ignored=1, files=3, seconds=0.2, notes=("next: opskit fix",),
                  source=lambda path, line: Lines(SOURCE[path]).text(line), **more)


TEXTS = st.text(max_size=60) | st.sampled_from(["\x1b[31mred", "::error::x", "a\r\nb", "\u202eevil", "]]>&<", "%0A", TOKEN, "x" * 5000, "|`*_"])


@st.composite
def reports(draw):
    """Findings whose paths, messages and lines of code are whatever a platform's files may hold."""
    rows = draw(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.sampled_from(["error", "warning", "note"])), max_size=15))
    lines = {f"{i}{path}": code.encode("utf-8", "replace").replace(b"\n", b" ") for i, (path, code, _, _) in enumerate(rows)}
    findings = tuple(
        Finding("OPS-P001", severity, message, Lines(lines[f"{i}{path}"]).place(f"{i}{path}", 0, len(lines[f"{i}{path}"])), help=message,
                also=(Place(f"{i}{path}", 1, 1, 1, 2), Place(path)))
        for i, (path, _, message, severity) in enumerate(rows))
    return Report("check", Checked(findings), files=1, source=lambda path, line: Lines(lines[path]).text(line), whole=True)
