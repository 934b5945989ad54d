"""What a call calls, by the file's own imports: `P(...)` after `from pathlib import Path as P` is `pathlib.Path`."""

import ast

from opskit.source.python import PythonSource


class Callees:
    """Dotted names of one file, its import aliases resolved."""

    def __init__(self, source: PythonSource) -> None:
        self.aliases = dict[str, str]()
        for node in source.nodes:
            if isinstance(node, ast.Import):
                self.aliases |= {a.asname: a.name for a in node.names if a.asname}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self.aliases |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}

    def dotted(self, node: ast.AST) -> str:
        """`os.path.join` for the function of such a call; "" where it is no plain name. The base of a call is told as `()`."""
        parts = list[str]()
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.aliases.get(node.id, node.id))
        elif parts:
            parts.append("()")
        return ".".join(reversed(parts))


PATHS = frozenset(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath"))
WINDOWS = ("ntpath.", "pathlib.PureWindowsPath", "pathlib.WindowsPath", "nturl2path.")
JOINS = frozenset(("os.path.join",))
OPENS = frozenset(("open", "io.open", "codecs.open", "builtins.open", "os.open"))
ASKS = frozenset("os.path.exists os.path.isfile os.path.isdir os.path.getsize os.path.getmtime os.listdir os.stat os.access".split())
COPIES = frozenset(("copytree", "copy_tree", "move", "make_archive"))
ENVIRONMENT = frozenset(("os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.getenvb"))
SHELL = frozenset("os.system os.popen subprocess.getoutput subprocess.getstatusoutput commands.getoutput pexpect.spawn pexpect.run".split())
PROCESS = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
TOLD = frozenset(
    "print pprint log logger logging debug info warning warn error critical exception echo secho input showinfo showerror showwarning "
    "write_message success fail speak say cprint rprint".split()
)
SENSITIVE = frozenset(
    "replace split rsplit startswith endswith strip lstrip rstrip find rfind index rindex count partition rpartition removeprefix "
    "removesuffix translate casefold lower upper title swapcase capitalize splitlines join expandtabs zfill ljust rjust center".split()
)
COMPARES = frozenset("replace split rsplit startswith endswith strip lstrip rstrip find rfind index rindex count partition rpartition "
                     "removeprefix removesuffix translate maketrans".split())
EXPRESSIONS = ("re.", "regex.", "fnmatch.")
