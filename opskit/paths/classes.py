"""What a path is by its own words: the operating system's, a program, a stand-in, somebody's. No file is looked at."""

import re
from itertools import pairwise

from opskit.paths.facts import Class
from opskit.paths.grammar import Split, split

SYSTEM = frozenset(
    ("windows", "winnt", "program files", "program files (x86)", "programdata", "documents and settings", "$recycle.bin", "windows.old",
     "system volume information", "recovery", "perflogs", "boot", "msocache", "intel", "config.msi"))
SHARED_USERS = frozenset(("public", "default", "all users", "default user", "shared"))
TOOLS = re.compile(
    r"(?:python|tesseract|ffmpeg|chrome|gecko|edge|poppler|nodejs|xampp|wamp|msys|mingw|cygwin|strawberry|perl|ruby|jdk|java|git|go|cuda|"
    r"android|gtk|qt|boost|vcpkg|opencv|openssl|mysql|postgres|pgsql|mongodb|redis|tools|bin|oracle|php|hadoop|spark|maven|gradle|r)"
    r"(?:[-_ .]?(?:v?\d[\w.-]*|w(?:32|64)|x(?:64|86)|ocr|sdk|ndk|bin|home|driver|portable))*", re.I)
PROGRAM = re.compile(r"\.(?:exe|com|msi|dll|lnk)$", re.I)
STAND_IN = re.compile(
    r"<[^>]*>|\[[^\]]*\]|%\w+%|\$\{?\w*user\w*\}?|\{[^}]*\}|your?s?|your?[-_ ]?\w*|user[-_ ]?name|name"
    r"|xx+|yyy+|foo|bar|baz|\.\.\.+|\w*example\w*"
    r"|some[-_ ]?\w+|my[-_]?user|(?:john|jane)[-_ .]?doe", re.I)
TO = ("to", "of")
ACCOUNTS = frozenset(  # of containers and servers: nobody's own machine
    "node app site runner jovyan vscode ubuntu appuser gitpod circleci coder nonroot airflow admin ec2-user azureuser debian centos fedora"
    " git deploy www www-data vagrant pi postgres jenkins".split())
SCRATCH = frozenset(("temp", "tmp"))


def home_depth(pieces: Split) -> int:
    """How many parts make up the home folder that a path lies in, 0 where it lies in nobody's."""
    parts = [part.lower() for part in pieces.parts[:4]]
    if pieces.flavour == "windows":
        return 2 if pieces.anchor.endswith(":") and len(parts) > 1 and parts[0] in ("users", "documents and settings") else 0
    mounted = 2 if parts[:1] == ["mnt"] else 1 if parts[:1] and len(parts[0]) == 1 else 0
    if mounted:
        return mounted + 2 if len(parts) > mounted + 1 and parts[mounted] == "users" else 0
    return 2 if len(parts) > 1 and parts[0] in ("home", "users") else 0


def above(pieces: Split) -> int:
    """How many parts no folder of somebody's can do without: the home, or the mount of a drive."""
    mounted = pieces.flavour == "posix" and pieces.parts[:1] == ("mnt",)
    return home_depth(pieces) or (2 if mounted else 0)


def class_of(value: str, prose: bool = False) -> Class:
    """By its words alone. In prose `user` is a stand-in; in code it is the name that many a machine came with."""
    pieces = split(value)
    parts = [part.lower() for part in pieces.parts]
    home = home_depth(pieces)
    if _is_stand_in(pieces, home, prose):
        return "placeholder"
    if home:
        name = parts[home - 1]
        if name in SHARED_USERS or (pieces.flavour == "posix" and name in ACCOUNTS):
            return "system"
        if parts[home : home + 1] == ["appdata"] or (parts[home:] and PROGRAM.search(parts[-1])):
            return "tool"
        return "personal"
    if not parts:
        return "other"
    if parts[0] in SYSTEM or parts == ["users"]:
        return "tool" if PROGRAM.search(parts[-1]) else "system"
    return "tool" if PROGRAM.search(parts[-1]) or (pieces.anchor.endswith(":") and TOOLS.fullmatch(parts[0])) else "other"


def _is_stand_in(pieces: Split, home: int, prose: bool) -> bool:
    parts = [part.lower() for part in pieces.parts]
    if any(first == "path" and second in TO for first, second in pairwise(parts)):
        return True
    if home:
        name = parts[home - 1]
        return bool(STAND_IN.fullmatch(name)) or (prose and name in ("user", "admin", "administrator", "me"))
    return bool(parts) and (bool(STAND_IN.fullmatch(parts[0])) or parts[0] in ("path", "dir", "folder", "file", "directory"))


def is_scratch(value: str) -> bool:
    """Whether it lies in a drive's folder for what nobody keeps."""
    parts = split(value).parts
    return bool(parts) and parts[0].lower() in SCRATCH
